/** Where instructions that are the same stand in the source: lines, end lines and columns, however the tables say it. */
import { lineStarts, lines, NO_LINE, positions } from "../linetable/index.js";
import { OpargKind } from "../opcode/index.js";
import type { ColumnDifference, LineDifference, LineRange } from "./difference.js";
import type { Matching } from "./matching.js";
import type { Operations } from "./operations.js";

export interface PlaceDifference {
  readonly lines: LineDifference | undefined;
  readonly columns: ColumnDifference | undefined;
}

export function placeDifference(matching: Matching): PlaceDifference {
  const { a, b, ofA, ofB, count } = matching;
  const [lineA, lineB] = [linesOf(a), linesOf(b)];
  const [columnsA, columnsB] = [positions(a.code), positions(b.code)];
  const ranges: MutableRange[] = [];
  let range: MutableRange | undefined;
  let differing = 0;
  let columns = 0;
  let first: ColumnDifference["first"] | undefined;
  for (let p = 0; p < count; p++) {
    const [i, j] = [ofA[p] as number, ofB[p] as number];
    const [one, other] = [lineA[i] as number, lineB[j] as number];
    if (one === other) {
      range = undefined;
      if (columnsA === undefined || columnsB === undefined) continue;
      if (sameColumns(columnsA, a.offset(i) >> 1, columnsB, b.offset(j) >> 1)) continue;
      columns++;
      first ??= { a: a.offset(i), b: b.offset(j) };
      continue;
    }
    differing++;
    const step = one === NO_LINE || other === NO_LINE ? undefined : other - one;
    if (range === undefined || range.step !== step) {
      range = new MutableRange(step, one, other, a.offset(i), b.offset(j));
      ranges.push(range);
    } else range.add(a.offset(i), b.offset(j));
  }
  return {
    lines: differing === 0 ? undefined : { instructions: differing, ranges },
    columns: first === undefined ? undefined : { instructions: columns, first },
  };
}

class MutableRange implements LineRange {
  /** What is added to the line; undefined where one side has none. */
  readonly step: number | undefined;
  readonly offsets: { a: [number, number]; b: [number, number] };
  readonly line: { a: number | undefined; b: number | undefined };
  instructions = 1;

  constructor(step: number | undefined, one: number, other: number, a: number, b: number) {
    this.step = step;
    this.line = { a: optional(one), b: optional(other) };
    this.offsets = { a: [a, a], b: [b, b] };
  }

  add(a: number, b: number): void {
    this.offsets.a[1] = a;
    this.offsets.b[1] = b;
    this.instructions++;
  }
}

const optional = (line: number) => (line === NO_LINE ? undefined : line);

/** The line of each operation, NO_LINE for none; SET_LINENO has the one that it tells. */
function linesOf(operations: Operations): Int32Array {
  const { code, count } = operations;
  const out = new Int32Array(count).fill(NO_LINE);
  const ranges = lines(code);
  const rows = ranges ?? lineStarts(code);
  const begins = ranges === undefined ? (rows as ReturnType<typeof lineStarts>).offset : ranges.start;
  let row = -1;
  for (let i = 0; i < count; i++) {
    const at = operations.start(i);
    while (row + 1 < rows.count && (begins[row + 1] as number) <= at) row++;
    if (operations.kind(i) === OpargKind.line) out[i] = operations.oparg(i) | 0;
    else if (row >= 0 && (ranges === undefined || at < (ranges.end[row] as number))) out[i] = rows.line[row] as number;
  }
  return out;
}

/** Whether two code units end the same number of lines further, in the same columns. */
function sameColumns(a: Int32Array, i: number, b: Int32Array, j: number): boolean {
  const number = (of: Int32Array, unit: number, column: number) => of[4 * unit + column] ?? NO_LINE;
  return (
    number(a, i, 1) === number(b, j, 1) && number(a, i, 2) === number(b, j, 2) && number(a, i, 3) === number(b, j, 3)
  );
}
