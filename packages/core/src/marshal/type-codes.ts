/** The type code that a version's marshal writes for a value. */
import { type Version, writingOf } from "../version/index.js";
import type { PlainValue } from "./plain.js";

const byteOf = (code: string): number => code.charCodeAt(0);

/** marshal.version from which on it writes so. */
const BINARY_FLOATS = 2;
const SHORT_FORMS = 4;

/** Longest content or most items that a type code with an 8-bit length has. */
const SHORTEST = 0xff;

const fixed: { readonly [kind in PlainValue["kind"]]?: number } = {
  None: byteOf("N"),
  Ellipsis: byteOf("."),
  StopIteration: byteOf("S"),
  NULL: byteOf("0"),
  long: byteOf("l"),
  list: byteOf("["),
  dict: byteOf("{"),
  frozendict: byteOf("}"),
  set: byteOf("<"),
  frozenset: byteOf(">"),
  slice: byteOf(":"),
};

/** Chooses type codes, without FLAG_REF. */
export class TypeCodes {
  private readonly int64: boolean;
  private readonly binaryFloats: boolean;
  private readonly shortForms: boolean;
  private readonly code: number;

  constructor(version: Version) {
    const { traits } = version;
    this.int64 = writingOf(version).int64;
    this.binaryFloats = traits.marshalVersion >= BINARY_FLOATS;
    this.shortForms = traits.marshalVersion >= SHORT_FORMS;
    this.code = byteOf(traits.typeCodes.includes("c") ? "c" : "C");
  }

  of(value: PlainValue, interned: boolean): number {
    switch (value.kind) {
      case "bool":
        return byteOf(value.value ? "T" : "F");
      case "int":
        return this.ofInt(value.value);
      case "float":
        return byteOf(this.binaryFloats ? "g" : "f");
      case "complex":
        return byteOf(this.binaryFloats ? "y" : "x");
      case "bytes":
        return byteOf(interned ? "t" : "s");
      case "str":
        return byteOf(this.ofText(value.value, interned));
      case "tuple":
        return byteOf(this.shortForms && value.items.length <= SHORTEST ? ")" : "(");
      case "code":
        return this.code;
      default:
        return fixed[value.kind] as number;
    }
  }

  private ofInt(value: number | bigint): number {
    if (typeof value === "number" && value === (value | 0)) return byteOf("i");
    const n = BigInt(value);
    return byteOf(this.int64 && BigInt.asIntN(64, n) === n ? "I" : "l");
  }

  private ofText(text: string, interned: boolean): string {
    if (!this.shortForms || !IS_ASCII.test(text)) return interned ? "t" : "u";
    if (text.length > SHORTEST) return interned ? "A" : "a";
    return interned ? "Z" : "z";
  }
}

const IS_ASCII = /^[^\u0080-\uffff]*$/;
