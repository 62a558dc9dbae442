/**
 * Reads a marshalled stream into a node table: one pass, no recursion, every length held against the bytes that are
 * left before anything is done with it.
 *
 * The state of the walk is a stack of open containers in typed arrays, at most MAX_DEPTH of them (CPython's own
 * limit), so that no input can use up the host's stack.
 */
import { type FormatError, int32 } from "../bytes/index.js";
import type { Version } from "../version/index.js";
import { Shape } from "./codes.js";
import type { NodeTable } from "./nodes.js";
import { ANACHRONISTIC, IS_REFERABLE, SHAPE } from "./plan.js";
import { AT_KEY, AT_VALUE, MAX_DEPTH, Walk } from "./walk.js";

export interface ReadOptions {
  /** Keep what was read when something is wrong, and read on where that is possible. */
  readonly tolerant?: boolean;
}

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
  let announced = 0; // items of the small tuple that was begun last

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
        const index = int32(bytes, pos) >>> 0;
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
      announced = open;
      // Items that are references or short strings are read here and now; whatever else comes, or is wrong, is left to
      // the loop at large.
      for (const most = start.length; open > 0 && pos + 5 <= limit && count < most; open--) {
        const itemByte = bytes[pos] as number;
        const item = plan[itemByte] as number;
        let stop = pos + 5;
        if (item === Shape.reference) {
          const index = int32(bytes, pos + 1) >>> 0;
          if (index >= refCount || end[refs[index] as number] === OPEN) break;
        } else if ((item & ~IS_REFERABLE) === Shape.bytes8) {
          stop = pos + 2 + (bytes[pos + 1] as number);
          if (stop > limit) break;
        } else break;
        type[count] = itemByte;
        start[count] = pos;
        end[count] = stop;
        refs[refCount] = count;
        refCount += item >>> 7;
        pos = stop;
        next[count] = count + 1;
        count++;
      }
    } else if (shape === Shape.bytes32) {
      size = pos + 4 > limit ? 4 : 4 + int32(bytes, pos);
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
          open = pos + 4 > limit ? 0 : int32(bytes, pos);
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
      frameTotal[depth] = shape === Shape.items8 ? announced : open;
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
