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
import { FLAG_REF, fixedSize, Shape, typeCodes } from "./codes.js";
import type { NodeTable } from "./nodes.js";

/** Deepest nesting that is read: MAX_MARSHAL_STACK_DEPTH of CPython 2.7 and later. */
export const MAX_DEPTH = 2000;

export interface ReadOptions {
  /** Keep what was read when something is wrong, and read on where that is possible. */
  readonly tolerant?: boolean;
}

const SHAPE = 0x3f;
const ANACHRONISTIC = 0x40;
const IS_REFERABLE = 0x80; // bit 7, which the inner loop adds to the count

/** A version's type bytes and record, prepared for the inner loop. */
interface Plan {
  /** Per type byte: its shape, whether the version lacks it, and whether its FLAG_REF enters it into the table. */
  readonly shapes: Uint8Array;
  /** Bytes of integers before each object of a code object, and behind the last. */
  readonly gaps: Int32Array;
  /** Per type byte: the bytes behind it where their number is fixed, else -1. */
  readonly sizes: Int8Array;
}
const plans = new Map<Version, Plan>();

function planFor(version: Version): Plan {
  let plan = plans.get(version);
  if (!plan) {
    const shapes = new Uint8Array(256);
    const sizes = new Int8Array(256).fill(-1);
    const flagged = version.traits.references === "flag";
    for (const { code, shape } of typeCodes) {
      const byte = code.charCodeAt(0);
      const late = version.traits.typeCodes.includes(code) ? 0 : ANACHRONISTIC;
      const single = shape === Shape.nothing || shape === Shape.terminator || shape === Shape.reference;
      shapes[byte] = shape | late;
      sizes[byte] = sizes[byte | FLAG_REF] = fixedSize.get(shape) ?? -1;
      shapes[byte | FLAG_REF] = shape | (flagged ? late : ANACHRONISTIC) | (single ? 0 : IS_REFERABLE);
    }
    plan = { shapes, sizes, gaps: Int32Array.from(codeLayout(version).gaps) };
    plans.set(version, plan);
  }
  return plan;
}

/** What the children still to come say while a dict is open: a key (or the end) comes next, or a value does. */
const AT_KEY = -1;
const AT_VALUE = -2;
/** The `end` of a container that is still open. */
const OPEN = 0;
/** No container: a leaf. */
const LEAF = -3;

/**
 * Reads the object that begins at `from`. The table's node 0 is that object; its end is where the stream ends.
 * @throws FormatError unless `tolerant`
 */
export function readNodes(bytes: Uint8Array, from: number, version: Version, options: ReadOptions = {}): NodeTable {
  const walk = new Walk(bytes, version, options.tolerant === true);
  const count = readAll(walk, from);
  if (walk.errors) walk.closeOpen(count);
  const { type, start, end, next, refs } = walk.finish(count);
  return {
    bytes,
    version,
    count,
    type,
    start,
    end,
    next,
    refs,
    interned: walk.interned,
    broken: walk.broken ?? NONE_BROKEN,
    errors: walk.errors ?? NO_ERRORS,
    anachronisms: walk.anachronisms ?? NO_ANACHRONISMS,
  };
}

const NONE_BROKEN: ReadonlySet<number> = new Set();
const NO_ERRORS: readonly FormatError[] = [];
const NO_ANACHRONISMS: ReadonlyMap<number, number> = new Map();

/** The inner loop. What is rare or wrong is left to `walk`; what is common stays in local variables. */
function readAll(walk: Walk, from: number): number {
  const { bytes, plan, sizes, gaps, frameNode, frameLeft, frameTotal } = walk;
  const limit = bytes.length;
  const codeObjects = gaps.length - 1;
  let { type, start, end, next, refs } = walk.columns;
  let depth = 0;
  let count = 0;
  let refCount = 0;
  let pos = from;
  // The innermost open container: children still to come (or AT_KEY, AT_VALUE), and whether it is a code object.
  let left = 0;
  let inCode = false;

  for (;;) {
    if (pos >= limit) return walk.stop(depth, left, "truncated", limit, "the file ends", "an object", count);
    const byte = bytes[pos] as number;
    const what = plan[byte] as number;
    const node = count++;
    if (node === start.length) {
      ({ type, start, end, next, refs } = walk.grow());
    }
    type[node] = byte;
    start[node] = pos++;
    if ((what & ANACHRONISTIC) !== 0) walk.anachronism(byte, pos - 1);
    refs[refCount] = node; // stays only if it counts: no branch, which nothing could foretell
    refCount += what >>> 7;

    let open = LEAF; // children to come, if it is a container
    let size = sizes[byte] as number; // bytes of a leaf behind its type byte
    const shape = what & SHAPE;
    // The three commonest kinds first: a switch would test its cases one by one.
    if (size >= 0) {
      if (shape === Shape.reference && pos + 4 <= limit) {
        const index = word(bytes, pos) >>> 0;
        if (index >= refCount || end[refs[index] as number] === OPEN) {
          walk.checkReference(index, refCount, pos, depth, left);
        }
      }
    } else if (shape === Shape.bytes8) {
      size = pos < limit ? 1 + (bytes[pos] as number) : 1;
    } else if (shape === Shape.items8) {
      size = 0;
      open = pos < limit ? (bytes[pos] as number) : 0;
      if (open > limit - pos - 1) open = walk.tooMany(node, pos, 1, open, depth, left);
      pos += 1;
    } else if (shape === Shape.bytes32) {
      size = pos + 4 > limit ? 4 : 4 + word(bytes, pos);
      if (size < 4 || size > limit - pos) size = walk.tooLong(node, pos, size - 4, depth, left);
    } else {
      size = 0;
      switch (shape) {
        case Shape.utf8:
        case Shape.interned:
          size = walk.text(node, shape, pos, depth, left);
          break;
        case Shape.long:
        case Shape.floatText:
        case Shape.complexText:
          size = walk.number(node, shape, pos, depth, left);
          break;
        case Shape.stringReference:
          size = 4;
          walk.checkStringReference(pos, depth, left);
          break;
        case Shape.items32:
          open = pos + 4 > limit ? 0 : word(bytes, pos);
          if (open < 0 || open > limit - pos - 4) open = walk.tooMany(node, pos, 4, open, depth, left);
          pos += 4;
          break;
        case Shape.code:
          open = codeObjects;
          break;
        case Shape.pairs:
          open = AT_KEY;
          break;
        case Shape.slice:
          open = 3;
          break;
        case Shape.terminator:
          if (left !== AT_KEY) walk.strayNull(node, pos - 1, depth, left);
          break;
        default:
          return walk.unknownType(byte, pos - 1, depth, left, node);
      }
    }

    if (open !== LEAF && open !== 0) {
      if (depth > 0) frameLeft[depth - 1] = left;
      if (depth === MAX_DEPTH) return walk.tooDeep(node, pos, depth, left, count);
      frameNode[depth] = node;
      frameTotal[depth] = open;
      end[node] = OPEN;
      depth++;
      left = open;
      inCode = shape === Shape.code;
      if (inCode) pos += gaps[0] as number;
      continue;
    }
    pos += size;
    if (pos > limit) {
      walk.cutOff(node, pos, depth, left);
      pos = limit;
    }
    end[node] = pos;
    next[node] = count;

    // Count it in its container, and close every container that it completes.
    let last: number = shape;
    for (;;) {
      if (left > 1) {
        left--;
        if (inCode) pos += gaps[codeObjects - left] as number;
        break;
      }
      if (depth === 0) {
        walk.refCount = refCount;
        return count;
      }
      if (left < 0) {
        if (left === AT_VALUE || last !== Shape.terminator) {
          left = left === AT_VALUE ? AT_KEY : AT_VALUE;
          break;
        }
      } else if (inCode) {
        pos += gaps[codeObjects] as number;
        if (pos > limit)
          return walk.stop(depth, 0, "truncated", limit, "the file ends", "the rest of a code object", count);
      }
      depth--;
      const container = frameNode[depth] as number;
      end[container] = pos;
      next[container] = count;
      last = Shape.nothing;
      left = depth > 0 ? (frameLeft[depth - 1] as number) : 0;
      inCode = depth > 0 && ((plan[type[frameNode[depth - 1] as number] as number] as number) & SHAPE) === Shape.code;
    }
  }
}

/**
 * The node table's columns are cut from a slab that consecutive reads share: allocating typed arrays for each small
 * file cost a sixth of the whole reading. A table never sees another's nodes: its views end where it ends.
 */
interface Columns {
  readonly type: Uint8Array;
  readonly start: Uint32Array;
  readonly end: Uint32Array;
  readonly next: Uint32Array;
  readonly refs: Uint32Array;
}

/** Nodes in a slab: its arrays stay below the size at which allocators go to the system for each. */
const SLAB = 1 << 12;
/** Bytes per node, rather fewer than real files have; only a first guess at the columns' size. */
const BYTES_PER_NODE = 12;

function columns(size: number): Columns {
  return {
    type: new Uint8Array(size),
    start: new Uint32Array(size),
    end: new Uint32Array(size),
    next: new Uint32Array(size),
    refs: new Uint32Array(size),
  };
}

function cut(from: Columns, start: number, end?: number, refs?: number): Columns {
  return {
    type: from.type.subarray(start, end),
    start: from.start.subarray(start, end),
    end: from.end.subarray(start, end),
    next: from.next.subarray(start, end),
    refs: from.refs.subarray(start, refs === undefined ? undefined : start + refs),
  };
}

let slab = columns(SLAB);
let slabUsed = 0;

/** Columns for about so many nodes: the rest of the slab, a new slab, or their own. */
function room(nodes: number): Columns {
  if (nodes > SLAB / 2) return columns(nodes);
  if (nodes > SLAB - slabUsed) {
    slab = columns(SLAB);
    slabUsed = 0;
  }
  return cut(slab, slabUsed);
}

const frames = {
  node: new Int32Array(MAX_DEPTH),
  left: new Int32Array(MAX_DEPTH),
  total: new Int32Array(MAX_DEPTH),
};

/** What a walk knows besides its place, and everything that it seldom does. */
class Walk {
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
    this.columns = room(64 + Math.floor(bytes.length / BYTES_PER_NODE));
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
    const index = word(this.bytes, pos);
    if (index >= 0 && index < this.interned.length) return;
    const expected = `one of the ${this.interned.length} before it`;
    this.fault(depth, left, "bad-reference", pos, `interned string ${index}`, expected);
  }

  /** Checks a string that may be UTF-8; returns its size in bytes, length included. */
  text(node: number, shape: number, pos: number, depth: number, left: number): number {
    const { bytes, version } = this;
    const size = pos + 4 > bytes.length ? 4 : 4 + word(bytes, pos);
    if (size < 4 || size > bytes.length - pos) return this.tooLong(node, pos, size - 4, depth, left);
    if (shape === Shape.interned && version.traits.references !== "flag") this.interned.push(node);
    if (shape === Shape.utf8 || version.traits.strings === "bytes") {
      const bad = utf8Fault(bytes, pos + 4, pos + size);
      if (bad >= 0) {
        const what = `byte 0x${hex(bytes, bad, bad + 1)} in a unicode string`;
        this.fault(depth, left, "bad-utf8", bad, what, "UTF-8");
        this.markBroken(node);
      }
    }
    return size;
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
    const size = 4 + 2 * Math.abs(word(bytes, pos));
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
    if (columns.start.buffer === slab.start.buffer) slabUsed += count;
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

function word(bytes: Uint8Array, pos: number): number {
  return (
    (bytes[pos] as number) |
    ((bytes[pos + 1] as number) << 8) |
    ((bytes[pos + 2] as number) << 16) |
    ((bytes[pos + 3] as number) << 24)
  );
}
