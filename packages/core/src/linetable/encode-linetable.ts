/**
 * co_linetable of 3.10 as its compiler wrote it: an entry where the line changes. A line further off than a byte is
 * approached by entries of no bytes, before; a range of more than 254 bytes has entries of no further line, behind.
 *
 * Source: compile.c of 3.10.
 */
import type { CodeObject } from "../code/index.js";
import { type LineContext, type LineEncoder, type LineEvent, lineEvent, optional, TableBytes } from "./events.js";
import { linetable } from "./linetable.js";

const MOST_BYTES = 254;
const MOST_LINES = 127;
const NONE = 0x80;

export const linetableEncoder: LineEncoder = { read, encode };

/** An event for each range on another line than the one before. */
function read(code: CodeObject): LineEvent[] {
  const ranges = linetable.lines?.(code);
  const events: LineEvent[] = [];
  for (let i = 0; i < (ranges?.count ?? 0); i++) {
    const line = optional(ranges?.line[i] as number);
    if (i === 0 || events.at(-1)?.line !== line) events.push(lineEvent(ranges?.start[i] as number, line));
  }
  return events;
}

function encode(events: readonly LineEvent[], { firstlineno, codeSize }: LineContext): Uint8Array | undefined {
  const out = new TableBytes(events.length, codeSize);
  let written = firstlineno; // the line that the table has come to
  let start = 0;
  let line: number | null = firstlineno;
  const flush = (end: number) => {
    if (end === start) return;
    let delta = NONE;
    if (line !== null) {
      delta = line - written;
      const steps = Math.max(0, Math.ceil(Math.abs(delta) / MOST_LINES) - 1);
      const step = Math.sign(delta) * MOST_LINES;
      out.pairs(steps, 0, step & 255);
      delta -= steps * step;
      written = line;
    }
    const more = Math.max(0, Math.ceil((end - start) / MOST_BYTES) - 1);
    if (more > 0) out.pairs(1, MOST_BYTES, delta & 255);
    if (more > 0) delta = line === null ? NONE : 0;
    out.pairs(more - 1, MOST_BYTES, delta);
    out.pairs(1, end - start - more * MOST_BYTES, delta & 255);
    start = end;
  };
  for (const event of events) {
    if (event.line !== null && (!Number.isSafeInteger(event.line) || event.line < 0)) return undefined;
    if (event.line === line) continue;
    flush(event.offset);
    line = event.line;
  }
  flush(codeSize);
  return out.done();
}
