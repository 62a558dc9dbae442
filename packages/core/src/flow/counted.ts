/**
 * co_stacksize as the compilers of 2.5 to 3.6 counted it: block after block, each followed again only with a greater
 * depth and never within itself, by effects that were upper bounds. What they counted, they counted before their last
 * optimizations, so that it is more than can be found again where they folded constants or left code out.
 */
import { opcodesOf } from "../opcode/index.js";
import type { Version } from "../version/index.js";
import { Control, controlsOf } from "./control.js";
import { type Effects, effectsOf } from "./effects.js";
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

/** Rows are looked at so many times their number at most; real code needs less than twice. */
const MOST_LOOKS = 64;

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
export function countedSize(graph: Graph, habit: Habit): number | undefined {
  return new Count(graph, habit).run();
}

class Count {
  private readonly graph: Graph;
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

  constructor(graph: Graph, habit: Habit) {
    const { count } = graph.rows;
    this.graph = graph;
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
    let looks = MOST_LOOKS * count;
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
    this.max = Math.max(this.max, frame.depth);
    if (((this.controls[opcode] as number) & Control.jumps) === 0) return;
    const more = habit.ends && of === FOR_ITER ? -2 : habit.raises && of === HANDLER ? 3 : 0;
    const there = frame.depth + more;
    if (habit.pops && of === OR_POP) frame.depth--;
    this.max = Math.max(this.max, there);
    this.enter(this.graph.jump[row] as number, there);
  }
}
