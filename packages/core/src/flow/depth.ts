/**
 * How deep the stack is at each instruction: the code is followed over all its paths, handlers included, by the stack
 * effects of its opcodes. What happens is counted, not what the compiler counted (`counted.ts`).
 *
 * Up to 3.7 a finally block is entered in several ways: by falling into it, with None on the stack, and with the three
 * or six values of an exception; in 3.8 also with an offset to return to. Its instructions have a depth for each way,
 * and END_FINALLY goes on behind it only in the first.
 */
import { OpargKind, opcodesOf, parseEffect } from "../opcode/index.js";
import { type Body, handlerDepth } from "./body.js";
import { Control, controlsOf } from "./control.js";
import { BOTTOMLESS, type Effects, effectsOf } from "./effects.js";
import { type Graph, graphOf, INSIDE, NO_ROW, PAST_END, rowAt } from "./graph.js";

export type FlowProblemKind =
  | "unknown-effect" // what an opcode does to the stack is not known, so nothing behind it is
  | "underflow" // an instruction takes more than there is
  | "uneven" // two paths meet with different depths
  | "into-instruction" // a jump, or a handler, into the middle of an instruction
  | "out-of-code" // one out of the code
  | "past-end" // execution runs off the code's end
  | "no-block" // POP_BLOCK without a block
  | "too-many-blocks"; // more blocks in each other than a frame has room for

export interface FlowProblem {
  readonly kind: FlowProblemKind;
  /** Offset of the instruction in co_code. */
  readonly offset: number;
  /** A sentence without its full stop. */
  readonly message: string;
}

export interface StackDepths {
  readonly graph: Graph;
  /** The greatest depth before each row; -1 where no path leads. */
  readonly before: Int32Array;
  /** The greatest depth of all. */
  readonly max: number;
  /** What should not be; of many, the first. */
  readonly problems: readonly FlowProblem[];
}

/** Problems that are told of one code object. */
const TOLD = 100;
/** Depths that an instruction may have, where finally blocks are entered in several ways. */
const WAYS = 8;
/** Blocks a frame has room for, in every Python that has blocks. */
export const MOST_BLOCKS = 20;

/** What a finally block was entered with, other than by falling into it; the outermost is at the end of the chain. */
interface Cause {
  /** Depth below it. */
  readonly base: number;
  readonly size: number;
  /** The row whose block or jump it is. */
  readonly row: number;
  readonly outer: Cause | undefined;
}

/** A block that is set up, and the blocks around it. */
interface Block {
  /** Depth when it was set up. */
  readonly level: number;
  /** How many there are, this one included. */
  readonly count: number;
  readonly outer: Block | undefined;
}

/** What lies on the stack, and which blocks are set up. */
interface Stack {
  readonly depth: number;
  readonly cause: Cause | undefined;
  readonly block: Block | undefined;
}

/** The depths of a body's stack. Takes time in proportion to its size, whatever is in it. */
export function stackDepths(body: Body): StackDepths {
  return depthsOf(graphOf(body));
}

/** The same of a graph; `roots` are rows that are reached too, with the depth there. */
export function depthsOf(graph: Graph, roots: Iterable<readonly [row: number, depth: number]> = []): StackDepths {
  const walk = new Walk(graph);
  walk.run(roots);
  return { graph, before: walk.before, max: walk.max, problems: walk.problems };
}

class Walk {
  readonly graph: Graph;
  readonly effects: Effects;
  readonly controls: Uint8Array;
  readonly problems: FlowProblem[] = [];
  readonly before: Int32Array;
  max = 0;
  /** Depths met at each row, `ways` of them, with their causes; and how many there are. */
  private readonly met: Int32Array;
  private readonly causes: (Cause | undefined)[] = [];
  private readonly meetings: Uint8Array;
  private readonly ways: number;
  private readonly waiting: { readonly row: number; readonly stack: Stack }[] = [];
  /** Values an exception puts on the stack, where blocks catch it. */
  private readonly exceptionSize: number;
  /** Whether POP_BLOCK drops what lies above the block's level: as long as there are blocks for loops. */
  private readonly drops: boolean;
  private readonly endFinally: number;
  private readonly popFinally: number;
  private readonly callFinally: number;

  constructor(graph: Graph) {
    const { version } = graph.body;
    const table = opcodesOf(version);
    const number = (name: string) => table.number(name) ?? NO_ROW;
    this.graph = graph;
    this.effects = effectsOf(version);
    this.controls = controlsOf(version);
    this.endFinally = number("END_FINALLY");
    this.popFinally = number("POP_FINALLY");
    this.callFinally = number("CALL_FINALLY");
    this.drops = number("SETUP_LOOP") !== NO_ROW;
    this.exceptionSize = parseEffect(table.effects[number("SETUP_FINALLY")] ?? "")?.jump.pushes(0) ?? 0;
    this.ways = this.endFinally === NO_ROW ? 1 : WAYS;
    const { count } = graph.rows;
    this.before = new Int32Array(count).fill(-1);
    this.met = new Int32Array(count * this.ways);
    this.meetings = new Uint8Array(count);
  }

  run(roots: Iterable<readonly [row: number, depth: number]>): void {
    const { graph } = this;
    if (graph.rows.count === 0) return;
    const start = (row: number, depth: number) =>
      this.reach(row, { depth, cause: undefined, block: undefined }, Math.max(0, row));
    start(0, entryDepth(graph));
    for (const range of graph.body.exceptions ?? []) {
      const row = rowAt(graph, range.target);
      if (row >= 0) start(row, handlerDepth(range));
    }
    for (const [row, depth] of roots) start(row, depth);
    for (let state = this.waiting.pop(); state !== undefined; state = this.waiting.pop())
      this.step(state.row, state.stack);
  }

  private problem(kind: FlowProblemKind, row: number, message: string): void {
    if (this.problems.length < TOLD)
      this.problems.push({ kind, offset: this.graph.rows.offset[row] as number, message });
  }

  /** Goes on at a row with a stack, unless it has been there with the same depth. */
  private reach(row: number, stack: Stack, from: number): void {
    let { depth, cause, block } = stack;
    if (depth > this.max) this.max = depth;
    if (row < 0) {
      this.leave(row, from);
      return;
    }
    while (cause !== undefined && cause.base >= depth) cause = cause.outer;
    const { ways, met, meetings, causes } = this;
    const place = row * ways;
    const count = meetings[row] as number;
    for (let i = 0; i < count; i++) if (met[place + i] === depth) return;
    for (let i = 0; i < count; i++) {
      if (!same(causes[place + i], cause)) continue;
      this.problem("uneven", row, `reached with ${met[place + i]} values on the stack and with ${depth}`);
      return;
    }
    if (count === ways) return;
    met[place + count] = depth;
    if (cause !== undefined) causes[place + count] = cause;
    meetings[row] = count + 1;
    if (depth > (this.before[row] as number)) this.before[row] = depth;
    depth = Math.min(depth, BOTTOMLESS);
    this.waiting.push({ row, stack: { depth, cause, block } });
  }

  private leave(place: number, from: number): void {
    if (place === NO_ROW) return;
    const name = this.name(from);
    if (place === INSIDE) this.problem("into-instruction", from, `${name} jumps into the middle of an instruction`);
    else if (place === PAST_END) this.problem("past-end", from, `execution runs off the end of the code after ${name}`);
    else this.problem("out-of-code", from, `${name} jumps out of the code`);
  }

  private name(row: number): string {
    return opcodesOf(this.graph.body.version).names[this.graph.rows.opcode[row] as number] as string;
  }

  private step(row: number, stack: Stack): void {
    const { rows, next, jump } = this.graph;
    const opcode = rows.opcode[row] as number;
    const oparg = rows.oparg[row] as number;
    const control = this.controls[opcode] as number;
    let pops = this.effects.pops(opcode, oparg);
    let change = this.effects.next(opcode, oparg);
    if (this.effects.known[opcode] === 0) {
      const cells = this.cells(row);
      if (cells === undefined) {
        this.problem("unknown-effect", row, `what ${this.name(row)} does to the stack is not known`);
        return;
      }
      pops = oparg + cells + 1;
      change = 1 - pops;
    }
    if (stack.depth < pops) {
      const amount = pops === 1 ? "a value" : `${pops} values`;
      this.problem("underflow", row, `${this.name(row)} takes ${amount} from a stack of ${stack.depth}`);
      return;
    }
    if (opcode === this.endFinally && causeAt(stack.depth, stack.cause) !== undefined) return;
    const to = jump[row] as number;
    let behind = to === NO_ROW ? stack : this.jumped(row, to, control, stack);
    if ((control & Control.unblock) !== 0) behind = this.unblocked(row, behind);
    else {
      const dropped = opcode === this.popFinally ? causeAt(stack.depth - oparg, stack.cause) : undefined;
      const depth = stack.depth + (dropped === undefined ? change : -dropped.size);
      behind = { depth, cause: behind.cause, block: behind.block };
    }
    if (behind.depth > this.max) this.max = behind.depth;
    this.reach(next[row] as number, behind, row);
  }

  /** Follows the jump; the stack that goes on without it, with a block set up where it sets one up. */
  private jumped(row: number, to: number, control: number, stack: Stack): Stack {
    const { depth, cause, block } = stack;
    const opcode = this.graph.rows.opcode[row] as number;
    const there = depth + this.effects.jump(opcode, this.graph.rows.oparg[row] as number);
    const size = opcode === this.callFinally ? 1 : (control & Control.handler) !== 0 ? this.exceptionSize : 0;
    // It unwinds to its loop, which is reached otherwise.
    if ((control & Control.unwinds) !== 0) {
      if (to < 0) this.leave(to, row);
    } else {
      const entered = size > 0 ? { base: there - size, size, row, outer: cause } : cause;
      this.reach(to, { depth: there, cause: entered, block }, row);
    }
    if ((control & Control.block) === 0) return stack;
    const count = (block?.count ?? 0) + 1;
    if (count === MOST_BLOCKS + 1)
      this.problem("too-many-blocks", row, `more than ${MOST_BLOCKS} blocks are set up in each other`);
    return { depth, cause, block: { level: there - size, count, outer: block } };
  }

  private unblocked(row: number, stack: Stack): Stack {
    const { depth, cause, block } = stack;
    if (block === undefined) {
      this.problem("no-block", row, "POP_BLOCK where no block is set up");
      return stack;
    }
    return { depth: this.drops ? block.level : depth, cause, block: block.outer };
  }

  /** 2.1 to 2.4: a closure takes as many cells as its code object, just loaded, has free variables. */
  private cells(row: number): number | undefined {
    const { rows, body } = this.graph;
    const table = opcodesOf(body.version);
    if (row === 0 || rows.opcode[row] !== table.number("MAKE_CLOSURE")) return undefined;
    if (table.kind[rows.opcode[row - 1] as number] !== OpargKind.const) return undefined;
    return body.freeVariables?.(rows.oparg[row - 1] as number);
  }
}

/** Whether two ways into an instruction must leave the same depth. */
function same(a: Cause | undefined, b: Cause | undefined): boolean {
  return a === b || (a !== undefined && b !== undefined && a.row === b.row && a.base === b.base);
}

/** The most values that a cause is. */
const LARGEST_CAUSE = 6;

/** The cause on top of the stack; WITH_CLEANUP has taken one value from below an exception. */
function causeAt(depth: number, cause: Cause | undefined): Cause | undefined {
  for (let at = cause; at !== undefined && depth - at.base <= LARGEST_CAUSE; at = at.outer)
    if (depth - at.base === at.size || (at.size > 1 && depth - at.base === at.size - 1)) return at;
  return undefined;
}

/** What is on the stack when execution begins: the caller's tuple up to 1.2, what is sent to a generator of 3.10. */
function entryDepth({ body, rows }: Graph): number {
  const names = opcodesOf(body.version).ownNames;
  for (let row = 0; row < Math.min(3, rows.count); row++) {
    const name = names[rows.opcode[row] as number] ?? "";
    if (name === "UNPACK_ARG" || name === "UNPACK_VARARG" || name === "GEN_START") return 1;
  }
  return 0;
}
