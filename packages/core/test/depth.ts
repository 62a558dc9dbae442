/**
 * The depth of the stack over all paths of a code object, by the stack effects of its opcodes.
 *
 * `realDepth` follows what happens at run time: it goes on where control can go, into handlers too.
 */
import { CodeObject } from "../src/code/index.js";
import {
  change,
  type Effect,
  OpargKind,
  type OpcodeTable,
  opcodesOf,
  parseEffect,
  stackEffect,
} from "../src/opcode/index.js";

export interface Instruction {
  readonly offset: number;
  readonly opcode: number;
  readonly oparg: number;
  /** Offset of the instruction that follows in the code, cache entries skipped. */
  readonly next: number;
  /** Offset jumped to, or -1. */
  readonly target: number;
}

export interface Handler {
  readonly start: number;
  readonly end: number;
  readonly target: number;
  /** Depth at the handler. */
  readonly depth: number;
}

/** The instructions of a code object, prefixes folded into the oparg. */
export function instructionsOf(code: CodeObject): Instruction[] {
  const table = opcodesOf(code.version);
  const bytes = code.code;
  const words = code.version.traits.encoding === "words";
  const out: Instruction[] = [];
  let extended = 0;
  let offset = 0;
  for (let at = 0; at < bytes.length; ) {
    const opcode = table.base[bytes[at] as number] as number;
    const long = words || opcode >= table.haveArgument;
    const low = words ? (bytes[at + 1] ?? 0) : long ? (bytes[at + 1] ?? 0) | ((bytes[at + 2] ?? 0) << 8) : 0;
    const oparg = extended | low;
    let next = at + (words ? 2 : long ? 3 : 1);
    if (opcode === table.extendedArg) extended = oparg << (words ? 8 : 16);
    else {
      next += 2 * (table.caches[opcode] as number);
      out.push({ offset, opcode, oparg, next, target: targetOf(table, opcode, oparg, next, code) });
      extended = 0;
      offset = next;
    }
    at = next;
  }
  return out;
}

function targetOf(table: OpcodeTable, opcode: number, oparg: number, next: number, code: CodeObject): number {
  const distance = oparg * code.version.traits.jumpUnit;
  const kind = table.kind[opcode];
  // What a SEND or a FOR_ITER leaves is found behind its cache entries; the END_ASYNC_FOR of 3.14 tells where it began.
  if (table.names[opcode] === "END_ASYNC_FOR") return -1;
  if (kind === OpargKind.jumpForward) return next + distance;
  if (kind === OpargKind.jumpBackward) return next - distance;
  return kind === OpargKind.jumpAbsolute ? distance : -1;
}

/** The entries of the exception table (3.11 and later). */
export function handlersOf(code: CodeObject): Handler[] {
  if (!code.version.traits.exceptionTable) return [];
  const bytes = code.bytes("co_exceptiontable");
  const out: Handler[] = [];
  let at = 0;
  const varint = () => {
    let value = (bytes[at] as number) & 63;
    while ((bytes[at++] as number) & 64) value = (value << 6) | ((bytes[at] as number) & 63);
    return value;
  };
  while (at < bytes.length) {
    const start = varint() * 2;
    const end = start + varint() * 2;
    const target = varint() * 2;
    const depthAndLasti = varint();
    out.push({ start, end, target, depth: (depthAndLasti >> 1) + (depthAndLasti & 1) + 1 });
  }
  return out;
}

const stops = new Set(
  [
    "RETURN_VALUE RETURN_CONST RAISE_VARARGS RAISE_EXCEPTION RERAISE INTERPRETER_EXIT STOP_CODE",
    "JUMP_FORWARD JUMP_ABSOLUTE JUMP_BACKWARD JUMP_BACKWARD_NO_INTERRUPT CONTINUE_LOOP BREAK_LOOP",
  ].flatMap((names) => names.split(" ")),
);
const handlerSetups = new Set(["SETUP_EXCEPT", "SETUP_FINALLY", "SETUP_WITH", "SETUP_ASYNC_WITH"]);

export interface Depth {
  /** The greatest depth. */
  readonly max: number;
  /** What should not be: an effect that is not known, a depth below zero, two depths where paths meet. */
  readonly problems: readonly string[];
}

/** What a finally block was entered with, other than by falling into it: an exception, or (3.8) where to return to. */
interface Cause {
  /** Depth below it. */
  readonly base: number;
  readonly size: number;
}

/** What lies on the stack, and the levels of the blocks that are set up. */
interface Stack {
  readonly depth: number;
  readonly causes: readonly Cause[];
  readonly blocks: readonly number[];
}

/** A way on: an instruction and the stack there. */
interface State extends Stack {
  readonly at: number;
}

/** The depth as it is at run time, the greatest over all paths. */
export function realDepth(code: CodeObject): Depth {
  return new Walk(code).run();
}

class Walk {
  readonly code: CodeObject;
  readonly table: OpcodeTable;
  readonly instructions: readonly Instruction[];
  readonly index: ReadonlyMap<number, number>;
  readonly seen: number[][];
  readonly pending: State[] = [];
  readonly problems: string[] = [];
  /** Values an exception puts on the stack, where blocks catch it. */
  readonly exceptionSize: number;
  /** Whether POP_BLOCK drops what lies above the block's level: as long as there are blocks for loops. */
  readonly unwinds: boolean;
  /** Depths an instruction may be reached with: one, but for finally blocks that are entered in several ways. */
  readonly variants: number;
  max = 0;

  constructor(code: CodeObject) {
    this.code = code;
    this.table = opcodesOf(code.version);
    this.instructions = instructionsOf(code);
    this.index = new Map(this.instructions.map((instruction, i) => [instruction.offset, i]));
    this.seen = this.instructions.map(() => []);
    this.exceptionSize = this.effect("SETUP_FINALLY")?.jump.pushes(0) ?? 0;
    this.variants = this.table.number("END_FINALLY") === undefined ? 1 : 4;
    this.unwinds = this.table.number("SETUP_LOOP") !== undefined;
  }

  effect(name: string): Effect | undefined {
    const number = this.table.number(name);
    return number === undefined ? undefined : parseEffect(this.table.effects[number] as string);
  }

  run(): Depth {
    if (this.instructions.length > 0) {
      this.reach(0, { depth: this.entryDepth(), causes: [], blocks: [] });
      for (const { target, depth } of handlersOf(this.code)) this.reach(target, { depth, causes: [], blocks: [] });
    }
    for (let state = this.pending.pop(); state !== undefined; state = this.pending.pop()) this.step(state);
    return { max: this.max, problems: this.problems };
  }

  /** What is on the stack when execution begins: the caller's tuple up to 1.2, what is sent to a generator of 3.10. */
  entryDepth(): number {
    const first = new Set(this.instructions.slice(0, 3).map((i) => this.table.ownNames[i.opcode]));
    return Number(["UNPACK_ARG", "UNPACK_VARARG", "GEN_START"].some((name) => first.has(name)));
  }

  problem(text: string): void {
    if (this.problems.length < 20) this.problems.push(text);
  }

  reach(offset: number, { depth, causes, blocks }: Stack): void {
    this.max = Math.max(this.max, depth);
    const at = this.index.get(offset);
    if (at === undefined) {
      if (offset !== this.code.code.length) this.problem(`goes to ${offset}`);
      return;
    }
    const seen = this.seen[at] as number[];
    if (seen.includes(depth)) return;
    if (seen.length === this.variants) this.problem(`${offset}: reached with ${seen} and ${depth}`);
    if (seen.length >= this.variants) return;
    seen.push(depth);
    this.pending.push({ at, depth, blocks, causes: causes.filter(({ base }) => base < depth) });
  }

  step(state: State): void {
    const instruction = this.instructions[state.at] as Instruction;
    const { offset, opcode, oparg, next } = instruction;
    const name = this.table.ownNames[opcode] ?? "";
    const effect = parseEffect(this.table.effects[opcode] as string) ?? this.closure(name, state.at, oparg);
    if (effect === undefined) {
      this.problem(`${offset}: the effect of ${this.table.names[opcode]} is not known`);
      return;
    }
    if (state.depth < effect.next.pops(oparg))
      this.problem(`${offset}: ${name} ${oparg} pops more than ${state.depth}`);
    if (name === "END_FINALLY" && this.causeAt(state.depth, state.causes)) return;
    const jumped = instruction.target < 0 ? undefined : this.jump(instruction, effect, state);
    const stack = this.after(name, oparg, effect, jumped ?? state);
    this.max = Math.max(this.max, stack.depth);
    if (!stops.has(name)) this.reach(next, stack);
  }

  /** The stack when execution goes on with the next instruction. */
  after(name: string, oparg: number, effect: Effect, { depth, causes, blocks }: Stack): Stack {
    const level = blocks.at(-1);
    if (name === "POP_BLOCK" && level !== undefined) {
      return { depth: this.unwinds ? level : depth, causes, blocks: blocks.slice(0, -1) };
    }
    const dropped = name === "POP_FINALLY" ? this.causeAt(depth - oparg, causes) : undefined;
    return { depth: depth + (dropped ? -dropped.size : change(effect.next, oparg)), causes, blocks };
  }

  /** The cause on top of the stack; WITH_CLEANUP has taken one value from below an exception. */
  causeAt(depth: number, causes: readonly Cause[]): Cause | undefined {
    return causes.find(({ base, size }) => depth - base === size || (size > 1 && depth - base === size - 1));
  }

  /** Follows the jump; the stack that goes on without it, with a block set up where it is one's handler. */
  jump({ opcode, oparg, target }: Instruction, effect: Effect, { depth, causes, blocks }: Stack): Stack {
    const name = this.table.ownNames[opcode] ?? "";
    const there = depth + change(effect.jump, oparg);
    const size = name === "CALL_FINALLY" ? 1 : handlerSetups.has(name) ? this.exceptionSize : 0;
    const entered = size > 0 ? [...causes, { base: there - size, size }] : causes;
    // It unwinds to its loop, which is reached otherwise.
    if (name !== "CONTINUE_LOOP") this.reach(target, { depth: there, causes: entered, blocks });
    return { depth, causes, blocks: name.startsWith("SETUP_") ? [...blocks, there - size] : blocks };
  }

  /** 2.1 to 2.4: a closure takes as many cells as its code object, just loaded, has free variables. */
  closure(name: string, at: number, oparg: number): Effect | undefined {
    const before = this.instructions[at - 1];
    const node = before === undefined ? undefined : this.code.consts[before.oparg];
    if (name !== "MAKE_CLOSURE" || node === undefined) return undefined;
    const free = new CodeObject(this.code.values, node).items("co_freevars").length;
    return parseEffect(`defaults[${oparg}], cells[${free}], code -- func`);
  }
}

/** Where the compilers of 2.5 to 3.6 differ in how they walk over their code. */
interface Habit {
  /** FOR_ITER leaves nothing where it jumps. */
  readonly ends: boolean;
  /** A jump to a handler counts three values more. */
  readonly raises: boolean;
  /** JUMP_IF_…_OR_POP pops where it does not jump. */
  readonly pops: boolean;
  /** SETUP_EXCEPT and SETUP_FINALLY count nothing where they do not jump. */
  readonly late: boolean;
}

const first: Habit = { ends: false, raises: false, pops: false, late: false };
const second: Habit = { ...first, ends: true, raises: true };
const third: Habit = { ...second, pops: true };

/** By Python; later ones count what happens, which is what `realDepth` does. */
export const habits: Readonly<Record<string, Habit>> = {
  "2.5": first,
  "2.6": first,
  "2.7": { ...third, late: true },
  "3.0": first,
  "3.1": first,
  "3.2": second,
  "3.3": second,
  "3.4": third,
  "3.5": third,
  "3.5.1": third,
  "3.6": third,
};

/**
 * co_stacksize as the compilers of 2.5 to 3.6 count it: block after block, each block followed again only with a greater
 * depth and never within itself.
 */
export function countedDepth(code: CodeObject, habit: Habit): number {
  const table = opcodesOf(code.version);
  const instructions = instructionsOf(code);
  const index = new Map(instructions.map((instruction, i) => [instruction.offset, i]));
  const leaders = new Set(instructions.map(({ target }) => index.get(target)));
  const starts = new Map<number, number>();
  const open = new Set<number>();
  let max = 0;
  const block = (begin: number, entry: number): void => {
    if (begin >= instructions.length || open.has(begin) || (starts.get(begin) ?? Number.NEGATIVE_INFINITY) >= entry)
      return;
    open.add(begin);
    starts.set(begin, entry);
    const [end, depth] = straight(begin, entry);
    if (end < instructions.length) block(end, depth);
    open.delete(begin);
  };
  /** Follows a block to its end: where it goes on, past the end if it jumps away, and with what depth. */
  const straight = (begin: number, entry: number): [end: number, depth: number] => {
    let depth = entry;
    let at = begin;
    do {
      const { opcode, oparg, target } = instructions[at] as Instruction;
      const name = table.ownNames[opcode] ?? "";
      const handler = name === "SETUP_FINALLY" || name === "SETUP_EXCEPT";
      // 2.7 counts an exception at the handler alone.
      depth += stackEffect(code.version, opcode, oparg, handler && habit.late ? false : "max") ?? 0;
      max = Math.max(max, depth);
      if (target >= 0) {
        const there = depth + (habit.ends && name === "FOR_ITER" ? -2 : habit.raises && handler ? 3 : 0);
        if (habit.pops && name.endsWith("_OR_POP")) depth--;
        max = Math.max(max, there);
        block(index.get(target) ?? instructions.length, there);
      }
      if (name === "JUMP_ABSOLUTE" || name === "JUMP_FORWARD") return [instructions.length, depth];
      at++;
    } while (at < instructions.length && !leaders.has(at));
    return [at, depth];
  };
  if (instructions.length > 0) block(0, 0);
  return max;
}
