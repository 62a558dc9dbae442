/**
 * Where instructions begin and where jumps and exception handlers lead: what must be known of a code object before
 * its first line can be written.
 *
 * Positions are code units (offset / 2), so that a byte array over the code holds a fact for each. Targets outside
 * the code, which no compiler writes, are kept by themselves: they take part in the numbering of labels.
 */
import type { ExceptionEntry } from "../exceptiontable/index.js";
import { OpargKind, type OpcodeTable } from "../opcode/index.js";

export interface Targets {
  /** 1 where an instruction begins. Longer than the code; valid until the next call of `findTargets`. */
  readonly begins: Uint8Array;
  /** The label of each code unit, the end included: its number from 1 on; 0 where there is none. Valid likewise. */
  readonly label: Uint32Array;
  /** How many labels there are. */
  readonly count: number;
  /** Labels of targets that lie outside the code, by code unit. */
  readonly outside: ReadonlyMap<number, number>;
}

let begins = new Uint8Array(1024);
let label = new Uint32Array(1024);

function makeRoom(units: number): void {
  if (label.length < units + 1) {
    begins = new Uint8Array(2 * units + 1);
    label = new Uint32Array(2 * units + 1);
  } else {
    begins.fill(0, 0, units + 1);
    label.fill(0, 0, units + 1);
  }
}

/**
 * Finds the targets in the code's first `units` code units. Of the exception table the handlers are targets, and with
 * `wholeRanges` the starts and ends of its ranges too; ranges without bytes count only then.
 */
export function findTargets(
  code: Uint8Array,
  units: number,
  table: OpcodeTable,
  entries: readonly ExceptionEntry[],
  wholeRanges: boolean,
): Targets {
  makeRoom(units);
  const outside = new Set<number>();
  markJumps(code, units, table, outside);
  for (const { start, end, target } of entries) {
    if (!wholeRanges && start >= end) continue;
    mark(target / 2, units, outside);
    if (!wholeRanges) continue;
    mark(start / 2, units, outside);
    mark(end / 2, units, outside);
  }
  return number(units, outside);
}

/** The code unit that a jump at `unit` leads to, or undefined where the kind is none of a jump. */
export function jumpTarget(kind: number, oparg: number, unit: number, caches: number): number | undefined {
  switch (kind) {
    case OpargKind.jumpForward:
      return unit + 1 + caches + oparg;
    case OpargKind.jumpBackward:
      return unit + 1 + caches - oparg;
    case OpargKind.jumpAbsolute:
      return oparg;
    default:
      return undefined;
  }
}

function mark(unit: number, units: number, outside: Set<number>): void {
  if (unit >= 0 && unit <= units) label[unit] = 1;
  else outside.add(unit);
}

function markJumps(code: Uint8Array, units: number, { kind, caches }: OpcodeTable, outside: Set<number>): void {
  let extended = 0;
  for (let unit = 0; unit < units; ) {
    const op = code[2 * unit] as number;
    const meaning = kind[op] as number;
    const after = caches[op] as number;
    begins[unit] = 1;
    if (meaning === OpargKind.extended) extended = (extended | (code[2 * unit + 1] as number)) << 8;
    else {
      if (meaning >= OpargKind.jumpForward && meaning <= OpargKind.jumpAbsolute) {
        const target = jumpTarget(meaning, extended | (code[2 * unit + 1] as number), unit, after) as number;
        mark(target, units, outside);
      }
      extended = 0;
    }
    unit += 1 + after;
  }
}

/** Numbers the marked units in order, those before the code first and those behind it last. */
function number(units: number, outside: ReadonlySet<number>): Targets {
  const numbers = new Map<number, number>();
  const beyond = outside.size === 0 ? [] : [...outside].sort((a, b) => a - b);
  let count = 0;
  for (const unit of beyond) if (unit < 0) numbers.set(unit, ++count);
  for (let unit = 0; unit <= units; unit++) if (label[unit] !== 0) label[unit] = ++count;
  for (const unit of beyond) if (unit > 0) numbers.set(unit, ++count);
  return { begins, label, count, outside: numbers };
}
