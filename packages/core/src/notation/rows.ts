/**
 * The rows of a dissection: groups and leaf regions in file order, as columns of numbers. A group stands before what
 * is in it; the leaves alone cover every byte of the file exactly once. No text is made here.
 */
import type { Pyc } from "../pyc/index.js";
import type { Content } from "./content.js";
import { Kind } from "./kinds.js";

/** No row: the parent of what stands in no group. */
export const NO_ROW = 0xffffffff;

export interface Dissection {
  readonly pyc: Pyc;
  /** Number of rows; each column has so many entries. */
  readonly count: number;
  /** One of `Kind`; `Kind.group` for a group, any other for a leaf. */
  readonly kind: Uint8Array;
  /** How many groups the row stands in. */
  readonly depth: Uint16Array;
  /** File offset of the first byte. */
  readonly start: Uint32Array;
  /** File offset past the last byte; a group's takes in all that is in it. */
  readonly end: Uint32Array;
  /** Row of the group that the row stands in, or NO_ROW. */
  readonly parent: Uint32Array;
  /** Node of the object that the row belongs to, or NO_NODE: in the header, and behind the objects. */
  readonly node: Uint32Array;
  /**
   * Which one it is: of a group, its index among its parent's objects; of a field, its index in the record; of an
   * object's parts, their index (`partsOf`); of what a content is made of, the index of the instruction or entry.
   */
  readonly detail: Uint32Array;
  /** The bytes objects that are a code object's instructions or tables, by node. */
  readonly contents: ReadonlyMap<number, Content>;
}

/** Columns that grow. */
export class Rows {
  count = 0;
  /** File offset up to which leaves cover the file. */
  at: number;
  private kind: Uint8Array;
  private depth: Uint16Array;
  private start: Uint32Array;
  private end: Uint32Array;
  private parent: Uint32Array;
  private node: Uint32Array;
  private detail: Uint32Array;
  private capacity: number;
  private group = NO_ROW;
  private level = 0;

  constructor(capacity: number) {
    this.at = 0;
    this.capacity = capacity;
    this.kind = new Uint8Array(capacity);
    this.depth = new Uint16Array(capacity);
    this.start = new Uint32Array(capacity);
    this.end = new Uint32Array(capacity);
    this.parent = new Uint32Array(capacity);
    this.node = new Uint32Array(capacity);
    this.detail = new Uint32Array(capacity);
  }

  /** Adds a leaf that goes on to file offset `end`; none if there are no bytes up to there. */
  leaf(kind: Kind, end: number, node: number, detail: number): void {
    if (end <= this.at) return;
    const row = this.push(kind, node, detail);
    this.end[row] = end;
    this.at = end;
  }

  /** Opens a group at the current offset. */
  open(node: number, detail: number): void {
    const row = this.push(Kind.group, node, detail);
    this.group = row;
    this.level++;
  }

  /** Closes the innermost group. */
  close(): void {
    this.end[this.group] = this.at;
    this.group = this.parent[this.group] as number;
    this.level--;
  }

  done(pyc: Pyc, contents: ReadonlyMap<number, Content>): Dissection {
    const { count } = this;
    return {
      pyc,
      count,
      kind: this.kind.subarray(0, count),
      depth: this.depth.subarray(0, count),
      start: this.start.subarray(0, count),
      end: this.end.subarray(0, count),
      parent: this.parent.subarray(0, count),
      node: this.node.subarray(0, count),
      detail: this.detail.subarray(0, count),
      contents,
    };
  }

  private push(kind: Kind, node: number, detail: number): number {
    const row = this.count++;
    if (row === this.capacity) this.grow();
    this.kind[row] = kind;
    this.depth[row] = this.level;
    this.start[row] = this.at;
    this.parent[row] = this.group;
    this.node[row] = node;
    this.detail[row] = detail;
    return row;
  }

  private grow(): void {
    this.capacity *= 2;
    const { capacity } = this;
    const wide = (column: Uint32Array) => {
      const wider = new Uint32Array(capacity);
      wider.set(column);
      return wider;
    };
    const kind = new Uint8Array(capacity);
    kind.set(this.kind);
    this.kind = kind;
    const depth = new Uint16Array(capacity);
    depth.set(this.depth);
    this.depth = depth;
    this.start = wide(this.start);
    this.end = wide(this.end);
    this.parent = wide(this.parent);
    this.node = wide(this.node);
    this.detail = wide(this.detail);
  }
}
