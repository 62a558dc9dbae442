/**
 * Instructions to co_code: jumps say which step they lead to, and get the oparg and the EXTENDED_ARG prefixes that it
 * takes to get there.
 *
 * A jump's distance depends on the prefixes of what lies between, and these on their own distances. All begin with the
 * prefixes that they are told to have, and those grow, never shrink, until every oparg fits: the smallest code, which
 * is also what CPython's compilers arrive at.
 */
import { OpargKind, type OpcodeTable, opcodesOf } from "../opcode/index.js";
import type { Version } from "../version/index.js";

/** An instruction with its prefixes and cache entries; or bytes that stand for themselves. */
export interface Step {
  readonly opcode: number;
  /** Unsigned 32 bits; not looked at where there is a target. */
  readonly oparg: number;
  /** For a jump: the index of the step that it leads to, to its first prefix; the number of steps for the end. Else -1. */
  readonly target: number;
  /** EXTENDED_ARG prefixes that it has at least. */
  readonly prefixes: number;
  /** The bytes of its cache entries; undefined: all there should be, and zero. */
  readonly caches: Uint8Array | undefined;
  /** What to write instead of an instruction; the other fields are not looked at. */
  readonly bytes: Uint8Array | undefined;
}

/** What cannot be written as it is said. */
export interface LayoutProblem {
  /** Index of the step. */
  readonly step: number;
  readonly what: string;
}

export interface Layout {
  /** Where there are problems, an oparg of 0 stands in. */
  readonly code: Uint8Array;
  /** Where each step begins, prefixes included; and one more, the end. */
  readonly offsets: Uint32Array;
  readonly problems: readonly LayoutProblem[];
}

/** Opargs are 32 bits: no prefix beyond these adds to one. */
const MOST_PREFIXES = { words: 3, bytes: 1 } as const;
/** Steps looked at, over all rounds, before jumps take the most prefixes that they might need. */
const PATIENCE = 1 << 25;
const LEAST_ROUNDS = 16;

/** Co_code of these steps. Never throws; time and memory are those of the steps' due. */
export function layout(steps: readonly Step[], version: Version): Layout {
  const plan = new Plan(steps, version);
  const opargs = plan.settle();
  return { code: plan.write(opargs), offsets: plan.offsets, problems: plan.problems };
}

class Plan {
  readonly offsets: Uint32Array;
  readonly problems: LayoutProblem[] = [];
  private readonly steps: readonly Step[];
  private readonly opcodes: OpcodeTable;
  private readonly words: boolean;
  private readonly unit: number;
  private readonly prefixes: Uint32Array;
  /** Steps that lead to others, in order. */
  private readonly jumps: number[] = [];
  private readonly faulty = new Set<number>();

  constructor(steps: readonly Step[], version: Version) {
    this.steps = steps;
    this.opcodes = opcodesOf(version);
    this.words = version.traits.encoding === "words";
    this.unit = version.traits.jumpUnit;
    this.offsets = new Uint32Array(steps.length + 1);
    this.prefixes = new Uint32Array(steps.length);
    for (let i = 0; i < steps.length; i++) this.prefixes[i] = this.begin(i);
  }

  /** The prefixes of a step before anything is known of its surroundings. */
  private begin(i: number): number {
    const step = this.steps[i] as Step;
    if (step.bytes !== undefined) return 0;
    const name = this.opcodes.names[step.opcode] ?? `<${step.opcode}>`;
    if (!this.takesOparg(step)) {
      if (step.target >= 0 || step.oparg !== 0 || step.prefixes > 0) this.fault(i, `${name} takes no operand`);
      return 0;
    }
    if (step.prefixes > 0 && this.opcodes.extendedArg < 0) {
      this.fault(i, "this Python has no EXTENDED_ARG");
      return 0;
    }
    if (step.target < 0) return Math.max(step.prefixes, prefixesOf(this.checked(i, step.oparg), this.words));
    if (!isJump(this.opcodes.kind[step.opcode] as number)) this.fault(i, `${name} does not jump`);
    else if (step.target > this.steps.length) this.fault(i, `there is no step ${step.target}`);
    else this.jumps.push(i);
    return step.prefixes;
  }

  private takesOparg(step: Step): boolean {
    return this.words || step.opcode >= this.opcodes.haveArgument;
  }

  private fault(step: number, what: string): void {
    this.faulty.add(step);
    this.problems.push({ step, what });
  }

  /** The oparg if it is one, else 0. */
  private checked(i: number, oparg: number): number {
    const most = this.words || this.opcodes.extendedArg >= 0 ? 0xffffffff : 0xffff;
    if (Number.isInteger(oparg) && oparg >= 0 && oparg <= most) return oparg;
    this.fault(i, `${oparg} is no oparg: they go from 0 to ${most}`);
    return 0;
  }

  /** The prefixes that a jump needs where everything lies now. */
  private needed(jump: number): number {
    return prefixesOf(Math.floor(this.reach(jump)), this.words);
  }

  /** Bytes of a step, prefixes apart, as the file has them. */
  private sizeOf(step: Step): number {
    if (step.bytes !== undefined) return step.bytes.length;
    if (!this.words) return this.takesOparg(step) ? 3 : 1;
    return 2 + (step.caches?.length ?? 2 * (this.opcodes.caches[step.opcode] as number));
  }

  private place(): void {
    const { steps, offsets, prefixes } = this;
    const prefixSize = this.words ? 2 : 3;
    let at = 0;
    for (let i = 0; i < steps.length; i++) {
      offsets[i] = at;
      at += (prefixes[i] as number) * prefixSize + this.sizeOf(steps[i] as Step);
    }
    offsets[steps.length] = at;
  }

  /** What a jump's oparg would be, negative or broken where it cannot be said. */
  private reach(i: number): number {
    const { opcode, target } = this.steps[i] as Step;
    const to = this.offsets[target] as number;
    const kind = this.opcodes.kind[opcode] as number;
    if (kind === OpargKind.jumpAbsolute) return to / this.unit;
    const own = this.words ? 2 + 2 * (this.opcodes.caches[opcode] as number) : 3;
    const next = (this.offsets[i] as number) + (this.prefixes[i] as number) * (this.words ? 2 : 3) + own;
    return (kind === OpargKind.jumpForward ? to - next : next - to) / this.unit;
  }

  /** Finds the prefixes of all jumps; gives the jumps' opargs, in the order of `jumps`. */
  settle(): Float64Array {
    this.place();
    const rounds = Math.max(LEAST_ROUNDS, Math.floor(PATIENCE / (this.steps.length + 1)));
    let settled = this.grow();
    for (let round = 0; !settled && round < rounds; round++) {
      this.place();
      settled = this.grow();
    }
    if (!settled) this.growAtOnce();
    return Float64Array.from(this.jumps, (i) => this.oparg(i));
  }

  /** Gives jumps the prefixes that they need where everything lies now; whether all had them. */
  private grow(): boolean {
    let settled = true;
    if (this.opcodes.extendedArg < 0) return true;
    for (const i of this.jumps) {
      const needed = this.needed(i);
      if (needed <= (this.prefixes[i] as number)) continue;
      this.prefixes[i] = needed;
      settled = false;
    }
    return settled;
  }

  /** The prefixes that jumps need if all jumps have as many as can be: enough, if not the fewest. */
  private growAtOnce(): void {
    const before = this.prefixes.slice();
    const most = MOST_PREFIXES[this.words ? "words" : "bytes"];
    for (const i of this.jumps) this.prefixes[i] = Math.max(most, this.prefixes[i] as number);
    this.place();
    const needed = this.jumps.map((i) => this.needed(i));
    this.jumps.forEach((i, k) => {
      this.prefixes[i] = Math.max(before[i] as number, needed[k] as number);
    });
    this.place();
  }

  private oparg(i: number): number {
    const oparg = this.reach(i);
    if (Number.isInteger(oparg) && oparg >= 0) return this.checked(i, oparg);
    const step = this.steps[i] as Step;
    const name = this.opcodes.names[step.opcode] as string;
    const backward = this.opcodes.kind[step.opcode] === OpargKind.jumpBackward;
    if (oparg < 0)
      this.fault(i, `${name} only jumps ${backward ? "backward" : "forward"}, and its target lies the other way`);
    else this.fault(i, `the target of ${name} is not a whole number of code units away`);
    return 0;
  }

  write(jumpOpargs: Float64Array): Uint8Array {
    const { steps, offsets, faulty, jumps } = this;
    const out = new Uint8Array(offsets[steps.length] as number);
    for (let i = 0, jump = 0; i < steps.length; i++) {
      const step = steps[i] as Step;
      const at = offsets[i] as number;
      if (step.bytes !== undefined) {
        out.set(step.bytes, at);
        continue;
      }
      const leads = jumps[jump] === i;
      const oparg = leads ? (jumpOpargs[jump++] as number) : faulty.has(i) ? 0 : step.oparg;
      if (this.words) this.writeWords(out, at, i, oparg);
      else this.writeBytes(out, at, i, oparg);
    }
    return out;
  }

  private writeWords(out: Uint8Array, at: number, i: number, oparg: number): void {
    const { opcode, caches } = this.steps[i] as Step;
    for (let k = this.prefixes[i] as number; k > 0; k--) {
      out[at++] = this.opcodes.extendedArg;
      out[at++] = k > MOST_PREFIXES.words ? 0 : oparg >>> (8 * k);
    }
    out[at++] = opcode;
    out[at++] = oparg;
    if (caches !== undefined) out.set(caches, at);
  }

  private writeBytes(out: Uint8Array, at: number, i: number, oparg: number): void {
    const step = this.steps[i] as Step;
    for (let k = this.prefixes[i] as number; k > 0; k--) {
      const high = k > MOST_PREFIXES.bytes ? 0 : oparg >>> 16;
      out[at++] = this.opcodes.extendedArg;
      out[at++] = high;
      out[at++] = high >>> 8;
    }
    out[at++] = step.opcode;
    if (!this.takesOparg(step)) return;
    out[at++] = oparg;
    out[at++] = oparg >>> 8;
  }
}

/** Whether an oparg of this kind leads somewhere. */
export function isJump(kind: number): boolean {
  return kind === OpargKind.jumpForward || kind === OpargKind.jumpBackward || kind === OpargKind.jumpAbsolute;
}

/** The EXTENDED_ARG prefixes that an oparg needs, in word code or byte code. */
export function prefixesOf(oparg: number, words: boolean): number {
  if (!words) return oparg > 0xffff ? 1 : 0;
  return oparg > 0xffffff ? 3 : oparg > 0xffff ? 2 : oparg > 0xff ? 1 : 0;
}
