/**
 * Values: what a node means, made when somebody asks.
 *
 * Every bit is kept: integers beyond 2**53 are bigints, a NaN carries its payload, -0.0 stays itself, a string whose
 * surrogates JavaScript would merge carries its code points, and a container may contain itself.
 */
import { int32, isAscii, latin1, splitsPair, withHeads, wtf8 } from "../bytes/index.js";
import { FLAG_REF, Shape, typeCode } from "./codes.js";
import { childCount, NO_NODE, type NodeTable, resolve } from "./nodes.js";

export type PyValue =
  | { readonly kind: "None" | "Ellipsis" | "StopIteration" | "NULL" | "missing" }
  | { readonly kind: "bool"; readonly value: boolean }
  /** `long` is a constant of Python 2's (or older) type long. */
  | { readonly kind: "int" | "long"; readonly value: number | bigint }
  | PyFloat
  | { readonly kind: "complex"; readonly real: PyFloat; readonly imag: PyFloat }
  /** 8-bit strings of Python 2 and older, bytes of Python 3: a view on the file. */
  | PyBytes
  | PyStr
  | PyItems
  | PyPairs
  | { readonly kind: "slice"; readonly start: PyValue; readonly stop: PyValue; readonly step: PyValue }
  /** A code object, by its node; `codeObject` of code/ opens it. */
  | { readonly kind: "code"; readonly node: number };

export interface PyBytes {
  readonly kind: "bytes";
  readonly value: Uint8Array;
}

/** Bytes that stand in the file; the view is made when asked for. */
class FileBytes implements PyBytes {
  readonly kind: "bytes";
  private readonly table: NodeTable;
  private readonly node: number;

  constructor(table: NodeTable, node: number) {
    this.kind = "bytes";
    this.table = table;
    this.node = node;
  }

  get value(): Uint8Array {
    const { bytes, start, end } = this.table;
    return bytes.subarray((start[this.node] as number) + 5, end[this.node]); // behind the type byte and the length
  }
}

export interface PyFloat {
  readonly kind: "float";
  readonly value: number;
  /** The 64 bits, for a NaN (whose payload a number may lose). */
  readonly bits?: bigint;
}

export interface PyStr {
  readonly kind: "str";
  readonly value: string;
  /** Code points, where `value` cannot tell two surrogates from one character. */
  readonly codePoints?: readonly number[];
}

export interface PyItems {
  readonly kind: "tuple" | "list" | "set" | "frozenset";
  readonly items: readonly PyValue[];
}

export interface PyPairs {
  readonly kind: "dict" | "frozendict";
  readonly entries: readonly (readonly [PyValue, PyValue])[];
}

const REF = 0x72; // r
const SHORT_ASCII = 0x7a; // z
const SHORT_ASCII_INTERNED = 0x5a; // Z
const SMALL_TUPLE = 0x29; // )
const NONE: PyValue = { kind: "None" };
const MISSING: PyValue = { kind: "missing" };
const constants: { readonly [code: string]: PyValue } = {
  N: NONE,
  T: { kind: "bool", value: true },
  F: { kind: "bool", value: false },
  ".": { kind: "Ellipsis" },
  S: { kind: "StopIteration" },
  "0": { kind: "NULL" },
};
const constantByByte: (PyValue | undefined)[] = [];
for (const [code, value] of Object.entries(constants)) constantByByte[code.charCodeAt(0)] = value;

/** A container while it is filled. */
type Filling =
  | { kind: "tuple" | "list" | "set" | "frozenset"; items: PyValue[] }
  | { kind: "dict" | "frozendict"; entries: [PyValue, PyValue][] }
  | { kind: "slice"; start: PyValue; stop: PyValue; step: PyValue };

/** Makes values of a table's nodes; a node's value is made once and shared by all references to it. */
export class Values {
  readonly table: NodeTable;
  private readonly made: (PyValue | undefined)[];
  private readonly strings: "str8" | "bytes";
  private readonly integer: "int" | "long";
  private text: string | undefined;
  /** Whether no node is broken. */
  private readonly sound: boolean;
  // The file and the table's columns, at hand for the inner loop.
  private readonly bytes: Uint8Array;
  private readonly refs: Uint32Array;
  private readonly type: Uint8Array;
  private readonly next: Uint32Array;
  private readonly start: Uint32Array;
  private readonly end: Uint32Array;
  /** Containers that are made and not yet filled: their nodes. */
  private readonly empty: number[] = [];

  constructor(table: NodeTable) {
    this.table = table;
    this.made = new Array(table.count);
    this.sound = table.broken.size === 0;
    this.bytes = table.bytes;
    this.refs = table.refs;
    this.type = table.type;
    this.next = table.next;
    this.start = table.start;
    this.end = table.end;
    this.strings = table.version.traits.strings;
    this.integer = table.version.traits.longs ? "long" : "int";
  }

  /**
   * The value of a node; a reference's is its target's. A container is made empty and filled afterwards, so that
   * neither nesting nor a chain of references takes up the host's stack, and what contains itself is a value.
   */
  of(node: number): PyValue {
    const made = this.made[node];
    if (made !== undefined) return made;
    const value = this.make(node);
    while (this.empty.length > 0) this.fill(this.empty.pop() as number);
    return value;
  }

  /** Makes the values of all nodes, in file order; those of strings and tuples, which are most, in the shortest way. */
  all(): void {
    const { made, type, empty } = this;
    const { count } = this.table;
    for (let node = 0; node < count; node++) {
      const byte = (type[node] as number) & ~FLAG_REF;
      if (byte === REF || made[node] !== undefined) continue;
      if (byte === SHORT_ASCII_INTERNED || byte === SHORT_ASCII) made[node] = this.shortText(node);
      else if (byte === SMALL_TUPLE) node = this.tuple(node);
      else this.make(node);
    }
    for (let i = 0; i < empty.length; i++) this.fill(empty[i] as number);
    empty.length = 0;
  }

  /**
   * Makes a tuple of `all`. One without containers in it is filled at once, which saves going over it again.
   * @returns the last node that is done with
   */
  private tuple(node: number): number {
    const { made, type } = this;
    const count = this.sound ? (this.bytes[(this.start[node] as number) + 1] as number) : childCount(this.table, node);
    const items = new Array<PyValue>(count);
    made[node] = { kind: "tuple", items };
    const last = node + items.length;
    if (this.next[node] !== last + 1) {
      this.empty.push(node);
      return node;
    }
    for (let child = node + 1; child <= last; child++) {
      const byte = (type[child] as number) & ~FLAG_REF;
      let value: PyValue;
      if (byte === REF) value = this.target(child);
      else {
        value = made[child] ?? (byte === SHORT_ASCII_INTERNED ? this.shortText(child) : this.make(child));
        made[child] = value;
      }
      items[child - node - 1] = value;
    }
    return last;
  }

  /** By the type byte, spelt as numbers so that the switch is a jump; what is common is small enough to be inlined. */
  private make(node: number): PyValue {
    const byte = (this.type[node] as number) & ~FLAG_REF;
    let value: PyValue;
    switch (byte) {
      case REF:
        return this.target(node);
      case SHORT_ASCII_INTERNED:
      case SHORT_ASCII:
        value = this.shortText(node);
        break;
      case SMALL_TUPLE:
        value = this.container(node, "tuple");
        break;
      case 0x63: // c
        value = { kind: "code", node };
        break;
      case 0x73: // s
        value = this.sound ? new FileBytes(this.table, node) : this.leaf(node, byte);
        break;
      case 0x4e: // N
        value = NONE;
        break;
      default:
        value = this.seldom(node, byte);
    }
    this.made[node] = value;
    return value;
  }

  /** The value of a `z` or `Z`. */
  private shortText(node: number): PyValue {
    if (!this.sound && this.table.broken.has(node)) return MISSING;
    return { kind: "str", value: this.latin1((this.start[node] as number) + 2, this.end[node] as number) };
  }

  /** The value that an `r` stands for. */
  private target(node: number): PyValue {
    if (!this.sound) return this.resolved(node);
    const to = this.refs[int32(this.bytes, (this.start[node] as number) + 1)] ?? NO_NODE;
    return to > node ? MISSING : (this.made[to] ?? this.make(to));
  }

  /** The value that an `R` stands for, or an `r` that may be cut off. */
  private resolved(node: number): PyValue {
    const to = resolve(this.table, node);
    return to === NO_NODE ? MISSING : (this.made[to] ?? this.make(to));
  }

  private seldom(node: number, byte: number): PyValue {
    switch (byte) {
      case 0x52: // R
        return this.resolved(node);
      case 0x28: // (
        return this.container(node, "tuple");
      case 0x5b: // [
        return this.container(node, "list");
      case 0x3c: // <
        return this.container(node, "set");
      case 0x3e: // >
        return this.container(node, "frozenset");
      case 0x7b: // {
      case 0x7d: // }
        this.empty.push(node);
        return { kind: byte === 0x7b ? "dict" : "frozendict", entries: [] };
      case 0x3a: // :
        this.empty.push(node);
        return { kind: "slice", start: MISSING, stop: MISSING, step: MISSING };
      case 0x43: // C
        return { kind: "code", node };
      default:
        return constantByByte[byte] ?? this.leaf(node, byte);
    }
  }

  private container(node: number, kind: PyItems["kind"]): PyItems {
    this.empty.push(node);
    return { kind, items: new Array<PyValue>(childCount(this.table, node)) };
  }

  /** Puts a container's children into it. */
  private fill(node: number): void {
    const { made, next, type } = this;
    const value = made[node] as Filling;
    const end = next[node] as number;
    let child = node + 1;
    if ("items" in value) {
      const { items } = value;
      for (let i = 0; i < items.length; i++) {
        const isRef = ((type[child] as number) & ~FLAG_REF) === REF;
        items[i] = isRef ? this.target(child) : (made[child] ?? this.make(child));
        child = next[child] as number;
      }
    } else if ("entries" in value) {
      while (child < end) {
        const key = made[child] ?? this.make(child);
        child = next[child] as number;
        if (child >= end) return; // the terminator
        value.entries.push([key, made[child] ?? this.make(child)]);
        child = next[child] as number;
      }
    } else {
      for (const part of ["start", "stop", "step"] as const) {
        if (child >= end) return;
        value[part] = made[child] ?? this.make(child);
        child = next[child] as number;
      }
    }
  }

  private leaf(node: number, byte: number): PyValue {
    const { start, end } = this;
    const { bytes, broken } = this.table;
    if (!this.sound && broken.has(node)) return this.brokenLeaf(node, byte);
    const at = (start[node] as number) + 1;
    const stop = end[node] as number;
    switch (byte) {
      case 0x73: // s
        return new FileBytes(this.table, node);
      case 0x61: // a
      case 0x41: // A
        return { kind: "str", value: this.latin1(at + 4, stop) };
      case 0x74: // t
        return this.strings === "str8" ? new FileBytes(this.table, node) : this.str(at + 4, stop);
      case 0x75: // u
        return this.str(at + 4, stop);
      case 0x69: // i
        return { kind: "int", value: int32(bytes, at) };
      case 0x49: // I
        return { kind: "int", value: narrow(view(bytes).getBigInt64(at, true)) };
      case 0x67: // g
        return float64(bytes, at);
      case 0x79: // y
        return { kind: "complex", real: float64(bytes, at), imag: float64(bytes, at + 8) };
      case 0x66: // f
        return floatText(bytes, at);
      case 0x78: // x
        return { kind: "complex", real: floatText(bytes, at), imag: floatText(bytes, at + 1 + (bytes[at] as number)) };
      case 0x6c: // l
        return { kind: this.integer, value: longValue(bytes, at) };
      default:
        return MISSING;
    }
  }

  /** A leaf that is cut off or not what it says: text is shown with its faults, anything else is missing. */
  private brokenLeaf(node: number, byte: number): PyValue {
    const { start, end } = this;
    const shape = typeCode(byte)?.shape;
    const textual = shape === Shape.utf8 || (shape === Shape.interned && this.strings === "bytes");
    const from = (start[node] as number) + 5;
    return textual && from <= (end[node] as number) ? this.str(from, end[node] as number) : MISSING;
  }

  /** Text is cut out of one string for the whole file, which costs less than decoding each by itself. */
  private latin1(start: number, end: number): string {
    this.text ??= latin1(this.table.bytes);
    return this.text.slice(start, end);
  }

  private str(start: number, end: number): PyStr {
    const { bytes, version } = this.table;
    if (isAscii(bytes, start, end)) return { kind: "str", value: this.latin1(start, end) };
    const whole = version.traits.surrogates === "headless" ? withHeads(bytes, start, end) : undefined;
    return whole === undefined ? str(bytes, start, end) : str(whole, 0, whole.length);
  }
}

function str(bytes: Uint8Array, start: number, end: number): PyStr {
  const value = wtf8(bytes, start, end);
  if (!splitsPair(bytes, start, end)) return { kind: "str", value };
  return { kind: "str", value, codePoints: codePoints(bytes, start, end) };
}

/** Code points of UTF-8 with surrogates let through, each sequence one. */
function codePoints(bytes: Uint8Array, start: number, end: number): number[] {
  const out: number[] = [];
  for (let i = start; i < end; ) {
    const b = bytes[i] as number;
    const length = b < 0x80 ? 1 : b < 0xe0 ? 2 : b < 0xf0 ? 3 : 4;
    const piece = wtf8(bytes, i, Math.min(end, i + length));
    out.push(piece.codePointAt(0) as number);
    i += length;
  }
  return out;
}

let lastView: DataView | undefined;
let lastBytes: Uint8Array | undefined;
function view(bytes: Uint8Array): DataView {
  if (lastBytes !== bytes || lastView === undefined) {
    lastBytes = bytes;
    lastView = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }
  return lastView;
}

function narrow(n: bigint): number | bigint {
  return n >= -9007199254740991n && n <= 9007199254740991n ? Number(n) : n;
}

function float64(bytes: Uint8Array, at: number): PyFloat {
  const value = view(bytes).getFloat64(at, true);
  return !Number.isNaN(value)
    ? { kind: "float", value }
    : { kind: "float", value, bits: view(bytes).getBigUint64(at, true) };
}

/** The ASCII form: `%.17g` as the C library wrote it, infinities and NaNs in whatever spelling it had. */
function floatText(bytes: Uint8Array, at: number): PyFloat {
  const text = latin1(bytes, at + 1, at + 1 + (bytes[at] as number)).trim();
  const value = Number(text);
  if (!Number.isNaN(value)) return { kind: "float", value };
  const negative = text.startsWith("-");
  if (/inf/i.test(text)) return { kind: "float", value: negative ? -Infinity : Infinity };
  return { kind: "float", value: NaN, bits: negative ? 0xfff8000000000000n : 0x7ff8000000000000n };
}

/** A long: a signed count of digits, base 2**15, lowest first. */
function longValue(bytes: Uint8Array, at: number): number | bigint {
  const count = int32(bytes, at);
  const n = Math.abs(count);
  if (n <= 3) {
    let value = 0;
    for (let i = n - 1; i >= 0; i--) value = value * 32768 + view(bytes).getUint16(at + 4 + 2 * i, true);
    return count < 0 ? -value : value;
  }
  const value = BigInt(`0x${longHex(bytes, at + 4, n)}`);
  return narrow(count < 0 ? -value : value);
}

/** The digits as hexadecimal, which BigInt reads in one go: four 15-bit digits are fifteen hex digits. */
function longHex(bytes: Uint8Array, at: number, n: number): string {
  const data = view(bytes);
  const parts: string[] = [];
  for (let i = Math.ceil(n / 4) * 4 - 4; i >= 0; i -= 4) {
    let group = 0n;
    for (let k = 3; k >= 0; k--)
      group = (group << 15n) | BigInt(i + k < n ? data.getUint16(at + 2 * (i + k), true) : 0);
    parts.push(group.toString(16).padStart(15, "0"));
  }
  return parts.join("");
}
