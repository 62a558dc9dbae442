/** Columns for the node table, cut from slabs. */

/**
 * The node table's columns are cut from a slab that consecutive reads share: allocating typed arrays for each small
 * file cost a sixth of the whole reading. A table never sees another's nodes: its views end where it ends.
 */
export interface Columns {
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

/** Columns in one piece of memory, which is one allocation. */
export function columns(size: number): Columns {
  const memory = new ArrayBuffer(17 * size);
  const column = (k: number) => new Uint32Array(memory, 4 * k * size, size);
  return {
    start: column(0),
    end: column(1),
    next: column(2),
    refs: column(3),
    type: new Uint8Array(memory, 16 * size, size),
  };
}

export function cut(from: Columns, start: number, end?: number, refs?: number): Columns {
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

/** Columns for the nodes that a file of that size will about have: the slab's rest, a new slab, or their own. */
export function room(fileSize: number): Columns {
  const nodes = 64 + Math.floor(fileSize / BYTES_PER_NODE);
  if (nodes > SLAB / 2) return columns(nodes);
  if (nodes > SLAB - slabUsed) {
    slab = columns(SLAB);
    slabUsed = 0;
  }
  return cut(slab, slabUsed);
}

/** Tells that of these columns, if they are the slab's rest, so many nodes are taken. */
export function take(from: Columns, nodes: number): void {
  if (from.start.buffer === slab.start.buffer) slabUsed += nodes;
}
