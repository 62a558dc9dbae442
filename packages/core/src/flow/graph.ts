/**
 * Where execution can go from each instruction: one row per instruction, EXTENDED_ARG included, in the order of the
 * code. Handlers of the exception table are not successors of a row but of a range, and stand apart.
 */
import { decode, type Instructions, jumpTarget } from "../instruction/index.js";
import { opcodesOf } from "../opcode/index.js";
import type { Body } from "./body.js";
import { Control, controlsOf } from "./control.js";

/** No row: it does not jump, or execution does not go on behind it. */
export const NO_ROW = -1;
/** Behind the last byte of the code. */
export const PAST_END = -2;
/** Before the code, or further behind it. */
export const OUTSIDE = -3;
/** Into an instruction, its cache entries included. */
export const INSIDE = -4;

export interface Graph {
  readonly body: Body;
  readonly rows: Instructions;
  /** The row whose opcode is at an offset of the code; else INSIDE, and PAST_END for the code's size. */
  readonly rowAt: Int32Array;
  /** Row that execution goes on with; NO_ROW, PAST_END. */
  readonly next: Int32Array;
  /** Row it may jump to (the handler, for an opcode that sets one up); NO_ROW, or one of the places that are no rows. */
  readonly jump: Int32Array;
}

/** The row at an offset, or what is there instead. */
export function rowAt({ rowAt }: { readonly rowAt: Int32Array }, offset: number): number {
  return offset >= 0 && offset < rowAt.length ? (rowAt[offset] as number) : OUTSIDE;
}

/** Decodes the body and finds where each instruction goes. */
export function graphOf(body: Body): Graph {
  const { version, code } = body;
  const rows = decode(code, version);
  const { count, offset, opcode, oparg, size, caches } = rows;
  const { kind } = opcodesOf(version);
  const { jumpUnit } = version.traits;
  const controls = controlsOf(version);
  const at = new Int32Array(code.length + 1).fill(INSIDE);
  for (let row = 0; row < count; row++) at[offset[row] as number] = row;
  at[code.length] = PAST_END;
  const next = new Int32Array(count);
  const jump = new Int32Array(count);
  for (let row = 0; row < count; row++) {
    const op = opcode[row] as number;
    const control = controls[op] as number;
    next[row] = (control & Control.stops) !== 0 ? NO_ROW : row + 1 < count ? row + 1 : PAST_END;
    const behind = (offset[row] as number) + (size[row] as number) + (caches[row] as number);
    jump[row] =
      (control & Control.jumps) === 0
        ? NO_ROW
        : rowAt({ rowAt: at }, jumpTarget(kind[op] as number, oparg[row] as number, behind, jumpUnit));
  }
  return { body, rows, rowAt: at, next, jump };
}

/**
 * The handler of each row: where an exception in it goes by the exception table, NO_ROW where it leaves the code. The
 * first range that covers a row has it.
 */
export function handlerRows(graph: Graph): Int32Array {
  const { count, offset } = graph.rows;
  const handlers = new Int32Array(count).fill(NO_ROW);
  // From each row, the first one not before it that has no handler yet: each row is given one once.
  const free = new Int32Array(count + 1).map((_, row) => row);
  const freeFrom = (row: number) => {
    while (free[row] !== row) {
      free[row] = free[free[row] as number] as number;
      row = free[row] as number;
    }
    return row;
  };
  for (const { start, end, target } of graph.body.exceptions ?? []) {
    const handler = rowAt(graph, target);
    let row = freeFrom(firstFrom(graph, start));
    for (; row < count && (offset[row] as number) < end; row = freeFrom(row + 1)) {
      handlers[row] = handler;
      free[row] = row + 1;
    }
  }
  return handlers;
}

/** The first row at an offset or behind it; the number of rows where there is none. */
function firstFrom(graph: Graph, from: number): number {
  const { rows, rowAt } = graph;
  if (from >= rowAt.length - 1) return rows.count;
  let at = Math.max(0, from);
  while (at < rowAt.length - 1 && (rowAt[at] as number) < 0) at++;
  return at < rowAt.length - 1 ? (rowAt[at] as number) : rows.count;
}

/** 1 for each row that execution can reach from the first, through the handlers of what it reaches too. */
export function reachable(graph: Graph): Uint8Array {
  const seen = new Uint8Array(graph.rows.count);
  const waiting: number[] = [];
  const reach = (row: number) => {
    if (row < 0 || seen[row] === 1) return;
    seen[row] = 1;
    waiting.push(row);
  };
  const handlers = handlerRows(graph);
  if (seen.length > 0) reach(0);
  for (let row = waiting.pop(); row !== undefined; row = waiting.pop()) {
    reach(graph.next[row] as number);
    reach(graph.jump[row] as number);
    reach(handlers[row] as number);
  }
  return seen;
}
