/**
 * The same content written in two ways: objects of equal value whose type bytes, references or spelling differ, and
 * instructions that mean the same with other prefixes, cache entries or indexes.
 *
 * Two objects are gone through side by side. A reference is not followed: what it refers to stands somewhere itself,
 * and whether the two refer to the same object is asked when all is known.
 */
import type { CodeObject } from "../code/index.js";
import { codeLayout } from "../format/index.js";
import { children, FLAG_REF, NO_NODE, resolve, Shape, typeCode } from "../marshal/index.js";
import { pathOf } from "../pyc/index.js";
import type { CodePlace } from "./code-tree.js";
import {
  type Both,
  type EncodingDifference,
  type EncodingKind,
  type EncodingPlace,
  encodingKinds,
} from "./difference.js";
import { isContainer } from "./identity.js";
import type { Matching } from "./matching.js";
import type { Operations } from "./operations.js";
import type { Side } from "./side.js";

/** Places that are told of each kind. */
const SHOWN = 10;

export class Encodings {
  private readonly a: Side;
  private readonly b: Side;
  private readonly found = new Map<EncodingKind, { count: number; places: EncodingPlace[] }>();
  /** For each node of the first file the one that stands for it in the second, plus one; 0 for none. */
  private readonly partner: Uint32Array;
  private readonly references: [number, number][] = [];

  constructor(a: Side, b: Side) {
    this.a = a;
    this.b = b;
    this.partner = new Uint32Array(a.pyc.table.count);
  }

  note(kind: EncodingKind, path: () => string, offset: Both<number>): void {
    let found = this.found.get(kind);
    if (found === undefined) {
      found = { count: 0, places: [] };
      this.found.set(kind, found);
    }
    found.count++;
    if (found.places.length < SHOWN) found.places.push({ path: path(), offset });
  }

  /** The objects of a pair of code objects, field by field; of tuples that differ, the items that are the same. */
  compareFields(a: CodeObject, b: CodeObject): void {
    const [ofA, ofB] = [children(a.table, a.node), children(b.table, b.node)];
    for (const [name, at] of codeLayout(a.version).order) {
      const [one, other] = [ofA[at], ofB[at]];
      if (one === undefined || other === undefined) continue;
      if (this.a.ids[one] === this.b.ids[other]) this.compare(one, other);
      else if (name === "co_consts" || name === "co_names") this.compareItems(one, other);
    }
  }

  /** Two objects of the same value. */
  compare(one: number, other: number): void {
    const [a, b] = [this.a.pyc.table, this.b.pyc.table];
    const waiting: [number, number][] = [[one, other]];
    for (let pair = waiting.pop(); pair !== undefined; pair = waiting.pop()) {
      const [i, j] = pair;
      const shape = this.compareBytes(i, j);
      if (shape === undefined || !isContainer(shape) || shape === Shape.code) continue;
      const [itemsA, itemsB] = [children(a, i), children(b, j)];
      if (itemsA.every((item, k) => this.a.ids[item] === this.b.ids[itemsB[k] as number])) {
        for (let k = itemsA.length - 1; k >= 0; k--) waiting.push([itemsA[k] as number, itemsB[k] as number]);
      } else this.noteNodes("set-order", i, j);
    }
  }

  /** Compares the type bytes of two objects, and the bytes of two leaves; the shape they share, if they do. */
  private compareBytes(i: number, j: number): number | undefined {
    const [a, b] = [this.a.pyc.table, this.b.pyc.table];
    this.partner[i] = j + 1;
    const [byteA, byteB] = [a.type[i] as number, b.type[j] as number];
    const [one, other] = [typeCode(byteA), typeCode(byteB)];
    if (one === undefined || other === undefined) return undefined;
    const [refersA, refersB] = [refers(one.shape), refers(other.shape)];
    if (((byteA ^ byteB) & FLAG_REF) !== 0 && refersA === refersB) this.noteNodes("flag-ref", i, j);
    if (refersA && refersB) this.references.push([i, j]);
    else if (refersA || refersB) this.noteNodes("reference", i, j);
    if (refersA || refersB) return undefined;
    if (one !== other) {
      const interned = one.name.includes("INTERNED");
      if (interned !== other.name.includes("INTERNED")) this.noteNodes("interning", i, j);
      if (plain(one.code) !== plain(other.code)) this.noteNodes("type-code", i, j);
    } else if (!isContainer(one.shape) && !this.sameBytes(i, j)) this.noteNodes("spelling", i, j);
    return one.shape;
  }

  private sameBytes(i: number, j: number): boolean {
    const [a, b] = [this.a.pyc.table, this.b.pyc.table];
    const [from, to] = [a.start[i] as number, b.start[j] as number];
    const size = (a.end[i] as number) - from;
    if (size !== (b.end[j] as number) - to) return false;
    for (let k = 1; k < size; k++) if (a.bytes[from + k] !== b.bytes[to + k]) return false;
    return true;
  }

  /** The items that two tuples share, each once. */
  private compareItems(one: number, other: number): void {
    const [a, b] = [this.a.pyc.table, this.b.pyc.table];
    const [shapeA, shapeB] = [typeCode(a.type[one] as number)?.shape, typeCode(b.type[other] as number)?.shape];
    if (!isContainer(shapeA ?? Shape.unknown) || !isContainer(shapeB ?? Shape.unknown)) return;
    const free = new Map<number, number[]>();
    for (const item of children(b, other).reverse()) {
      const id = this.b.ids[item] as number;
      const items = free.get(id);
      if (items === undefined) free.set(id, [item]);
      else items.push(item);
    }
    for (const item of children(a, one)) {
      const match = free.get(this.a.ids[item] as number)?.pop();
      if (match !== undefined) this.compare(item, match);
    }
  }

  /** Instructions that mean the same. `sameIndexes`: whether the pools they index are the same. */
  compareOperations(path: CodePlace, matching: Matching, sameIndexes: boolean): void {
    const { a, b, ofA, ofB, count } = matching;
    for (let p = 0; p < count; p++) {
      const i = ofA[p] as number;
      const j = ofB[p] as number;
      if (sameOperation(a, i, b, j)) continue;
      for (const kind of this.differing(a, i, b, j, sameIndexes))
        this.note(kind, () => `${path.qualname}.co_code[${a.start(i)}]`, { a: fileOffset(a, i), b: fileOffset(b, j) });
    }
  }

  private *differing(a: Operations, i: number, b: Operations, j: number, sameIndexes: boolean): Iterable<EncodingKind> {
    if (redundantPrefixes(a, i) !== redundantPrefixes(b, j)) yield "prefixes";
    if (!sameCaches(a, i, b, j)) yield "caches";
    if (a.isUnread(i) && b.isUnread(j) && a.oparg(i) !== b.oparg(j)) yield "unread-oparg";
    else if (sameIndexes && a.isIndex(i) && a.oparg(i) !== b.oparg(j)) yield "pool-index";
  }

  /** The references that were met, now that all objects are known: whether they mean objects at the same place. */
  settle(): void {
    const [a, b] = [this.a.pyc.table, this.b.pyc.table];
    for (const [i, j] of this.references) {
      const [to, other] = [resolve(a, i), resolve(b, j)];
      if (to === NO_NODE || other === NO_NODE) continue;
      const partner = this.partner[to] as number;
      if (partner !== 0 && partner !== other + 1) this.noteNodes("reference-target", i, j);
    }
  }

  private noteNodes(kind: EncodingKind, i: number, j: number): void {
    const [a, b] = [this.a.pyc.table, this.b.pyc.table];
    this.note(kind, () => this.path(i), { a: a.start[i] as number, b: b.start[j] as number });
  }

  /** A node of the first file, by the code object that it is in. */
  private path(node: number): string {
    const { pyc } = this.a;
    const place = this.a.around(node);
    if (place === undefined) return pathOf(pyc.table, node);
    return `${place.qualname}${pathOf(pyc.table, node)
      .slice(pathOf(pyc.table, place.code.node).length)
      .replace(/^(?=co_)/, ".")}`;
  }

  all(): readonly EncodingDifference[] {
    return (Object.keys(encodingKinds) as EncodingKind[]).flatMap((kind) => {
      const found = this.found.get(kind);
      return found === undefined ? [] : [{ kind, ...found }];
    });
  }
}

const refers = (shape: number) => shape === Shape.reference || shape === Shape.stringReference;

/** Type codes that say the same but for interning are one. */
const sameButInterned: Readonly<Record<string, string>> = { A: "a", Z: "z", t: "u", s: "u" };
const plain = (code: string) => sameButInterned[code] ?? code;

/** Whether two operations have the same bytes, prefixes and cache entries included. */
function sameOperation(a: Operations, i: number, b: Operations, j: number): boolean {
  const [from, to] = [a.start(i), b.start(j)];
  const size = a.start(i + 1) - from;
  if (size !== b.start(j + 1) - to) return false;
  const [one, other] = [a.code.code, b.code.code];
  for (let k = 0; k < size; k++) if (one[from + k] !== other[to + k]) return false;
  return true;
}

/** Where an operation stands in the file. */
function fileOffset(operations: Operations, i: number): number {
  const { code } = operations;
  return code.code.byteOffset - code.table.bytes.byteOffset + operations.start(i);
}

/** Prefixes beyond those that the oparg needs. */
function redundantPrefixes(operations: Operations, i: number): number {
  const { rows, row } = operations;
  let prefixes = 0;
  for (let r = (row[i] as number) - 1; r >= 0 && (rows.offset[r] as number) >= operations.start(i); r--) prefixes++;
  const bits = 32 - Math.clz32(operations.oparg(i));
  const own = operations.code.version.traits.encoding === "words" ? 8 : 16;
  return prefixes - Math.max(0, Math.ceil(bits / own) - 1);
}

function sameCaches(a: Operations, i: number, b: Operations, j: number): boolean {
  const [one, other] = [cachesOf(a, i), cachesOf(b, j)];
  return one.length === other.length && one.every((byte, k) => byte === other[k]);
}

function cachesOf({ rows, row, code }: Operations, i: number): Uint8Array {
  const r = row[i] as number;
  const from = (rows.offset[r] as number) + (rows.size[r] as number);
  return code.code.subarray(from, from + (rows.caches[r] as number));
}
