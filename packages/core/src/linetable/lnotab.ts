/**
 * co_lnotab, 1.5 to 3.9: pairs of bytes, an increment of the offset and one of the line. The line's is unsigned up
 * to 3.5 and signed from 3.6. What `dis` makes of it differs a little between versions: the trait `lineStarts` says how.
 */
import type { CodeObject } from "../code/index.js";
import { opcodesOf } from "../opcode/index.js";
import { deltaEntry, type LineCodec, type LineEntry, type LineStarts, type LineTable } from "./table.js";

export function lnotab(signed: boolean): LineCodec {
  return {
    starts(code) {
      const how = code.version.traits.lineStarts;
      return how === "stepwise" ? stepwise(code) : summed(code, signed, how === "bounded");
    },
    entries: (code) => entries(code, signed),
  };
}

/** All pairs at one offset added up; `bounded` ends where co_code ends. */
function summed(code: CodeObject, signed: boolean, bounded: boolean): LineStarts {
  const table = code.bytes("co_lnotab");
  const pairs = table.length >> 1;
  const limit = bounded ? code.code.length : Number.POSITIVE_INFINITY;
  const offset = new Uint32Array(pairs + 1);
  const lines = new Int32Array(pairs + 1);
  let count = 0;
  let at = 0;
  let line = code.firstlineno;
  let last = 0;
  for (let i = 0; i < pairs; i++) {
    const step = table[2 * i] as number;
    if (step !== 0) {
      if (count === 0 || line !== last) {
        offset[count] = at;
        lines[count++] = last = line;
      }
      at += step;
      if (at >= limit) return { count, offset, line: lines };
    }
    const delta = table[2 * i + 1] as number;
    line += signed && delta >= 0x80 ? delta - 0x100 : delta;
  }
  if (count === 0 || line !== last) {
    offset[count] = at;
    lines[count++] = line;
  }
  return { count, offset, line: lines };
}

/** 2.3: each instruction takes one pair that has a line, so that a jump of more than 255 lines shows its steps. */
function stepwise(co: CodeObject): LineStarts {
  const table = co.bytes("co_lnotab");
  const code = co.code;
  const { haveArgument } = opcodesOf(co.version);
  const pairs = table.length >> 1;
  const offset = new Uint32Array(pairs + 1);
  const lines = new Int32Array(pairs + 1);
  let count = 0;
  let line = co.firstlineno;
  let next = 0;
  for (; next < pairs && table[2 * next] === 0; next++) line += table[2 * next + 1] as number;
  let due = 0;
  let delta = 0;
  for (let i = 0; i < code.length; i += (code[i] as number) >= haveArgument ? 3 : 1) {
    if (i < due) continue;
    line += delta;
    delta = 0;
    while (next < pairs && delta === 0) {
      due += table[2 * next] as number;
      delta = table[2 * next++ + 1] as number;
    }
    if (delta === 0) due = Number.POSITIVE_INFINITY;
    offset[count] = i;
    lines[count++] = line;
  }
  return { count, offset, line: lines };
}

function entries(code: CodeObject, signed: boolean): LineTable {
  const table = code.bytes("co_lnotab");
  const out: LineEntry[] = [];
  let at = 0;
  let line = code.firstlineno;
  for (let i = 0; i + 1 < table.length; i += 2) {
    const size = table[i] as number;
    const byte = table[i + 1] as number;
    const delta = signed && byte >= 0x80 ? byte - 0x100 : byte;
    line += delta;
    out.push(deltaEntry(i, at, size, delta, line));
    at += size;
  }
  const faults = [];
  if (table.length & 1)
    faults.push({ start: table.length - 1, end: table.length, what: "half a pair at the end of co_lnotab" });
  if (at > code.code.length && out.length > 0)
    faults.push({ start: 0, end: table.length, what: `co_lnotab covers ${at} bytes of ${code.code.length}` });
  return { field: "co_lnotab", entries: out, faults };
}
