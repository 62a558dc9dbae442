/**
 * Reads a marshalled stream into a node table: one pass, no recursion, every length held against the bytes that are
 * left before anything is done with it.
 *
 * The state of the walk is a stack of open containers in typed arrays, at most MAX_DEPTH of them (CPython's own
 * limit), so that no input can use up the host's stack.
 */
import { type ErrorCode, FormatError, hex, latin1, utf8Fault } from "../bytes/index.js";
import { type CodeLayout, codeLayout } from "../format/index.js";
import type { Version } from "../version/index.js";
import { FLAG_REF, Shape, typeCode, typeCodes } from "./codes.js";
import { NO_NODE, type NodeTable } from "./nodes.js";

/** Deepest nesting that is read: MAX_MARSHAL_STACK_DEPTH of CPython 2.7 and later. */
export const MAX_DEPTH = 2000;

export interface ReadOptions {
  /** Keep what was read when something is wrong, and read on where that is possible. */
  readonly tolerant?: boolean;
}

const ANACHRONISTIC = 0x40;
const IS_REFERABLE = 0x80;

const plansByPosition = new Map<string, Uint8Array>();

/** Per type byte: its shape, whether the version lacks it, and whether its FLAG_REF enters it into the table. */
function planFor(version: Version): Uint8Array {
  const key = `${version.lineage} ${version.position}`;
  let plan = plansByPosition.get(key);
  if (!plan) {
    plan = new Uint8Array(256);
    const flagged = version.traits.references === "flag";
    for (const { code, shape } of typeCodes) {
      const byte = code.charCodeAt(0);
      const late = version.traits.typeCodes.includes(code) ? 0 : ANACHRONISTIC;
      const single = shape === Shape.nothing || shape === Shape.terminator || shape === Shape.reference;
      plan[byte] = shape | late;
      plan[byte | FLAG_REF] = shape | (flagged ? late : ANACHRONISTIC) | (single ? 0 : IS_REFERABLE);
    }
    plansByPosition.set(key, plan);
  }
  return plan;
}

/** What a frame's `left` says while a dict is open: a key (or the end) comes next, or a value does. */
const AT_KEY = -1;
const AT_VALUE = -2;

/**
 * Reads the object that begins at `from`. The table's node 0 is that object; its end is where the stream ends.
 * @throws FormatError unless `tolerant`
 */
export function readNodes(bytes: Uint8Array, from: number, version: Version, options: ReadOptions = {}): NodeTable {
  return new Reader(bytes, version, options.tolerant === true).read(from);
}

class Reader {
  private readonly bytes: Uint8Array;
  private readonly version: Version;
  private readonly tolerant: boolean;
  private readonly layout: CodeLayout;
  private capacity: number;
  private type: Uint8Array;
  private start: Uint32Array;
  private end: Uint32Array;
  private next: Uint32Array;
  private link: Uint32Array;
  private refs: Uint32Array;
  private refCount = 0;
  private readonly interned: number[] = [];
  private readonly broken = new Set<number>();
  private readonly errors: FormatError[] = [];
  private readonly anachronisms = new Map<number, number>();
  // Open containers: node, children still to come (or AT_KEY, AT_VALUE), children already there.
  private readonly frameNode = new Int32Array(MAX_DEPTH);
  private readonly frameLeft = new Int32Array(MAX_DEPTH);
  private readonly frameDone = new Int32Array(MAX_DEPTH);
  private depth = 0;

  constructor(bytes: Uint8Array, version: Version, tolerant: boolean) {
    this.bytes = bytes;
    this.version = version;
    this.tolerant = tolerant;
    this.layout = codeLayout(version);
    this.capacity = Math.max(64, bytes.length >>> 3);
    this.type = new Uint8Array(this.capacity);
    this.start = new Uint32Array(this.capacity);
    this.end = new Uint32Array(this.capacity);
    this.next = new Uint32Array(this.capacity);
    this.link = new Uint32Array(this.capacity);
    this.refs = new Uint32Array(Math.max(16, this.capacity >>> 2));
  }

  read(from: number): NodeTable {
    const { bytes, layout, frameNode, frameLeft, frameDone } = this;
    const limit = bytes.length;
    const plan = planFor(this.version);
    const gaps = Int32Array.from(layout.gaps);
    const codeObjects = layout.objects.length;
    const textual = this.version.traits.strings === "bytes";
    const stringTable = this.version.traits.references !== "flag";
    let { type, start, end, next, link } = this;
    let depth = 0;
    let count = 0;
    let pos = from;

    walk: for (;;) {
      if (pos >= limit) {
        this.depth = depth;
        this.fault("truncated", pos, "the file ends", "a type byte");
        break;
      }
      const byte = bytes[pos] as number;
      const what = plan[byte] as number;
      const node = count++;
      if (node === this.capacity) {
        this.grow();
        ({ type, start, end, next, link } = this);
      }
      type[node] = byte;
      start[node] = pos++;
      if ((what & ANACHRONISTIC) !== 0 && !this.anachronisms.has(byte)) this.anachronisms.set(byte, pos - 1);
      if ((what & IS_REFERABLE) !== 0 && byte >= FLAG_REF) this.enter(node);

      let open = -3; // children to come, AT_KEY for a dict; -3: a leaf
      let size = 0; // bytes of a leaf behind its type byte
      switch (what & 0x3f) {
        case Shape.nothing:
          break;
        case Shape.int32:
          size = 4;
          break;
        case Shape.int64:
        case Shape.float64:
          size = 8;
          break;
        case Shape.complex128:
          size = 16;
          break;
        case Shape.bytes8:
          size = 1 + (bytes[pos] as number);
          if (pos === limit) size = 1;
          break;
        case Shape.bytes32:
        case Shape.utf8:
        case Shape.interned: {
          if (pos + 4 > limit) {
            size = 4;
            break;
          }
          const n = word(bytes, pos);
          size = 4 + n;
          if (n < 0 || n > limit - pos - 4) {
            this.depth = depth;
            this.tooLong(node, pos, n);
            size = Math.min(limit - pos, 4 + (n < 0 ? 0 : n));
            break;
          }
          const shape = what & 0x3f;
          if (shape === Shape.interned && stringTable) this.interned.push(node);
          if (shape === Shape.utf8 || (shape === Shape.interned && textual)) {
            const bad = utf8Fault(bytes, pos + 4, pos + 4 + n);
            if (bad >= 0) {
              this.depth = depth;
              this.fault("bad-utf8", bad, `byte 0x${hex(bytes, bad, bad + 1)} in a unicode string`, "UTF-8");
              this.broken.add(node);
            }
          }
          break;
        }
        case Shape.items8:
        case Shape.items32: {
          const wide = (what & 0x3f) === Shape.items32;
          if (pos + (wide ? 4 : 1) > limit) {
            size = 4;
            break;
          }
          open = wide ? word(bytes, pos) : (bytes[pos] as number);
          pos += wide ? 4 : 1;
          if (open < 0 || open > limit - pos) {
            this.depth = depth;
            this.fault(
              "too-long",
              pos - (wide ? 4 : 1),
              `${open} items`,
              `a count of at most the ${limit - pos} bytes that are left`,
            );
            this.broken.add(node);
            if (open < 0) open = 0; // otherwise what is there is read, up to the end of the file
          }
          break;
        }
        case Shape.pairs:
          open = AT_KEY;
          break;
        case Shape.slice:
          open = 3;
          break;
        case Shape.code:
          open = codeObjects;
          pos += gaps[0] as number;
          break;
        case Shape.reference: {
          size = 4;
          link[node] = pos + 4 <= limit ? this.target(word(bytes, pos), pos, depth) : NO_NODE;
          break;
        }
        case Shape.stringReference: {
          size = 4;
          const n = pos + 4 <= limit ? word(bytes, pos) : -1;
          const to = n < 0 ? undefined : this.interned[n];
          if (to === undefined && pos + 4 <= limit) {
            this.depth = depth;
            this.fault("bad-reference", pos, `interned string ${n}`, `one of the ${this.interned.length} before it`);
          }
          link[node] = to ?? NO_NODE;
          break;
        }
        case Shape.terminator:
          if (depth === 0 || frameLeft[depth - 1] !== AT_KEY) {
            this.depth = depth;
            this.fault("unexpected-null", pos - 1, "a NULL", "an object");
            this.broken.add(node);
          }
          break;
        case Shape.long:
        case Shape.floatText:
        case Shape.complexText:
          this.depth = depth;
          size = this.number(node, what & 0x3f, pos);
          break;
        default:
          this.depth = depth;
          count--;
          this.fault("unknown-type", pos - 1, `type byte 0x${hex(bytes, pos - 1, pos)}`, "a type code of marshal");
          pos--;
          break walk;
      }

      if (open !== -3) {
        if (open !== 0) {
          if (depth === MAX_DEPTH) {
            this.depth = depth;
            this.fault("too-deep", pos - 1, `nesting of more than ${MAX_DEPTH}`, `at most ${MAX_DEPTH}`);
            this.broken.add(node);
            end[node] = pos;
            next[node] = count;
            break;
          }
          frameNode[depth] = node;
          frameLeft[depth] = open;
          frameDone[depth] = 0;
          depth++;
          if (pos > limit) {
            this.depth = depth;
            this.fault("truncated", limit, "the file ends", `${layout.objects[0]} of a code object`);
            break;
          }
          continue;
        }
      } else {
        if (size > limit - pos) {
          this.depth = depth;
          this.fault("truncated", limit, "the file ends", `${pos + size - limit} more bytes`);
          this.broken.add(node);
          size = limit - pos;
        }
        pos += size;
      }
      end[node] = pos;
      next[node] = count;

      // Close every container that this node completes.
      let last = node;
      for (;;) {
        if (depth === 0) break walk;
        const top = depth - 1;
        const left = frameLeft[top] as number;
        const done = (frameDone[top] as number) + 1;
        const container = frameNode[top] as number;
        frameDone[top] = done;
        if (left > 0) {
          frameLeft[top] = left - 1;
          if (((plan[type[container] as number] as number) & 0x3f) === Shape.code) {
            pos += gaps[done] as number;
            if (pos > limit) {
              this.depth = depth;
              this.fault("truncated", limit, "the file ends", "the rest of a code object");
              break walk;
            }
          }
          if (left > 1) break;
        } else if (left === AT_VALUE) {
          frameLeft[top] = AT_KEY;
          break;
        } else if (((plan[type[last] as number] as number) & 0x3f) !== Shape.terminator) {
          frameLeft[top] = AT_VALUE;
          break;
        }
        depth--;
        end[container] = pos;
        next[container] = count;
        last = container;
      }
    }

    // Whatever is still open was cut off.
    pos = Math.min(pos, limit);
    while (this.errors.length > 0 && depth > 0) {
      const container = frameNode[--depth] as number;
      this.broken.add(container);
      end[container] = pos;
      next[container] = count;
    }
    return {
      bytes,
      version: this.version,
      count,
      type,
      start,
      end,
      next,
      link,
      refs: this.refs,
      refCount: this.refCount,
      broken: this.broken,
      errors: this.errors,
      anachronisms: this.anachronisms,
    };
  }

  private enter(node: number): void {
    if (this.refCount === this.refs.length) this.refs = widened(this.refs, this.refCount * 2);
    this.refs[this.refCount++] = node;
  }

  /** The node that reference `index` means. A code object, frozenset or slice that is still open is none yet. */
  private target(index: number, pos: number, depth: number): number {
    const to = index >= 0 && index < this.refCount ? (this.refs[index] as number) : NO_NODE;
    if (to !== NO_NODE) {
      const shape = typeCode(this.type[to] as number)?.shape;
      const reserved = shape === Shape.code || shape === Shape.slice || ((this.type[to] as number) & 0x7f) === 0x3e;
      if (!reserved || !this.isOpen(to, depth)) return to;
    }
    this.depth = depth;
    this.fault(
      "bad-reference",
      pos,
      to === NO_NODE ? `reference ${index}` : `reference ${index} to an object that is not complete`,
      `one of the ${this.refCount} objects before it`,
    );
    return NO_NODE;
  }

  private isOpen(node: number, depth: number): boolean {
    for (let i = depth - 1; i >= 0; i--) if (this.frameNode[i] === node) return true;
    return false;
  }

  /** Checks a number that is written out in digits; returns its size in bytes. */
  private number(node: number, shape: number, pos: number): number {
    const { bytes } = this;
    const limit = bytes.length;
    if (shape !== Shape.long) {
      const first = pos < limit ? 1 + (bytes[pos] as number) : 1;
      const second = shape === Shape.complexText ? (pos + first < limit ? 1 + (bytes[pos + first] as number) : 1) : 0;
      if (pos + first + second <= limit) {
        this.floatText(node, pos);
        if (second) this.floatText(node, pos + first);
      }
      return first + second;
    }
    if (pos + 4 > limit) return 4;
    const n = Math.abs(word(bytes, pos));
    if (n > (limit - pos - 4) / 2) {
      this.tooLong(node, pos, n * 2);
      return limit - pos;
    }
    const stop = pos + 4 + n * 2;
    for (let i = pos + 4; i < stop; i += 2) {
      if ((bytes[i + 1] as number) < 0x80) continue;
      this.fault("bad-digit", i, `digit 0x${hex(bytes, i + 1, i + 2)}${hex(bytes, i, i + 1)} of a long`, "15 bits");
      this.broken.add(node);
      return stop - pos;
    }
    if (n > 0 && bytes[stop - 2] === 0 && bytes[stop - 1] === 0) {
      this.fault("bad-digit", stop - 2, "a long whose highest digit is 0", "a normalized long");
    }
    return stop - pos;
  }

  private floatText(node: number, pos: number): void {
    const text = latin1(this.bytes, pos + 1, pos + 1 + (this.bytes[pos] as number));
    if (FLOAT_TEXT.test(text)) return;
    this.fault("bad-float", pos + 1, "the text of a float", "digits as %.17g writes them");
    this.broken.add(node);
  }

  private tooLong(node: number, pos: number, n: number): void {
    this.broken.add(node);
    this.fault("too-long", pos, `length ${n}`, `at most the ${this.bytes.length - pos - 4} bytes that are left`);
  }

  private grow(): void {
    this.capacity *= 2;
    const wide = new Uint8Array(this.capacity);
    wide.set(this.type);
    this.type = wide;
    this.start = widened(this.start, this.capacity);
    this.end = widened(this.end, this.capacity);
    this.next = widened(this.next, this.capacity);
    this.link = widened(this.link, this.capacity);
  }

  private fault(code: ErrorCode, offset: number, what: string, expected: string): void {
    const error = new FormatError(code, offset, this.path(), what, expected);
    if (!this.tolerant) throw error;
    this.errors.push(error);
  }

  /** The path to what is being read, from the open containers: `co_consts[3].co_code`. */
  private path(): string {
    let path = "";
    for (let i = 0; i < this.depth; i++) {
      const byte = this.type[this.frameNode[i] as number] as number;
      const done = this.frameDone[i] as number;
      const shape = typeCode(byte)?.shape;
      if (shape === Shape.code) path += `${path ? "." : ""}${this.layout.objects[done] ?? "end"}`;
      else if (shape === Shape.pairs) path += `[${done >> 1}].${(done & 1) === 0 ? "key" : "value"}`;
      else path += `[${done}]`;
    }
    return path;
  }
}

const FLOAT_TEXT = /^[ \t]*[-+]?(\d+\.?\d*([eE][-+]?\d+)?|\.\d+([eE][-+]?\d+)?|inf(inity)?|nan(\(\w*\))?|1\.#\w+)$/i;

function word(bytes: Uint8Array, pos: number): number {
  return (
    (bytes[pos] as number) |
    ((bytes[pos + 1] as number) << 8) |
    ((bytes[pos + 2] as number) << 16) |
    ((bytes[pos + 3] as number) << 24)
  );
}

function widened(column: Uint32Array, size: number): Uint32Array {
  const wide = new Uint32Array(size);
  wide.set(column);
  return wide;
}
