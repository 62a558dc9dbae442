/**
 * co_stacksize as the compilers of 2.5 to 3.6 counted it: block after block, each followed again only with a greater
 * depth and never within itself, by effects that were upper bounds. What they counted, they counted before their last
 * optimizations, so that it is more than can be found again where they folded constants or left code out.
 */
import { opcodesOf } from "../opcode/index.js";
import type { Version } from "../version/index.js";
import { Control, controlsOf } from "./control.js";
import type { StackDepths } from "./depth.js";
import { type Effects, effectsOf } from "./effects.js";
import type { Folding } from "./folding.js";
import type { Graph } from "./graph.js";

/** Where these compilers differ in how they walk over their code. */
export interface Habit {
  /** FOR_ITER leaves nothing where it jumps. */
  readonly ends: boolean;
  /** A jump to a handler counts three values more. */
  readonly raises: boolean;
  /** JUMP_IF_…_OR_POP pops where it does not jump. */
  readonly pops: boolean;
  /** SETUP_EXCEPT and SETUP_FINALLY count nothing where they do not jump. */
  readonly late: boolean;
}

/**
 * So many times all rows are looked at, at most: real code needs less than twice as a rule, long modules up to 400 times.
 * For code that is longer than a real one, fewer are enough.
 */
const MOST_LOOKS = 512;
const ENOUGH_LOOKS = 16;
const MANY = 1 << 22;

function looksFor(rows: number): number {
  return Math.max(ENOUGH_LOOKS * rows, Math.min(MOST_LOOKS * rows, MANY));
}

/** Classes of opcodes that a habit is about. */
const FOR_ITER = 1;
const HANDLER = 2;
const OR_POP = 3;
const AWAY = 4;

function classesOf(version: Version): Uint8Array {
  return Uint8Array.from(opcodesOf(version).ownNames, (name) => {
    if (name === "FOR_ITER") return FOR_ITER;
    if (name === "SETUP_EXCEPT" || name === "SETUP_FINALLY") return HANDLER;
    if (name?.endsWith("_OR_POP")) return OR_POP;
    return name === "JUMP_ABSOLUTE" || name === "JUMP_FORWARD" ? AWAY : 0;
  });
}

/** The row of a frame that is followed no further. */
const DONE = -1;

/** A block that is being followed: where it began, where it goes on, with what depth. */
interface Frame {
  readonly begin: number;
  row: number;
  depth: number;
}

/** The depth as it was counted; undefined for code that such a walk would not come to an end with. */
export function blocksSize({ graph, before }: StackDepths, folding: Folding, habit: Habit): number | undefined {
  return new Count(graph, folding, habit.pops ? undefined : shortCircuits(graph, before), habit).run();
}

/**
 * Conditional jumps that were JUMP_IF_…_OR_POP when the stack was counted: 1 for each row. In a condition, `a and b`
 * jumped from `a` to the jump behind `b`, which went on where `a` leads now; `a or b` jumped there to go on behind it.
 */
function shortCircuits(graph: Graph, before: Int32Array): Uint8Array {
  const { rows, jump, next, body } = graph;
  const { number, extendedArg } = opcodesOf(body.version);
  const [ifFalse, ifTrue] = [number("POP_JUMP_IF_FALSE"), number("POP_JUMP_IF_TRUE")];
  const found = new Uint8Array(rows.count);
  if (ifFalse === undefined || ifTrue === undefined) return found;
  /** By the depth that they leave, the conditional jumps behind which no statement has ended yet, by where they go. */
  const chains = new Map<number, Map<number, number[]>>();
  let previous = -1;
  for (let row = 0; row < rows.count; row++) {
    const opcode = rows.opcode[row];
    if (opcode === extendedArg) continue;
    const depth = before[row] as number;
    if (rows.opcode[previous] !== ifFalse && rows.opcode[previous] !== ifTrue) chains.delete(depth);
    previous = row;
    if (opcode !== ifFalse && opcode !== ifTrue) continue;
    const chain = chains.get(depth - 1) ?? new Map<number, number[]>();
    chains.set(depth - 1, chain);
    const to = jump[row] as number;
    for (const target of [to, next[row] as number]) {
      for (const inner of chain.get(target) ?? [])
        if ((rows.opcode[inner] === opcode) === (target === to)) found[inner] = 1;
      chain.delete(target);
    }
    chain.set(to, [row]);
  }
  return found;
}

class Count {
  private readonly graph: Graph;
  private readonly folding: Folding;
  /** 1 for conditional jumps that do not pop where they do not jump. */
  private readonly kept: Uint8Array | undefined;
  private readonly habit: Habit;
  private readonly classes: Uint8Array;
  private readonly controls: Uint8Array;
  private readonly effects: Effects;
  /** 1 for rows that begin a block. */
  private readonly leaders: Uint8Array;
  /** 1 for blocks that are being followed. */
  private readonly open: Uint8Array;
  /** The greatest depth a block was entered with. */
  private readonly entered: Int32Array;
  private readonly frames: Frame[] = [];
  private max = 0;

  constructor(graph: Graph, folding: Folding, kept: Uint8Array | undefined, habit: Habit) {
    const { count } = graph.rows;
    this.graph = graph;
    this.folding = folding;
    this.kept = kept;
    this.habit = habit;
    const { version } = graph.body;
    this.classes = classesOf(version);
    this.controls = controlsOf(version);
    this.effects = effectsOf(version);
    this.open = new Uint8Array(count);
    this.entered = new Int32Array(count).fill(-0x80000000);
    this.leaders = new Uint8Array(count);
    for (const row of graph.jump) if (row >= 0) this.leaders[row] = 1;
  }

  run(): number | undefined {
    const { frames, leaders } = this;
    const { count } = this.graph.rows;
    let looks = looksFor(count);
    this.enter(0, 0);
    for (let frame = frames.at(-1); frame !== undefined; frame = frames.at(-1)) {
      if (looks-- <= 0) return undefined;
      const { begin, row, depth } = frame;
      if (row === DONE || row >= count) {
        this.open[begin] = 0;
        frames.pop();
      } else if (row !== begin && leaders[row] === 1) {
        // The block behind it is followed within this one.
        frame.row = DONE;
        this.enter(row, depth);
      } else this.step(frame, row);
    }
    return this.max;
  }

  private enter(row: number, depth: number): void {
    if (row < 0 || row >= this.open.length) return;
    if (this.open[row] === 1 || (this.entered[row] as number) >= depth) return;
    this.open[row] = 1;
    this.entered[row] = depth;
    this.frames.push({ begin: row, row, depth });
  }

  private step(frame: Frame, row: number): void {
    const { habit, effects } = this;
    const opcode = this.graph.rows.opcode[row] as number;
    const oparg = this.graph.rows.oparg[row] as number;
    const of = this.classes[opcode] as number;
    const next = effects.countedNext(opcode, oparg);
    frame.depth += of === HANDLER && habit.late ? next : Math.max(next, effects.countedJump(opcode, oparg));
    frame.row = of === AWAY ? DONE : row + 1;
    this.max = Math.max(this.max, frame.depth + this.folding(row));
    if (((this.controls[opcode] as number) & Control.jumps) === 0) return;
    const more = habit.ends && of === FOR_ITER ? -2 : habit.raises && of === HANDLER ? 3 : 0;
    const there = frame.depth + more;
    if (habit.pops && of === OR_POP) frame.depth--;
    if (this.kept?.[row] === 1) frame.depth++;
    this.max = Math.max(this.max, there);
    this.enter(this.graph.jump[row] as number, there);
  }
}

/**
 * What the compilers of 3.7 to 3.9 counted: the greatest depth over all paths, by effects some of which are bounds. Each
 * instruction is followed again only with a greater depth, and no more than so often.
 */
export function boundsSize({ graph, max }: StackDepths, folding: Folding): number {
  const { rows, next, jump, body } = graph;
  const effects = effectsOf(body.version);
  const controls = controlsOf(body.version);
  const depths = new Int32Array(rows.count).fill(-1);
  const waiting: number[] = [];
  let looks = looksFor(rows.count);
  let size = max;
  const reach = (row: number, depth: number) => {
    size = Math.max(size, depth);
    if (row < 0 || depth <= (depths[row] as number)) return;
    depths[row] = depth;
    waiting.push(row);
  };
  if (rows.count > 0) reach(0, 0);
  for (let row = waiting.pop(); row !== undefined && looks-- > 0; row = waiting.pop()) {
    const opcode = rows.opcode[row] as number;
    const oparg = rows.oparg[row] as number;
    const depth = depths[row] as number;
    const controlled = controls[opcode] as number;
    // Where CONTINUE_LOOP goes is known already.
    if ((controlled & Control.jumps) !== 0 && (controlled & Control.unwinds) === 0)
      reach(jump[row] as number, depth + effects.countedJump(opcode, oparg));
    const behind = depth + effects.countedNext(opcode, oparg);
    size = Math.max(size, behind + folding(row));
    reach(next[row] as number, behind);
  }
  return size;
}
