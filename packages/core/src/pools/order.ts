/**
 * The order in which a compiler came by the instructions. Most compilers left them in it. From 3.12 on what only an
 * exception leads to is moved behind everything else, and is put back here: behind the code it guards and the clause
 * that follows that, which is where it jumps back to, or else where the lines go on.
 */
import { Control, controlsOf } from "../flow/index.js";
import { opcodesOf } from "../opcode/index.js";
import { type CompilerTraits, compilerOf } from "../version/index.js";
import type { PoolBlock } from "./block.js";

/** The indices of the steps, in order of emission. */
export function orderOf(block: PoolBlock): Uint32Array {
  return orders[compilerOf(block.version).blockOrder](block);
}

const orders: { readonly [K in CompilerTraits["blockOrder"]]: (block: PoolBlock) => Uint32Array } = {
  source: asTheyStand,
  "finally-first": withFinallyFirst,
  "ends-copied": (block) => withEndsLast(block, asTheyStand(block)),
  "cold-last": (block) => withEndsLast(block, withColdBack(block)),
};

/** As they stand, but UNPACK_VARARG (up to 1.2), which names the last parameter, behind the stores of the others. */
function asTheyStand({ steps, version }: PoolBlock): Uint32Array {
  const order = Uint32Array.from(steps, (_, i) => i);
  const { number, ownNames } = opcodesOf(version);
  const unpack = steps.findIndex(({ opcode }) => opcode === number("UNPACK_VARARG"));
  if (unpack < 0) return order;
  let i = unpack;
  for (; ownNames[steps[i + 1]?.opcode ?? -1]?.startsWith("STORE_"); i++) order[i] = i + 1;
  order[i] = unpack;
  return order;
}

/** What an exception handler that is no `finally` begins with. */
const excepts = new Set(["DUP_TOP", "POP_TOP"]);

/** The steps of each `finally` before those of its `try`. */
function withFinallyFirst({ steps, version }: PoolBlock): Uint32Array {
  const { ownNames } = opcodesOf(version);
  const name = (i: number) => ownNames[steps[i]?.opcode ?? -1] ?? "";
  const out = new Uint32Array(steps.length);
  let count = 0;
  // Ranges still to be put out, the next one last.
  const open: [from: number, to: number][] = [[0, steps.length]];
  for (let range = open.pop(); range !== undefined; range = open.pop()) {
    const [from, to] = range;
    let i = from;
    while (i < to && !(name(i) === "SETUP_FINALLY" && isFinally(i))) out[count++] = i++;
    if (i === to) continue;
    const start = (steps[i] as Steps[number]).target;
    const end = endOfHandler(start, to);
    out[count++] = i;
    if (start >= to || end > to) open.push([i + 1, to]);
    else open.push([end, to], [i + 1, start], [start, end]);
  }
  return out;

  function isFinally(i: number): boolean {
    const { target } = steps[i] as Steps[number];
    // Where the name of an exception is cleared, nothing else is.
    return target > i && !excepts.has(name(target)) && !name(target + 2).startsWith("DELETE_");
  }
  function endOfHandler(start: number, to: number): number {
    let depth = 1;
    for (let i = start; i < to; i++) {
      if (name(i).startsWith("SETUP_")) depth++;
      else if (name(i) === "END_FINALLY" || name(i) === "END_ASYNC_FOR") depth--;
      if (depth === 0) return i + 1;
    }
    return to + 1;
  }
}

/** Steps that the end of a body has at most, for it to be put where it is jumped to. */
const END = 4;

/**
 * An end of a body (a few steps on one line, the last of which leaves it) before code of earlier lines was put there
 * for a jump: it comes where the lines reach it.
 */
function withEndsLast({ steps, version }: PoolBlock, order: Uint32Array): Uint32Array {
  const controls = controlsOf(version);
  const out = new Uint32Array(order.length);
  const waiting: { line: number; steps: number[] }[] = [];
  let count = 0;
  const release = (line: number) => {
    for (let k = waiting.length - 1; k >= 0; k--) {
      const end = waiting[k] as { line: number; steps: number[] };
      if (end.line >= line) continue;
      for (const i of end.steps) out[count++] = i;
      waiting.splice(k, 1);
    }
  };
  for (let k = 0; k < order.length; ) {
    const { line } = steps[order[k] as number] as Steps[number];
    let size = 0;
    while (size <= END && k + size < order.length && steps[order[k + size] as number]?.line === line) {
      size++;
      if (leaves(steps[order[k + size - 1] as number] as Steps[number], controls)) break;
    }
    const last = steps[order[k + size - 1] as number];
    const next = steps[order[k + size] as number]?.line ?? -1;
    const begins = k === 0 || steps[order[k - 1] as number]?.line !== line;
    if (
      line > 0 &&
      begins &&
      last !== undefined &&
      size <= END &&
      leaves(last, controls) &&
      next > 0 &&
      next < line &&
      waiting.length < MOST_WAITING
    ) {
      waiting.push({ line, steps: Array.from(order.subarray(k, k + size)) });
      k += size;
      continue;
    }
    if (line > 0 && waiting.length > 0) release(line);
    out[count++] = order[k++] as number;
  }
  release(Number.POSITIVE_INFINITY);
  return out;
}

/** So many wait at once that more do not matter: no search among them takes long. */
const MOST_WAITING = 64;

function leaves({ opcode, target }: Steps[number], controls: Uint8Array): boolean {
  return ((controls[opcode] as number) & Control.stops) !== 0 && target < 0;
}

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

/** Each chunk is looked for among all steps; beyond this, the order is left as it is. */
const MOST_WORK = 1 << 26;

function withColdBack(block: PoolBlock): Uint32Array {
  const { steps } = block;
  const warm = warmSteps(block);
  let cold = steps.length;
  while (cold > 0 && warm[cold - 1] === 0) cold--;
  const behind = new Map<number, number[]>(); // cold chunks, by the step before which they stood
  const chunks = chunksOf(block, cold);
  if (chunks.length * steps.length > MOST_WORK) return asTheyStand(block);
  for (const chunk of chunks) {
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
    const there = behind.get(i) ?? [];
    for (let k = 0; k < there.length; k += 2) put(there[k] as number, there[k + 1] as number);
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
    if (start >= cold || start < 0 || target < cold || target >= steps.length) continue;
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
function placeOf(block: PoolBlock, chunk: Chunk, cold: number): number {
  const { steps } = block;
  const { start, end, from, to } = chunk;
  let back = cold + 1;
  let line = -1;
  for (let i = start; i < end; i++) {
    const step = steps[i] as Steps[number];
    if (step.target >= to && step.target < Math.min(back, cold)) back = step.target;
    if (line < 0) line = step.line;
  }
  const joint = back <= cold && !leavesLoop(steps, to, back) ? back : undefined;
  let place = to;
  while (place < cold && (steps[place] as Steps[number]).line <= line) place++;
  if (place === cold) return joint ?? cold;
  const indent = indentOf(block, from, to);
  const there = indentOf(block, place, cold);
  if (indent < 0 || there < 0) return joint ?? place;
  if (there < indent) return Math.min(place, joint ?? cold);
  return joint ?? (there === indent ? behindElse(steps, indent, place, cold) : place);
}

/** Where the code stands less far in than an `else` does, whose first step is told. */
function behindElse(steps: Steps, indent: number, place: number, cold: number): number {
  for (let i = place; i < cold; i++) {
    const { line, column } = steps[i] as Steps[number];
    if (line <= 0 || column < 0 || column >= indent) continue;
    let first = place;
    while (steps[first]?.line !== line) first++;
    return first;
  }
  return cold;
}

/** The leftmost column of the line that `from` is on, -1 where none is told; a constant that is returned hides `return `. */
function indentOf({ steps, version }: PoolBlock, from: number, to: number): number {
  const { ownNames } = opcodesOf(version);
  const first = steps[from]?.line;
  let indent = -1;
  for (let i = from; i < to; i++) {
    const step = steps[i] as Steps[number];
    if (step.line !== first || step.column < 0) continue;
    const hidden = returnsConstant(steps, i, ownNames) ? "return ".length : 0;
    const column = Math.max(0, step.column - hidden);
    if (indent < 0 || column < indent) indent = column;
  }
  return indent;
}

function returnsConstant(steps: Steps, i: number, names: readonly (string | undefined)[]): boolean {
  const [before, step] = [steps[i - 1], steps[i] as Steps[number]];
  const name = names[step.opcode];
  if (name === "RETURN_CONST") return true;
  const loads = /^LOAD_(CONST|SMALL_INT|COMMON_CONSTANT)$/.test(names[before?.opcode ?? -1] ?? "");
  return name === "RETURN_VALUE" && loads && before?.column === step.column && before.line === step.line;
}

/** Whether a loop ends between the two steps: one that began before them. */
function leavesLoop(steps: Steps, from: number, to: number): boolean {
  for (let i = from; i < to; i++) {
    const target = steps[i]?.target ?? -1;
    if (target >= 0 && target < from) return true;
  }
  return false;
}
