/** One of the two files: what its parts are numbered, called and worded. */
import { childCount, NO_NODE } from "../marshal/index.js";
import type { Pyc } from "../pyc/index.js";
import { type CodePlace, codeTree } from "./code-tree.js";
import { identities, type Numbering, type Sameness } from "./identity.js";
import { Words } from "./words.js";

export class Side {
  readonly pyc: Pyc;
  readonly places: readonly CodePlace[];
  readonly words: Words;
  /** The number of each node's value, once `number` has run. */
  ids: Uint32Array = new Uint32Array(0);
  private readonly counts = new Map<number, number>();
  private readonly placeOfNode: ReadonlyMap<number, CodePlace>;

  constructor(pyc: Pyc) {
    this.pyc = pyc;
    this.places = codeTree(pyc);
    this.placeOfNode = new Map(this.places.map((place) => [place.code.node, place]));
    this.words = new Words(pyc, (node) => this.placeOfNode.get(node)?.qualname ?? "?");
  }

  /** How many items a node has; counted once, as many code objects may share a pool. */
  count(node: number): number {
    if (node === NO_NODE) return 0;
    let count = this.counts.get(node);
    if (count === undefined) {
      count = childCount(this.pyc.table, node);
      this.counts.set(node, count);
    }
    return count;
  }

  /** The innermost code object that a node is in, or is itself. */
  around(node: number): CodePlace | undefined {
    const { places } = this;
    let [from, to] = [0, places.length];
    while (from < to) {
      const middle = (from + to) >> 1;
      if ((places[middle] as CodePlace).code.node <= node) from = middle + 1;
      else to = middle;
    }
    let place: CodePlace | undefined = places[from - 1];
    while (place !== undefined && (this.pyc.table.next[place.code.node] as number) <= node) place = place.parent;
    return place;
  }

  number(numbering: Numbering, codes: ReadonlyMap<number, string>, sameness: Sameness): void {
    this.ids = identities(this.pyc, numbering, codes, sameness);
  }
}
