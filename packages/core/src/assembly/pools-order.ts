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
  for (const chunk of chunksOf(block, cold)) {
    const place = placeOf(block, chunk, cold);
    const there = behind.get(place);
    if (there === undefined) behind.set(place, [chunk.start, chunk.end]);
    else there.push(chunk.start, chunk.end);
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

/** Moved code: the steps from `start` to `end`, and what it guards. */
interface Chunk {
  readonly start: number;
  readonly end: number;
  readonly from: number;
  readonly to: number;
}

/** What was moved, each chunk from one handler of code that was not to the next. */
function chunksOf({ steps, handlers }: PoolBlock, cold: number): Chunk[] {
  const guarded = new Map<number, { from: number; to: number }>();
  for (const { start, end, target } of handlers) {
    if (start >= cold || start < 0 || target < cold) continue;
    const known = guarded.get(target) ?? { from: start, to: 0 };
    guarded.set(target, { from: Math.min(known.from, start), to: Math.max(known.to, Math.min(end, cold)) });
  }
  const chunks: Chunk[] = [];
  const starts = [...guarded.keys()].sort((a, b) => a - b);
  const first = starts[0] ?? steps.length;
  if (first > cold) chunks.push({ start: cold, end: first, from: 0, to: cold });
  for (const [i, start] of starts.entries()) {
    const guards = guarded.get(start) as { from: number; to: number };
    chunks.push({ start, end: starts[i + 1] ?? steps.length, ...guards });
  }
  return chunks;
}

type Steps = PoolBlock["steps"];

/**
 * The step before which a chunk stood: where it jumps back to; else where the lines go on behind its own, unless that
 * is an `else`, which comes first.
 */
function placeOf({ steps }: PoolBlock, chunk: Chunk, cold: number): number {
  const { start, end, to } = chunk;
  let back = cold + 1;
  let line = -1;
  for (let i = start; i < end; i++) {
    const step = steps[i] as Steps[number];
    if (step.target >= to && step.target < Math.min(back, cold)) back = step.target;
    if (line < 0) line = step.line;
  }
  if (back <= cold && !leavesLoop(steps, to, back)) return back;
  let place = to;
  while (place < cold && (steps[place] as Steps[number]).line <= line) place++;
  return place < cold ? behindElse(steps, chunk, place, cold) : cold;
}

/**
 * The step itself, but where it stands as far in as the guarded code: that is an `else`, and ends where the code stands
 * less far in.
 */
function behindElse(steps: Steps, { from, to }: Chunk, place: number, cold: number): number {
  const indent = indentOf(steps, from, to);
  if (indent < 0 || indentOf(steps, place, cold) !== indent) return place;
  for (let i = place; i < cold; i++) {
    const { line, column } = steps[i] as Steps[number];
    if (line > 0 && column >= 0 && column < indent) {
      while (steps[place]?.line !== line) place++;
      return place;
    }
  }
  return cold;
}

/** The leftmost column of the line that `from` is on, -1 where none is told. */
function indentOf(steps: Steps, from: number, to: number): number {
  const first = steps[from]?.line;
  let indent = -1;
  for (let i = from; i < to; i++) {
    const { line, column } = steps[i] as Steps[number];
    if (line === first && column >= 0 && (indent < 0 || column < indent)) indent = column;
  }
  return indent;
}

/** Whether a loop ends between the two steps: one that began before them. */
function leavesLoop(steps: Steps, from: number, to: number): boolean {
  for (let i = from; i < to; i++) {
    const target = steps[i]?.target ?? -1;
    if (target >= 0 && target < from) return true;
  }
  return false;
}
