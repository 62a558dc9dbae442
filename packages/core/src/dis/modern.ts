/**
 * The listing styles of 3.11 to 3.15: inline caches, exception tables, and from 3.13 labels.
 *
 * Two passes over the code: the first finds where instructions begin and jumps lead (`modern-targets`), the second
 * writes. A line is put together from a margin (`modern-margin`), a piece with opname and oparg (`modern-pieces`) and
 * the oparg's meaning in this code object (`modern-operands`); `modern-era` has what differs between the versions.
 */
import type { CodeObject } from "../code/index.js";
import { type ExceptionEntry, exceptionEntries } from "../exceptiontable/index.js";
import type { Instructions } from "../instruction/index.js";
import { type LineStarts, lineStarts, NO_LINE, positions } from "../linetable/index.js";
import { type OpcodeTable, opcodesOf } from "../opcode/index.js";
import type { Version } from "../version/index.js";
import { marker } from "./marker.js";
import { cacheFields, cacheValue } from "./modern-caches.js";
import { type Era, eras } from "./modern-era.js";
import { lineWidth, type Margin, marginFor, positionText, positionWidth } from "./modern-margin.js";
import { Operands } from "./modern-operands.js";
import { flat, type PieceRows, Pieces } from "./modern-pieces.js";
import { findTargets, jumpKinds, type Targets } from "./modern-targets.js";
import type { Listing, Style } from "./style.js";

const MIN_OFFSET_WIDTH = 4;
/** Text is handed on in pieces of about so many characters. */
const CHUNK = 0x4000;
/** A code unit behind all code. */
const NEVER = 0x7fffffff;
const CACHE = `${"CACHE".padEnd(20)} ${"0".padStart(5)}`;

/** What stays the same for all files of a version. */
interface Plan {
  readonly era: Era;
  readonly table: OpcodeTable;
  readonly pieces: Pieces;
  readonly jumps: Uint8Array;
}
const plans = new WeakMap<OpcodeTable, Plan>();

/** The style of a version whose `traits.listing` names one of the eras; undefined for any other. */
export function modern(version: Version): Style | undefined {
  const era = eras.get(version.traits.listing);
  if (era === undefined) return undefined;
  const table = opcodesOf(version);
  let plan = plans.get(table);
  if (plan === undefined) {
    plan = { era, table, pieces: new Pieces(table, era), jumps: jumpKinds(table) };
    plans.set(table, plan);
  }
  return styleOf(plan);
}

function styleOf(plan: Plan): Style {
  let operands: Operands | undefined;
  let listing: Listing | undefined;
  return (out, code) => {
    if (operands === undefined || listing !== out) operands = new Operands(out, plan.table, plan.era);
    listing = out;
    list(out, code, plan, operands);
  };
}

/** A code object that is being listed. */
interface Subject {
  readonly plan: Plan;
  readonly code: Uint8Array;
  readonly rows: Instructions;
  readonly targets: Targets;
  readonly starts: LineStarts;
  readonly margin: Margin;
  readonly operands: Operands;
  /** Shown in place of lines. */
  readonly positions: Int32Array | undefined;
}

function list(out: Listing, code: CodeObject, plan: Plan, operands: Operands): void {
  const bytes = code.code;
  const units = (bytes.length + 1) >> 1;
  const { era } = plan;
  const byLabel = era.targets === "labels";
  const rows = out.decode(bytes);
  const entries = exceptionEntries(code);
  const targets = findTargets(rows, units, plan.jumps, out.version.traits.jumpUnit, entries, byLabel);
  const starts = lineStarts(code);
  const shown = out.options.showPositions ? positions(code) : undefined;
  const lastOffset = (bytes.length & ~1) - 2;
  const firstWidth = shown === undefined ? lineWidth(era, starts) : positionWidth(shown);
  const offsets = !byLabel || out.options.showOffsets;
  const offsetWidth = offsets ? Math.max(MIN_OFFSET_WIDTH, String(lastOffset).length) : 0;
  const margin = marginFor(era, firstWidth, targets.count, offsetWidth);
  operands.enter(code, units, targets);
  const subject: Subject = { plan, code: bytes, rows, targets, starts, margin, operands, positions: shown };
  const text = instructions(out, subject);
  if (text === undefined) return;
  out.write(flat((rows.cutOff ? `${text.slice(0, -1)}${marker.cutOff}\n` : text) + exceptionTable(entries, subject)));
}

/**
 * Writes the lines of the instructions and gives back the last of them, one at least, not yet written; undefined where
 * they outgrew what may be written and were cut.
 */
function instructions(out: Listing, subject: Subject): string | undefined {
  const { rows, starts, margin, operands } = subject;
  const { pieces } = subject.plan;
  const { count, offset, opcode, oparg, caches } = rows;
  const { label } = subject.targets;
  const { open } = pieces;
  const { wholeWidth, restWidth } = margin;
  const showCaches = out.options.showCaches === true;
  const special = subject.positions !== undefined || out.hasSource;
  const bare = pieces.rows(0);
  const wholes = wholeWidth === undefined ? undefined : pieces.rows(wholeWidth);
  const rests = restWidth === undefined ? undefined : pieces.rows(restWidth);
  let most = Math.min(CHUNK, out.left);
  let text = "";
  let start = 0;
  let startUnit = unitOf(starts, 0);
  for (let i = 0; i < count; i++) {
    const at = offset[i] as number;
    const unit = at >> 1;
    const op = opcode[i] as number;
    const arg = oparg[i] as number;
    const target = label[unit] as number;
    while (startUnit < unit) startUnit = unitOf(starts, ++start);
    const line = unit === startUnit ? (starts.line[start] as number) : undefined;
    let from = bare;
    if (special) text += specialMargin(out, subject, unit, line);
    else if (line !== undefined) {
      text += at > 0 && margin.lineWidth > 0 ? `\n${margin.line(line)}` : margin.line(line);
      if (target === 0 && rests !== undefined) from = rests;
      else text += margin.rest(unit, target);
    } else if (target === 0 && wholes !== undefined) from = wholes;
    else text += margin.whole(unit, target);
    const kind = open[op] as number;
    const behind = caches[i] as number;
    text += (from.made[op] as PieceRows["made"][number])[arg] ?? pieces.make(from, op, arg);
    if (kind !== 0) text += operands.tail(kind, op, arg, at + 2 + behind);
    if (showCaches && behind !== 0) text += cacheLines(subject, i);
    if (text.length > most) {
      if (text.length > out.left) {
        out.cut(text, count - i - 1);
        return undefined;
      }
      if (i + 1 === count) break;
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

/** The margin of a line where positions or the source are shown, and what stands above it. */
function specialMargin(out: Listing, { targets, margin, positions }: Subject, unit: number, line?: number): string {
  const target = targets.label[unit] as number;
  let text = "";
  if (line !== undefined) {
    if (unit > 0 && margin.lineWidth > 0) text = "\n";
    if (out.hasSource && line !== NO_LINE) text += out.sourceLine(line);
  }
  if (positions !== undefined)
    return text + margin.positions(positionText(positions, unit)) + margin.rest(unit, target);
  return text + (line === undefined ? margin.whole(unit, target) : margin.line(line) + margin.rest(unit, target));
}

/** A CACHE line for each entry behind the instruction in row `i`; the first entry of each field shows its value. */
function cacheLines({ plan, code, rows, margin, positions }: Subject, i: number): string {
  const { table, era } = plan;
  const op = rows.opcode[i] as number;
  const base = table.base[op] as number;
  const unit = (rows.offset[i] as number) >> 1;
  const last = unit + 1 + ((rows.caches[i] as number) >> 1);
  const column = positions && margin.positions(positionText(positions, unit));
  const tells = era.cacheValues === "always" || op !== base;
  const fields = cacheFields(table.names[base] as string, table.caches[op] as number);
  let text = "";
  let field = 0;
  let next = unit + 1;
  for (let at = unit + 1; at < last; at++) {
    text += (column === undefined ? margin.whole(at, 0) : column + margin.rest(at, 0)) + CACHE;
    const [name, size] = fields[field] ?? ["", 0];
    if (at === next && size > 0) {
      if (tells) text += ` (${name}: ${cacheValue(code, 2 * at, 2 * (at + size))})`;
      next += size;
      field++;
    }
    text += "\n";
  }
  return text;
}

function exceptionTable(entries: readonly ExceptionEntry[], subject: Subject): string {
  if (entries.length === 0) return "";
  const { operands, code } = subject;
  const byLabel = subject.plan.era.targets === "labels";
  let text = "ExceptionTable:\n";
  for (const { start, end, target, depth, lasti } of entries) {
    const from = start / 2;
    const to = end / 2;
    const at = target / 2;
    const endDoubt = to === code.length >> 1 ? "" : operands.doubt(to);
    text += `  ${operands.target(from)}${operands.doubt(from)} to ${operands.target(byLabel ? to : to - 1)}${endDoubt}`;
    text += ` -> ${operands.target(at)}${operands.doubt(at)} [${depth}]${lasti ? " lasti" : ""}\n`;
  }
  return text;
}
