/**
 * The listing styles of 3.11 to 3.15: inline caches, exception tables, and from 3.13 labels.
 *
 * Two passes over the code: the first finds where instructions begin and jumps lead (`modern-targets`), the second
 * writes. A line is put together from a margin (`modern-margin`), a piece with opname and oparg (`modern-pieces`) and
 * the oparg's meaning in this code object (`modern-operands`); `modern-era` has what differs between the versions.
 */
import type { CodeObject } from "../code/index.js";
import { type ExceptionEntry, exceptionEntries } from "../exceptiontable/index.js";
import { type LineStarts, lineStarts, NO_LINE, positions } from "../linetable/index.js";
import { type OpcodeTable, opcodesOf } from "../opcode/index.js";
import { cacheFields, cacheValue } from "./modern-caches.js";
import { type Era, eras } from "./modern-era.js";
import { lineWidth, Margin, positionText, positionWidth } from "./modern-margin.js";
import { Operands } from "./modern-operands.js";
import { type PieceRows, Pieces } from "./modern-pieces.js";
import { findTargets, type Targets } from "./modern-targets.js";
import type { Listing, Style } from "./style.js";

const MIN_OFFSET_WIDTH = 4;
/** Text is handed on in pieces of at least so many characters. */
const CHUNK = 0x4000;
/** Behind all code. */
const NEVER = 0x7fffffff;
const CACHE = `${"CACHE".padEnd(20)} ${"0".padStart(5)}`;

/** What is known of a code object when its lines are written. */
interface Subject {
  readonly code: Uint8Array;
  /** Whole code units; a byte left over at the end is no instruction. */
  readonly units: number;
  readonly era: Era;
  readonly table: OpcodeTable;
  readonly targets: Targets;
  readonly margin: Margin;
  readonly operands: Operands;
  readonly positions: Int32Array | undefined;
}

function style(era: Era): Style {
  const made = new WeakMap<OpcodeTable, Pieces>();
  return (out, code) => {
    const table = opcodesOf(out.version);
    let pieces = made.get(table);
    if (pieces === undefined) {
      pieces = new Pieces(table, era);
      made.set(table, pieces);
    }
    list(out, code, era, table, pieces);
  };
}

/** One style per era, by the name that `traits.listing` gives. */
export const modernStyles: { readonly [name: string]: Style } = Object.fromEntries(
  Object.entries(eras).map(([name, era]) => [name, style(era)]),
);

function list(out: Listing, code: CodeObject, era: Era, table: OpcodeTable, pieces: Pieces): void {
  const bytes = code.code;
  const units = bytes.length >> 1;
  const entries = exceptionEntries(code);
  const targets = findTargets(bytes, units, table, entries, era.targets === "labels");
  const starts = lineStarts(code);
  const shownPositions = out.options.showPositions ? positions(code) : undefined;
  const showOffsets = era.targets === "offsets" || out.options.showOffsets;
  const margin = new Margin(era, {
    lineWidth: shownPositions === undefined ? lineWidth(era, starts) : positionWidth(shownPositions),
    offsetWidth: showOffsets ? Math.max(MIN_OFFSET_WIDTH, String(units * 2 - 2).length) : 0,
    labels: targets.count,
  });
  const operands = new Operands(out, code, table, era, units, targets);
  const subject: Subject = { code: bytes, units, era, table, targets, margin, operands, positions: shownPositions };

  const text = instructions(out, subject, pieces, starts);
  if (text !== undefined) out.write(flat(text + exceptionTable(entries, subject)));
}

/**
 * The same text, no longer as a tree of the pieces it was put together from, which engines keep until somebody reads
 * a character. Doing so early, while the pieces are in the processor's caches, halves the time of a listing.
 */
function flat(text: string): string {
  flat.read = text.charCodeAt(0);
  return text;
}
flat.read = 0;

/**
 * Writes the lines of the instructions and gives back the last of them, not yet written; undefined where they outgrew
 * what may be written and were cut.
 */
function instructions(out: Listing, subject: Subject, pieces: Pieces, starts: LineStarts): string | undefined {
  const { code, units, table, margin, operands } = subject;
  const { extendedArg, caches } = table;
  const { label } = subject.targets;
  const { open } = pieces;
  const { plain } = margin;
  const showCaches = out.options.showCaches === true;
  const allFull = subject.positions !== undefined;
  const bare = pieces.rows(0);
  const indented = plain === undefined ? bare : pieces.rows(plain.length);
  let most = Math.min(CHUNK, out.left);
  let text = "";
  let extended = 0;
  let start = 0;
  let startUnit = unitOf(starts, 0);
  for (let unit = 0; unit < units; ) {
    const op = code[2 * unit] as number;
    const oparg = extended | (code[2 * unit + 1] as number);
    let rows = bare;
    if (unit === startUnit || label[unit] !== 0 || allFull) {
      text += lead(out, subject, unit, unit === startUnit ? starts.line[start] : undefined);
    } else if (plain === undefined) text += margin.at(unit);
    else rows = indented;
    const piece =
      (rows[op] as PieceRows[number])[oparg] ?? pieces.make(rows, rows === bare ? "" : (plain as string), op, oparg);
    const kind = open[op] as number;
    text += kind === 0 ? piece : piece + operands.tail(kind, op, oparg, unit);
    extended = op === extendedArg ? oparg << 8 : 0;
    const after = caches[op] as number;
    if (showCaches && after !== 0) text += cacheLines(subject, unit);
    unit += 1 + after;
    while (startUnit < unit) startUnit = unitOf(starts, ++start);
    if (text.length > most) {
      if (text.length > out.left) {
        out.cut(text, instructionsFrom(subject, unit));
        return undefined;
      }
      out.write(flat(text));
      text = "";
      most = Math.min(CHUNK, out.left);
    }
  }
  return text;
}

/** The code unit that a start of a line is at; behind all code for one that there is not. */
function unitOf({ count, offset }: LineStarts, start: number): number {
  return start < count ? (offset[start] as number) >> 1 : NEVER;
}

/** The margin of a line that is not plain, and what stands above it. */
function lead(out: Listing, subject: Subject, unit: number, line: number | undefined): string {
  const { margin, positions } = subject;
  let text = "";
  let column: string | undefined;
  if (line !== undefined) {
    if (unit > 0 && margin.lineWidth > 0) text = "\n";
    if (out.hasSource && line !== NO_LINE) text += out.sourceLine(line);
    column = margin.lineColumn(line);
  }
  if (positions !== undefined) column = margin.positionColumn(positionText(positions, unit));
  return text + margin.full(column, subject.targets.label[unit] as number, unit);
}

/** A CACHE line for each entry behind the instruction at `unit`; the first entry of each field shows its value. */
function cacheLines(subject: Subject, unit: number): string {
  const { code, units, era, table, margin, positions } = subject;
  const op = code[2 * unit] as number;
  const base = table.base[op] as number;
  const last = Math.min(units, unit + 1 + (table.caches[op] as number));
  const column = positions && margin.positionColumn(positionText(positions, unit));
  const shown = era.cacheValues === "always" || op !== base;
  const fields = cacheFields(table.names[base] as string, table.caches[op] as number);
  let text = "";
  let field = 0;
  let next = unit + 1;
  for (let at = unit + 1; at < last; at++) {
    text += margin.full(column, 0, at) + CACHE;
    const [name, size] = fields[field] ?? ["", 0];
    if (at === next && size > 0) {
      if (shown) text += ` (${name}: ${cacheValue(code, 2 * at, 2 * (at + size))})`;
      next += size;
      field++;
    }
    text += "\n";
  }
  return text;
}

/** How many instructions there are from `unit` on. */
function instructionsFrom({ targets, units }: Subject, unit: number): number {
  let count = 0;
  for (; unit < units; unit++) count += targets.begins[unit] as number;
  return count;
}

function exceptionTable(entries: readonly ExceptionEntry[], subject: Subject): string {
  if (entries.length === 0) return "";
  const { operands, units } = subject;
  const byLabel = subject.era.targets === "labels";
  let text = "ExceptionTable:\n";
  for (const { start, end, target, depth, lasti } of entries) {
    const from = start / 2;
    const to = end / 2;
    const at = target / 2;
    const endDoubt = to === units ? "" : operands.doubt(to);
    text += `  ${operands.target(from)}${operands.doubt(from)} to ${operands.target(byLabel ? to : to - 1)}${endDoubt}`;
    text += ` -> ${operands.target(at)}${operands.doubt(at)} [${depth}]${lasti ? " lasti" : ""}\n`;
  }
  return text;
}
