/**
 * What an oparg means in its code object, in parentheses behind it: the constant, the name or the target. Whoever
 * writes says where on the page, and gets back where it ends.
 */
import type { CodeObject } from "../code/index.js";
import { type Instructions, jumpTarget } from "../instruction/index.js";
import { OpargKind } from "../opcode/index.js";
import { marker } from "./marker.js";
import type { Naming, Plan } from "./modern-plan.js";
import { beginsAt, type Targets } from "./modern-targets.js";
import { BLANK, column } from "./page.js";
import { bytesOf, type PageRepr } from "./page-repr.js";
import type { Listing } from "./style.js";

const OPEN = 0x28;
const CLOSE = 0x29;
const L = 0x4c;

const TO = bytesOf(" (to ");
const COMMA = bytesOf(", ");

/** Numbers that `column` writes. */
const MOST = 0xffffffff;

/** Operands of the code objects of one listing, one after the other. */
export class Operands {
  private readonly out: Listing;
  private readonly print: PageRepr;
  private readonly plan: Plan;
  private readonly byLabel: boolean;
  private readonly localsplus: boolean;
  private readonly jumpUnit: number;
  // Of the code object:
  private rows!: Instructions;
  private targets!: Targets;
  private units = 0;
  private consts = 0;
  private names = 0;
  private locals = 0;
  private cells = 0;
  private frees = 0;

  constructor(out: Listing, plan: Plan) {
    this.out = out;
    this.print = out.direct;
    this.plan = plan;
    this.byLabel = plan.era.targets === "labels";
    this.localsplus = out.version.traits.localsplus;
    this.jumpUnit = out.version.traits.jumpUnit;
  }

  /** From here on the code object is this one. */
  enter(code: CodeObject, units: number, rows: Instructions, targets: Targets): void {
    const { elements } = this.out;
    this.rows = rows;
    this.targets = targets;
    this.units = units;
    this.consts = elements.of(code.fieldNode("co_consts"));
    this.names = elements.of(code.fieldNode("co_names"));
    this.locals = elements.of(code.fieldNode(this.localsplus ? "co_localsplusnames" : "co_varnames"));
    this.cells = this.localsplus ? this.locals : elements.of(code.fieldNode("co_cellvars"));
    this.frees = this.localsplus ? this.locals : elements.of(code.fieldNode("co_freevars"));
  }

  /** The meaning of this kind of an opcode's oparg; `next` is the offset past its caches. */
  tell(p: number, kind: number, op: number, oparg: number, next: number): number {
    const { print } = this;
    switch (kind) {
      case OpargKind.local:
        return this.orElse(p, print.name(p, this.locals, oparg >>> 0, false), marker.local, oparg);
      case OpargKind.const:
        return this.orElse(p, print.constant(p, this.consts, oparg >>> 0), marker.constant, oparg);
      case OpargKind.jumpForward:
      case OpargKind.jumpBackward:
      case OpargKind.jumpAbsolute:
        return this.jump(p, op, jumpTarget(kind, oparg, next, this.jumpUnit) / 2);
      case OpargKind.free:
        return this.orElse(p, this.cell(p, oparg), marker.cell, oparg);
      case OpargKind.localPair:
        return this.pair(p, oparg);
      default: {
        const naming = this.plan.namings[kind];
        return naming === undefined ? print.bytes(p, this.plan.meanings.of(kind, oparg)) : this.name(p, naming, oparg);
      }
    }
  }

  /** Whether a target is none: it lies outside the code, or inside an instruction. */
  isDoubtful(unit: number): boolean {
    return unit < 0 || unit >= this.units || !beginsAt(this.rows, unit);
  }

  /** What a target is called in the listing: its label or its offset. */
  target(p: number, unit: number): number {
    if (!this.byLabel) return this.number(p, 2 * unit);
    const { label, outside } = this.targets;
    this.print.page.bytes[p] = L;
    return this.number(p + 1, (unit >= 0 && unit <= this.units ? label[unit] : outside.get(unit)) as number);
  }

  number(p: number, n: number): number {
    return n >= 0 && n <= MOST ? column(this.print.page.bytes, p, 0, n) : this.print.put(p, String(n));
  }

  private orElse(p: number, end: number, mark: (index: number) => string, index: number): number {
    return end < 0 ? this.print.parenthesized(p, mark(index)) : end;
  }

  private jump(p: number, op: number, unit: number): number {
    const { print, plan } = this;
    const from = plan.table.base[op] === plan.jumpsFrom;
    const q = this.target(from ? print.put(p, " (from ") : print.bytes(p, TO), unit);
    if (this.isDoubtful(unit)) return print.put(q, `${marker.target})`);
    print.page.bytes[q] = CLOSE;
    return q + 1;
  }

  private name(p: number, { shift, flags }: Naming, oparg: number): number {
    const { print, out, names } = this;
    const index = oparg >> shift;
    const flag = flags[oparg & (flags.length - 1)];
    if (flag === undefined) return this.orElse(p, print.name(p, names, index >>> 0, false), marker.name, index);
    const q = print.bytes(p, flag.before);
    const known = index >>> 0 < out.elements.count(names);
    const end = known
      ? print.bareName(q, out.elements.nodes[names + index] as number)
      : print.put(q, marker.name(index));
    if (end !== q) return print.bytes(end, flag.after);
    print.page.bytes.fill(BLANK, p, q); // dis prints nothing around no name
    return p;
  }

  private cell(p: number, index: number): number {
    const end = this.print.name(p, this.cells, index >>> 0, false);
    if (end >= 0 || this.localsplus) return end;
    return this.print.name(p, this.frees, (index - this.out.elements.count(this.cells)) >>> 0, false);
  }

  private pair(p: number, oparg: number): number {
    const { page } = this.print;
    page.bytes[p + 1] = OPEN;
    const q = this.local(this.print.bytes(this.local(p + 2, oparg >> 4), COMMA), oparg & 15);
    page.bytes[q] = CLOSE;
    return q + 1;
  }

  private local(p: number, index: number): number {
    const { elements } = this.out;
    if (index >>> 0 >= elements.count(this.locals)) return this.print.put(p, marker.local(index));
    return this.print.bareName(p, elements.nodes[this.locals + index] as number);
  }
}
