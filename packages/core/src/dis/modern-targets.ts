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
const NOTHING: ReadonlyMap<number, number> = new Map();

function makeRoom(units: number): void {
  if (label.length < units + 1) {
    begins = new Uint8Array(2 * units + 1);
    label = new Uint32Array(2 * units + 1);
  } else {
    begins.fill(0, 0, units + 1);
    label.fill(0, 0, units + 1);
  }
}

/** By opcode: the kind of a jump, 0 for what is none. */
export function jumpKinds(table: OpcodeTable): Uint8Array {
  return table.kind.map((kind) => (kind >= OpargKind.jumpForward && kind <= OpargKind.jumpAbsolute ? kind : 0));
}

/** The offset past an instruction and its caches, whole code units even where the end of the code cuts them off. */
export function behind(offset: number, caches: number): number {
  return offset + 2 + ((caches + 1) & ~1);
}

/**
 * Finds the targets in a code of `units` code units. Of the exception table the handlers are targets, and with
 * `wholeRanges` the starts and ends of its ranges too; ranges without bytes count only then.
 */
export function findTargets(
  rows: Instructions,
  units: number,
  jumps: Uint8Array,
  jumpUnit: number,
  entries: readonly ExceptionEntry[],
  wholeRanges: boolean,
): Targets {
  makeRoom(units);
  const outside: number[] = [];
  const mark = (unit: number) => {
    if (unit >= 0 && unit <= units) label[unit] = 1;
    else outside.push(unit);
  };
  const { count, offset, opcode, oparg, caches } = rows;
  for (let i = 0; i < count; i++) {
    const at = offset[i] as number;
    begins[at >> 1] = 1;
    const kind = jumps[opcode[i] as number] as number;
    if (kind === 0) continue;
    mark(jumpTarget(kind, oparg[i] as number, behind(at, caches[i] as number), jumpUnit) / 2);
  }
  for (const { start, end, target } of entries) {
    if (!wholeRanges && start >= end) continue;
    mark(target / 2);
    if (!wholeRanges) continue;
    mark(start / 2);
    mark(end / 2);
  }
  return number(units, outside);
}

/** Numbers the marked units in order, those before the code first and those behind it last. */
function number(units: number, outside: number[]): Targets {
  let count = 0;
  const numbers = outside.length === 0 ? NOTHING : new Map<number, number>();
  const give = (unit: number) => {
    if (!numbers.has(unit)) (numbers as Map<number, number>).set(unit, ++count);
  };
  outside.sort((a, b) => a - b);
  for (const unit of outside) if (unit < 0) give(unit);
  for (let unit = 0; unit <= units; unit++) if (label[unit] !== 0) label[unit] = ++count;
  for (const unit of outside) if (unit > 0) give(unit);
  return { begins, label, count, outside: numbers };
}
