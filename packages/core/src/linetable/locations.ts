/**
 * co_linetable from 3.11: entries of one byte and more, only the first of them with its high bit set. Bits 3 to 6 of
 * it are the form, bits 0 to 2 the number of code units less one; numbers are little-endian 6-bit varints.
 *
 * CPython reads it in two ways. `co_lines` goes from one high bit to the next; `co_positions` reads on behind the
 * numbers it has read. They agree on what an encoder writes, and on a broken table each is followed here as it is.
 * Past the table's end both read the NUL that ends a bytes object; whatever lies behind that is read as 0 here.
 */
import type { CodeObject } from "../code/index.js";
import {
  type LineCodec,
  type LineEntry,
  type LineRanges,
  type LineStarts,
  type LineTable,
  NO_LINE,
  type TableFault,
} from "./table.js";

/** Forms: 0 to 9 are short, 10 to 12 one-line with that less 10 as the line's step. */
const ONE_LINE = 10;
const NO_COLUMNS = 13;
const LONG = 14;
const NONE = 15;

/** Where the last varint ended. */
let behind = 0;

function varint(table: Uint8Array, at: number): number {
  let byte = table[at++] ?? 0;
  let value = byte & 63;
  for (let shift = 6; (byte & 64) !== 0; shift += 6) {
    byte = table[at++] ?? 0;
    value |= (byte & 63) << shift;
  }
  behind = at;
  return value;
}

function signedVarint(table: Uint8Array, at: number): number {
  const value = varint(table, at);
  return (value & 1) !== 0 ? -(value >>> 1) : value >>> 1;
}

/** The step of the line that the entry with this first byte makes. */
function lineDelta(table: Uint8Array, at: number): number {
  const form = ((table[at] as number) >> 3) & 15;
  if (form < ONE_LINE || form === NONE) return 0;
  return form < NO_COLUMNS ? form - ONE_LINE : signedVarint(table, at + 1);
}

export const locations: LineCodec = {
  starts,
  lines,
  positions,
  entries,
};

/** Columns that serve all calls of `starts`, which is most of what listings ask of this room. */
let startOffsets = new Uint32Array(512);
let startLines = new Int32Array(512);

/** `findlinestarts`: the same walk as `co_lines`, whose ranges with one line after the other on the same line are one. */
function starts(code: CodeObject): LineStarts {
  const { lineRanges } = code.version.traits;
  const withNone = lineRanges === "merged-none";
  const table = code.bytes("co_linetable");
  const { length } = table;
  if (length > startOffsets.length) {
    startOffsets = new Uint32Array(2 * length);
    startLines = new Int32Array(2 * length);
  }
  let count = 0;
  let at = 0;
  let last = 0;
  let computed = code.firstlineno;
  for (let i = 0; i < length; ) {
    const first = table[i] as number;
    computed = (computed + lineDelta(table, i)) | 0;
    const now = isNone(first, computed, lineRanges === "each") ? NO_LINE : computed;
    if ((count === 0 || now !== last) && (withNone || now !== NO_LINE)) {
      startOffsets[count] = at;
      startLines[count++] = last = now;
    }
    at += ((first & 7) + 1) * 2;
    do i++;
    while (i < length && (table[i] as number) < 0x80);
  }
  return { count, offset: startOffsets.slice(0, count), line: startLines.slice(0, count) };
}

/** A line of -1 is None, whether by its form or by arithmetic; in 3.11 any below 0 is. */
function isNone(first: number, computed: number, anyNegative: boolean): boolean {
  return first >> 3 === 0x1f || computed === -1 || (computed < 0 && anyNegative);
}

/** `co_lines`. */
function lines(code: CodeObject): LineRanges {
  const merged = code.version.traits.lineRanges !== "each";
  const table = code.bytes("co_linetable");
  const { length } = table;
  let most = 1;
  for (let i = 1; i < length; i++) most += (table[i] as number) >> 7;
  const start = new Uint32Array(most);
  const end = new Uint32Array(most);
  const line = new Int32Array(most);
  let count = 0;
  let at = 0;
  let computed = code.firstlineno;
  for (let i = 0; i < length; ) {
    const first = table[i] as number;
    computed = (computed + lineDelta(table, i)) | 0;
    const now = isNone(first, computed, !merged) ? NO_LINE : computed;
    if (!merged || count === 0 || line[count - 1] !== now) {
      start[count] = at;
      line[count++] = now;
    }
    at += ((first & 7) + 1) * 2;
    end[count - 1] = at;
    do i++;
    while (i < length && (table[i] as number) < 0x80);
  }
  return { count, start, end, line };
}

/** What an entry says, as `co_positions` reads it; and where the next begins. */
interface Location {
  line: number;
  endLine: number;
  column: number;
  endColumn: number;
  computed: number;
  next: number;
}

/** Reads the entry at `at` into `into`, whose `computed` is the line so far; -1 stands for None. */
function readLocation(table: Uint8Array, at: number, into: Location): void {
  const form = ((table[at] as number) >> 3) & 15;
  let next = at + 1;
  if (form === NONE) {
    into.line = into.endLine = into.column = into.endColumn = -1;
  } else if (form >= NO_COLUMNS) {
    const line = (into.computed + signedVarint(table, next)) | 0;
    next = behind;
    into.computed = into.line = into.endLine = line;
    into.column = into.endColumn = -1;
    if (form === LONG) {
      into.endLine = (line + varint(table, next)) | 0;
      into.column = varint(table, behind) - 1;
      into.endColumn = varint(table, behind) - 1;
      next = behind;
    }
  } else {
    const second = table[next++] ?? 0;
    if (form >= ONE_LINE) {
      into.computed = (into.computed + form - ONE_LINE) | 0;
      into.column = second;
      into.endColumn = table[next++] ?? 0;
    } else {
      into.column = (form << 3) | (second >> 4);
      into.endColumn = into.column + (second & 15);
    }
    into.line = into.endLine = into.computed;
  }
  into.next = next;
}

const noLocation = (code: CodeObject): Location => ({
  line: -1,
  endLine: -1,
  column: -1,
  endColumn: -1,
  computed: code.firstlineno,
  next: 0,
});

/** `co_positions`: line, end line, column, end column of each code unit that the table covers. */
function positions(code: CodeObject): Int32Array {
  const table = code.bytes("co_linetable");
  const now = noLocation(code);
  let units = 0;
  for (; now.next < table.length; readLocation(table, now.next, now)) units += ((table[now.next] as number) & 7) + 1;
  const out = new Int32Array(units * 4);
  Object.assign(now, noLocation(code));
  for (let i = 0; now.next < table.length; ) {
    const size = ((table[now.next] as number) & 7) + 1;
    readLocation(table, now.next, now);
    const line = optional(now.line);
    const endLine = optional(now.endLine);
    const column = optional(now.column);
    const endColumn = optional(now.endColumn);
    for (let k = 0; k < size; k++) {
      out[i++] = line;
      out[i++] = endLine;
      out[i++] = column;
      out[i++] = endColumn;
    }
  }
  return out;
}

const optional = (n: number) => (n === -1 ? NO_LINE : n);

function kindOf(form: number): LineEntry["kind"] {
  if (form < ONE_LINE) return "short";
  return form < NO_COLUMNS ? "one-line" : form === NO_COLUMNS ? "no-columns" : form === LONG ? "long" : "none";
}

/** The entries, each from one high bit to the next, as `co_lines` goes. */
function entries(code: CodeObject): LineTable {
  const table = code.bytes("co_linetable");
  const out: LineEntry[] = [];
  const faults: TableFault[] = [];
  const now = noLocation(code);
  let at = 0;
  for (let i = 0; i < table.length; ) {
    let stop = i + 1;
    while (stop < table.length && (table[stop] as number) < 0x80) stop++;
    const first = table[i] as number;
    const size = ((first & 7) + 1) * 2;
    const delta = lineDelta(table, i);
    if (first < 0x80) faults.push({ start: i, end: stop, what: "bytes that begin no entry" });
    readLocation(table, i, now);
    if (now.next !== stop && first >= 0x80) {
      const what = now.next > stop ? "a cut-off entry" : `${stop - now.next} surplus bytes in an entry`;
      faults.push({ start: now.next > stop ? i : now.next, end: stop, what });
    }
    const form = (first >> 3) & 15;
    out.push({
      start: i,
      end: stop,
      kind: first < 0x80 ? "stray" : kindOf(form),
      offset: at,
      size,
      lineDelta: form === NONE ? NO_LINE : delta,
      line: optional(now.line),
      endLine: optional(now.endLine),
      column: optional(now.column),
      endColumn: optional(now.endColumn),
    });
    at += size;
    i = stop;
  }
  const length = code.code.length;
  if (at !== length) faults.push({ start: 0, end: table.length, what: `co_linetable covers ${at} bytes of ${length}` });
  return { field: "co_linetable", entries: out, faults };
}
