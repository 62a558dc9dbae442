/**
 * The whole content of a file as JSON text, in the schema that `tree` of the command prints.
 *
 * The text is written straight from the node table, without a value or an object in between, and without recursion:
 * a stack of open containers takes the host's place. A node that several references mean is written out each time,
 * within a budget.
 */
import { safe, wtf8 } from "../bytes/index.js";
import { CodeObject, LocalKind } from "../code/index.js";
import { codeLayout } from "../format/index.js";
import { codeAsLoaded } from "../instruction/index.js";
import { lineStarts, lines, NO_LINE, positions } from "../linetable/index.js";
import {
  childCount,
  children,
  containerKinds,
  FLAG_REF,
  holdsBytes,
  isCode,
  MAX_DEPTH,
  NO_NODE,
  type NodeTable,
  type PyFloat,
  resolve,
} from "../marshal/index.js";
import { Ascii } from "./ascii.js";
import type { Pyc } from "./file.js";

export interface TreeOptions {
  /** About how many characters to write at most: 4 Mi and 64 for each byte of the file unless given; never over 256 Mi. */
  readonly budget?: number;
}

/**
 * The file's object as JSON text, without a line feed at the end.
 *
 * A code object is `{"t":"code", …}` with a key for each field its version has (`co_` left out); bytes fields are hex,
 * `code` as that Python holds it after reading.
 * From 3.11 on `nlocals`, `varnames`, `freevars` and `cellvars` stand for `co_localsplusnames` and its kinds.
 * `linestarts` [[offset, line]…], `lines` [[start, end, line]…] and `positions` [[line, end line, column, end column]…]
 * are what the line table says, where it can say it.
 *
 * Values are `{"t": type, "v": content}`: `None`, `Ellipsis`, `StopIteration`, `bool`, `int` and `long` (decimal
 * text, or `"hex": "0x…"` instead of `v` beyond 4000 digits), `float` (`bits`, 16 hex digits), `complex` (`re`, `im`),
 * `bytes` (hex; also the 8-bit strings of Python 2), `str`, `tuple`, `list`, `set`, `frozenset`, `slice`, `dict` and
 * `frozendict` (pairs). Lone surrogates and what could disturb a terminal are written as `\uXXXX`.
 *
 * What no file of a Python's own leads to: `{"t":"missing"}` is something broken or cut off, `{"t":"recursive"}` a
 * container inside itself, `{"t":"omitted","why":…}` what the budget or the depth of 2000 left out, and `{"t":"NULL"}`
 * a NULL where a value should be.
 */
export function tree(pyc: Pyc, options: TreeOptions = {}): string {
  const budget = options.budget ?? 4 * MEBI + 64 * pyc.bytes.length;
  return new Writer(pyc, Math.min(budget, LONGEST)).write(0);
}

const MEBI = 1024 * 1024;
const LONGEST = 256 * MEBI; // half of what a string of the host holds

// The type codes that are not told apart by a table.
const BYTES = 0x73; // s
const DICT = 0x7b; // {
const FROZENDICT = 0x7d; // }
const NULL = 0x30; // 0

const MISSING = '{"t":"missing"}';
const RECURSIVE = '{"t":"recursive"}';
const TOO_MUCH = '{"t":"omitted","why":"the budget for output is used up"}';
const TOO_DEEP = `{"t":"omitted","why":"nested deeper than ${MAX_DEPTH}"}`;

/** What opens a container with that type byte. */
const opening: (string | undefined)[] = [];
for (const [code, type] of Object.entries(containerKinds)) opening[code.charCodeAt(0)] = `{"t":"${type}","v":[`;

/** Leaves that are only a type byte. */
const constants: (string | undefined)[] = [];
for (const [code, text] of Object.entries({
  N: '{"t":"None"}',
  T: '{"t":"bool","v":true}',
  F: '{"t":"bool","v":false}',
  ".": '{"t":"Ellipsis"}',
  S: '{"t":"StopIteration"}',
  "0": '{"t":"NULL"}',
}))
  constants[code.charCodeAt(0)] = text;

/** A container that is being written: the nodes in it, and how far. */
interface Frame {
  /** NO_NODE for a list that is not in the file. */
  readonly node: number;
  /** Unresolved nodes; in a code object also the complement of an index of `lists`. */
  readonly items: readonly number[];
  readonly paired: boolean;
  /** Code objects: what stands before each item. */
  readonly keys: readonly string[] | undefined;
  readonly lists: readonly (readonly number[])[];
  at: number;
}

const TUPLE = '{"t":"tuple","v":[';
const NO_LISTS: readonly (readonly number[])[] = [];

class Writer {
  private readonly pyc: Pyc;
  private readonly table: NodeTable;
  private readonly open: Uint8Array;
  /** Texts of leaves that references may mean again. */
  private readonly texts: (string | undefined)[] = [];
  private readonly frames: Frame[] = [];
  private readonly namesAreBytes: boolean;
  private readonly ascii = new Ascii();
  private out = "";
  private left: number;

  constructor(pyc: Pyc, budget: number) {
    this.pyc = pyc;
    this.table = pyc.table;
    this.open = new Uint8Array(pyc.table.count);
    this.namesAreBytes = pyc.version.traits.codeNames === "utf8-bytes";
    this.left = budget;
  }

  write(root: number): string {
    const { frames } = this;
    if (this.table.count === 0) return MISSING;
    this.put(this.begin(root));
    for (let frame = frames.at(-1); frame !== undefined; frame = frames.at(-1)) {
      if (frame.at < frame.items.length) this.step(frame);
      else this.close(frame);
    }
    return this.out;
  }

  private put(text: string): void {
    this.out += text;
    this.left -= text.length;
  }

  private step(frame: Frame): void {
    const { keys, paired, items } = frame;
    const at = frame.at++;
    const item = items[at] as number;
    if (keys !== undefined) this.put(keys[at] as string);
    else if (paired) this.put((at & 1) !== 0 ? "," : at === 0 ? "[" : "],[");
    else if (at > 0) this.put(",");
    if (keys === undefined && this.left <= 0) frame.at = items.length; // one word for all that is left
    this.put(item >= 0 ? this.begin(item) : this.list(frame.lists[~item] as readonly number[]));
  }

  private close(frame: Frame): void {
    const { node, items, keys, paired } = frame;
    const cut = node !== NO_NODE && this.table.broken.has(node);
    let tail = keys === undefined ? "]}" : "}";
    if (paired && items.length > 0)
      tail = (items.length & 1) !== 0 && this.left > 0 ? `,${MISSING}]${tail}` : `]${tail}`;
    else if (cut && keys === undefined && !paired) tail = `${items.length > 0 ? "," : ""}${MISSING}${tail}`;
    this.put(tail);
    if (node !== NO_NODE) this.open[node] = 0;
    this.frames.pop();
  }

  /** A leaf's text, or how a container begins, whose frame is then the innermost. */
  private begin(unresolved: number): string {
    const node = resolve(this.table, unresolved);
    if (node === NO_NODE) return MISSING;
    if (this.left <= 0) return TOO_MUCH;
    const byte = (this.table.type[node] as number) & ~FLAG_REF;
    const constant = constants[byte];
    if (constant !== undefined) return constant;
    const head = opening[byte];
    if (head === undefined && !isCode(byte)) return this.leaf(node, byte, unresolved);
    if (this.open[node] === 1) return RECURSIVE;
    if (this.frames.length === MAX_DEPTH) return TOO_DEEP;
    this.open[node] = 1;
    if (head === undefined) return this.code(node);
    const items = children(this.table, node);
    const paired = byte === DICT || byte === FROZENDICT;
    if (paired && isTerminator(this.table, items.at(-1))) items.pop();
    this.frames.push({ node, items, paired, keys: undefined, lists: NO_LISTS, at: 0 });
    return head;
  }

  /** How a tuple of these nodes begins. */
  private list(items: readonly number[]): string {
    if (this.left <= 0) return TOO_MUCH;
    this.frames.push({ node: NO_NODE, items, paired: false, keys: undefined, lists: NO_LISTS, at: 0 });
    return TUPLE;
  }

  private leaf(node: number, byte: number, unresolved: number): string {
    const kept = this.texts[node];
    if (kept !== undefined) return kept;
    const text = this.leafText(node, byte);
    if (node !== unresolved) this.texts[node] = text;
    return text;
  }

  private leafText(node: number, byte: number): string {
    const { bytes, start, end, broken } = this.table;
    if (byte === BYTES && !broken.has(node))
      return `{"t":"bytes","v":"${this.hex(bytes, (start[node] as number) + 5, end[node] as number)}"}`;
    const value = this.pyc.values.of(node);
    switch (value.kind) {
      case "str":
        return `{"t":"str","v":${jsonText(value.value, value.codePoints)}}`;
      case "bytes":
        return `{"t":"bytes","v":"${this.hex(value.value)}"}`;
      case "int":
      case "long":
        return intText(value.kind, value.value);
      case "float":
        return `{"t":"float","bits":"${floatBits(value)}"}`;
      case "complex":
        return `{"t":"complex","re":"${floatBits(value.real)}","im":"${floatBits(value.imag)}"}`;
      default:
        return MISSING;
    }
  }

  /** Opens a code object: numbers, bytes and tables are written at once, other fields become items of a frame. */
  private code(node: number): string {
    const { version } = this.pyc;
    const code = new CodeObject(this.pyc.values, node);
    const keys: string[] = [];
    const items: number[] = [];
    let lists = NO_LISTS;
    let text = '{"t":"code"';
    for (const { name, type, holds } of codeLayout(version).fields) {
      const key = `,"${name.slice(3)}":`;
      if (type !== "object") text += key + (code.int(name) ?? MISSING);
      else if (name === "co_localspluskinds" && version.traits.localsplus) {
        lists = fastLocals(code);
        this.left -= childCount(this.table, code.fieldNode("co_localsplusnames"));
        text += `,"nlocals":${lists[0]?.length}`;
        for (const [i, { list }] of localKinds.entries()) {
          keys.push(`,"${list}":`);
          items.push(~i);
        }
      } else if (name !== "co_localsplusnames" || !version.traits.localsplus) {
        const at = code.fieldNode(name);
        const whole = at === NO_NODE ? MISSING : this.field(code, name, at, holds ?? "");
        if (whole !== undefined) text += key + whole;
        else {
          keys.push(key);
          items.push(at);
        }
      }
    }
    this.frames.push({ node, items, paired: false, keys, lists, at: 0 });
    return text + this.lineTable(code);
  }

  /** A field that is a text of its own: bytes, and PyPy's names that stand for str. */
  private field(code: CodeObject, name: string, node: number, holds: string): string | undefined {
    const { bytes, start, end } = this.table;
    if (holdsBytes(this.table, node) && !this.table.broken.has(node)) {
      if (name === "co_code") return `"${this.hex(codeAsLoaded(code))}"`;
      if (holds.startsWith("bytes")) return `"${this.hex(bytes, (start[node] as number) + 5, end[node] as number)}"`;
      if (this.namesAreBytes) return this.name(node);
    }
    if (!this.namesAreBytes || holds !== "tuple of str") return undefined;
    const names = code.items(name);
    if (!names.every((item) => item !== NO_NODE && holdsBytes(this.table, item))) return undefined;
    return `{"t":"tuple","v":[${names.map((item) => this.name(item)).join()}]}`;
  }

  private name(node: number): string {
    const { bytes, start, end } = this.table;
    return `{"t":"str","v":${jsonText(wtf8(bytes, (start[node] as number) + 5, end[node] as number))}}`;
  }

  /** What the line table says. Reading it is charged too: many code objects may share one table. */
  private lineTable(code: CodeObject): string {
    this.left -= code.bytes("co_linetable").length + code.bytes("co_lnotab").length;
    if (this.left <= 0) return "";
    const starts = lineStarts(code);
    let text = this.rows("linestarts", starts.count, 1, [starts.offset, starts.line]);
    const ranges = lines(code);
    if (ranges) text += this.rows("lines", ranges.count, 1, [ranges.start, ranges.end, ranges.line]);
    const p = this.left > 0 ? positions(code) : undefined;
    if (p) text += this.rows("positions", p.length >> 2, 4, [p, p.subarray(1), p.subarray(2), p.subarray(3)]);
    return text;
  }

  /** Rows of numbers: row i takes the number at `i * stride` of each column. */
  private rows(key: string, count: number, stride: number, columns: readonly (Int32Array | Uint32Array)[]): string {
    const { ascii } = this;
    for (let i = 0; i < count && ascii.length <= this.left; i++) {
      if (i > 0) ascii.code(COMMA);
      for (let k = 0; k < columns.length; k++) {
        ascii.code(k === 0 ? OPEN : COMMA);
        const n = (columns[k] as Int32Array)[i * stride] as number;
        if (n === NO_LINE) for (const c of NONE) ascii.code(c);
        else ascii.number(n);
      }
      ascii.code(CLOSE);
    }
    const fits = ascii.length <= this.left;
    const text = ascii.take();
    if (fits) return `,"${key}":[${text}]`;
    this.left = 0;
    return `,"${key}":${TOO_MUCH}`;
  }

  private hex(bytes: Uint8Array, start = 0, end = bytes.length): string {
    this.ascii.hex(bytes, start, end);
    return this.ascii.take();
  }
}

const COMMA = 0x2c;
const OPEN = 0x5b;
const CLOSE = 0x5d;
const NONE = [0x6e, 0x75, 0x6c, 0x6c];

/** Kinds of fast locals, as bits of co_localspluskinds, and the list that each makes. */
const localKinds: readonly { readonly list: string; readonly bit: number }[] = [
  { list: "varnames", bit: LocalKind.local },
  { list: "cellvars", bit: LocalKind.cell },
  { list: "freevars", bit: LocalKind.free },
];

/** The fast locals of each kind, in order; one may be of two. */
function fastLocals(code: CodeObject): readonly (readonly number[])[] {
  const names = code.items("co_localsplusnames");
  const kinds = code.bytes("co_localspluskinds");
  return localKinds.map(({ bit }) => names.filter((_, i) => ((kinds[i] ?? 0) & bit) !== 0));
}

function isTerminator(table: NodeTable, node: number | undefined): boolean {
  return node !== undefined && ((table.type[node] as number) & ~FLAG_REF) === NULL;
}

const NOTHING_TO_ESCAPE = /^[ !#-[\]-~]*$/;

/**
 * A string as JSON. Surrogates that stand alone are escaped, also both of a pair that Python keeps as two characters
 * (`codePoints`), and so is whatever could disturb a terminal.
 */
function jsonText(text: string, codePoints?: readonly number[]): string {
  if (NOTHING_TO_ESCAPE.test(text)) return `"${text}"`;
  const quoted = codePoints
    ? `"${codePoints.map((p) => JSON.stringify(String.fromCodePoint(p)).slice(1, -1)).join("")}"`
    : JSON.stringify(text);
  if (safe(quoted) === quoted) return quoted;
  let out = "";
  for (const c of quoted) out += safe(c) === c ? c : unicodeEscapes(c);
  return out;
}

function unicodeEscapes(text: string): string {
  let out = "";
  for (let i = 0; i < text.length; i++) out += `\\u${text.charCodeAt(i).toString(16).padStart(4, "0")}`;
  return out;
}

/** Decimal digits beyond which an int is written in hexadecimal, and as many hexadecimal ones as it may then have. */
const MOST_DIGITS = 4000;
const MOST_HEX_DIGITS = 3322;

function intText(type: string, value: number | bigint): string {
  if (typeof value === "bigint") {
    const size = value < 0n ? -value : value;
    const digits = size.toString(16);
    const long = digits.length >= MOST_HEX_DIGITS;
    if (long && (digits.length > MOST_HEX_DIGITS || size.toString().length > MOST_DIGITS))
      return `{"t":"${type}","hex":"${value < 0n ? "-0x" : "0x"}${digits}"}`;
  }
  return `{"t":"${type}","v":"${value}"}`;
}

const scratch = new DataView(new ArrayBuffer(8));

/** The 64 bits as 16 hex digits, the sign's first. */
function floatBits({ value, bits }: PyFloat): string {
  if (bits !== undefined) return bits.toString(16).padStart(16, "0");
  scratch.setFloat64(0, value);
  return word(scratch.getUint32(0)) + word(scratch.getUint32(4));
}
const word = (n: number) => n.toString(16).padStart(8, "0");
