/**
 * The node table: every object of a marshalled stream in file order, as columns of numbers.
 *
 * A node's children follow it directly, so a subtree is the range from the node to `next[node]`. Nothing is decoded
 * here: a node is its type byte and its span, and what it holds is read from the bytes when somebody asks.
 */
import type { FormatError } from "../bytes/index.js";
import type { Version } from "../version/index.js";
import { FLAG_REF } from "./codes.js";

/** No node: what a reference to nothing links to. */
export const NO_NODE = 0xffffffff;

export interface NodeTable {
  readonly bytes: Uint8Array;
  readonly version: Version;
  /** Number of nodes; the columns may be longer. */
  readonly count: number;
  /** The type byte as it stands in the file, FLAG_REF included. */
  readonly type: Uint8Array;
  /** File offset of the type byte. */
  readonly start: Uint32Array;
  /** File offset past the node's last byte, its children's included. */
  readonly end: Uint32Array;
  /** Index past the node's subtree. */
  readonly next: Uint32Array;
  /** For `r` and `R`: the node it stands for, or NO_NODE. */
  readonly link: Uint32Array;
  /** Nodes in the reference table (FLAG_REF), by index. */
  readonly refs: Uint32Array;
  readonly refCount: number;
  /** Nodes whose content is cut off or cannot be what it says (tolerant reading only). */
  readonly broken: ReadonlySet<number>;
  /** What went wrong, in file order (tolerant reading only). */
  readonly errors: readonly FormatError[];
  /** Type codes that this version's marshal does not have, with the offset where each was first met. */
  readonly anachronisms: ReadonlyMap<number, number>;
}

/** The node that `node` stands for: itself, or what its reference links to; NO_NODE if to nothing. */
export function resolve(table: NodeTable, node: number): number {
  let n = node;
  for (;;) {
    const code = (table.type[n] as number) & ~FLAG_REF;
    if (code !== 0x72 && code !== 0x52) return n;
    n = table.link[n] as number; // links point backwards to nodes that are no references: one step is enough
    if (n === NO_NODE) return NO_NODE;
  }
}

/** The children of a node, unresolved, in file order. */
export function children(table: NodeTable, node: number): number[] {
  const out: number[] = [];
  const end = table.next[node] as number;
  for (let child = node + 1; child < end; child = table.next[child] as number) out.push(child);
  return out;
}
