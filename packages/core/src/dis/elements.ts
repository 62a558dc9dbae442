/**
 * The elements of tuples and lists (the pools that opargs index), references followed, all in one array: a file in
 * which ten thousand code objects point to one tuple of a million items costs no more than its size.
 *
 * Elements of a pool begin at the index that `of` gives; how many there are stands before them.
 */
import { FLAG_REF, NO_NODE, type NodeTable, resolve } from "../marshal/index.js";

/** Where the elements of everything that has none would begin. */
const NONE = 1;

export class Elements {
  /** Nodes; NO_NODE for a reference to nothing. Another array whenever `of` has met a new pool. */
  nodes: Uint32Array<ArrayBuffer>;
  private readonly table: NodeTable;
  /** By node: where its elements begin, 0 as long as nobody has asked. */
  private readonly at: Uint32Array;
  private length = NONE;

  /** @param at zeros, one for each node at least */
  constructor(table: NodeTable, at: Uint32Array, nodes: Uint32Array<ArrayBuffer>) {
    this.table = table;
    this.at = at;
    this.nodes = nodes;
    nodes[0] = 0;
  }

  /** Where the elements of a node begin that `CodeObject.fieldNode` gave. */
  of(node: number): number {
    if (node === NO_NODE) return NONE;
    const at = this.at[node] as number;
    return at === 0 ? this.enter(node) : at;
  }

  /** How many elements begin there. */
  count(at: number): number {
    return this.nodes[at - 1] as number;
  }

  private enter(node: number): number {
    const { type, next } = this.table;
    const end = next[node] as number;
    let at = NONE;
    if (isSequence(type[node] as number) && end > node + 1) {
      at = this.length + 1;
      if (at + end - node > this.nodes.length) this.grow(end - node);
      let to = at;
      for (let child = node + 1; child < end; child = next[child] as number) {
        this.nodes[to++] = resolve(this.table, child);
      }
      this.nodes[at - 1] = to - at;
      this.length = to;
    }
    this.at[node] = at;
    return at;
  }

  private grow(more: number): void {
    const nodes = new Uint32Array(2 * this.nodes.length + more);
    nodes.set(this.nodes.subarray(0, this.length));
    this.nodes = nodes;
  }
}

export function elementsOf(table: NodeTable): Elements {
  return new Elements(table, new Uint32Array(table.count), new Uint32Array((table.count >> 1) + 2));
}

function isSequence(byte: number): boolean {
  const code = byte & ~FLAG_REF;
  return code === 0x28 || code === 0x29 || code === 0x5b; // ( ) [
}
