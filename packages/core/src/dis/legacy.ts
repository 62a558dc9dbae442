/**
 * The listing of dis.py up to 3.10: one layout, whose columns and tellings each era sets (`eras.ts`).
 *
 *     [line]     [>>] offset opname          oparg (meaning)
 */
import type { CodeObject } from "../code/index.js";
import { codeAsLoaded, type Instructions, jumpTarget } from "../instruction/index.js";
import { lineStarts } from "../linetable/index.js";
import { OpargKind, opcodesOf } from "../opcode/index.js";
import type { Version } from "../version/index.js";
import { type Era, eras } from "./eras.js";
import { marker } from "./marker.js";
import type { Pool } from "./pool.js";
import type { Listing, Style } from "./style.js";

/** What `Listing.marks` holds: an instruction begins here, a jump leads here. */
const BEGINS = 1;
const LABEL = 2;

/** What the loop over instructions asks of a version, by opcode. */
interface Plan {
  readonly era: Era;
  /** The opcode's name between two spaces, padded; and as it ends a line, with the line feed. */
  readonly names: readonly string[];
  readonly last: readonly string[];
  /** The `OpargKind` whose meaning is told; `raw` for an oparg without meaning, `none` for no oparg. */
  readonly tells: Uint8Array;
  /** The kinds of jumps, 0 for all else. */
  readonly jumps: Uint8Array;
  /** SET_LINENO, where a blank line goes before it; else -1. */
  readonly lineOpcode: number;
  readonly tellsAbsolute: boolean;
  readonly compare: readonly string[];
}

/** The style of a version whose `traits.listing` names one of the eras. */
export function legacy(version: Version): Style {
  const plan = planOf(version, eras.get(version.traits.listing) as Era);
  return (out, code) => new Lister(out, code, plan).list();
}

function planOf(version: Version, era: Era): Plan {
  const { names, kind, hasArg, number, compare } = opcodesOf(version);
  const told = new Set<number>([OpargKind.const, OpargKind.name, OpargKind.jumpForward, OpargKind.jumpAbsolute]);
  for (const name of era.tells) told.add(OpargKind[name]);
  const jump = new Set<number>([OpargKind.jumpForward, OpargKind.jumpAbsolute]);
  const padded = names.map((name) => ` ${name.padEnd(era.nameWidth)}`);
  const end = { padding: "\n", space: " \n", nothing: "" }[era.tail];
  return {
    era,
    names: padded.map((name) => `${name} `),
    last: padded.map((name) => (end === "" ? `${name.trimEnd()}\n` : name + end)),
    tells: kind.map((k, op) => (!hasArg[op] ? OpargKind.none : told.has(k) ? k : OpargKind.raw)),
    jumps: kind.map((k) => (jump.has(k) ? k : 0)),
    lineOpcode: era.lineColumn ? -1 : (number("SET_LINENO") ?? -1),
    tellsAbsolute: era.tells.includes("jumpAbsolute"),
    compare,
  };
}

/** Numbers as text, right-aligned: for the columns of offsets and opargs. */
class Column {
  private readonly width: number;
  private readonly made: string[] = [];

  constructor(width: number) {
    this.width = width;
  }

  of(n: number): string {
    const { made } = this;
    if (n < made.length) return made[n] as string;
    if (n > 4096 || n < 0) return String(n).padStart(this.width);
    while (made.length <= n) made.push(String(made.length).padStart(this.width));
    return made[n] as string;
  }
}
const columns: { [width: number]: Column } = {};
function column(width: number): Column {
  columns[width] ??= new Column(width);
  return columns[width];
}

/** Lists one code object. */
class Lister {
  private readonly out: Listing;
  private readonly plan: Plan;
  private readonly code: CodeObject;
  private readonly rows: Instructions;
  private readonly marks: Uint8Array;
  private readonly length: number;
  private readonly consts: Pool;
  private readonly names: Pool;
  private readonly locals: Pool;
  private readonly cells: Pool;
  private readonly frees: Pool;
  private readonly unit: number;

  constructor(out: Listing, code: CodeObject, plan: Plan) {
    this.out = out;
    this.plan = plan;
    this.code = code;
    const bytes = codeAsLoaded(code);
    this.length = bytes.length;
    this.rows = out.decode(bytes);
    this.marks = out.marks(bytes.length);
    this.unit = out.version.traits.jumpUnit;
    const { repr } = out;
    this.consts = repr.pool(code.fieldNode("co_consts"));
    this.names = repr.pool(code.fieldNode("co_names"));
    this.locals = repr.pool(code.fieldNode("co_varnames"));
    this.cells = repr.pool(code.fieldNode("co_cellvars"));
    this.frees = repr.pool(code.fieldNode("co_freevars"));
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
    const { out, plan, rows, marks } = this;
    const { count, offset, opcode, oparg, size, start: prefix } = rows;
    const { names, last, tells, era, lineOpcode } = plan;
    const starts = lineStarts(this.code);
    const startOffset = starts.offset;
    const startCount = era.lineColumn ? starts.count : 0;
    const grown = era.grows ? widths(starts.line, startCount, this.length) : undefined;
    const lines = column(grown?.line ?? 3);
    const offsets = column(grown?.offset ?? 4);
    const opargs = column(5);
    const margin = era.lineColumn && !(grown?.line === 0) ? " ".repeat((grown?.line ?? 3) + 1) : "";
    const plain = `${margin}       `;
    const labelled = `${margin}    >> `;
    const tail = era.tail === "space" ? " \n" : "\n";
    const most = out.left;
    let start = 0;
    let text = "";
    for (let i = 0; i < count; i++) {
      const at = offset[i] as number;
      const op = opcode[i] as number;
      const isLabel = ((marks[at] as number) & LABEL) !== 0;
      while (start + 1 < startCount && (startOffset[start + 1] as number) <= at) start++;
      if (start < startCount && startOffset[start] === at) {
        const line = starts.line[start] as number;
        if (at > 0) text += "\n";
        if (out.hasSource) text += out.sourceLine(line);
        text += lines.of(line) + (isLabel ? "     >> " : "        ");
      } else {
        if (op === lineOpcode) {
          if (at > 0) text += "\n";
          if (out.hasSource) text += out.sourceLine(oparg[i] as number);
        }
        text += isLabel ? labelled : plain;
      }
      text += offsets.of(at);
      const tell = tells[op] as number;
      if (tell === OpargKind.none) text += last[op];
      else {
        const arg = (oparg[i] as number) >>> 0;
        const far = era.longOpargs && prefix[i] !== at;
        text += (names[op] as string) + (far ? `${arg}L`.padStart(5) : opargs.of(arg));
        if (tell === OpargKind.const) text += ` (${this.consts.constant(arg) ?? marker.constant(arg)})`;
        else if (tell === OpargKind.name) text += this.parenthesized(this.names.name(arg) ?? marker.name(arg));
        else if (tell === OpargKind.local) text += this.parenthesized(this.locals.name(arg) ?? marker.local(arg));
        else if (tell !== OpargKind.raw) text += this.told(tell, arg, at + (size[i] as number), far);
        text += tail;
      }
      if (text.length > most) {
        out.cut(text, count - i - 1);
        return;
      }
    }
    if (rows.cutOff) text = `${text.trimEnd()}${marker.cutOff}\n`;
    out.write(text);
  }

  private parenthesized(name: string): string {
    return name === "" && !this.plan.era.tellsEmpty ? "" : ` (${name})`;
  }

  /** The meaning of an oparg, with a space before it; "" where there is none to tell. */
  private told(kind: number, oparg: number, next: number, far: boolean): string {
    switch (kind) {
      case OpargKind.jumpForward:
      case OpargKind.jumpAbsolute: {
        const target = jumpTarget(kind, oparg, next, this.unit);
        const good = target < this.length && ((this.marks[target] as number) & BEGINS) !== 0;
        if (good && kind === OpargKind.jumpAbsolute && !this.plan.tellsAbsolute) return "";
        return ` (to ${target}${far ? "L" : ""}${good ? "" : marker.target})`;
      }
      case OpargKind.free: {
        const own = this.cells.length;
        const name = oparg < own ? this.cells.name(oparg) : this.frees.name(oparg - own);
        return this.parenthesized(name ?? marker.cell(oparg));
      }
      case OpargKind.compare:
        return ` (${this.plan.compare[oparg] ?? marker.operand(oparg)})`;
      case OpargKind.callPair:
        return ` (${oparg & 255} positional, ${(oparg >> 8) & 255} keyword pair)`;
      case OpargKind.format: {
        const parts = [["", "str", "repr", "ascii"][oparg & 3], oparg & 4 ? "with format" : ""].filter((s) => s !== "");
        return parts.length > 0 ? ` (${parts.join(", ")})` : "";
      }
      case OpargKind.functionFlags: {
        const parts = ["defaults", "kwdefaults", "annotations", "closure"].filter((_, bit) => oparg & (1 << bit));
        return parts.length > 0 ? ` (${parts.join(", ")})` : "";
      }
      default:
        return "";
    }
  }
}

/** The columns of 3.7 to 3.10; no line column where no line is known. */
function widths(lines: Int32Array, count: number, length: number): { line: number; offset: number } {
  let most = 0;
  for (let i = 0; i < count; i++) most = Math.max(most, lines[i] as number);
  const line = count === 0 ? 0 : most >= 1000 ? String(most).length : 3;
  return { line, offset: length - 2 >= 10000 ? String(length - 2).length : 4 };
}
