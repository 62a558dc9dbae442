/**
 * co_linetable of PyPy 3.10 and 3.11: one entry for each code unit, in order, until the table ends. An entry is a
 * little-endian 7-bit varint: 0 for no position, else the line less co_firstlineno plus one, and then a byte: 0 for
 * no columns, else the column plus one, the end column plus one, and the end line less the line.
 */
import type { CodeObject } from "../code/index.js";
import { type LineCodec, type LineEntry, type LineRanges, type LineTable, NO_LINE, startsOfRanges } from "./table.js";

export const pypyLocations: LineCodec = {
  starts: (code) => startsOfRanges(lines(code)),
  lines,
  positions,
  entries,
};

/** Calls `visit` with each entry that is complete; returns where the first that is not begins. */
function walk(code: CodeObject, visit: (entry: LineEntry) => void): number {
  const table = code.bytes("co_linetable");
  for (let i = 0, unit = 0; ; unit++) {
    const start = i;
    let delta = 0;
    let byte = 0x80;
    for (let shift = 0; byte >= 0x80; shift += 7) {
      if (i >= table.length) return start;
      byte = table[i++] as number;
      delta |= (byte & 0x7f) << shift;
    }
    const form = delta === 0 ? 0 : table[i++];
    if (form === undefined || (form !== 0 && i + 2 > table.length)) return start;
    const line = delta === 0 ? NO_LINE : (code.firstlineno + delta - 1) | 0;
    const endLine = form === 0 ? NO_LINE : line + (table[i + 1] as number);
    const endColumn = form === 0 ? NO_LINE : (table[i] as number) - 1;
    if (form !== 0) i += 2;
    const kind = delta === 0 ? "none" : form === 0 ? "no-columns" : "long";
    const column = form === 0 ? NO_LINE : form - 1;
    const lineDelta = delta === 0 ? NO_LINE : delta - 1;
    visit({ start, end: i, kind, offset: unit * 2, size: 2, lineDelta, line, endLine, column, endColumn });
  }
}

function lines(code: CodeObject): LineRanges {
  const most = code.bytes("co_linetable").length;
  const start = new Uint32Array(most);
  const end = new Uint32Array(most);
  const line = new Int32Array(most);
  let count = 0;
  walk(code, (entry) => {
    if (count === 0 || line[count - 1] !== entry.line) {
      start[count] = entry.offset;
      line[count++] = entry.line;
    }
    end[count - 1] = entry.offset + entry.size;
  });
  return { count, start, end, line };
}

function positions(code: CodeObject): Int32Array {
  const out = new Int32Array(code.bytes("co_linetable").length * 4);
  let i = 0;
  walk(code, (entry) => {
    out[i++] = entry.line;
    out[i++] = entry.endLine;
    out[i++] = entry.column;
    out[i++] = entry.endColumn;
  });
  return out.subarray(0, i);
}

function entries(code: CodeObject): LineTable {
  const length = code.bytes("co_linetable").length;
  const entries: LineEntry[] = [];
  const stop = walk(code, (entry) => entries.push(entry));
  const faults = stop < length ? [{ start: stop, end: length, what: "a cut-off entry" }] : [];
  const covered = entries.length * 2;
  if (covered !== code.code.length)
    faults.push({ start: 0, end: length, what: `co_linetable covers ${covered} bytes of ${code.code.length}` });
  return { field: "co_linetable", entries, faults };
}
