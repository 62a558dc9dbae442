/** What a Python's marshal writes behind the type byte of a leaf: the inverse of `values.ts`. */
import { type Version, writingOf } from "../version/index.js";
import { Shape, typeCode } from "./codes.js";
import { percentG } from "./float-text.js";
import type { PlainValue } from "./plain.js";
import type { PyFloat, PyStr } from "./values.js";

const NOTHING: Uint8Array = new Uint8Array(0);

/**
 * The bytes of a leaf behind its type byte (and its length, for a string), or undefined where objects of that type
 * code have no such value.
 */
export function contentOf(type: number, value: PlainValue, version: Version): Uint8Array | undefined {
  const { kind } = value;
  switch (typeCode(type)?.shape) {
    case Shape.nothing:
    case Shape.terminator:
      return NOTHING;
    case Shape.int32:
      return kind === "int" ? integer(value.value, 4) : undefined;
    case Shape.int64:
      return kind === "int" ? integer(value.value, 8) : undefined;
    case Shape.long:
      return kind === "int" || kind === "long" ? longDigits(value.value) : undefined;
    case Shape.float64:
      return kind === "float" ? float64s(value) : undefined;
    case Shape.complex128:
      return kind === "complex" ? float64s(value.real, value.imag) : undefined;
    case Shape.floatText:
      return kind === "float" ? floatTexts(version, value) : undefined;
    case Shape.complexText:
      return kind === "complex" ? floatTexts(version, value.real, value.imag) : undefined;
    case Shape.bytes32:
    case Shape.bytes8:
      if (kind === "bytes") return value.value;
      return kind === "str" ? latin1Bytes(value) : undefined;
    case Shape.interned:
    case Shape.utf8:
      if (kind === "bytes") return value.value;
      return kind === "str" ? utf8Bytes(value, version) : undefined;
    default:
      return undefined;
  }
}

/** An integer as so many little-endian bytes, or undefined where it needs more. */
function integer(value: number | bigint, size: 4 | 8): Uint8Array | undefined {
  const n = BigInt(value);
  if (BigInt.asIntN(8 * size, n) !== n) return undefined;
  const out = new Uint8Array(size);
  const view = new DataView(out.buffer);
  if (size === 4) view.setInt32(0, Number(n), true);
  else view.setBigInt64(0, n, true);
  return out;
}

/** A signed count of digits, base 2**15, lowest first. */
function longDigits(value: number | bigint): Uint8Array {
  const negative = value < 0;
  const digits: number[] = [];
  let hex = (negative ? -BigInt(value) : BigInt(value)).toString(16);
  // fifteen hex digits are four digits of 15 bits; cut from the text, so that a huge number takes linear time
  for (; hex !== "" && hex !== "0"; hex = hex.slice(0, -15)) {
    let group = BigInt(`0x${hex.slice(-15)}`);
    for (let k = 0; k < 4; k++, group >>= 15n) digits.push(Number(group & 0x7fffn));
  }
  while (digits.at(-1) === 0) digits.pop();
  const out = new Uint8Array(4 + 2 * digits.length);
  const view = new DataView(out.buffer);
  view.setInt32(0, negative ? -digits.length : digits.length, true);
  for (const [i, digit] of digits.entries()) view.setUint16(4 + 2 * i, digit, true);
  return out;
}

function float64s(...floats: readonly PyFloat[]): Uint8Array {
  const out = new Uint8Array(8 * floats.length);
  const view = new DataView(out.buffer);
  for (const [i, { value, bits }] of floats.entries()) {
    if (bits === undefined) view.setFloat64(8 * i, value, true);
    else view.setBigUint64(8 * i, bits, true);
  }
  return out;
}

/** Each float as the length of its text and the text: `%g`, and `.0` where that would look like an integer. */
function floatTexts(version: Version, ...floats: readonly PyFloat[]): Uint8Array {
  const { floatDigits } = writingOf(version);
  const out: number[] = [];
  for (const { value, bits } of floats) {
    const digits = percentG(value, floatDigits);
    const negative = Number.isNaN(value) && bits !== undefined && bits >> 63n === 1n;
    const text = /^-?\d+$/.test(digits) ? `${digits}.0` : negative ? `-${digits}` : digits;
    out.push(text.length);
    for (let i = 0; i < text.length; i++) out.push(text.charCodeAt(i));
  }
  return Uint8Array.from(out);
}

function latin1Bytes({ value }: PyStr): Uint8Array | undefined {
  const out = new Uint8Array(value.length);
  for (let i = 0; i < value.length; i++) {
    const unit = value.charCodeAt(i);
    if (unit > 0xff) return undefined;
    out[i] = unit;
  }
  return out;
}

/** UTF-8, surrogates that stand alone written as any character (or without their first byte, as 2.0 and 2.1 do). */
function utf8Bytes(text: PyStr, version: Version): Uint8Array {
  const { value, codePoints } = text;
  const headless = version.traits.surrogates === "headless";
  const out = new Uint8Array(4 * (codePoints?.length ?? value.length));
  let at = 0;
  const put = (c: number): void => {
    if (c < 0x80) out[at++] = c;
    else {
      if (c < 0x800) out[at++] = 0xc0 | (c >> 6);
      else {
        if (c < 0x10000) {
          if (!headless || c < 0xd800 || c > 0xdfff) out[at++] = 0xe0 | (c >> 12);
        } else {
          out[at++] = 0xf0 | (c >> 18);
          out[at++] = 0x80 | ((c >> 12) & 0x3f);
        }
        out[at++] = 0x80 | ((c >> 6) & 0x3f);
      }
      out[at++] = 0x80 | (c & 0x3f);
    }
  };
  if (codePoints) for (const c of codePoints) put(c);
  else
    for (let i = 0; i < value.length; i++) {
      const c = value.codePointAt(i) as number;
      put(c);
      if (c > 0xffff) i++;
    }
  return out.slice(0, at);
}
