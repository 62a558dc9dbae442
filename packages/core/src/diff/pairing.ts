/**
 * Which code object of one file is which of the other.
 *
 * Beginning with the modules, the code objects inside of a pair are paired by their names. Several of one name
 * (lambdas, comprehensions, definitions in two branches) are told apart by what is in them, in their order: first those
 * that seem equal, then in each gap those that are most alike. What is left over is looked for in the whole file: by its
 * qualified name, then by its content, which finds what was renamed or moved.
 */
import { textOf } from "../code/index.js";
import { NO_NODE } from "../marshal/index.js";
import { align } from "./align.js";
import type { CodePlace } from "./code-tree.js";
import type { Effort } from "./effort.js";

export interface Pair {
  readonly a: CodePlace;
  readonly b: CodePlace;
  /** Whether it has another name, or is inside of something else than what its surroundings are paired with. */
  readonly moved: boolean;
}

export interface Pairing {
  /** In the order of the first file. */
  readonly pairs: readonly Pair[];
  readonly removed: readonly CodePlace[];
  readonly added: readonly CodePlace[];
}

type Places = readonly CodePlace[];

export function pairUp(a: Places, b: Places, effort: Effort): Pairing {
  return new Pairer(effort).pair(a, b);
}

/** Gaps of at most so many on either side are paired by likeness, larger ones in their order. */
const LIKENESS = 24;
/** Instructions less than these bytes say nothing about where a code object went. */
const TELLING = 16;

class Pairer {
  private readonly effort: Effort;
  private readonly partner = new Map<CodePlace, CodePlace>();
  private readonly taken = new Set<CodePlace>();
  private readonly features = new Map<CodePlace, ReadonlyMap<number, number>>();
  private readonly waiting: [CodePlace, CodePlace][] = [];

  constructor(effort: Effort) {
    this.effort = effort;
  }

  pair(a: Places, b: Places): Pairing {
    this.tops(a.filter(isTop), b.filter(isTop));
    this.settle();
    const keys: ((place: CodePlace) => string | undefined)[] = [
      ({ qualname }) => qualname,
      ({ print, code }) => (code.code.length < TELLING ? undefined : String(print)),
      ({ codePrint, code }) => (code.code.length < TELLING ? undefined : String(codePrint)),
    ];
    for (const key of keys) {
      this.grouped(a.filter(this.isFree), b.filter(this.isFree), key);
      this.settle();
    }
    return {
      pairs: a.flatMap((place) => {
        const other = this.partner.get(place);
        return other === undefined ? [] : [{ a: place, b: other, moved: this.hasMoved(place, other) }];
      }),
      removed: a.filter((place) => !this.partner.has(place)),
      added: b.filter((place) => !this.taken.has(place)),
    };
  }

  private readonly isFree = (place: CodePlace) => !this.partner.has(place) && !this.taken.has(place);

  /** The modules belong together whatever they are called. */
  private tops(a: Places, b: Places): void {
    if (a.length === 1 && b.length === 1) this.join(a[0] as CodePlace, b[0] as CodePlace);
    else this.grouped(a, b, ({ name }) => name);
  }

  private settle(): void {
    for (let pair = this.waiting.pop(); pair !== undefined; pair = this.waiting.pop()) {
      const [a, b] = pair.map((place) => place.children.filter(this.isFree)) as [CodePlace[], CodePlace[]];
      this.grouped(a, b, ({ name }) => name);
    }
  }

  private hasMoved(a: CodePlace, b: CodePlace): boolean {
    if (a.qualname === b.qualname || a.parent === undefined || b.parent === undefined) return false;
    return a.name !== b.name || this.partner.get(a.parent) !== b.parent;
  }

  private join(a: CodePlace, b: CodePlace): void {
    this.partner.set(a, b);
    this.taken.add(b);
    this.waiting.push([a, b]);
  }

  /** Pairs those with the same key, in their order. */
  private grouped(a: Places, b: Places, key: (place: CodePlace) => string | undefined): void {
    if (a.length === 0 || b.length === 0) return;
    const groups = new Map<string, [CodePlace[], CodePlace[]]>();
    for (const [side, places] of [a, b].entries()) {
      for (const place of places) {
        const name = key(place);
        if (name === undefined) continue;
        let group = groups.get(name);
        if (group === undefined) {
          group = [[], []];
          groups.set(name, group);
        }
        (group[side] as CodePlace[]).push(place);
      }
    }
    for (const [ofA, ofB] of groups.values()) this.sameName(ofA, ofB);
  }

  private sameName(a: Places, b: Places): void {
    if (a.length === 1 && b.length === 1) this.join(a[0] as CodePlace, b[0] as CodePlace);
    else if (a.length > 0 && b.length > 0)
      this.byPrint(a, b, "print", (x, y) => this.byPrint(x, y, "codePrint", (v, w) => this.byLikeness(v, w)));
  }

  /** Pairs those with equal prints in order, and gives the gaps to `rest`. */
  private byPrint(a: Places, b: Places, print: "print" | "codePrint", rest: (a: Places, b: Places) => void): void {
    const printsOf = (places: Places) => Int32Array.from(places, (place) => place[print]);
    const { to } = align(printsOf(a), printsOf(b), this.effort);
    let [i, j] = [0, 0];
    const gap = (end: number, stop: number) => {
      if (end > i && stop > j) rest(a.slice(i, end), b.slice(j, stop));
    };
    for (const [at, other] of to.entries()) {
      if (other < 0) continue;
      gap(at, other);
      this.join(a[at] as CodePlace, b[other] as CodePlace);
      [i, j] = [at + 1, other + 1];
    }
    gap(a.length, b.length);
  }

  /** Pairs as many as there can be pairs, in order, so that the sum of likenesses is greatest. */
  private byLikeness(a: Places, b: Places): void {
    const n = a.length;
    const m = b.length;
    if (n === m || n > LIKENESS || m > LIKENESS || this.effort.isSpent) {
      for (let i = 0; i < Math.min(n, m); i++) this.join(a[i] as CodePlace, b[i] as CodePlace);
      return;
    }
    // best[i][j]: of the first i and j; each pair counts more than any likeness
    const best = Array.from({ length: n + 1 }, () => new Float64Array(m + 1));
    const at = (i: number, j: number) => (best[i] as Float64Array)[j] as number;
    const worth = (i: number, j: number) => 1 + this.likeness(a[i - 1] as CodePlace, b[j - 1] as CodePlace);
    for (let i = 1; i <= n; i++)
      for (let j = 1; j <= m; j++)
        (best[i] as Float64Array)[j] = Math.max(at(i - 1, j), at(i, j - 1), at(i - 1, j - 1) + worth(i, j));
    for (let [i, j] = [n, m]; i > 0 && j > 0; ) {
      if (at(i, j) === at(i - 1, j)) i--;
      else if (at(i, j) === at(i, j - 1)) j--;
      else this.join(a[--i] as CodePlace, b[--j] as CodePlace);
    }
  }

  /** 0 for nothing in common, 1 for all, less than 1 together for all pairs of a gap. */
  private likeness(a: CodePlace, b: CodePlace): number {
    const [one, other] = [this.featuresOf(a), this.featuresOf(b)];
    let shared = 0;
    let all = 0;
    for (const [feature, count] of one) {
      shared += Math.min(count, other.get(feature) ?? 0);
      all += count;
    }
    for (const count of other.values()) all += count;
    return all === 0 ? 0 : (2 * shared) / all / LIKENESS;
  }

  /** How often each pair of neighbouring bytes of the instructions stands there, and each name. */
  private featuresOf(place: CodePlace): ReadonlyMap<number, number> {
    const kept = this.features.get(place);
    if (kept !== undefined) return kept;
    const { code } = place;
    const bytes = code.code.subarray(0, 1024);
    this.effort.take(8 * (bytes.length + code.names.length));
    const out = new Map<number, number>();
    const note = (feature: number) => out.set(feature, (out.get(feature) ?? 0) + 1);
    for (let i = 0; i + 1 < bytes.length; i++) note(((bytes[i] as number) << 8) | (bytes[i + 1] as number));
    for (const node of code.names.slice(0, 256)) if (node !== NO_NODE) note(nameFeature(textOf(code.values.of(node))));
    this.features.set(place, out);
    return out;
  }
}

/** Beside the pairs of bytes, which are below 2**16. */
function nameFeature(name: string): number {
  let h = 0;
  for (let i = 0; i < Math.min(name.length, 64); i++) h = (Math.imul(h, 31) + name.charCodeAt(i)) | 0;
  return 0x10000 + (h >>> 0);
}

const isTop = (place: CodePlace) => place.parent === undefined;
