/**
 * The listing of dis.py up to 3.10: one layout, whose columns and tellings each era sets (`eras.ts`).
 *
 *     [line]     [>>] offset opname          oparg (meaning)
 */
import type { CodeObject } from "../code/index.js";
import { codeAsLoaded, type Instructions, jumpTarget } from "../instruction/index.js";
import { type LineStarts, lineStarts } from "../linetable/index.js";
import { OpargKind } from "../opcode/index.js";
import type { Version } from "../version/index.js";
import { flat } from "./flat.js";
import { type Margin, marginOf } from "./legacy-margin.js";
import { type Plan, planOf } from "./legacy-plan.js";
import { marker } from "./marker.js";
import type { Pool } from "./pool.js";
import type { Listing, Style } from "./style.js";

/** What `Listing.marks` holds: an instruction begins here, a jump leads here. */
const BEGINS = 1;
const LABEL = 2;

/** Text is handed on in pieces of about so many characters. */
const CHUNK = 0x4000;

/** The style of a version whose `traits.listing` names one of the eras. */
export function legacy(version: Version): Style {
  const plan = planOf(version);
  return (out, code) => new Lister(out, code, plan).list();
}

/** Lists one code object. */
class Lister {
  private readonly out: Listing;
  private readonly plan: Plan;
  private readonly length: number;
  private readonly rows: Instructions;
  private readonly marks: Uint8Array;
  private readonly starts: LineStarts;
  private readonly margin: Margin;
  private readonly consts: Pool;
  private readonly names: Pool;
  private readonly locals: Pool;
  private readonly cells: Pool;
  private readonly frees: Pool;
  private readonly unit: number;

  constructor(out: Listing, code: CodeObject, plan: Plan) {
    const { repr } = out;
    const bytes = codeAsLoaded(code);
    this.out = out;
    this.plan = plan;
    this.length = bytes.length;
    this.rows = out.decode(bytes);
    this.marks = out.marks(bytes.length);
    this.starts = lineStarts(code);
    this.margin = marginOf(plan.era, this.starts, bytes.length);
    this.consts = repr.pool(code.fieldNode("co_consts"));
    this.names = repr.pool(code.fieldNode("co_names"));
    this.locals = repr.pool(code.fieldNode("co_varnames"));
    this.cells = repr.pool(code.fieldNode("co_cellvars"));
    this.frees = repr.pool(code.fieldNode("co_freevars"));
    this.unit = out.version.traits.jumpUnit;
    this.mark();
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

  list(): void {
    const { out, plan, rows, marks, margin, starts } = this;
    const { count, offset, opcode, oparg, size, start: prefix } = rows;
    const { operations, open, era, lineOpcode } = plan;
    const { made } = operations;
    const { plain, labelled } = margin;
    const startOffset = starts.offset;
    const startCount = era.lineColumn ? starts.count : 0;
    let most = Math.min(CHUNK, out.left);
    let start = 0;
    let text = "";
    for (let i = 0; i < count; i++) {
      const at = offset[i] as number;
      const op = opcode[i] as number;
      const arg = (oparg[i] as number) >>> 0;
      const isLabel = ((marks[at] as number) & LABEL) !== 0;
      while (start + 1 < startCount && (startOffset[start + 1] as number) <= at) start++;
      if (start < startCount && startOffset[start] === at) {
        const line = starts.line[start] as number;
        if (at > 0) text += "\n";
        if (out.hasSource) text += out.sourceLine(line);
        text += margin.line(line, isLabel) + margin.offset(at);
      } else {
        if (op === lineOpcode) {
          if (at > 0) text += "\n";
          if (out.hasSource) text += out.sourceLine(arg);
        }
        text += (isLabel ? labelled[at] : plain[at]) ?? margin.make(at, isLabel);
      }
      const far = era.longOpargs && prefix[i] !== at;
      text += far ? operations.text(op, `${arg}L`, arg) : ((made[op] as string[])[arg] ?? operations.make(op, arg));
      const kind = open[op] as number;
      if (kind !== 0) text += this.tail(kind, arg, at + (size[i] as number), far);
      if (text.length > most) {
        if (text.length > out.left) {
          out.cut(text, count - i - 1);
          return;
        }
        out.write(flat(text));
        text = "";
        most = Math.min(CHUNK, out.left);
      }
    }
    out.write(flat(rows.cutOff ? `${text.trimEnd()}${marker.cutOff}\n` : text));
  }

  /** What follows the oparg of an instruction that ends at `next`. */
  private tail(kind: number, oparg: number, next: number, far: boolean): string {
    switch (kind) {
      case OpargKind.const: {
        const { tails } = this.consts;
        return tails[oparg] ?? this.keep(tails, oparg, this.consts.constant(oparg) ?? marker.constant(oparg));
      }
      case OpargKind.name:
        return this.name(this.names, oparg) ?? this.keep(NONE, oparg, marker.name(oparg));
      case OpargKind.local:
        return this.name(this.locals, oparg) ?? this.keep(NONE, oparg, marker.local(oparg));
      case OpargKind.free: {
        const own = this.cells.length;
        const known = oparg < own ? this.name(this.cells, oparg) : this.name(this.frees, oparg - own);
        return known ?? this.keep(NONE, oparg, marker.cell(oparg));
      }
      default:
        return this.jump(kind, jumpTarget(kind, oparg, next, this.unit), far);
    }
  }

  private name(pool: Pool, index: number): string | undefined {
    const { tails } = pool;
    const known = tails[index];
    if (known !== undefined) return known;
    const name = pool.name(index);
    return name === undefined ? undefined : this.keep(tails, index, name);
  }

  private keep(tails: (string | undefined)[], index: number, text: string): string {
    const { end, era } = this.plan;
    const tail = text === "" && !era.tellsEmpty ? end : ` (${text})${end}`;
    if (index < tails.length) tails[index] = tail;
    return tail;
  }

  private jump(kind: number, target: number, far: boolean): string {
    const { tells, targets, end } = this.plan;
    const good = target < this.length && ((this.marks[target] as number) & BEGINS) !== 0;
    if (!good) return ` (to ${target}${far ? "L" : ""}${marker.target})${end}`;
    if (!tells.has(kind)) return end;
    return far ? ` (to ${target}L)${end}` : targets.of(target);
  }
}

/** Keeps nothing. */
const NONE: (string | undefined)[] = [];
