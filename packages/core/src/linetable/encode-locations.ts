/**
 * co_linetable from 3.11 as its compilers wrote it, and PyPy's.
 *
 * 3.11 writes an entry for each instruction; later ones an entry for each run of instructions that stand in the same
 * place (the trait `locationEntries`). What is longer than 8 code units takes more entries of the same content.
 *
 * Sources: compile.c of 3.11, assemble.c of 3.12 and later; PyPy's location.py.
 */
import type { CodeObject } from "../code/index.js";
import {
  type LineContext,
  type LineEncoder,
  type LineEvent,
  lineEvent,
  optional,
  samePlace,
  TableBytes,
} from "./events.js";
import { locations } from "./locations.js";
import { pypyLocations } from "./pypy.js";
import type { LineCodec } from "./table.js";

export const locationsEncoder: LineEncoder = { read: (code) => read(code, locations), encode };
export const pypyEncoder: LineEncoder = { read: (code) => read(code, pypyLocations), encode: encodeUnits };

const ONE_LINE = 10;
const NO_COLUMNS = 13;
const LONG = 14;
const NONE = 15;
const MOST_UNITS = 8;
const UNIT = 2;

/** An event for each entry that does not say the same as the one before. */
function read(code: CodeObject, codec: LineCodec): LineEvent[] {
  const events: LineEvent[] = [];
  for (const entry of codec.entries(code).entries) {
    const event = {
      offset: entry.offset,
      line: optional(entry.line),
      endLine: optional(entry.endLine),
      column: optional(entry.column),
      endColumn: optional(entry.endColumn),
    };
    const before = events.at(-1);
    if (before === undefined || !samePlace(before, event)) events.push(event);
  }
  return events;
}

/** A place with all that an entry says; `line` null for none. */
interface Place {
  readonly line: number;
  readonly endLine: number;
  readonly column: number;
  readonly endColumn: number;
}

const isColumn = (n: number | null) => n === null || (Number.isInteger(n) && n >= 0 && n < 0x7fffffff);
const isLine = (n: number) => Number.isInteger(n) && Math.abs(n) < 0x40000000;

/** The numbers of an event, -1 for no column; null where there is no line, undefined where no table can say it. */
function placeOf(event: LineEvent): Place | null | undefined {
  const { line, endLine, column, endColumn } = event;
  if (line === null || endLine === null) return null;
  if (!isLine(line) || line < 0 || !isLine(endLine) || endLine < line) return undefined;
  if (!isColumn(column) || !isColumn(endColumn)) return undefined;
  return { line, endLine, column: column ?? -1, endColumn: endColumn ?? -1 };
}

/** The event as an entry would say it: nothing without a line, and no half of a pair of columns on one line. */
function plain(event: LineEvent): LineEvent {
  const { offset, line, column, endColumn } = event;
  if (line === null) return lineEvent(offset, null);
  const endLine = event.endLine ?? line;
  const oneLine = endLine === line && (column === null || endColumn === null);
  return oneLine ? { ...lineEvent(offset, line), endLine } : { offset, line, endLine, column, endColumn };
}

/** The events, with one at the beginning, and without those that say nothing new or hold nowhere. */
function ranges(events: readonly LineEvent[], firstlineno: number, codeSize: number): LineEvent[] {
  const out: LineEvent[] = [plain(lineEvent(0, firstlineno))];
  for (const said of events) {
    if (said.offset >= codeSize) break;
    const event = plain(said);
    if ((out.at(-1) as LineEvent).offset === event.offset) out.pop();
    const before = out.at(-1);
    if (before === undefined || !samePlace(before, event)) out.push(event);
  }
  return codeSize > 0 ? out : [];
}

function encode(events: readonly LineEvent[], context: LineContext): Uint8Array | undefined {
  const { version, firstlineno, codeSize } = context;
  const each = version.traits.locationEntries === "each" ? context.offsets : undefined;
  const all = ranges(events, firstlineno, codeSize);
  const out = new TableBytes(events.length, codeSize);
  let now = firstlineno;
  let next = 0; // in `each`
  for (let i = 0; i < all.length; i++) {
    const event = all[i] as LineEvent;
    const place = placeOf(event);
    if (place === undefined) return undefined;
    const end = all[i + 1]?.offset ?? codeSize;
    for (let start = event.offset; start < end; ) {
      while (each !== undefined && next < each.length && (each[next] as number) <= start) next++;
      const stop = each === undefined || next >= each.length ? end : Math.min(end, each[next] as number);
      const units = (stop - start) / UNIT;
      if (!Number.isInteger(units)) return undefined;
      for (let k = 0; k < units; k += MOST_UNITS) {
        put(out, Math.min(MOST_UNITS, units - k), place, place === null ? 0 : place.line - now);
        if (place !== null) now = place.line;
      }
      start = stop;
    }
  }
  return out.done();
}

function put(out: TableBytes, units: number, place: Place | null, lines: number): void {
  const form = place === null ? NONE : formOf(place, lines);
  out.push(0x80 | (form << 3) | (units - 1));
  if (place === null) return;
  const { line, endLine, column, endColumn } = place;
  if (form < ONE_LINE) out.push(((column & 7) << 4) | (endColumn - column));
  else if (form < NO_COLUMNS) out.pairs(1, column, endColumn);
  else signedVarint(out, lines);
  if (form !== LONG) return;
  varint(out, endLine - line);
  varint(out, column + 1);
  varint(out, endColumn + 1);
}

/** The shortest form that says it all. */
function formOf({ line, endLine, column, endColumn }: Place, lines: number): number {
  if (endLine !== line) return LONG;
  if (column < 0 || endColumn < 0) return NO_COLUMNS;
  if (lines === 0 && column < 80 && endColumn >= column && endColumn - column < 16) return column >> 3;
  return lines >= 0 && lines < 3 && column < 128 && endColumn < 128 ? ONE_LINE + lines : LONG;
}

function varint(out: TableBytes, value: number): void {
  for (; value >= 64; value = Math.floor(value / 64)) out.push(64 | (value & 63));
  out.push(value);
}

function signedVarint(out: TableBytes, value: number): void {
  varint(out, value < 0 ? -2 * value + 1 : 2 * value);
}

/** PyPy's: every code unit has its entry; lines from co_firstlineno on, columns below 255. */
function encodeUnits(events: readonly LineEvent[], { firstlineno, codeSize }: LineContext): Uint8Array | undefined {
  const all = ranges(events, firstlineno, codeSize);
  const out = new TableBytes(events.length, codeSize);
  for (let i = 0; i < all.length; i++) {
    const event = all[i] as LineEvent;
    const entry = unitEntry(event, firstlineno);
    const units = ((all[i + 1]?.offset ?? codeSize) - event.offset) / UNIT;
    if (entry === undefined || !Number.isInteger(units)) return undefined;
    for (let k = 0; k < units && !out.full; k++) for (const byte of entry) out.push(byte);
  }
  return out.done();
}

function unitEntry(event: LineEvent, firstlineno: number): number[] | undefined {
  const place = placeOf(event);
  if (place === null) return [0];
  if (place === undefined || place.line < firstlineno) return undefined;
  const { line, endLine, column, endColumn } = place;
  const out: number[] = [];
  let rest = line - firstlineno + 1;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) out.push(0x80 | (rest & 0x7f));
  out.push(rest);
  if (column < 0 && endColumn < 0 && endLine === line) return [...out, 0];
  if (column < 0 || column > 254 || endColumn > 254 || endLine - line > 255) return undefined;
  return [...out, column + 1, endColumn + 1, endLine - line];
}
