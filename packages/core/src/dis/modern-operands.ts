/**
 * The end of a line whose oparg means something in this code object: the constant, the name or the target, in
 * parentheses, and the line feed. Made once per oparg and code object.
 */
import type { CodeObject } from "../code/index.js";
import { OpargKind, type OpcodeTable } from "../opcode/index.js";
import { marker } from "./marker.js";
import { type Era, type Reference, references } from "./modern-era.js";
import { jumpTarget, type Targets } from "./modern-targets.js";
import type { Pool } from "./pool.js";
import type { Listing } from "./style.js";

/** Lines' ends of jumps are kept for targets and labels up to here. */
const KEPT = 8192;
/** Opargs of a code object have their lines' ends kept up to here. */
const KEPT_PER_CODE = 1024;

const toLabel: (string | undefined)[] = [];
const toOffset: (string | undefined)[] = [];

export class Operands {
  private readonly out: Listing;
  private readonly code: CodeObject;
  private readonly table: OpcodeTable;
  private readonly era: Era;
  private readonly units: number;
  private readonly targets: Targets;
  /** By kind, then by oparg. */
  private readonly made: (string | undefined)[][] = [];
  private readonly localsplus: boolean;
  /** By field. */
  private readonly pools = new Map<string, Pool>();

  constructor(out: Listing, code: CodeObject, table: OpcodeTable, era: Era, units: number, targets: Targets) {
    this.out = out;
    this.code = code;
    this.table = table;
    this.era = era;
    this.units = units;
    this.targets = targets;
    this.localsplus = code.version.traits.localsplus;
  }

  /** What follows the oparg of an instruction at `unit` with an opcode of this kind. */
  tail(kind: number, op: number, oparg: number, unit: number): string {
    if (kind >= OpargKind.jumpForward && kind <= OpargKind.jumpAbsolute) return this.jump(kind, op, oparg, unit);
    this.made[kind] ??= [];
    const made = this.made[kind] as (string | undefined)[];
    const known = made[oparg];
    if (known !== undefined) return known;
    const text = kind === OpargKind.localPair ? this.pair(oparg) : this.reference(references[kind] as Reference, oparg);
    const tail = text === "" ? "\n" : ` (${text})\n`;
    if (oparg >= 0 && oparg < KEPT_PER_CODE) made[oparg] = tail;
    return tail;
  }

  /** The marker behind a target that is none: outside the code, or inside an instruction; else nothing. */
  doubt(unit: number): string {
    return unit >= 0 && unit < this.units && this.targets.begins[unit] === 1 ? "" : marker.target;
  }

  /** The name of a target in the listing: its label or its offset. */
  target(unit: number): string {
    if (this.era.targets === "offsets") return String(unit * 2);
    return `L${unit >= 0 && unit <= this.units ? this.targets.label[unit] : this.targets.outside.get(unit)}`;
  }

  private jump(kind: number, op: number, oparg: number, unit: number): string {
    const target = jumpTarget(kind, oparg, unit, this.table.caches[op] as number) as number;
    const preposition = this.table.names[this.table.base[op] as number] === "END_ASYNC_FOR" ? "from" : "to";
    if (preposition !== "to" || this.doubt(target) !== "")
      return ` (${preposition} ${this.target(target)}${this.doubt(target)})\n`;
    const labels = this.era.targets === "labels";
    const made = labels ? toLabel : toOffset;
    const key = labels ? (this.targets.label[target] as number) : target;
    const known = made[key];
    if (known !== undefined) return known;
    const tail = ` (to ${this.target(target)})\n`;
    if (key < KEPT) made[key] = tail;
    return tail;
  }

  private reference({ pool, shift, flags }: Reference, oparg: number): string {
    const index = oparg >> shift;
    if (pool === "consts") return this.constant(index);
    const name = this.name(pool, index);
    const set = flags.find((_, bit) => (oparg >> bit) & 1);
    if (set === undefined || name === "") return name;
    return this.era.pushed === "before" ? `${set} + ${name}` : `${name} + ${set}`;
  }

  /** Two locals, four bits the second. */
  private pair(oparg: number): string {
    return `${this.name("locals", oparg >> 4)}, ${this.name("locals", oparg & 15)}`;
  }

  private constant(index: number): string {
    return this.pool("co_consts").constant(index) ?? marker.constant(index);
  }

  private name(of: "names" | "locals" | "cells", index: number): string {
    if (of === "names") return this.pool("co_names").name(index) ?? marker.name(index);
    if (this.localsplus)
      return this.pool("co_localsplusnames").name(index) ?? marker[of === "cells" ? "cell" : "local"](index);
    if (of === "locals") return this.pool("co_varnames").name(index) ?? marker.local(index);
    const cells = this.pool("co_cellvars");
    return cells.name(index) ?? this.pool("co_freevars").name(index - cells.length) ?? marker.cell(index);
  }

  private pool(field: string): Pool {
    let pool = this.pools.get(field);
    if (pool === undefined) {
      pool = this.out.repr.pool(this.code.fieldNode(field));
      this.pools.set(field, pool);
    }
    return pool;
  }
}
