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
  /** How far the file has been written: what stands between two nodes are integers of a code object. */
  let done = start[0] as number;
  for (let node = 0; node < count; node++) {
    const from = start[node] as number;
    if (from > done) sink.copy(bytes, done, from);
    const byte = type[node] as number;
    const what = shapes[byte] as number;
    referable[node] = referableCount;
    referableCount += what >>> 7;
    done = end[node] as number;
    switch (what & SHAPE) {
      case Shape.bytes8:
        sink.headedShort(byte, done - from - 2);
        sink.copy(bytes, from + 2, done);
        break;
      case Shape.reference:
        sink.headed(byte, referable[refs[int32(bytes, from + 1)] as number] as number);
        break;
      case Shape.items8:
        sink.headedShort(byte, items(next, node));
        done = from + 2;
        break;
      case Shape.interned:
        if (interned.length > 0) strings[node] = stringCount++;
        sink.headed(byte, done - from - 5);
        sink.copy(bytes, from + 5, done);
        break;
      case Shape.bytes32:
      case Shape.utf8:
        sink.headed(byte, done - from - 5);
        sink.copy(bytes, from + 5, done);
        break;
      case Shape.items32:
        sink.headed(byte, items(next, node));
        done = from + 5;
        break;
      case Shape.stringReference:
        sink.headed(byte, strings[interned[int32(bytes, from + 1)] as number] as number);
        break;
      case Shape.code:
      case Shape.pairs:
      case Shape.slice:
        sink.byte(byte);
        done = from + 1;
        break;
      default:
        sink.byte(byte);
        sink.copy(bytes, from + 1, done);
    }
  }
  sink.copy(bytes, done, end[0] as number);
}

function items(next: Uint32Array, node: number): number {
  let count = 0;
  const stop = next[node] as number;
  for (let child = node + 1; child < stop; child = next[child] as number) count++;
  return count;
}
