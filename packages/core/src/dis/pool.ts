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
  /** The nodes among them that are code objects, in order. */
  readonly codes: readonly number[];
  /** By index, room for what a style makes of the elements' texts. */
  readonly tails: (string | undefined)[];
  private readonly repr: Repr;
  private readonly constants: (string | undefined)[];
  private readonly names: (string | undefined)[];

  constructor(repr: Repr, nodes: readonly number[]) {
    this.repr = repr;
    this.nodes = nodes;
    this.codes = nodes.filter((node) => repr.isCode(node));
    this.tails = new Array(nodes.length).fill(undefined);
    this.constants = new Array(nodes.length).fill(undefined);
    this.names = new Array(nodes.length).fill(undefined);
  }

  get length(): number {
    return this.nodes.length;
  }

  /** repr() of the constant with this index, or undefined where there is none. */
  constant(index: number): string | undefined {
    if (index < 0 || index >= this.nodes.length) return undefined;
    let text = this.constants[index];
    if (text === undefined) this.constants[index] = text = this.repr.constant(this.nodes[index] as number);
    return text;
  }

  /** The name with this index as it prints (unsafe characters escaped), or undefined where there is none. */
  name(index: number): string | undefined {
    if (index < 0 || index >= this.nodes.length) return undefined;
    let text = this.names[index];
    if (text === undefined) this.names[index] = text = this.repr.name(this.nodes[index] as number);
    return text;
  }
}
