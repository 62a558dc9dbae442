/**
 * co_lnotab as compilers wrote it. An entry that needs more than a byte for its offset or line is split, and how is the
 * trait `lineSplits`:
 *
 * - `both` (to 2.0): pairs take as much of both as they can hold.
 * - `in-turn` (2.1 to 2.4, PyPy): pairs of the offset alone, then of the line, as long as more than a byte is left.
 * - `divided` (2.5 on): the same, but of a line that is a multiple of the most nothing is left, and is written.
 *
 * Sources: compile.c of 1.5 to 3.6, and what those wrote; PyPy's assemble.py.
 */
import type { CodeObject } from "../code/index.js";
import { codeLayout } from "../format/index.js";
import { opcodesOf } from "../opcode/index.js";
import type { Version } from "../version/index.js";
import { type LineContext, type LineEncoder, type LineEvent, lineEvent, TableBytes } from "./events.js";

const MOST = 255;

export function lnotabEncoder(signed: boolean): LineEncoder {
  return {
    read: (code) => read(code, signed),
    encode: (events, context) => encode(events, context, signed),
  };
}

function encode(events: readonly LineEvent[], context: LineContext, signed: boolean): Uint8Array | undefined {
  const { version, firstlineno, codeSize } = context;
  const out = new TableBytes(events.length, codeSize);
  let at = 0;
  let now = firstlineno;
  for (const [i, { offset, line }] of events.entries()) {
    if (line === null || !Number.isSafeInteger(line)) return undefined;
    if (line < now && !signed) return undefined;
    // Where the code begins it is on co_firstlineno anyway.
    if (i > 0 || offset > 0 || line !== now) put(out, version.traits.lineSplits, signed, offset - at, line - now);
    at = offset;
    now = line;
  }
  return out.done();
}

type Splits = Version["traits"]["lineSplits"];

/** Writes one entry, in as many pairs as it takes. */
function put(out: TableBytes, splits: Splits, signed: boolean, size: number, delta: number): void {
  if (splits === "both") putBoth(out, size, delta);
  else putApart(out, splits === "divided", signed, size, delta);
}

function putApart(out: TableBytes, divided: boolean, signed: boolean, size: number, delta: number): void {
  if (size > MOST) {
    const pairs = divided ? Math.floor(size / MOST) : Math.ceil(size / MOST) - 1;
    out.pairs(pairs, MOST, 0);
    size -= pairs * MOST;
  }
  const most = !signed ? MOST : delta < 0 ? -128 : 127;
  if (delta / most > 1) {
    const pairs = divided ? Math.floor(delta / most) : Math.ceil(delta / most) - 1;
    out.pairs(1, size, most & 255);
    out.pairs(pairs - 1, 0, most & 255);
    size = 0;
    delta -= pairs * most;
  }
  out.pairs(1, size, delta & 255);
}

function putBoth(out: TableBytes, size: number, delta: number): void {
  if (size === 0 && delta === 0) out.pairs(1, 0, 0);
  while ((size > 0 || delta > 0) && !out.full) {
    const some = Math.min(size, MOST);
    const lines = Math.min(delta, MOST);
    out.pairs(1, some, lines & 255);
    size -= some;
    delta -= lines;
  }
}

/** Joins the pairs of an entry where it would be split like that again; other pairs are entries of their own. */
function read(code: CodeObject, signed: boolean): LineEvent[] {
  const table = code.bytes("co_lnotab");
  const splits = code.version.traits.lineSplits;
  const events: LineEvent[] = [];
  let at = 0;
  let line = code.firstlineno;
  const add = (size: number, delta: number) => {
    at += size;
    line += delta;
    events.push(lineEvent(at, line));
  };
  for (let i = 0; i + 1 < table.length; ) {
    const end = endOfEntry(table, i, splits, signed);
    let size = 0;
    let delta = 0;
    for (let k = i; k < end; k += 2) {
      size += table[k] as number;
      delta += lineDelta(table, k, signed);
    }
    const again = new TableBytes(0, 2 * (end - i));
    if (end > i + 2) put(again, splits, signed, size, delta);
    if (end === i + 2 || isSame(again.done(), table, i, end)) add(size, delta);
    else for (let k = i; k < end; k += 2) add(table[k] as number, lineDelta(table, k, signed));
    i = end;
  }
  return events;
}

function lineDelta(table: Uint8Array, at: number, signed: boolean): number {
  const byte = table[at + 1] as number;
  return signed && byte >= 0x80 ? byte - 0x100 : byte;
}

/** Past the last pair that may belong to the entry that begins here. */
function endOfEntry(table: Uint8Array, start: number, splits: Splits, signed: boolean): number {
  let i = start;
  const more = () => i + 3 < table.length;
  if (splits === "both") {
    const moreOf = (k: number) => table[i + k] === MOST;
    while (more() && (moreOf(0) || moreOf(1))) {
      if ((table[i + 2] !== 0 && !moreOf(0)) || (table[i + 3] !== 0 && !moreOf(1))) break;
      if (table[i + 2] === 0 && table[i + 3] === 0) break;
      i += 2;
    }
    return i + 2;
  }
  while (more() && table[i] === MOST && table[i + 1] === 0) i += 2;
  const most = signed ? (table[i + 1] === 127 ? 127 : 128) : MOST;
  const sign = (byte: number) => signed && byte >= 0x80;
  while (more() && table[i + 1] === most && table[i + 2] === 0) {
    const next = table[i + 3] as number;
    if (next !== 0 && sign(next) !== sign(most)) break;
    i += 2;
  }
  return i + 2;
}

function isSame(made: Uint8Array | undefined, table: Uint8Array, start: number, end: number): boolean {
  return made?.length === end - start && made.every((byte, k) => byte === table[start + k]);
}

/** What a compiler that tells lines by SET_LINENO writes of them beside these instructions. */
export interface LinesOfInstructions {
  readonly firstlineno: number;
  readonly lnotab: Uint8Array;
}

/**
 * co_firstlineno and co_lnotab as the compilers of 1.5 to 2.2 derive them from the SET_LINENO instructions; undefined
 * where the version has no co_lnotab, or none of those.
 */
export function linesOfSetLineno(code: Uint8Array, version: Version): LinesOfInstructions | undefined {
  if (version.traits.lines !== "set-lineno" || !codeLayout(version).objects.includes("co_lnotab")) return undefined;
  const opcodes = opcodesOf(version);
  const { haveArgument, extendedArg } = opcodes;
  const lineOpcode = opcodes.number("SET_LINENO");
  const out = new TableBytes(0, code.length * 4);
  let firstlineno = 0;
  let at = 0;
  let now = 0;
  let start = 0;
  let high = 0;
  let told = false;
  for (let i = 0; i < code.length; ) {
    const op = code[i] as number;
    const size = op >= haveArgument ? 3 : 1;
    const oparg = size === 3 ? high | (code[i + 1] ?? 0) | ((code[i + 2] ?? 0) << 8) : 0;
    i += size;
    if (op === extendedArg) {
      high = oparg << 16;
      continue;
    }
    if (op === lineOpcode) {
      told = true;
      if (firstlineno === 0) firstlineno = now = oparg;
      else {
        if (start > at || oparg > now) put(out, version.traits.lineSplits, false, start - at, oparg - now);
        at = start;
        now = oparg;
      }
    }
    high = 0;
    start = i;
  }
  const lnotab = out.done();
  return lnotab && told ? { firstlineno, lnotab } : undefined;
}
