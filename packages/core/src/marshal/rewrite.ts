/**
 * The nodes of a file that was read, written again straight from their table: one loop over all nodes in file order,
 * type bytes and contents as they were read, lengths, counts and the indexes of references computed anew.
 */
import { int32 } from "../bytes/index.js";
import { Shape } from "./codes.js";
import type { NodeTable } from "./nodes.js";
import { planFor, SHAPE } from "./plan.js";
import type { Sink } from "./sink.js";
import { checkWhole } from "./write.js";

/** Per node, its number among the objects that `r` indexes, and among the strings that `R` does. */
const numbers = { referable: new Uint32Array(1 << 12), interned: new Uint32Array(0) };

/** Contents shorter than this are copied byte by byte, which is cheaper than a call that copies. */
const SHORT = 64;

/**
 * Puts a table's object into the sink.
 * @throws WriteError where the file was not read whole
 */
export function writeNodes(table: NodeTable, sink: Sink): void {
  checkWhole(table);
  const { bytes, count, type, start, end, next, refs, interned } = table;
  const { shapes } = planFor(table.version);
  if (numbers.referable.length < count) numbers.referable = new Uint32Array(count);
  if (interned.length > 0 && numbers.interned.length < count) numbers.interned = new Uint32Array(count);
  const referable = numbers.referable; // never cleared: a reference means a node that was written before it
  const strings = numbers.interned;
  let referableCount = 0;
  let stringCount = 0;
  // no object takes more room than it took in the file
  sink.reserve((end[0] as number) - (start[0] as number));
  const out = sink.bytes;
  let at = sink.at;
  /** How far the file has been written: what stands between two nodes are integers of a code object. */
  let done = start[0] as number;
  for (let node = 0; node < count; node++) {
    const from = start[node] as number;
    while (done < from) out[at++] = bytes[done++] as number;
    const byte = type[node] as number;
    const what = shapes[byte] as number;
    referable[node] = referableCount;
    referableCount += what >>> 7;
    done = end[node] as number;
    out[at++] = byte;
    let content = from + 1;
    let value: number; // behind the type byte: a length, a count or an index
    switch (what & SHAPE) {
      case Shape.reference:
        value = referable[refs[int32(bytes, content)] as number] as number;
        content = done;
        break;
      case Shape.bytes8:
        out[at++] = done - ++content;
        value = -1;
        break;
      case Shape.items8:
        out[at++] = items(next, node);
        done = ++content;
        value = -1;
        break;
      case Shape.interned:
        if (interned.length > 0) strings[node] = stringCount++;
        content += 4;
        value = done - content;
        break;
      case Shape.bytes32:
      case Shape.utf8:
        content += 4;
        value = done - content;
        break;
      case Shape.items32:
        value = items(next, node);
        content += 4;
        done = content;
        break;
      case Shape.stringReference:
        value = strings[interned[int32(bytes, content)] as number] as number;
        content = done;
        break;
      case Shape.code:
      case Shape.pairs:
      case Shape.slice:
        done = content;
        value = -1;
        break;
      default:
        value = -1;
    }
    if (value >= 0) {
      out[at] = value;
      out[at + 1] = value >> 8;
      out[at + 2] = value >> 16;
      out[at + 3] = value >> 24;
      at += 4;
    }
    if (done - content < SHORT) while (content < done) out[at++] = bytes[content++] as number;
    else {
      out.set(bytes.subarray(content, done), at);
      at += done - content;
    }
  }
  for (const last = end[0] as number; done < last; ) out[at++] = bytes[done++] as number;
  sink.at = at;
}

function items(next: Uint32Array, node: number): number {
  let count = 0;
  const stop = next[node] as number;
  for (let child = node + 1; child < stop; child = next[child] as number) count++;
  return count;
}
