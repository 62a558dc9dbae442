/**
 * What the reader knows besides its place in the file, and everything that it seldom does: checks of what is rare,
 * faults and their paths, tolerant ends. The inner loop in `reader.ts` calls in here.
 */
import { type ErrorCode, FormatError, hex, int32, latin1, utf8Fault, withHeads } from "../bytes/index.js";
import { type CodeLayout, codeLayout } from "../format/index.js";
import type { Version } from "../version/index.js";
import { FLAG_REF, Shape } from "./codes.js";
import { type Columns, columns, cut, room, take } from "./columns.js";
import { IS_REFERABLE, planFor, SHAPE } from "./plan.js";

/** Deepest nesting that is read: MAX_MARSHAL_STACK_DEPTH of CPython 2.7 and later. */
export const MAX_DEPTH = 2000;

/** What the children still to come say while a dict is open: a key (or the end) comes next, or a value does. */
export const AT_KEY = -1;
export const AT_VALUE = -2;
const frames = {
  node: new Int32Array(MAX_DEPTH),
  left: new Int32Array(MAX_DEPTH),
  total: new Int32Array(MAX_DEPTH),
};

/** What a walk knows besides its place, and everything that it seldom does. */
export class Walk {
  readonly bytes: Uint8Array;
  readonly plan: Uint8Array;
  readonly sizes: Int8Array;
  readonly gaps: Int32Array;
  columns: Columns;
  refCount = 0;
  readonly interned: number[] = [];
  broken: Set<number> | undefined;
  errors: FormatError[] | undefined;
  anachronisms: Map<number, number> | undefined;
  /** Open containers: the node, its children still to come, how many it announced. */
  readonly frameNode = frames.node;
  readonly frameLeft = frames.left;
  readonly frameTotal = frames.total;
  private readonly version: Version;
  private readonly layout: CodeLayout;
  private readonly tolerant: boolean;
  private openAtStop = 0;
  private stoppedAt = 0;

  constructor(bytes: Uint8Array, version: Version, tolerant: boolean) {
    this.bytes = bytes;
    this.version = version;
    this.tolerant = tolerant;
    this.layout = codeLayout(version);
    this.columns = room(bytes.length);
    const plan = planFor(version);
    this.plan = plan.shapes;
    this.sizes = plan.sizes;
    this.gaps = plan.gaps;
  }

  /** Columns of twice the size, off the slab. */
  grow(): Columns {
    const wide = columns(this.columns.start.length * 2);
    wide.type.set(this.columns.type);
    wide.start.set(this.columns.start);
    wide.end.set(this.columns.end);
    wide.next.set(this.columns.next);
    wide.refs.set(this.columns.refs);
    this.columns = wide;
    return wide;
  }

  anachronism(byte: number, offset: number): void {
    this.anachronisms ??= new Map();
    if (!this.anachronisms.has(byte)) this.anachronisms.set(byte, offset);
  }

  private markBroken(node: number): void {
    this.broken ??= new Set();
    this.broken.add(node);
  }

  /** A code object, frozenset or slice that is still open is in the table, but not yet an object. */
  checkReference(index: number, refCount: number, pos: number, depth: number, left: number): void {
    if (index >= refCount) {
      this.fault(depth, left, "bad-reference", pos, `reference ${index}`, `one of the ${refCount} objects before it`);
      return;
    }
    const to = this.columns.refs[index] as number;
    const shape = (this.plan[this.columns.type[to] as number] as number) & SHAPE;
    if (shape !== Shape.code && shape !== Shape.slice && ((this.columns.type[to] as number) & ~FLAG_REF) !== FROZENSET)
      return;
    const what = `reference ${index} to an object that is not complete`;
    this.fault(depth, left, "bad-reference", pos, what, "a reference to an object before it");
  }

  checkStringReference(pos: number, depth: number, left: number): void {
    if (pos + 4 > this.bytes.length) return;
    const index = int32(this.bytes, pos);
    if (index >= 0 && index < this.interned.length) return;
    const expected = `one of the ${this.interned.length} before it`;
    this.fault(depth, left, "bad-reference", pos, `interned string ${index}`, expected);
  }

  /** Checks a string that may be UTF-8; returns its size in bytes, length included. */
  text(node: number, shape: number, pos: number, depth: number, left: number): number {
    const { bytes, version } = this;
    const size = pos + 4 > bytes.length ? 4 : 4 + int32(bytes, pos);
    if (size < 4 || size > bytes.length - pos) return this.tooLong(node, pos, size - 4, depth, left);
    if (shape === Shape.interned && version.traits.references !== "flag") this.interned.push(node);
    if (shape === Shape.utf8 || version.traits.strings === "bytes") {
      const bad = utf8Fault(bytes, pos + 4, pos + size);
      if (bad >= 0 && !this.headless(pos + 4, pos + size)) {
        const what = `byte 0x${hex(bytes, bad, bad + 1)} in a unicode string`;
        this.fault(depth, left, "bad-utf8", bad, what, "UTF-8");
        this.markBroken(node);
      }
    }
    return size;
  }

  /** Whether the text is UTF-8 but for the surrogates that this version's marshal writes without their heads. */
  private headless(start: number, end: number): boolean {
    if (this.version.traits.surrogates !== "headless") return false;
    const whole = withHeads(this.bytes, start, end);
    return whole !== undefined && utf8Fault(whole, 0, whole.length) < 0;
  }

  /** Checks a number that is written out in digits; returns its size in bytes. */
  number(node: number, shape: number, pos: number, depth: number, left: number): number {
    const { bytes } = this;
    const limit = bytes.length;
    if (shape === Shape.long) return this.long(node, pos, depth, left);
    const first = pos < limit ? 1 + (bytes[pos] as number) : 1;
    const second = shape === Shape.complexText ? (pos + first < limit ? 1 + (bytes[pos + first] as number) : 1) : 0;
    if (pos + first + second <= limit) {
      this.floatText(node, pos, depth, left);
      if (second > 0) this.floatText(node, pos + first, depth, left);
    }
    return first + second;
  }

  private long(node: number, pos: number, depth: number, left: number): number {
    const { bytes } = this;
    if (pos + 4 > bytes.length) return 4;
    const size = 4 + 2 * Math.abs(int32(bytes, pos));
    if (size > bytes.length - pos) return this.tooLong(node, pos, size - 4, depth, left);
    const stop = pos + size;
    for (let i = pos + 4; i < stop; i += 2) {
      if ((bytes[i + 1] as number) < 0x80) continue;
      const digit = `0x${hex(bytes, i + 1, i + 2)}${hex(bytes, i, i + 1)}`;
      this.fault(depth, left, "bad-digit", i, `digit ${digit} of a long`, "15 bits");
      this.markBroken(node);
      return size;
    }
    if (size > 4 && bytes[stop - 2] === 0 && bytes[stop - 1] === 0) {
      this.fault(depth, left, "bad-digit", stop - 2, "a long whose highest digit is 0", "a normalized long");
    }
    return size;
  }

  private floatText(node: number, pos: number, depth: number, left: number): void {
    const text = latin1(this.bytes, pos + 1, pos + 1 + (this.bytes[pos] as number));
    if (FLOAT_TEXT.test(text)) return;
    this.fault(depth, left, "bad-float", pos + 1, "the text of a float", "digits as %.17g writes them");
    this.markBroken(node);
  }

  /** A length that cannot be; returns the size of what is there instead. */
  tooLong(node: number, pos: number, length: number, depth: number, left: number): number {
    const there = this.bytes.length - pos - 4;
    if (there < 0) return 4; // the length itself is cut off
    this.markBroken(node);
    this.fault(depth, left, "too-long", pos, `length ${length}`, `at most the ${there} bytes that are left`);
    return length < 0 ? 4 : 4 + there;
  }

  /** A count that cannot be; returns how many children to read all the same. */
  tooMany(node: number, pos: number, width: number, count: number, depth: number, left: number): number {
    const there = this.bytes.length - pos - width;
    this.markBroken(node);
    if (there < 0) this.fault(depth, left, "truncated", this.bytes.length, "the file ends", "a count");
    else
      this.fault(depth, left, "too-long", pos, `${count} items`, `a count of at most the ${there} bytes that are left`);
    return Math.max(count, 0);
  }

  strayNull(node: number, offset: number, depth: number, left: number): void {
    this.fault(depth, left, "unexpected-null", offset, "a NULL", "an object");
    this.markBroken(node);
  }

  cutOff(node: number, pos: number, depth: number, left: number): void {
    const { length } = this.bytes;
    this.fault(depth, left, "truncated", length, "the file ends", `${pos - length} more bytes`);
    this.markBroken(node);
  }

  unknownType(byte: number, offset: number, depth: number, left: number, count: number): number {
    const what = `type byte 0x${byte.toString(16).padStart(2, "0")}`;
    return this.stop(depth, left, "unknown-type", offset, what, "a type code of marshal", count);
  }

  tooDeep(node: number, pos: number, depth: number, left: number, count: number): number {
    this.markBroken(node);
    this.columns.end[node] = pos;
    this.columns.next[node] = count;
    const what = `objects nested more than ${MAX_DEPTH} deep`;
    return this.stop(depth, left, "too-deep", pos - 1, what, "", count);
  }

  /** A fault that nothing can be read behind. */
  stop(
    depth: number,
    left: number,
    code: ErrorCode,
    offset: number,
    what: string,
    expected: string,
    count: number,
  ): number {
    this.fault(depth, left, code, offset, what, expected);
    this.openAtStop = depth;
    this.stoppedAt = offset;
    return count;
  }

  /** The columns, cut to what was used of them. */
  finish(count: number): Columns {
    const { columns } = this;
    take(columns, count);
    return cut(columns, 0, count, this.refCount);
  }

  /** After a fault: ends the containers that were open, and counts the references. */
  closeOpen(count: number): void {
    for (let depth = this.openAtStop - 1; depth >= 0; depth--) {
      const container = this.frameNode[depth] as number;
      this.markBroken(container);
      this.columns.end[container] = this.stoppedAt;
      this.columns.next[container] = count;
    }
    this.refCount = 0;
    for (let i = 0; i < count; i++) {
      if (((this.plan[this.columns.type[i] as number] as number) & IS_REFERABLE) !== 0) this.refCount++;
    }
  }

  private fault(depth: number, left: number, code: ErrorCode, offset: number, what: string, expected: string): void {
    if (depth > 0) this.frameLeft[depth - 1] = left;
    const error = new FormatError(code, offset, this.path(depth), what, expected);
    if (!this.tolerant) throw error;
    this.errors ??= [];
    if (this.errors.length < MAX_ERRORS) this.errors.push(error);
  }

  /** The path to what is being read, from the open containers: `co_consts[3].co_code`. */
  private path(depth: number): string {
    let path = "";
    for (let i = 0; i < depth; i++) {
      const byte = this.columns.type[this.frameNode[i] as number] as number;
      const left = this.frameLeft[i] as number;
      const shape = (this.plan[byte] as number) & SHAPE;
      const done = (this.frameTotal[i] as number) - left;
      if (shape === Shape.code) path += `${path ? "." : ""}${this.layout.objects[done] ?? "end"}`;
      else if (shape === Shape.pairs) path += left === AT_KEY ? ".key" : ".value";
      else path += `[${done}]`;
      if (path.length > MAX_PATH) return `${path} …`;
    }
    return path;
  }
}

/** Tolerant reading keeps no more faults than this: one per byte would help nobody. */
const MAX_ERRORS = 1000;
/** Longest path in a message, in characters. */
const MAX_PATH = 200;
const FROZENSET = 0x3e;

const FLOAT_TEXT = /^[ \t]*[-+]?(\d+\.?\d*([eE][-+]?\d+)?|\.\d+([eE][-+]?\d+)?|inf(inity)?|nan(\(\w*\))?|1\.#\w+)$/i;
