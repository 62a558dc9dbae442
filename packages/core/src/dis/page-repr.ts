/**
 * Names, constants and code objects as they print, from their bytes in the file straight to a page. What takes more
 * than copying is left to `Repr`.
 */
import { FLAG_REF, NO_NODE, type NodeTable } from "../marshal/index.js";
import type { Elements } from "./elements.js";
import { BLANK, column, type Page, ROOM } from "./page.js";
import { StringWriter } from "./page-string.js";
import { lineOf, type Repr } from "./repr.js";
import type { Spans } from "./spans.js";

const OPEN = 0x28;
const CLOSE = 0x29;
const MINUS = 0x2d;
const COMMA = 0x2c;
const GREATER = 0x3e;
const INT = 0x69;
const TUPLE = 0x28;
const SMALL_TUPLE = 0x29;

/** Tuples with more items are left to `Repr`. */
const MOST_ITEMS = 16;
/** Eight blanks, as the number that a DataView reads there. */
const BLANKS = new DataView(new Uint8Array(8).fill(BLANK).buffer).getFloat64(0);

export const bytesOf = (text: string) => Uint8Array.from(text, (c) => c.charCodeAt(0));

/** Constants that are nothing but their type byte. */
const WORDS: readonly (Uint8Array | undefined)[] = (() => {
  const words: (Uint8Array | undefined)[] = new Array(128).fill(undefined);
  for (const [code, text] of Object.entries({ N: "None", T: "True", F: "False" }))
    words[code.charCodeAt(0)] = bytesOf(text);
  return words;
})();

const CODE = bytesOf("<code object ");
const AT = bytesOf(" at 0x");
const FILE = bytesOf(', file "');
const LINE = bytesOf('", line ');

/** Whoever writes says where, and gets back where it ends. */
export class PageRepr {
  readonly page: Page;
  private readonly write: (text: string) => void;
  private readonly repr: Repr;
  private readonly table: NodeTable;
  private readonly file: DataView;
  private readonly spans: Spans;
  private readonly elements: Elements;
  private readonly strings: StringWriter;
  /** By type code: what stands before the quote of a constant, 0 for nothing; 1 for strings of bytes. */
  private readonly prefixes = new Uint8Array(128);
  private readonly eightBit = new Uint8Array(128);
  /** Whether a code object's repr has the usual form, its name whole and its address told. */
  private readonly usual: boolean;

  /** @param write takes text of any length, to the page or past it */
  constructor(page: Page, repr: Repr, spans: Spans, write: (text: string) => void) {
    this.page = page;
    this.write = write;
    this.repr = repr;
    this.table = repr.table;
    const { bytes } = this.table;
    this.file = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.spans = spans;
    this.elements = repr.elements;
    const { traits } = this.table.version;
    this.strings = new StringWriter(page, traits);
    const old = traits.strings === "str8";
    for (const code of old ? "st" : "s") this.eightBit[code.charCodeAt(0)] = 1;
    for (const code of old ? "uaAzZ" : "s") this.prefixes[code.charCodeAt(0)] = old ? 0x75 : 0x62; // u, b
    this.usual = !old && traits.codeAddress;
  }

  /** A name in parentheses, a space before them; -1 where the pool (see `Elements`) has no such element. */
  name(p: number, pool: number, index: number, evenEmpty: boolean): number {
    const { nodes } = this.elements;
    if (index >= (nodes[pool - 1] as number)) return -1;
    const node = nodes[pool + index] as number;
    if (!this.spans.isName(node)) {
      const text = this.repr.name(node);
      return text === "" && !evenEmpty ? p : this.parenthesized(p, text);
    }
    this.page.bytes[p + 1] = OPEN;
    const q = this.copy(p + 2, node);
    this.page.bytes[q] = CLOSE;
    return q + 1;
  }

  /** The same by its node, with nothing around it. */
  bareName(p: number, node: number): number {
    return this.spans.isName(node) ? this.copy(p, node) : this.put(p, this.repr.name(node));
  }

  /** A constant in parentheses, a space before them; -1 where the pool has no such element. */
  constant(p: number, pool: number, index: number): number {
    const { nodes } = this.elements;
    if (index >= (nodes[pool - 1] as number)) return -1;
    const node = nodes[pool + index] as number;
    const q = this.bare(p + 2, node);
    if (q < 0) return this.parenthesized(p, this.repr.constant(node));
    const page = this.page.bytes;
    page[p + 1] = OPEN;
    page[q] = CLOSE;
    return q + 1;
  }

  /** The repr of a code object; -1 where it takes more than copying. */
  code(p: number, node: number): number {
    if (!this.usual) return -1;
    const code = this.repr.codeObject(node);
    const name = code.fieldNode("co_name");
    const file = code.fieldNode("co_filename");
    if (!this.spans.isName(name) || !this.spans.isName(file)) return -1;
    const page = this.page.bytes;
    let q = this.copy(this.bytes(p, CODE), name);
    q = this.hex(this.bytes(q, AT), code.offset);
    q = this.copy(this.bytes(q, FILE), file);
    q = this.int(this.bytes(q, LINE), lineOf(code));
    page[q] = GREATER;
    return q + 1;
  }

  parenthesized(p: number, text: string): number {
    return this.put(p, ` (${text})`);
  }

  /** Text of any length. What was written before may be handed on: it can't be written over any more. */
  put(p: number, text: string): number {
    this.page.length = p;
    this.write(text);
    return this.page.length;
  }

  bytes(p: number, bytes: Uint8Array): number {
    const page = this.page.bytes;
    for (let k = 0; k < bytes.length; k++) page[p + k] = bytes[k] as number;
    return p + bytes.length;
  }

  /** A constant as it can be made from its bytes; -1 where it takes more than that. */
  private bare(p: number, node: number): number {
    if (node === NO_NODE) return -1;
    const { type, broken, bytes, end } = this.table;
    const code = (type[node] as number) & ~FLAG_REF;
    const word = WORDS[code];
    if (word !== undefined) return this.bytes(p, word);
    if (broken.size > 0 && broken.has(node)) return -1;
    if (code === INT) return this.int(p, this.int32(node));
    if (this.repr.isCode(node)) return this.code(p, node);
    const start = this.spans.start(node);
    if (start === 0) return code === TUPLE || code === SMALL_TUPLE ? this.tuple(p, node) : -1;
    const prefix = this.prefixes[code] as number;
    const from = prefix === 0 ? p : p + 1;
    const q = this.strings.write(from, bytes, start, end[node] as number, this.eightBit[code] === 0);
    if (q >= 0 && prefix !== 0) this.page.bytes[p] = prefix;
    return q;
  }

  /** A short tuple of what is no container; -1 for any other. */
  private tuple(p: number, node: number): number {
    const { elements } = this;
    const pool = elements.of(node);
    const count = elements.count(pool);
    if (count > MOST_ITEMS) return -1;
    this.page.length = p;
    this.page.room(count * ROOM);
    let q = p + 1;
    for (let i = 0; i < count; i++) {
      const item = elements.nodes[pool + i] as number;
      if (i > 0) {
        this.page.bytes[q] = COMMA;
        q += 2;
      }
      const end = item === NO_NODE || this.isTuple(item) ? -1 : this.bare(q, item);
      if (end < 0) {
        this.page.bytes.fill(BLANK, p, q);
        return -1;
      }
      q = end;
    }
    const page = this.page.bytes;
    page[p] = OPEN;
    if (count === 1) page[q++] = COMMA;
    page[q] = CLOSE;
    return q + 1;
  }

  private isTuple(node: number): boolean {
    const code = (this.table.type[node] as number) & ~FLAG_REF;
    return code === TUPLE || code === SMALL_TUPLE;
  }

  private int32(node: number): number {
    const { bytes, start } = this.table;
    const at = start[node] as number;
    const high = ((bytes[at + 3] as number) << 16) | ((bytes[at + 4] as number) << 24);
    return (bytes[at + 1] as number) | ((bytes[at + 2] as number) << 8) | high;
  }

  private int(p: number, value: number): number {
    const page = this.page.bytes;
    if (value >= 0) return column(page, p, 0, value);
    page[p] = MINUS;
    return column(page, p + 1, 0, -value);
  }

  private hex(p: number, value: number): number {
    const page = this.page.bytes;
    let shift = 0;
    while (shift < 28 && value >>> shift >= 16) shift += 4;
    let q = p;
    for (; shift >= 0; shift -= 4) {
      const digit = (value >>> shift) & 15;
      page[q++] = digit < 10 ? 0x30 + digit : 0x57 + digit;
    }
    return q;
  }

  /**
   * The bytes of a string that `spans` calls a name. Eight at a time, as numbers: the first of them is ASCII, so that
   * none is a NaN. What is too much is made blank again.
   */
  private copy(p: number, node: number): number {
    const { file } = this;
    const { view } = this.page;
    const start = this.spans.start(node);
    const size = (this.table.end[node] as number) - start;
    if (start + size + 8 > file.byteLength) return this.bytes(p, this.table.bytes.subarray(start, start + size));
    for (let k = 0; k < size; k += 8) view.setFloat64(p + k, file.getFloat64(start + k));
    view.setFloat64(p + size, BLANKS);
    return p + size;
  }
}
