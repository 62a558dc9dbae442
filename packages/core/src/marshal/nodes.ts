/**
 * The node table: every object of a marshalled stream in file order, as columns of numbers.
 *
 * A node's children follow it directly, so a subtree is the range from the node to `next[node]`. Nothing is decoded
 * here: a node is its type byte and its span, and what it holds is read from the bytes when somebody asks.
 */
import { type FormatError, int32 } from "../bytes/index.js";
import type { Version } from "../version/index.js";
import { FLAG_REF } from "./codes.js";

/** No node: what a reference to nothing links to. */
export const NO_NODE = 0xffffffff;

export interface NodeTable {
  readonly bytes: Uint8Array;
  readonly version: Version;
  /** Number of nodes. */
  readonly count: number;
  /** The type byte as it stands in the file, FLAG_REF included. */
  readonly type: Uint8Array;
  /** File offset of the type byte. */
  readonly start: Uint32Array;
  /** File offset past the node's last byte, its children's included. */
  readonly end: Uint32Array;
  /** Index past the node's subtree. */
  readonly next: Uint32Array;
  /** Nodes in the reference table (FLAG_REF), by index. */
  readonly refs: Uint32Array;
  /** Nodes in the table of interned strings that `R` indexes, by index. */
  readonly interned: readonly number[];
  /** Nodes whose content is cut off or cannot be what it says (tolerant reading only). */
  readonly broken: ReadonlySet<number>;
  /** What went wrong, in file order (tolerant reading only). */
  readonly errors: readonly FormatError[];
  /** Type codes that this version's marshal does not have, with the offset where each was first met. */
  readonly anachronisms: ReadonlyMap<number, number>;
}

const REF = 0x72; // r
const STRINGREF = 0x52; // R

/** The node that `node` stands for: itself, or what its reference links to; NO_NODE if to nothing. */
export function resolve(table: NodeTable, node: number): number {
  const code = (table.type[node] as number) & ~FLAG_REF;
  if (code !== REF && code !== STRINGREF) return node;
  const { bytes } = table;
  const at = (table.start[node] as number) + 1;
  if (at + 4 > bytes.length) return NO_NODE;
  const index = int32(bytes, at);
  const to = code === REF ? table.refs[index] : table.interned[index];
  return to === undefined || to > node ? NO_NODE : to; // a table's nodes are no references: one step is enough
}

const STRING = 0x73; // s
const INTERNED = 0x74; // t, which is a str in Python 3

/** Whether a node is a bytes object or an 8-bit string; its bytes follow the five of type code and length. */
export function holdsBytes(table: NodeTable, node: number): boolean {
  const code = (table.type[node] as number) & ~FLAG_REF;
  return code === STRING || (code === INTERNED && table.version.traits.strings === "str8");
}

/** How many children a node has. */
export function childCount(table: NodeTable, node: number): number {
  const byte = (table.type[node] as number) & ~FLAG_REF;
  if (byte === SMALL_TUPLE && (table.broken.size === 0 || !table.broken.has(node)))
    return table.bytes[(table.start[node] as number) + 1] as number;
  const { next } = table;
  const end = next[node] as number;
  let count = 0;
  for (let child = node + 1; child < end; child = next[child] as number) count++;
  return count;
}
const SMALL_TUPLE = 0x29; // ), whose count is its second byte

/** The children of a node, unresolved, in file order. */
export function children(table: NodeTable, node: number): number[] {
  const out: number[] = [];
  const end = table.next[node] as number;
  for (let child = node + 1; child < end; child = table.next[child] as number) out.push(child);
  return out;
}
