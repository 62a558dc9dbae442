/**
 * Which instruction takes what another one puts on the stack: a walk from first to last with the stack as a list of
 * those who pushed. Where control comes from elsewhere only the depth is known, which is all that is needed of it.
 */
import { Control, controlsOf } from "../flow/index.js";
import { opcodesOf, parseEffect } from "../opcode/index.js";
import type { PoolBlock } from "./block.js";

/** Deeper than any compiler's code; a code object that goes beyond is not followed further. */
const DEEPEST = 4096;

const made = new WeakMap<PoolBlock, Int32Array>();

/** For each step the step that takes the last thing it pushed, or -1. */
export function consumersOf(block: PoolBlock): Int32Array {
  let consumers = made.get(block);
  if (consumers === undefined) {
    consumers = walk(block);
    made.set(block, consumers);
  }
  return consumers;
}

function walk(block: PoolBlock): Int32Array {
  const { effects } = opcodesOf(block.version);
  const controls = controlsOf(block.version);
  const { steps } = block;
  const consumers = new Int32Array(steps.length).fill(-1);
  const depths = new Map<number, number>();
  let stack: number[] = [];
  let reached = true;
  for (const [i, step] of steps.entries()) {
    const depth = depths.get(i);
    if (!reached) resize(stack, depth ?? 0);
    const effect = parseEffect(effects[step.opcode] as string);
    const pops = effect?.next.pops(step.oparg) ?? 0;
    const pushes = effect?.next.pushes(step.oparg) ?? 0;
    if (step.target > i) {
      const there = stack.length - (effect?.jump.pops(step.oparg) ?? 0) + (effect?.jump.pushes(step.oparg) ?? 0);
      if (!depths.has(step.target)) depths.set(step.target, there);
    }
    for (let k = Math.min(pops, stack.length); k > 0; k--) {
      const producer = stack.pop() as number;
      if (producer >= 0) consumers[producer] = i;
    }
    if (stack.length + pushes > DEEPEST) stack = [];
    else for (let k = 1; k <= pushes; k++) stack.push(k === pushes ? i : -1);
    reached = ((controls[step.opcode] as number) & Control.stops) === 0;
  }
  return consumers;
}

/** So much deeper is the stack at most where control comes to from elsewhere than where it was left. */
const MOST_MISSING = 64;

function resize(stack: number[], depth: number): void {
  if (depth < stack.length) stack.length = Math.max(0, depth);
  else if (depth - stack.length <= MOST_MISSING) while (stack.length < depth) stack.push(-1);
}

/** For each step the earliest one that pushed something it takes, or -1. */
export function deepestOperands(consumers: Int32Array): Int32Array {
  const deepest = new Int32Array(consumers.length).fill(-1);
  for (let i = consumers.length - 1; i >= 0; i--) {
    const taker = consumers[i] as number;
    if (taker >= 0) deepest[taker] = i;
  }
  return deepest;
}
