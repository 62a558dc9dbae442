/**
 * Two sequences of numbers aligned: which item of one stands for which of the other.
 *
 * Myers' algorithm in linear space: from both ends the furthest points that d edits reach, until they meet, then the
 * same on either side of the meeting point. Where that takes too long the furthest point reached so far divides the
 * sequences, so that time grows with their length and no longer with its square; the answer then says that it may show
 * more than differs.
 */
import type { Effort } from "./effort.js";

export interface Alignment {
  /** For each item of the first sequence the index in the second, -1 for none; increasing. */
  readonly to: Int32Array;
  /** Whether no alignment has more in common. */
  readonly exact: boolean;
}

/** Steps that one alignment may take, about. */
const STEPS = 1 << 24;
const LEAST_EDITS = 32;
const MOST_EDITS = 2048;

export function align(a: ArrayLike<number>, b: ArrayLike<number>, effort: Effort): Alignment {
  return new Aligner(a, b, effort).align();
}

/** A stretch of a against one of b: a0, a1, b0, b1, ends excluded. */
type Box = readonly [number, number, number, number];

class Aligner {
  private readonly a: ArrayLike<number>;
  private readonly b: ArrayLike<number>;
  private readonly effort: Effort;
  private readonly to: Int32Array;
  private readonly mostEdits: number;
  private exact = true;
  /** The furthest x on each diagonal, from the front and from the back; -1 where there is none. */
  private forth = new Int32Array(0);
  private back = new Int32Array(0);
  private middle = 0;

  constructor(a: ArrayLike<number>, b: ArrayLike<number>, effort: Effort) {
    this.a = a;
    this.b = b;
    this.effort = effort;
    this.to = new Int32Array(a.length).fill(-1);
    this.mostEdits = Math.max(LEAST_EDITS, Math.min(MOST_EDITS, Math.floor(STEPS / (a.length + b.length + 1))));
  }

  align(): Alignment {
    const waiting: Box[] = [[0, this.a.length, 0, this.b.length]];
    for (let box = waiting.pop(); box !== undefined; box = waiting.pop()) {
      const rest = this.trim(box);
      const [a0, a1, b0, b1] = rest;
      if (a0 === a1 || b0 === b1) continue;
      if (this.effort.isSpent) {
        this.exact = false;
        continue;
      }
      const [x, y] = this.divide(rest);
      waiting.push([a0, x, b0, y], [x, a1, y, b1]);
    }
    return { to: this.to, exact: this.exact };
  }

  /** Pairs what is the same at both ends; what is left between. */
  private trim([from, a1, start, b1]: Box): Box {
    const { a, b, to } = this;
    let [a0, b0] = [from, start];
    let [end, stop] = [a1, b1];
    while (a0 < end && b0 < stop && a[a0] === b[b0]) to[a0++] = b0++;
    while (a0 < end && b0 < stop && a[end - 1] === b[stop - 1]) to[--end] = --stop;
    this.effort.take(a0 - from + a1 - end);
    return [a0, end, b0, stop];
  }

  private makeRoom(edits: number): void {
    const need = 2 * edits + 3;
    if (this.forth.length >= need) return;
    this.forth = new Int32Array(need);
    this.back = new Int32Array(need);
    this.middle = edits + 1;
  }

  /** A point on a shortest way through the box, or on a good one; neither of its two corners. */
  private divide([a0, a1, b0, b1]: Box): readonly [number, number] {
    const n = a1 - a0;
    const m = b1 - b0;
    const delta = n - m;
    const most = Math.min((n + m + 1) >> 1, this.mostEdits);
    this.makeRoom(most);
    const { forth, back, middle } = this;
    forth[middle] = this.run(a0, b0, n, m, 0, 1);
    back[middle] = this.run(a1 - 1, b1 - 1, n, m, 0, -1);
    for (let d = 1; d <= most; d++) {
      forth[middle - d - 1] = forth[middle + d + 1] = back[middle - d - 1] = back[middle + d + 1] = -1;
      forth[middle - d] = forth[middle + d] = back[middle - d] = back[middle + d] = -1;
      this.effort.take(2 * d);
      for (let k = -d; k <= d; k += 2) {
        const x = this.step(forth, k, n, m, a0, b0, 1);
        const other = delta - k;
        if (x < 0 || (delta & 1) === 0 || other <= -d || other >= d) continue;
        const met = back[middle + other] as number;
        if (met >= 0 && x + met >= n) return [a0 + x, b0 + x - k];
      }
      for (let k = -d; k <= d; k += 2) {
        const x = this.step(back, k, n, m, a1 - 1, b1 - 1, -1);
        const other = delta - k;
        if (x < 0 || (delta & 1) !== 0 || other < -d || other > d) continue;
        const met = forth[middle + other] as number;
        if (met >= 0 && x + met >= n) return [a1 - x, b1 - (x - k)];
      }
    }
    this.exact = false;
    return this.furthest(a0, b0, most);
  }

  /** One edit further on diagonal k, and along it while items are the same; -1 where the box ends. */
  private step(reach: Int32Array, k: number, n: number, m: number, at: number, bt: number, way: 1 | -1): number {
    const { middle } = this;
    const beside = reach[middle + k - 1] as number; // one item of a more
    const above = reach[middle + k + 1] as number; // one item of b more
    let x = above >= 0 && above - k <= m ? above : -1;
    if (beside >= 0 && beside < n && beside + 1 > x) x = beside + 1;
    if (x >= 0) x = this.run(at + way * x, bt + way * (x - k), n - x, m - (x - k), x, way);
    reach[middle + k] = x;
    return x;
  }

  /** How far the same items go from here, added to x. */
  private run(at: number, bt: number, n: number, m: number, x: number, way: 1 | -1): number {
    const { a, b } = this;
    const most = Math.min(n, m);
    let length = 0;
    while (length < most && a[at + way * length] === b[bt + way * length]) length++;
    if (length > 16) this.effort.take(length);
    return x + length;
  }

  private furthest(a0: number, b0: number, d: number): readonly [number, number] {
    const { forth, middle } = this;
    let best: readonly [number, number] = [a0, b0];
    let sum = -1;
    for (let k = -d; k <= d; k += 2) {
      const x = forth[middle + k] as number;
      if (x < 0 || 2 * x - k <= sum) continue;
      sum = 2 * x - k;
      best = [a0 + x, b0 + x - k];
    }
    return best;
  }
}
