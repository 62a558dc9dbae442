/**
 * Values in a few characters, for comments: cut with a word where they are long, every unsafe character escaped.
 * However the objects of a file refer to each other, the text of one is made once, from a bounded part of it.
 */
import { safe } from "../bytes/index.js";
import { CodeObject, textOf } from "../code/index.js";
import { marker, Repr } from "../dis/index.js";
import { FLAG_REF, NO_NODE, type PyValue, resolve, Shape, typeCode } from "../marshal/index.js";
import type { Pyc } from "../pyc/index.js";
import { lengthAt, partsOf } from "./parts.js";

/** Characters of a value that are shown. */
const MOST = 60;
/** Bytes of an integer that are shown in decimal. */
const MOST_DIGITS = 64;

/** How containers open and close. */
const brackets: { readonly [code: string]: readonly [string, string] } = {
  "(": ["(", ")"],
  ")": ["(", ")"],
  "[": ["[", "]"],
  "<": ["{", "}"],
  ">": ["frozenset({", "})"],
  "{": ["{", "}"],
  "}": ["frozendict({", "})"],
  ":": ["slice(", ")"],
};

export class Brief {
  private readonly pyc: Pyc;
  private readonly repr: Repr;
  private readonly values: (string | undefined)[] = [];
  private readonly names: (string | undefined)[] = [];

  constructor(pyc: Pyc) {
    this.pyc = pyc;
    this.repr = new Repr(pyc.values, Number.POSITIVE_INFINITY);
  }

  /** The object as that Python writes it; of a container the first few items. */
  value(node: number): string {
    if (node === NO_NODE) return marker.missing;
    this.values[node] ??= safe(this.write(node, MOST));
    return this.values[node] as string;
  }

  /** A name as it is. */
  name(node: number): string {
    if (node === NO_NODE) return marker.missing;
    this.names[node] ??= this.plain(node);
    return this.names[node] as string;
  }

  /** `code object f`; by the qualified name where there is one. */
  code(node: number): string {
    const code = new CodeObject(this.pyc.values, node);
    const qualified = code.fieldNode("co_qualname");
    const named = qualified === NO_NODE ? code.fieldNode("co_name") : qualified;
    return named === NO_NODE ? "code object" : `code object ${this.name(named) || "''"}`;
  }

  private plain(node: number): string {
    const value = this.pyc.values.of(node);
    if (value.kind !== "str" && value.kind !== "bytes") return marker.notName(this.value(node));
    const { text, more } = head(value);
    return more === "" ? this.repr.name(node) : safe(text) + more;
  }

  private write(node: number, left: number): string {
    if (node === NO_NODE) return marker.missing;
    const { type, start, end } = this.pyc.table;
    const to = resolve(this.pyc.table, node);
    if (to === NO_NODE) return marker.missing;
    const byte = (type[to] as number) & ~FLAG_REF;
    const pair = brackets[String.fromCharCode(byte)];
    if (pair !== undefined) return `${pair[0]}${this.items(to, left)}${pair[1]}`;
    const size = (end[to] as number) - (start[to] as number);
    switch (typeCode(byte)?.shape) {
      case Shape.code:
        return `<${this.code(to)}>`;
      case Shape.long:
        return size > MOST_DIGITS ? `an integer of ${(size - 5) >> 1} digits of 15 bits` : this.repr.constant(to);
      case Shape.bytes32:
      case Shape.utf8:
      case Shape.interned:
      case Shape.bytes8:
        return size > MOST ? this.string(to) : this.repr.constant(to);
      default:
        return this.repr.constant(to);
    }
  }

  /** The items of a container, as many as there is room for. */
  private items(node: number, left: number): string {
    const { next, type } = this.pyc.table;
    const shape = typeCode(type[node] as number)?.shape;
    const stop = next[node] as number;
    let text = "";
    let done = 0;
    for (let child = node + 1; child < stop; child = next[child] as number) {
      const ends = shape === Shape.pairs && done % 2 === 0;
      if (ends && typeCode(type[child] as number)?.shape === Shape.terminator) break;
      if (done > 0) text += shape === Shape.pairs && !ends ? ": " : ", ";
      if (text.length >= left) return `${text}...${this.more(node, done)}`;
      text += this.write(child, (left - text.length) >> 1);
      done++;
    }
    return done === 1 && (shape === Shape.items32 || shape === Shape.items8) && isTuple(type[node] as number)
      ? `${text},`
      : text;
  }

  /** How many items are left out, where the container says how many it has. */
  private more(node: number, done: number): string {
    const { bytes, type, start } = this.pyc.table;
    const [count] = partsOf(typeCode(type[node] as number)?.shape ?? Shape.unknown);
    return count === undefined ? "" : ` ${lengthAt(bytes, (start[node] as number) + 1, count.size) - done} more`;
  }

  /** A long string: its beginning. */
  private string(node: number): string {
    const value = this.pyc.values.of(node);
    if (value.kind !== "str" && value.kind !== "bytes") return this.repr.constant(node);
    const { text, more } = head(value);
    const { strings } = this.pyc.version.traits;
    const prefix = value.kind === "bytes" ? (strings === "bytes" ? "b" : "") : strings === "str8" ? "u" : "";
    const escaped = safe(text.replaceAll("\\", "\\\\").replaceAll("'", "\\'"));
    return `${prefix}'${value.kind === "bytes" ? escaped.replace(/[\x80-\xff]/g, escapeByte) : escaped}'${more}`;
  }
}

function isTuple(byte: number): boolean {
  const code = byte & ~FLAG_REF;
  return code === 0x28 || code === 0x29; // ( )
}

const escapeByte = (c: string) => `\\x${c.charCodeAt(0).toString(16)}`;

/** The beginning of a string, and a word on how many characters or bytes it leaves out. */
function head(value: PyValue & { kind: "str" | "bytes" }): { text: string; more: string } {
  const { length } = value.value;
  const more = length > MOST ? `... ${length - MOST} more` : "";
  if (value.kind === "bytes") return { text: textOf({ kind: "bytes", value: value.value.subarray(0, MOST) }), more };
  return { text: length > MOST ? value.value.slice(0, MOST) : value.value, more };
}
