/**
 * The listing styles of 3.11 to 3.15: inline caches, exception tables, and from 3.13 labels.
 *
 *     [line or positions]  [>> or label]  [offset]  opname          oparg (meaning)
 *
 * Two passes over the code: the first finds where instructions begin and jumps lead (`modern-targets`), the second
 * writes on a page, byte by byte; whoever writes carries along where he is. `modern-era` has what differs between the
 * versions, `modern-margin` what stands left of the opname, `modern-operands` what an oparg means.
 */
import type { CodeObject } from "../code/index.js";
import { type ExceptionEntry, exceptionEntries } from "../exceptiontable/index.js";
import type { Instructions } from "../instruction/index.js";
import { type LineStarts, lineStarts, NO_LINE, positions } from "../linetable/index.js";
import { OpargKind } from "../opcode/index.js";
import type { Version } from "../version/index.js";
import { marker } from "./marker.js";
import { cacheFields, cacheValue } from "./modern-caches.js";
import { lineWidth, Margin, positionText, positionWidth } from "./modern-margin.js";
import { Operands } from "./modern-operands.js";
import { type Plan, planOf } from "./modern-plan.js";
import { behind, findTargets, type Targets } from "./modern-targets.js";
import { NAME_WORDS } from "./opcode-bytes.js";
import { column, type Page, ROOM } from "./page.js";
import { bytesOf, type PageRepr } from "./page-repr.js";
import type { Listing, Style } from "./style.js";

const MIN_OFFSET_WIDTH = 4;
/** A code unit behind all code. */
const NEVER = 0x7fffffff;

const LF = 0x0a;
const CLOSE = 0x5d;

const CACHE = bytesOf(`${"CACHE".padEnd(20)} ${"0".padStart(5)}`);
const EXCEPTIONS = bytesOf("ExceptionTable:\n");
const TO = bytesOf(" to ");
const HANDLER = bytesOf(" -> ");
const DEPTH = bytesOf(" [");
const LASTI = bytesOf(" lasti");
const DOUBT = bytesOf(marker.target);

/** The style of a version whose `traits.listing` names one of the eras; undefined for any other. */
export function modern(version: Version): Style | undefined {
  const plan = planOf(version);
  if (plan === undefined) return undefined;
  let lister: Lister | undefined;
  return (out, code) => {
    if (lister === undefined || lister.out !== out) lister = new Lister(out, plan);
    lister.list(code);
  };
}

/** Lists code objects, one after the other. */
class Lister {
  readonly out: Listing;
  private readonly print: PageRepr;
  private readonly page: Page;
  private readonly plan: Plan;
  private readonly byLabel: boolean;
  private readonly operands: Operands;
  private readonly margin: Margin;
  // Of the code object that is being listed:
  private code!: Uint8Array;
  private rows!: Instructions;
  private targets!: Targets;
  /** Shown in place of lines. */
  private positions: Int32Array | undefined;

  constructor(out: Listing, plan: Plan) {
    this.out = out;
    this.print = out.direct;
    this.page = this.print.page;
    this.plan = plan;
    this.byLabel = plan.era.targets === "labels";
    this.operands = new Operands(out, plan);
    this.margin = new Margin(this.print, plan.era);
  }

  list(code: CodeObject): void {
    const { out, plan, byLabel } = this;
    const bytes = code.code;
    const units = (bytes.length + 1) >> 1;
    const entries = exceptionEntries(code);
    this.code = bytes;
    this.rows = out.decode(bytes);
    this.targets = findTargets(this.rows, units, plan.jumps, out.version.traits.jumpUnit, entries, byLabel);
    this.positions = out.options.showPositions ? positions(code) : undefined;
    const starts = lineStarts(code);
    const firstWidth = this.positions === undefined ? lineWidth(plan.era, starts) : positionWidth(this.positions);
    this.margin.enter(firstWidth, this.targets.count, this.offsetWidth());
    this.operands.enter(code, units, this.rows, this.targets);
    if (!this.lines(starts)) return;
    if (this.rows.cutOff) this.page.length = this.print.put(this.page.length - 1, `${marker.cutOff}\n`);
    if (entries.length > 0) this.exceptionTable(entries);
  }

  private offsetWidth(): number {
    if (this.byLabel && !this.out.options.showOffsets) return 0;
    const last = (this.code.length & ~1) - 2;
    return last < 10000 ? MIN_OFFSET_WIDTH : String(last).length;
  }

  /** False where they outgrew what may be written and were cut. The last line, if any, is still on the page. */
  private lines(starts: LineStarts): boolean {
    const { out, page, margin, positions, plan } = this;
    const { tells } = plan;
    const { count, offset, opcode, oparg, caches } = this.rows;
    const { label } = this.targets;
    const { lineColumn } = margin;
    const showCaches = out.options.showCaches === true;
    let start = 0;
    let startUnit = unitOf(starts, 0);
    let p = page.length;
    for (let i = 0; i < count; i++) {
      p = this.room(p);
      const at = offset[i] as number;
      const unit = at >> 1;
      while (startUnit < unit) startUnit = unitOf(starts, ++start);
      if (unit === startUnit) {
        const line = starts.line[start] as number;
        p = this.begin(p, unit, line);
        if (positions === undefined) p = margin.line(p, line);
      } else if (positions === undefined) p += lineColumn;
      if (positions !== undefined) p = margin.positions(p, positionText(positions, unit));
      p = margin.place(p, unit, label[unit] as number);
      const op = opcode[i] as number;
      const tell = tells[op] as number;
      if (tell === OpargKind.none) p = this.opname(p, op);
      else {
        const arg = oparg[i] as number;
        p = this.operation(p, op, arg);
        if (tell !== OpargKind.raw) p = this.operands.tell(p, tell, op, arg, behind(at, caches[i] as number));
      }
      page.bytes[p++] = LF;
      if (showCaches && caches[i] !== 0) p = this.cacheLines(p, i);
      if (p > out.left) {
        page.length = p;
        out.cut(count - i - 1);
        return false;
      }
    }
    page.length = p;
    return true;
  }

  /** Where to write on so that there is room for a line. */
  private room(p: number): number {
    if (p <= this.page.bytes.length - ROOM) return p;
    this.page.length = p;
    this.out.flush();
    return 0;
  }

  /** What stands above the first instruction of a line. */
  private begin(p: number, unit: number, line: number): number {
    let q = p;
    if (unit > 0 && this.margin.lineWidth > 0) this.page.bytes[q++] = LF;
    return this.out.hasSource && line !== NO_LINE ? this.print.put(q, this.out.sourceLine(line)) : q;
  }

  private opname(p: number, op: number): number {
    const { view } = this.page;
    const { names, nameSize } = this.plan;
    const size = nameSize[op] as number;
    for (let k = 0, word = op * NAME_WORDS; k < size; k += 8) view.setFloat64(p + k, names[word++] as number);
    return p + size;
  }

  /** The opname and the oparg. */
  private operation(p: number, op: number, oparg: number): number {
    const { opargAt, opargWidth } = this.plan;
    this.opname(p, op);
    const at = p + (opargAt[op] as number);
    const width = opargWidth[op] as number;
    return oparg >= 0 ? column(this.page.bytes, at, width, oparg) : this.print.put(at, String(oparg).padStart(width));
  }

  /** A CACHE line for each entry behind the instruction in row `i`; the first entry of each field shows its value. */
  private cacheLines(p: number, i: number): number {
    const { code, rows, margin, positions, page, print } = this;
    const { table, era } = this.plan;
    const op = rows.opcode[i] as number;
    const base = table.base[op] as number;
    const unit = (rows.offset[i] as number) >> 1;
    const last = unit + 1 + ((rows.caches[i] as number) >> 1);
    const position = positions && positionText(positions, unit);
    const tells = era.cacheValues === "always" || op !== base;
    const fields = cacheFields(table.names[base] as string, table.caches[op] as number);
    let field = 0;
    let next = unit + 1;
    let q = p;
    for (let at = unit + 1; at < last; at++) {
      q = this.room(q);
      q = position === undefined ? q + margin.lineColumn : margin.positions(q, position);
      q = print.bytes(margin.place(q, at, 0), CACHE);
      const [name, size] = fields[field] ?? ["", 0];
      if (at === next && size > 0) {
        if (tells) q = print.parenthesized(q, `${name}: ${cacheValue(code, 2 * at, 2 * (at + size))}`);
        next += size;
        field++;
      }
      page.bytes[q++] = LF;
    }
    return q;
  }

  private exceptionTable(entries: readonly ExceptionEntry[]): void {
    const { page, print, operands, byLabel } = this;
    const units = this.code.length >> 1;
    let p = print.bytes(this.room(page.length), EXCEPTIONS);
    for (const { start, end, target, depth, lasti } of entries) {
      p = this.room(p) + 2;
      p = this.target(p, start / 2);
      p = operands.target(print.bytes(p, TO), byLabel ? end / 2 : end / 2 - 1);
      if (end / 2 !== units && operands.isDoubtful(end / 2)) p = print.bytes(p, DOUBT);
      p = this.target(print.bytes(p, HANDLER), target / 2);
      p = operands.number(print.bytes(p, DEPTH), depth);
      page.bytes[p++] = CLOSE;
      if (lasti) p = print.bytes(p, LASTI);
      page.bytes[p++] = LF;
    }
    page.length = p;
  }

  private target(p: number, unit: number): number {
    const q = this.operands.target(p, unit);
    return this.operands.isDoubtful(unit) ? this.print.bytes(q, DOUBT) : q;
  }
}

/** The code unit that a start of a line is at; behind all code for one that there is not. */
function unitOf({ count, offset }: LineStarts, start: number): number {
  return start < count ? (offset[start] as number) >> 1 : NEVER;
}
