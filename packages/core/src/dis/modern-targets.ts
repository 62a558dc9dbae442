/**
 * Where instructions begin and where jumps and exception handlers lead: what must be known of a code object before
 * its first line can be written.
 *
 * Places are code units (offset / 2), so that an array over the code holds a fact for each. Targets outside the code,
 * which no compiler writes, are kept by themselves: they take part in the numbering of labels.
 */
import type { ExceptionEntry } from "../exceptiontable/index.js";
import { type Instructions, jumpTarget } from "../instruction/index.js";
import { OpargKind, type OpcodeTable } from "../opcode/index.js";

export interface Targets {
  /** The label of each code unit, the end included: its number from 1 on; 0 where there is none. */
  readonly label: Uint32Array;
  /** How many labels there are. */
  readonly count: number;
  /** Labels of targets that lie outside the code, by code unit. */
  readonly outside: ReadonlyMap<number, number>;
}

const NOTHING: ReadonlyMap<number, number> = new Map();

/** Arrays that are longer do not serve again. */
const MOST = 0x20000;

/** Serves all calls of `findTargets`: 0 but for the labels of the last, which lie from `first` to `last`. */
let label = new Uint32Array(1024);
let first = 0;
let last = -1;

/** Labels for so many code units and their end, all 0. */
function clear(units: number): void {
  if (label.length <= units || label.length > MOST) label = new Uint32Array(Math.max(1024, 2 * units + 1));
  else if (first <= last) label.fill(0, first, last + 1);
  first = units + 1;
  last = -1;
}

/** By opcode: the kind of a jump, 0 for what is none. */
export function jumpKinds(table: OpcodeTable): Uint8Array {
  return table.kind.map((kind) => (kind >= OpargKind.jumpForward && kind <= OpargKind.jumpAbsolute ? kind : 0));
}

/** The offset past an instruction and its caches, whole code units even where the end of the code cuts them off. */
export function behind(offset: number, caches: number): number {
  return offset + 2 + ((caches + 1) & ~1);
}

/** Whether an instruction begins at this code unit. */
export function beginsAt({ count, offset }: Instructions, unit: number): boolean {
  const at = 2 * unit;
  let from = 0;
  let to = count;
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((offset[middle] as number) < at) from = middle + 1;
    else to = middle;
  }
  return from < count && offset[from] === at;
}

/**
 * Finds the targets in a code of `units` code units; valid until the next call. Of the exception table the handlers
 * are targets, and with `wholeRanges` the starts and ends of its ranges too; ranges without bytes count only then.
 */
export function findTargets(
  rows: Instructions,
  units: number,
  jumps: Uint8Array,
  jumpUnit: number,
  entries: readonly ExceptionEntry[],
  wholeRanges: boolean,
): Targets {
  clear(units);
  const outside: number[] = [];
  const { count, offset, opcode, oparg, caches } = rows;
  for (let i = 0; i < count; i++) {
    const kind = jumps[opcode[i] as number] as number;
    if (kind === 0) continue;
    const next = behind(offset[i] as number, caches[i] as number);
    mark(jumpTarget(kind, oparg[i] as number, next, jumpUnit) / 2, units, outside);
  }
  for (const { start, end, target } of entries) {
    if (!wholeRanges && start >= end) continue;
    mark(target / 2, units, outside);
    if (!wholeRanges) continue;
    mark(start / 2, units, outside);
    mark(end / 2, units, outside);
  }
  return number(outside);
}

function mark(unit: number, units: number, outside: number[]): void {
  if (unit < 0 || unit > units) {
    outside.push(unit);
    return;
  }
  label[unit] = 1;
  if (unit < first) first = unit;
  if (unit > last) last = unit;
}

/** Numbers the marked units in order, those before the code first and those behind it last. */
function number(outside: number[]): Targets {
  let count = 0;
  const numbers = outside.length === 0 ? NOTHING : new Map<number, number>();
  const give = (unit: number) => {
    if (!numbers.has(unit)) (numbers as Map<number, number>).set(unit, ++count);
  };
  outside.sort((a, b) => a - b);
  for (const unit of outside) if (unit < 0) give(unit);
  for (let unit = first; unit <= last; unit++) if (label[unit] !== 0) label[unit] = ++count;
  for (const unit of outside) if (unit > 0) give(unit);
  return { label, count, outside: numbers };
}
