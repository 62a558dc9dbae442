/** A block's line table, exception table and stack size. */
import { encodeExceptions } from "../exceptiontable/index.js";
import { type ExceptionRange, type Body as FlowBody, stackDepths } from "../flow/index.js";
import { encodeLines } from "../linetable/index.js";
import type { Version } from "../version/index.js";
import type { Body, RangeMark } from "./assemble-body.js";
import type { Faults } from "./faults.js";
import type { Place } from "./syntax.js";

const NOTHING = new Uint8Array(0);

/** The line table that the `.line` marks make. */
export function encodedLines(
  body: Body,
  offsets: ArrayLike<number>,
  codeSize: number,
  firstlineno: number,
  version: Version,
  faults: Faults,
  place: Place | undefined,
): Uint8Array {
  const events = body.lines.map(({ step, ...mark }) => ({ offset: offsets[step] as number, ...mark }));
  const steps = Array.prototype.slice.call(offsets, 0, body.steps.length) as number[];
  const table = encodeLines(events, { version, firstlineno, codeSize, offsets: steps });
  if (table !== undefined) return table;
  faults.error("line-table", place, "there are lines that no line table of this Python can tell");
  return NOTHING;
}

export function encodedRanges(ranges: readonly ExceptionRange[], faults: Faults, place: Place | undefined): Uint8Array {
  const table = encodeExceptions(ranges);
  if (table !== undefined) return table;
  faults.error("exception-table", place, "there are numbers that no exception table can tell");
  return NOTHING;
}

/** Rounds in which depths are sought: handlers in handlers are reached one round after the other. */
const ROUNDS = 32;
/** Instructions looked at for it in all, beyond which depths are taken to be 0: ranges may overlap as they like. */
const PATIENCE = 1 << 22;

/**
 * The entries of the exception table in offsets. A depth that is left out is that of the stack where the compiler set
 * the handler up, which is the least that there is within the ranges of that handler: what they find, they leave.
 */
export function rangesOf(
  marks: Body["ranges"],
  offsets: ArrayLike<number>,
  code: Uint8Array,
  version: Version,
): readonly ExceptionRange[] {
  const depths = new Map<number, number>();
  for (const { target, depth } of marks) if (depth !== undefined && !depths.has(target)) depths.set(target, depth);
  const range = ({ start, end, target, depth, lasti }: RangeMark): ExceptionRange => ({
    start: offsets[start] as number,
    end: offsets[end] as number,
    target: offsets[target] as number,
    depth: depth ?? depths.get(target) ?? 0,
    lasti,
  });
  const isOpen = ({ depth, target }: RangeMark) => depth === undefined && !depths.has(target);
  let left = PATIENCE;
  for (let round = 0; round < ROUNDS && left > 0 && marks.some(isOpen); round++) {
    const known = marks.filter((mark) => !isOpen(mark)).map(range);
    const found = leastDepths(marks.filter(isOpen), offsets, { version, code, exceptions: known }, left);
    for (const [target, depth] of found.depths) depths.set(target, depth);
    left = found.left;
    if (found.depths.size === 0) break;
  }
  return marks.map(range);
}

/**
 * For each handler's step the least depth of the stack in its ranges, as far as they are reached.
 * @param left how many instructions may be looked at
 */
function leastDepths(marks: readonly RangeMark[], offsets: ArrayLike<number>, body: FlowBody, left: number) {
  const { graph, before } = stackDepths(body);
  const { rows, next } = graph;
  const depths = new Map<number, number>();
  for (const { start, end, target } of marks) {
    const to = offsets[end] as number;
    let least = depths.get(target) ?? Number.POSITIVE_INFINITY;
    let row = firstRow(rows, offsets[start] as number);
    for (; row < rows.count && (rows.offset[row] as number) < to && left > 0; row++, left--) {
      const depth = before[row] as number;
      if (depth < 0) continue;
      least = Math.min(least, depth);
      const behind = before[next[row] as number] ?? -1;
      if (behind >= 0) least = Math.min(least, behind);
    }
    if (least < Number.POSITIVE_INFINITY) depths.set(target, least);
  }
  return { depths, left };
}

/** The first row at an offset or behind it. */
function firstRow(
  { offset, count }: { readonly offset: ArrayLike<number>; readonly count: number },
  at: number,
): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((offset[middle] as number) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}
