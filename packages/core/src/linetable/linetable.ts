/**
 * co_linetable of 3.10: pairs of bytes, the size of a range of co_code and a signed step of the line; a step of -128
 * says that the range has no line and adds nothing. A range of no bytes only adds to the line.
 */
import type { CodeObject } from "../code/index.js";
import {
  deltaEntry,
  type LineCodec,
  type LineEntry,
  type LineRanges,
  type LineTable,
  NO_LINE,
  startsOfRanges,
} from "./table.js";

const NONE = 0x80;

export const linetable: LineCodec = {
  starts: (code) => startsOfRanges(lines(code)),
  lines,
  entries,
};

function lines(code: CodeObject): LineRanges {
  const table = code.bytes("co_linetable");
  const most = (table.length + 1) >> 1;
  const start = new Uint32Array(most);
  const end = new Uint32Array(most);
  const line = new Int32Array(most);
  let count = 0;
  let at = 0;
  let now = code.firstlineno;
  for (let i = 0; i < table.length; i += 2) {
    const size = table[i] as number;
    const step = table[i + 1] ?? 0; // the NUL behind a bytes object, where the table has odd length
    if (step !== NONE) now = (now + ((step << 24) >> 24)) | 0;
    if (size === 0) continue;
    start[count] = at;
    end[count] = at += size;
    line[count++] = step === NONE || now < 0 ? NO_LINE : now;
  }
  return { count, start, end, line };
}

function entries(code: CodeObject): LineTable {
  const table = code.bytes("co_linetable");
  const out: LineEntry[] = [];
  const faults = [];
  let at = 0;
  let now = code.firstlineno;
  for (let i = 0; i + 1 < table.length; i += 2) {
    const size = table[i] as number;
    const step = table[i + 1] as number;
    const delta = step === NONE ? NO_LINE : (step << 24) >> 24;
    if (delta !== NO_LINE) now = (now + delta) | 0;
    out.push(deltaEntry(i, at, size, delta, delta === NO_LINE || now < 0 ? NO_LINE : now));
    at += size;
  }
  const length = code.code.length;
  if (table.length & 1)
    faults.push({ start: table.length - 1, end: table.length, what: "half a pair at the end of co_linetable" });
  if (table.length >= 2 && table[(table.length & ~1) - 2] === 0)
    faults.push({ start: (table.length & ~1) - 2, end: table.length & ~1, what: "the last range has no bytes" });
  if (at !== length) faults.push({ start: 0, end: table.length, what: `co_linetable covers ${at} bytes of ${length}` });
  return { field: "co_linetable", entries: out, faults };
}
