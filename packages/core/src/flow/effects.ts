/** Stack effects by opcode and oparg, ready for a walk over instructions: each expression is evaluated once per oparg. */
import { change, type Effect, type Flow, type OpcodeTable, opcodesOf, parseEffect } from "../opcode/index.js";
import type { Version } from "../version/index.js";

/** Deeper than any stack: what a walk over hostile code counts at most, so that sums stay small integers. */
export const BOTTOMLESS = 0x3fffffff;

/** One number of an instruction's effect. */
export type Reckoning = (opcode: number, oparg: number) => number;

export interface Effects {
  /** Whether the effect of an opcode is known. */
  readonly known: Uint8Array;
  /** Items it takes where execution goes on with the next instruction. */
  readonly pops: Reckoning;
  /** By how much the depth changes there, and where it jumps. */
  readonly next: Reckoning;
  readonly jump: Reckoning;
  /** What the compiler of that version counts in their place. */
  readonly countedNext: Reckoning;
  readonly countedJump: Reckoning;
}

const UNKNOWN = -0x80000000;

/** Opargs below this have their numbers kept. */
const KEPT = 256;

function reckon(effects: readonly (Effect | undefined)[], amount: (effect: Effect, oparg: number) => number) {
  const kept = new Int32Array(256 * KEPT).fill(UNKNOWN);
  const evaluated = (opcode: number, oparg: number) => {
    const effect = effects[opcode];
    const value = effect === undefined ? 0 : amount(effect, oparg);
    return Math.max(-BOTTOMLESS, Math.min(BOTTOMLESS, value));
  };
  return (opcode: number, oparg: number) => {
    const number = oparg >>> 0;
    if (number >= KEPT) return evaluated(opcode, number);
    const place = opcode * KEPT + number;
    let value = kept[place] as number;
    if (value === UNKNOWN) kept[place] = value = evaluated(opcode, number);
    return value;
  };
}

function build(table: OpcodeTable): Effects {
  const effects = table.effects.map(parseEffect);
  const of = (flow: (effect: Effect) => Flow) => reckon(effects, (effect, oparg) => change(flow(effect), oparg));
  return {
    known: Uint8Array.from(effects, (effect) => Number(effect !== undefined)),
    pops: reckon(effects, (effect, oparg) => effect.next.pops(oparg)),
    next: of(({ next }) => next),
    jump: of(({ jump }) => jump),
    countedNext: of(({ counted }) => counted.next),
    countedJump: of(({ counted }) => counted.jump),
  };
}

const made = new WeakMap<OpcodeTable, Effects>();

/** The effects of a version's opcodes, made when first asked for. */
export function effectsOf(version: Version): Effects {
  const table = opcodesOf(version);
  let effects = made.get(table);
  if (effects === undefined) {
    effects = build(table);
    made.set(table, effects);
  }
  return effects;
}
