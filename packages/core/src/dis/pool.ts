/**
 * Pools: the tuples (lists, in old files) that opargs index, with the text of each element made once.
 *
 * Code objects may share a pool (FLAG_REF), so pools belong to their node and not to a code object: a file in which
 * ten thousand code objects point to one tuple of a million items costs no more than its size.
 */
import type { Repr } from "./repr.js";

export class Pool {
  /** Nodes of the elements, references followed; NO_NODE for a reference to nothing. */
  readonly nodes: readonly number[];
  private readonly repr: Repr;
  private constants: (string | undefined)[] | undefined;

  constructor(repr: Repr, nodes: readonly number[]) {
    this.repr = repr;
    this.nodes = nodes;
  }

  get length(): number {
    return this.nodes.length;
  }

  /** repr() of the constant with this index, or undefined where there is none. */
  constant(index: number): string | undefined {
    const node = this.nodes[index];
    if (node === undefined) return undefined;
    this.constants ??= new Array(this.nodes.length);
    this.constants[index] ??= this.repr.constant(node);
    return this.constants[index];
  }

  /** The name with this index as it prints (unsafe characters escaped), or undefined where there is none. */
  name(index: number): string | undefined {
    const node = this.nodes[index];
    return node === undefined ? undefined : this.repr.name(node);
  }
}
