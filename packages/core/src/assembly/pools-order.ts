/**
 * The order in which a compiler came by the instructions. Most compilers left them in it. From 3.12 on what only an
 * exception leads to is moved behind everything else, and is put back here: behind the code it guards and the clause
 * that follows that, which is where it jumps back to, or else where the lines go on.
 */
import { Control, controlsOf } from "../flow/index.js";
import type { Traits } from "../version/index.js";
import type { PoolBlock } from "./pools.js";

/** The indices of the steps, in order of emission. */
export function orderOf(block: PoolBlock): Uint32Array {
  return orders[block.version.traits.blockOrder](block);
}

const orders: { readonly [K in Traits["blockOrder"]]: (block: PoolBlock) => Uint32Array } = {
  source: ({ steps }) => Uint32Array.from(steps, (_, i) => i),
  "cold-last": warmed,
};

/** 1 for each step that is reached without an exception. */
function warmSteps({ steps, version }: PoolBlock): Uint8Array {
  const controls = controlsOf(version);
  const warm = new Uint8Array(steps.length);
  const open = [0];
  for (let from = open.pop(); from !== undefined; from = open.pop()) {
    for (let i = from; i < steps.length && warm[i] === 0; i++) {
      warm[i] = 1;
      const { opcode, target } = steps[i] as PoolBlock["steps"][number];
      const control = controls[opcode] as number;
      if ((control & Control.jumps) !== 0 && target >= 0) open.push(target);
      if ((control & Control.stops) !== 0) break;
    }
  }
  return warm;
}

function warmed(block: PoolBlock): Uint32Array {
  const { steps } = block;
  const warm = warmSteps(block);
  let cold = steps.length;
  while (cold > 0 && warm[cold - 1] === 0) cold--;
  const behind = new Map<number, number[]>(); // cold chunks, by the step before which they stood
  for (const [start, end, guarded] of chunksOf(block, cold)) {
    const place = placeOf(block, start, end, guarded, cold);
    const there = behind.get(place);
    if (there === undefined) behind.set(place, [start, end]);
    else there.push(start, end);
  }
  const order = new Uint32Array(steps.length);
  let count = 0;
  const put = (start: number, end: number) => {
    for (let i = start; i < end; i++) order[count++] = i;
  };
  for (let i = 0; i <= cold; i++) {
    const chunks = behind.get(i) ?? [];
    for (let k = 0; k < chunks.length; k += 2) put(chunks[k] as number, chunks[k + 1] as number);
    if (i < cold) put(i, i + 1);
  }
  return order;
}

/** What was moved, in chunks that a handler of moved-over code begins: start, end, and the end of what it guards. */
function chunksOf({ steps, handlers }: PoolBlock, cold: number): [number, number, number][] {
  const guarded = new Map<number, number>();
  for (const { start, end, target } of handlers) {
    if (start < cold && start >= 0 && target >= cold) {
      guarded.set(target, Math.max(guarded.get(target) ?? 0, Math.min(end, cold)));
    }
  }
  const starts = [...guarded.keys()].sort((a, b) => a - b);
  const chunks = starts.map((start, i): [number, number, number] => [
    start,
    starts[i + 1] ?? steps.length,
    guarded.get(start) as number,
  ]);
  const first = starts[0] ?? steps.length;
  if (first > cold) chunks.unshift([cold, first, cold]);
  return chunks;
}

function placeOf({ steps }: PoolBlock, start: number, end: number, guarded: number, cold: number): number {
  let back = cold + 1;
  let line = -1;
  for (let i = start; i < end; i++) {
    const step = steps[i] as PoolBlock["steps"][number];
    if (step.target >= guarded && step.target < Math.min(back, cold)) back = step.target;
    if (line < 0) line = step.line;
  }
  if (back <= cold && !leavesLoop(steps, guarded, back)) return back;
  for (let i = guarded; i < cold; i++) if ((steps[i]?.line ?? -1) > line) return i;
  return cold;
}

/** Whether a loop ends between the two steps: one that began before them. */
function leavesLoop(steps: PoolBlock["steps"], from: number, to: number): boolean {
  for (let i = from; i < to; i++) {
    const target = steps[i]?.target ?? -1;
    if (target >= 0 && target < from) return true;
  }
  return false;
}
