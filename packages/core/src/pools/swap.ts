/**
 * Values that were pushed one by one and stored one by one (`a, b = b, a`; what a pattern captures) were stored from
 * the first to the last, with a swap of the stack before; where the compiler swapped the stores instead, they stand from
 * the last to the first.
 */
import { opcodesOf } from "../opcode/index.js";
import { compilerOf } from "../version/index.js";
import type { PoolBlock } from "./block.js";
import { consumersOf } from "./stack.js";

/** A use of a step. */
export type StepUse = readonly [step: number, use: number];

/** Opcodes that store what is on top of the stack, by how many values they take. */
const stores: { readonly [opname: string]: number } = {
  STORE_FAST: 1,
  STORE_FAST_LOAD_FAST: 1,
  STORE_FAST_STORE_FAST: 2,
};

/** By the first step of each run of swapped stores: its stores in the order in which the compiler came by them. */
export function swappedStores(block: PoolBlock): Map<number, readonly StepUse[]> {
  const runs = new Map<number, readonly StepUse[]>();
  if (compilerOf(block.version).storeOrder === "as-written") return runs;
  const { ownNames } = opcodesOf(block.version);
  const { steps } = block;
  const name = (i: number) => ownNames[steps[i]?.opcode ?? -1] ?? "";
  let producers: Map<number, number[]> | undefined;
  for (let i = 0; i < steps.length; i++) {
    if (stores[name(i)] === undefined) continue;
    const run: StepUse[] = [];
    let last = i;
    for (let k = i; stores[name(k)] !== undefined || name(k) === "POP_TOP"; k++) {
      const size = stores[name(k)] ?? 0;
      for (let use = 0; use < Math.min(size, steps[k]?.uses.length ?? 0); use++) run.push([k, use]);
      if (size > 0) last = k;
      if (name(k) === "STORE_FAST_LOAD_FAST") break;
    }
    if (run.length > 1) {
      producers ??= producersOf(consumersOf(block));
      const from = run.map(([k, use]) => producers?.get(k)?.[use] ?? -1);
      const descend = from.every((p, k) => p >= 0 && (k === 0 || p < (from[k - 1] as number)));
      if (descend && name(from[0] as number) !== "COPY") runs.set(i, run.reverse());
    }
    i = last;
  }
  return runs;
}

/** By step, the steps that push what it takes, the top first. */
function producersOf(consumers: Int32Array): Map<number, number[]> {
  const producers = new Map<number, number[]>();
  for (let i = consumers.length - 1; i >= 0; i--) {
    const taker = consumers[i] as number;
    const known = producers.get(taker);
    if (known === undefined) producers.set(taker, [i]);
    else known.push(i);
  }
  return producers;
}
