/**
 * The operations of two code objects aligned, their jumps included: a jump is the same if its target is the same
 * instruction or, where instructions came or went, stands at the same place among them. Then labels count: what one
 * target of a file is in the other is one target, whoever jumps there.
 */
import { type Alignment, align } from "./align.js";
import type { Hunk } from "./difference.js";
import type { Effort } from "./effort.js";
import { NO_JUMP, type Operations } from "./operations.js";

export class Matching {
  readonly a: Operations;
  readonly b: Operations;
  readonly exact: boolean;
  /** Number of pairs. */
  readonly count: number;
  /** The operations of each pair, in order. */
  readonly ofA: Int32Array;
  readonly ofB: Int32Array;
  /** The stretches that differ. */
  readonly hunks: readonly Hunk[];
  /** For each operation, and the end, how many pairs stand before it. */
  private readonly beforeA: Int32Array;
  private readonly beforeB: Int32Array;

  constructor(a: Operations, b: Operations, effort: Effort) {
    this.a = a;
    this.b = b;
    const { to, exact }: Alignment = align(a.token, b.token, effort);
    this.exact = exact;
    this.count = to.reduce((sum, other) => sum + Number(other >= 0), 0);
    this.ofA = new Int32Array(this.count);
    this.ofB = new Int32Array(this.count);
    let pair = 0;
    for (let i = 0; i < to.length; i++) {
      if ((to[i] as number) < 0) continue;
      this.ofA[pair] = i;
      this.ofB[pair++] = to[i] as number;
    }
    this.beforeA = before(this.ofA, a.count);
    this.beforeB = before(this.ofB, b.count);
    this.hunks = this.findHunks(this.otherTargets());
  }

  /** Whether two operations (`count` for the end) stand at the same place: paired, or alike in the stretch between pairs. */
  samePlace(i: number, j: number): boolean {
    const gap = this.beforeA[i] as number;
    if (gap !== this.beforeB[j]) return false;
    if (i - start(this.ofA, gap) === j - start(this.ofB, gap)) return true;
    return this.end(this.ofA, gap, this.a.count) - i === this.end(this.ofB, gap, this.b.count) - j;
  }

  /** A number for the place of an operation, by which most of those at the same place can be found. */
  place(side: "a" | "b", i: number): string {
    const [of, counted, count] =
      side === "a" ? [this.ofA, this.beforeA, this.a.count] : [this.ofB, this.beforeB, this.b.count];
    const gap = counted[i] as number;
    return i === this.end(of, gap, count) ? `${gap}` : `${gap}+${i - start(of, gap)}`;
  }

  private end(of: Int32Array, gap: number, count: number): number {
    return gap < this.count ? (of[gap] as number) : count;
  }

  /** The pairs whose jumps go to different places. */
  private otherTargets(): Uint8Array {
    const { a, b, ofA, ofB, count } = this;
    const other = new Uint8Array(count);
    const boundA = new Map<number, number>();
    const boundB = new Map<number, number>();
    const isExact = (i: number, j: number) =>
      this.beforeA[i] === this.beforeB[j] &&
      i === this.end(ofA, this.beforeA[i] as number, a.count) &&
      j === this.end(ofB, this.beforeB[j] as number, b.count);
    for (const exactly of [true, false]) {
      for (let p = 0; p < count; p++) {
        const [i, j] = [ofA[p] as number, ofB[p] as number];
        const [from, to] = [a.target[i] as number, b.target[j] as number];
        if (from === NO_JUMP && to === NO_JUMP) continue;
        if (from === NO_JUMP || to === NO_JUMP) other[p] = 1;
        else if (isExact(from, to) === exactly) {
          const bound = (boundA.get(from) ?? to) === to && (boundB.get(to) ?? from) === from;
          const same = this.samePlace(from, to) && bound && a.astray.get(i) === b.astray.get(j);
          if (!same) other[p] = 1;
          else {
            boundA.set(from, to);
            boundB.set(to, from);
          }
        }
      }
    }
    return other;
  }

  private findHunks(other: Uint8Array): readonly Hunk[] {
    const { ofA, ofB, count } = this;
    const hunks: Hunk[] = [];
    let [i, j] = [0, 0]; // what is the same ends here
    const note = (end: number, stop: number) => {
      if (end > i || stop > j) hunks.push({ a: [i, end], b: [j, stop] });
    };
    for (let p = 0; p < count; p++) {
      if (other[p] === 1) continue;
      const [x, y] = [ofA[p] as number, ofB[p] as number];
      note(x, y);
      [i, j] = [x + 1, y + 1];
    }
    note(this.a.count, this.b.count);
    return hunks;
  }
}

const start = (of: Int32Array, gap: number) => (gap === 0 ? 0 : (of[gap - 1] as number) + 1);

function before(of: Int32Array, count: number): Int32Array {
  const out = new Int32Array(count + 1);
  let pairs = 0;
  for (let i = 0; i <= count; i++) {
    out[i] = pairs;
    if (of[pairs] === i) pairs++;
  }
  return out;
}
