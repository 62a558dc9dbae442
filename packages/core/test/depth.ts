/**
 * The depth of the stack over all paths of a code object, by the stack effects of its opcodes.
 *
 * `realDepth` follows what happens at run time: it goes on where control can go, into handlers too.
 */
import { CodeObject } from "../src/code/index.js";
import { change, type Effect, OpargKind, type OpcodeTable, opcodesOf, parseEffect } from "../src/opcode/index.js";

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

/** A way on: an instruction, the depth there, and below which depths exceptions lie that are being handled. */
interface State {
  readonly at: number;
  readonly depth: number;
  readonly raised: readonly number[];
}

/** Bound on the depths that one instruction is followed with: a correct program has one or two. */
const VARIANTS = 4;

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
  max = 0;

  constructor(code: CodeObject) {
    this.code = code;
    this.table = opcodesOf(code.version);
    this.instructions = instructionsOf(code);
    this.index = new Map(this.instructions.map((instruction, i) => [instruction.offset, i]));
    this.seen = this.instructions.map(() => []);
    this.exceptionSize = this.effect("SETUP_FINALLY")?.jump.pushes(0) ?? 0;
  }

  effect(name: string): Effect | undefined {
    const number = this.table.number(name);
    return number === undefined ? undefined : parseEffect(this.table.effects[number] as string);
  }

  run(): Depth {
    if (this.instructions.length > 0) {
      this.reach(0, this.entryDepth(), []);
      for (const handler of handlersOf(this.code)) this.reach(handler.target, handler.depth, []);
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

  reach(offset: number, depth: number, raised: readonly number[]): void {
    this.max = Math.max(this.max, depth);
    const at = this.index.get(offset);
    if (at === undefined) {
      if (offset !== this.code.code.length) this.problem(`goes to ${offset}`);
      return;
    }
    const seen = this.seen[at] as number[];
    if (seen.includes(depth)) return;
    if (seen.length === VARIANTS) this.problem(`${offset}: reached with ${seen} and ${depth}`);
    if (seen.length >= VARIANTS) return;
    seen.push(depth);
    this.pending.push({ at, depth, raised: raised.filter((base) => base < depth) });
  }

  step({ at, depth, raised }: State): void {
    const { offset, opcode, oparg, next, target } = this.instructions[at] as Instruction;
    const name = this.table.ownNames[opcode] ?? "";
    const effect = parseEffect(this.table.effects[opcode] as string) ?? this.closure(name, at, oparg);
    if (effect === undefined) {
      this.problem(`${offset}: the effect of ${this.table.names[opcode]} is not known`);
      return;
    }
    if (depth < effect.next.pops(oparg)) this.problem(`${offset}: ${name} ${oparg} pops more than ${depth}`);
    // On top lies an exception (perhaps less the function of a with statement's exit below it).
    const handling = raised.some(
      (base) => depth - base === this.exceptionSize || depth - base === this.exceptionSize - 1,
    );
    if (name === "END_FINALLY" && handling) return;
    if (name === "POP_FINALLY" && handling) {
      this.reach(next, depth - this.exceptionSize, raised);
      return;
    }
    if (handlerSetups.has(name)) {
      const inside = depth + change(effect.jump, oparg);
      this.reach(target, inside, [...raised, inside - this.exceptionSize]);
    } else if (target >= 0 && name !== "CONTINUE_LOOP") {
      this.reach(target, depth + change(effect.jump, oparg), raised);
    }
    const after = depth + change(effect.next, oparg);
    this.max = Math.max(this.max, after);
    if (!stops.has(name)) this.reach(next, after, raised);
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
