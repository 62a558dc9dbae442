/** Sequences aligned: as much in common as there is, or an alignment that says that it may be less. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { align } from "../src/diff/align.js";
import { Effort } from "../src/diff/effort.js";

describe("alignment", () => {
  const plenty = () => new Effort(1e9);

  /** Length of the longest common subsequence, by the book. */
  function longest(a: readonly number[], b: readonly number[]): number {
    let before = new Array<number>(b.length + 1).fill(0);
    for (const x of a) {
      const row = [0];
      for (const [j, y] of b.entries())
        row.push(x === y ? (before[j] ?? 0) + 1 : Math.max(before[j + 1] ?? 0, row[j] ?? 0));
      before = row;
    }
    return before.at(-1) ?? 0;
  }

  /** How many items are paired; each with an equal one, in order. */
  function paired(a: ArrayLike<number>, b: ArrayLike<number>, to: Int32Array): number {
    let [count, last] = [0, -1];
    for (const [i, j] of to.entries()) {
      if (j < 0) continue;
      expect([j > last, a[i] === b[j]]).toEqual([true, true]);
      last = j;
      count++;
    }
    return count;
  }

  test("as much in common as there is", () => {
    const sequence = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 40 });
    fc.assert(
      fc.property(sequence, sequence, (a, b) => {
        const { to, exact } = align(a, b, plenty());
        expect([exact, paired(a, b, to)]).toEqual([true, longest(a, b)]);
      }),
      { numRuns: 1000 },
    );
  });

  test("too long to be exact: an alignment all the same, which says so", () => {
    const random = (seed: number, length: number) => {
      let state = seed;
      return Int32Array.from({ length }, () => {
        state = (Math.imul(state, 1103515245) + 12345) | 0;
        return (state >>> 12) % 50;
      });
    };
    const [a, b] = [random(1, 60_000), random(2, 50_000)];
    const coarse = align(a, b, plenty());
    expect(coarse.exact).toBe(false);
    expect(paired(a, b, coarse.to)).toBeGreaterThan(5000);
    const spent = align(a, b, new Effort(0));
    expect([spent.exact, paired(a, b, spent.to)]).toEqual([false, 0]);
    expect(align(a, a, new Effort(0)).exact).toBe(true);
  });
});
