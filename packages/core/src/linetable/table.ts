/**
 * What a line table yields, and what its bytes are: the shapes that all codecs of this room answer with.
 *
 * Answers come as columns of numbers. `count` says how many rows there are; a column may be longer.
 */
import type { CodeObject } from "../code/index.js";

/** No line, no column: Python's None. No table can say this number. */
export const NO_LINE = -0x80000000;

/** Where lines begin, as that version's `dis.findlinestarts` gives them: offsets in bytes of co_code. */
export interface LineStarts {
  readonly count: number;
  readonly offset: Uint32Array;
  /** NO_LINE for None. */
  readonly line: Int32Array;
}

/** The rows of `co_lines()`: half-open ranges of co_code in bytes. */
export interface LineRanges {
  readonly count: number;
  readonly start: Uint32Array;
  readonly end: Uint32Array;
  /** NO_LINE for None. */
  readonly line: Int32Array;
}

/** One entry of a table, with the bytes that say it. Offsets of `start` and `end` count from the table's first byte. */
export interface LineEntry {
  readonly start: number;
  readonly end: number;
  /** The form: `delta` (lnotab, 3.10), `short`, `one-line`, `no-columns`, `long`, `none`, or `stray` for bytes in none. */
  readonly kind: "delta" | "short" | "one-line" | "no-columns" | "long" | "none" | "stray";
  /** Where in co_code its range begins, and how many bytes of co_code it covers. */
  readonly offset: number;
  readonly size: number;
  /** What it adds to the line; NO_LINE where it says that there is no line. */
  readonly lineDelta: number;
  /** The line of the code in its range; NO_LINE for none. lnotab: the line from `offset + size` on. */
  readonly line: number;
  /** Where the source ends and which columns it takes; NO_LINE where the entry does not say. */
  readonly endLine: number;
  readonly column: number;
  readonly endColumn: number;
}

/** Something that no encoder writes, by the bytes of the table that it concerns. */
export interface TableFault {
  readonly start: number;
  readonly end: number;
  readonly what: string;
}

export interface LineTable {
  /** The field that holds it: `co_lnotab`, `co_linetable`; "" where the version has no table. */
  readonly field: string;
  readonly entries: readonly LineEntry[];
  readonly faults: readonly TableFault[];
}

/** One form of line table. A codec that cannot tell gives undefined. */
export interface LineCodec {
  starts(code: CodeObject): LineStarts;
  lines?(code: CodeObject): LineRanges;
  positions?(code: CodeObject): Int32Array;
  entries(code: CodeObject): LineTable;
}

/** The entry that lnotab and 3.10's table have: two bytes, an offset delta and a line delta. */
export function deltaEntry(start: number, offset: number, size: number, lineDelta: number, line: number): LineEntry {
  return {
    start,
    end: start + 2,
    kind: "delta",
    offset,
    size,
    lineDelta,
    line,
    endLine: NO_LINE,
    column: NO_LINE,
    endColumn: NO_LINE,
  };
}

/** The starts among ranges: a row for each that has a line, and another than the one before. */
export function startsOfRanges(ranges: LineRanges): LineStarts {
  const { count: n, start, line } = ranges;
  const offsets = new Uint32Array(n);
  const lines = new Int32Array(n);
  let count = 0;
  for (let i = 0; i < n; i++) {
    const at = line[i] as number;
    if (at === NO_LINE) continue;
    if (count > 0 && lines[count - 1] === at) continue;
    offsets[count] = start[i] as number;
    lines[count++] = at;
  }
  return { count, offset: offsets, line: lines };
}
