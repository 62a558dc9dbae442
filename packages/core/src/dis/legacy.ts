/**
 * The listing of dis.py up to 3.10: one layout, whose columns and tellings each era sets (`eras.ts`).
 *
 *     [line]     [>>] offset opname          oparg (meaning)
 *
 * It is written on a page, byte by byte; whoever writes carries along where he is.
 */
import type { CodeObject } from "../code/index.js";
import { codeAsLoaded, type Instructions, jumpTarget } from "../instruction/index.js";
import { type LineStarts, lineStarts } from "../linetable/index.js";
import { OpargKind } from "../opcode/index.js";
import type { Version } from "../version/index.js";
import { type Plan, planOf } from "./legacy-plan.js";
import { marker } from "./marker.js";
import { NAME_WORDS } from "./opcode-bytes.js";
import { column, type Page, ROOM } from "./page.js";
import { bytesOf, type PageRepr } from "./page-repr.js";
import { carryPrefixes } from "./prefixes.js";
import type { Listing, Style } from "./style.js";

/** What `Listing.marks` holds: an instruction begins here, a jump leads here. */
const BEGINS = 1;
const LABEL = 2;

const LINE_WIDTH = 3;
const OFFSET_WIDTH = 4;
const OPARG_WIDTH = 5;

const LF = 0x0a;
const SPACE = 0x20;
const CLOSE = 0x29;
const GREATER = 0x3e;
const L = 0x4c;

const TO = bytesOf(" (to ");

/** The style of a version whose `traits.listing` names one of the eras. */
export function legacy(version: Version): Style {
  const plan = planOf(version);
  let lister: Lister | undefined;
  return (out, code) => {
    if (lister === undefined || lister.out !== out) lister = new Lister(out, plan);
    lister.list(code);
  };
}

/** Lists code objects, one after the other. */
class Lister {
  readonly out: Listing;
  private readonly page: Page;
  private readonly print: PageRepr;
  private readonly plan: Plan;
  private readonly unit: number;
  private readonly nameWidth: number;
  private readonly tellsEmpty: boolean;
  private readonly tailIsNothing: boolean;
  /** One more space at the end of each line, 0 or 1. */
  private readonly spaceAtEnd: number;
  // Of the code object that is being listed:
  private code!: CodeObject;
  private length = 0;
  private rows!: Instructions;
  private marks!: Uint8Array;
  private consts = 0;
  private names = 0;
  private locals = 0;

  constructor(out: Listing, plan: Plan) {
    this.out = out;
    this.print = out.direct;
    this.page = this.print.page;
    this.plan = plan;
    this.unit = out.version.traits.jumpUnit;
    this.nameWidth = plan.era.nameWidth;
    this.tailIsNothing = plan.era.tail === "nothing";
    this.tellsEmpty = plan.era.tellsEmpty;
    this.spaceAtEnd = plan.era.tail === "space" ? 1 : 0;
  }

  list(code: CodeObject): void {
    const { elements } = this.out.repr;
    const bytes = codeAsLoaded(code);
    this.code = code;
    this.length = bytes.length;
    this.rows = this.out.decode(bytes);
    const { table, era } = this.plan;
    if (era.carriesPrefixes && bytes.includes(table.extendedArg)) {
      carryPrefixes(this.rows, table, code.version.traits.encoding === "words" ? 8 : 16);
    }
    this.marks = this.out.marks(bytes.length);
    this.consts = elements.of(code.fieldNode("co_consts"));
    this.names = elements.of(code.fieldNode("co_names"));
    this.locals = elements.of(code.fieldNode("co_varnames"));
    this.mark();
    this.lines(lineStarts(code));
  }

  /** Marks where instructions begin and where jumps lead. */
  private mark(): void {
    const { marks, length, unit } = this;
    const { count, offset, opcode, oparg, size } = this.rows;
    const { jumps, era } = this.plan;
    for (let i = 0; i < count; i++) {
      const at = offset[i] as number;
      marks[at] = (marks[at] as number) | BEGINS;
      const jump = jumps[opcode[i] as number] as number;
      if (jump === 0) continue;
      const arg = era.farLabels ? (oparg[i] as number) : (oparg[i] as number) & 0xffff;
      const target = jumpTarget(jump, arg, at + (size[i] as number), unit);
      if (target >= 0 && target < length) marks[target] = (marks[target] as number) | LABEL;
    }
  }

  private lines(starts: LineStarts): void {
    const { out, page, plan, marks, rows } = this;
    const { count, offset, opcode, oparg, start: prefix } = rows;
    const { lineOpcode, era } = plan;
    const { longOpargs } = era;
    const startOffset = starts.offset;
    const startLine = starts.line;
    const startCount = era.lineColumn ? starts.count : 0;
    const { line: lineWidth, offset: offsetWidth } = this.widths(starts);
    const blank = lineWidth === 0 ? 0 : lineWidth + 1;
    let start = 0;
    let p = page.length;
    for (let i = 0; i < count; i++) {
      if (p > page.bytes.length - ROOM || p > out.left) {
        page.length = p;
        if (p > out.left) {
          out.cut(count - i);
          return;
        }
        out.flush();
        p = 0;
      }
      const at = offset[i] as number;
      const op = opcode[i] as number;
      const arg = (oparg[i] as number) >>> 0;
      while (start + 1 < startCount && (startOffset[start + 1] as number) <= at) start++;
      if (start < startCount && startOffset[start] === at) {
        p = this.line(p, at, startLine[start] as number, lineWidth);
      } else {
        if (op === lineOpcode) p = this.begin(p, at, arg);
        p += blank;
      }
      const { bytes } = page;
      if (((marks[at] as number) & LABEL) !== 0) bytes[p + 4] = bytes[p + 5] = GREATER;
      p = column(bytes, p + 7, offsetWidth, at) + 1;
      p = this.operation(p, op, arg, i, longOpargs && prefix[i] !== at);
      page.bytes[p++] = LF;
    }
    page.length = p;
    if (rows.cutOff) this.cutOff();
  }

  /** What stands before the first instruction of a line. */
  private begin(p: number, offset: number, line: number): number {
    let q = p;
    if (offset > 0) this.page.bytes[q++] = LF;
    return this.out.hasSource ? this.print.put(q, this.out.sourceLine(line)) : q;
  }

  /** The same, and the line's column. */
  private line(p: number, offset: number, line: number, width: number): number {
    const q = this.begin(p, offset, line);
    return (line < 0 ? this.print.put(q, String(line).padStart(width)) : column(this.page.bytes, q, width, line)) + 1;
  }

  /** From the opcode's name to the end of the line; `far` where EXTENDED_ARG makes the oparg a long. */
  private operation(p: number, op: number, oparg: number, i: number, far: boolean): number {
    const { names, nameSize, tells } = this.plan;
    const { bytes, view } = this.page;
    const size = nameSize[op] as number;
    for (let k = 0, word = op * NAME_WORDS; k < size; k += 8) view.setFloat64(p + k, names[word++] as number);
    const tell = tells[op] as number;
    if (tell === OpargKind.none && this.tailIsNothing) return p + size;
    let q = p + (size < this.nameWidth ? this.nameWidth : size);
    if (tell === OpargKind.none) return q + this.spaceAtEnd;
    if (far) {
      q = column(bytes, q + 1, OPARG_WIDTH - 1, oparg) + 1;
      bytes[q - 1] = L;
    } else q = column(bytes, q + 1, OPARG_WIDTH, oparg);
    if (tell !== OpargKind.raw) q = this.told(q, tell, oparg, i, far);
    return q + this.spaceAtEnd;
  }

  /** The meaning of an oparg, with a space before it; nothing where there is none to tell. */
  private told(p: number, kind: number, oparg: number, i: number, far: boolean): number {
    const { print } = this;
    switch (kind) {
      case OpargKind.const:
        return this.orElse(p, print.constant(p, this.consts, oparg), marker.constant, oparg);
      case OpargKind.name:
        return this.orElse(p, print.name(p, this.names, oparg, this.tellsEmpty), marker.name, oparg);
      case OpargKind.local:
        return this.orElse(p, print.name(p, this.locals, oparg, this.tellsEmpty), marker.local, oparg);
      case OpargKind.free:
        return this.orElse(p, this.free(p, oparg), marker.cell, oparg);
      case OpargKind.jumpForward:
      case OpargKind.jumpAbsolute:
        return this.jump(p, kind, oparg, i, far);
      default:
        return print.bytes(p, this.plan.meanings.of(kind, oparg));
    }
  }

  /** Where it ends; the marker, where there was nothing to print. */
  private orElse(p: number, end: number, mark: (index: number) => string, oparg: number): number {
    return end < 0 ? this.print.parenthesized(p, mark(oparg)) : end;
  }

  private free(p: number, oparg: number): number {
    const { elements } = this.out.repr;
    const cells = elements.of(this.code.fieldNode("co_cellvars"));
    const own = elements.count(cells);
    if (oparg < own) return this.print.name(p, cells, oparg, this.tellsEmpty);
    const frees = elements.of(this.code.fieldNode("co_freevars"));
    return this.print.name(p, frees, oparg - own, this.tellsEmpty);
  }

  private jump(p: number, kind: number, oparg: number, i: number, far: boolean): number {
    const next = (this.rows.offset[i] as number) + (this.rows.size[i] as number);
    const target = jumpTarget(kind, oparg, next, this.unit);
    const good = target < this.length && ((this.marks[target] as number) & BEGINS) !== 0;
    if (!good) return this.print.parenthesized(p, `to ${target}${far ? "L" : ""}${marker.target}`);
    if (kind === OpargKind.jumpAbsolute && !this.plan.tellsAbsolute) return p;
    const page = this.page.bytes;
    let q = column(page, this.print.bytes(p, TO), 0, target);
    if (far) page[q++] = L;
    page[q] = CLOSE;
    return q + 1;
  }

  /** Says so behind the last line. */
  private cutOff(): void {
    const { page } = this;
    let p = page.length - 1;
    while (page.bytes[p - 1] === SPACE) p--;
    page.bytes[page.length - 1] = SPACE;
    page.length = this.print.put(p, `${marker.cutOff}\n`);
  }

  /** Of the columns of lines and offsets. From 3.7 on they grow, and a column of lines that is empty is left out. */
  private widths({ count, line }: LineStarts): { readonly line: number; readonly offset: number } {
    const { era } = this.plan;
    if (!era.grows) return { line: era.lineColumn ? LINE_WIDTH : 0, offset: OFFSET_WIDTH };
    let most = 0;
    for (let i = 0; i < count; i++) most = Math.max(most, line[i] as number);
    return {
      line: count === 0 ? 0 : Math.max(LINE_WIDTH, String(most).length),
      offset: Math.max(OFFSET_WIDTH, String(this.length - 2).length),
    };
  }
}
