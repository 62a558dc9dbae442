/**
 * The end of a line whose oparg means something in its code object: the constant, the name or the target, in
 * parentheses, and the line feed.
 *
 * Names repeat all over a file, and a file holds each of them once: the text of a name is kept by the name's node.
 */
import type { CodeObject } from "../code/index.js";
import { jumpTarget } from "../instruction/index.js";
import { OpargKind, type OpcodeTable } from "../opcode/index.js";
import { marker } from "./marker.js";
import { type Era, type Reference, references } from "./modern-era.js";
import { flat } from "./modern-pieces.js";
import type { Targets } from "./modern-targets.js";
import type { Pool } from "./pool.js";
import type { Listing } from "./style.js";

/** Ends of jumps are kept for offsets and labels up to here. */
const KEPT = 8192;
const toLabel: (string | undefined)[] = new Array(KEPT);
const toOffset: (string | undefined)[] = new Array(KEPT);

/** Which text of a name is meant: the name by itself, or with one of the FLAGS. */
const NAME = 0;
const FLAGS: readonly string[] = [...new Set(Object.values(references).flatMap((r) => r.flags))];
const TEXTS = 1 + FLAGS.length;

/** By kind: for the bits below the index which text they ask for. */
const askedFor = new Map<number, readonly number[]>();
for (const [kind, { shift, flags }] of Object.entries(references)) {
  const which = (bits: number) => {
    const flag = flags.find((_, bit) => (bits >> bit) & 1);
    return flag === undefined ? NAME : 1 + FLAGS.indexOf(flag);
  };
  askedFor.set(
    Number(kind),
    Array.from({ length: 1 << shift }, (_, bits) => which(bits)),
  );
}

/** Operands of the code objects of one listing, one after the other. */
export class Operands {
  private readonly out: Listing;
  private readonly table: OpcodeTable;
  private readonly era: Era;
  private readonly localsplus: boolean;
  private readonly jumpUnit: number;
  /** Ends of lines by node and text: node * TEXTS + which. */
  private readonly made = new Map<number, string>();
  private targets!: Targets;
  private units = 0;
  private consts!: Pool;
  private names!: Pool;
  private locals!: Pool;
  private cells!: Pool;
  private frees!: Pool;

  constructor(out: Listing, table: OpcodeTable, era: Era) {
    this.out = out;
    this.table = table;
    this.era = era;
    this.localsplus = out.version.traits.localsplus;
    this.jumpUnit = out.version.traits.jumpUnit;
  }

  /** From here on the code object is this one. */
  enter(code: CodeObject, units: number, targets: Targets): void {
    const { repr } = this.out;
    this.targets = targets;
    this.units = units;
    this.consts = repr.pool(code.fieldNode("co_consts"));
    this.names = repr.pool(code.fieldNode("co_names"));
    this.locals = repr.pool(code.fieldNode(this.localsplus ? "co_localsplusnames" : "co_varnames"));
    this.cells = this.localsplus ? this.locals : repr.pool(code.fieldNode("co_cellvars"));
    this.frees = this.localsplus ? this.locals : repr.pool(code.fieldNode("co_freevars"));
  }

  /** What follows the oparg of an instruction with this opcode and kind; `next` is the offset past its caches. */
  tail(kind: number, op: number, oparg: number, next: number): string {
    switch (kind) {
      case OpargKind.jumpForward:
      case OpargKind.jumpBackward:
      case OpargKind.jumpAbsolute:
        return this.jump(op, jumpTarget(kind, oparg, next, this.jumpUnit) / 2);
      case OpargKind.const:
        return end(this.consts.constant(oparg) ?? marker.constant(oparg));
      case OpargKind.local:
        return this.kept(this.locals, oparg, NAME) ?? end(marker.local(oparg));
      case OpargKind.free:
        return this.cell(oparg);
      case OpargKind.localPair:
        return end(`${this.local(oparg >> 4)}, ${this.local(oparg & 15)}`);
      default:
        return this.name(kind, oparg);
    }
  }

  /** The marker behind a target that is none: outside the code, or inside an instruction; else nothing. */
  doubt(unit: number): string {
    return unit >= 0 && unit < this.units && this.targets.begins[unit] === 1 ? "" : marker.target;
  }

  /** What a target is called in the listing: its label or its offset. */
  target(unit: number): string {
    if (this.era.targets === "offsets") return String(unit * 2);
    return `L${unit >= 0 && unit <= this.units ? this.targets.label[unit] : this.targets.outside.get(unit)}`;
  }

  private jump(op: number, target: number): string {
    const doubt = this.doubt(target);
    const preposition = this.table.names[this.table.base[op] as number] === "END_ASYNC_FOR" ? "from" : "to";
    if (doubt !== "" || preposition !== "to") return ` (${preposition} ${this.target(target)}${doubt})\n`;
    const labels = this.era.targets === "labels";
    const made = labels ? toLabel : toOffset;
    const key = labels ? (this.targets.label[target] as number) : target;
    const known = made[key];
    if (known !== undefined) return known;
    const tail = flat(end(`to ${this.target(target)}`));
    if (key < KEPT) made[key] = tail;
    return tail;
  }

  private name(kind: number, oparg: number): string {
    const asked = askedFor.get(kind) as readonly number[];
    const { shift } = references[kind] as Reference;
    const index = oparg >> shift;
    const which = asked[oparg & (asked.length - 1)] as number;
    return this.kept(this.names, index, which) ?? end(this.withFlag(marker.name(index), which));
  }

  private local(index: number): string {
    return this.locals.name(index) ?? marker.local(index);
  }

  private cell(index: number): string {
    const known = this.kept(this.cells, index, NAME);
    if (known !== undefined || this.localsplus) return known ?? end(marker.cell(index));
    return this.kept(this.frees, index - this.cells.length, NAME) ?? end(marker.cell(index));
  }

  /** The end of a line that tells this name of a pool; undefined where there is no such name. */
  private kept(pool: Pool, index: number, which: number): string | undefined {
    const node = pool.nodes[index];
    if (node === undefined) return undefined;
    const key = node * TEXTS + which;
    const known = this.made.get(key);
    if (known !== undefined) return known;
    const tail = flat(end(this.withFlag(pool.name(index) as string, which)));
    this.made.set(key, tail);
    return tail;
  }

  private withFlag(name: string, which: number): string {
    if (which === NAME || name === "") return name;
    const flag = FLAGS[which - 1];
    return this.era.pushed === "before" ? `${flag} + ${name}` : `${name} + ${flag}`;
  }
}

/** An operand as the end of a line; dis prints no parentheses around nothing. */
function end(text: string): string {
  return text === "" ? "\n" : ` (${text})\n`;
}
