/**
 * Where execution can go from each instruction: one row per instruction, EXTENDED_ARG included, in the order of the
 * code. Handlers of the exception table are not successors of a row but of a range, and stand apart.
 */
import { decode, type Instructions, jumpTarget } from "../instruction/index.js";
import { opcodesOf } from "../opcode/index.js";
import type { Body, ExceptionRange } from "./body.js";
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

/** The index of the range of the exception table that each row is in, the first that covers it; NO_ROW for none. */
export function rangeRows(graph: Graph): Int32Array {
  const { count, offset } = graph.rows;
  const ranges = new Int32Array(count).fill(NO_ROW);
  // From each row, the first one not before it that is in no range yet: each row is given one once.
  const free = new Int32Array(count + 1).map((_, row) => row);
  const freeFrom = (row: number) => {
    let at = row;
    while (free[at] !== at) {
      free[at] = free[free[at] as number] as number;
      at = free[at] as number;
    }
    return at;
  };
  const { exceptions = [] } = graph.body;
  for (let i = 0; i < exceptions.length; i++) {
    const { start, end } = exceptions[i] as ExceptionRange;
    let row = freeFrom(firstFrom(graph, start));
    for (; row < count && (offset[row] as number) < end; row = freeFrom(row + 1)) {
      ranges[row] = i;
      free[row] = row + 1;
    }
  }
  return ranges;
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
  const ranges = rangeRows(graph);
  const handlers = graph.body.exceptions?.map(({ target }) => rowAt(graph, target)) ?? [];
  if (seen.length > 0) reach(0);
  for (let row = waiting.pop(); row !== undefined; row = waiting.pop()) {
    reach(graph.next[row] as number);
    reach(graph.jump[row] as number);
    reach(handlers[ranges[row] as number] ?? NO_ROW);
  }
  return seen;
}
