/** What the listing up to 3.10 asks of a version: its era's layout joined with its opcodes, and text that repeats. */
import { OpargKind, type OpcodeTable, opcodesOf } from "../opcode/index.js";
import type { Version } from "../version/index.js";
import { type Era, eras } from "./eras.js";
import { flat } from "./flat.js";
import { marker } from "./marker.js";

/** Opargs below this have their text kept. */
const KEPT = 256;
/** And targets below this. */
const KEPT_TARGETS = 4096;
const OPARG_WIDTH = 5;

export interface Plan {
  readonly era: Era;
  readonly operations: Operations;
  /** The `OpargKind` of the opcodes whose oparg means something in a code object; 0 where the text is whole. */
  readonly open: Uint8Array;
  /** The kinds of jumps, 0 for all else. */
  readonly jumps: Uint8Array;
  /** SET_LINENO, where a blank line goes before it; else -1. */
  readonly lineOpcode: number;
  readonly tells: ReadonlySet<number>;
  readonly targets: Targets;
  /** What ends a line. */
  readonly end: string;
}

const plans = new WeakMap<OpcodeTable, Plan>();

/** The plan of a version whose `traits.listing` names one of the eras. */
export function planOf(version: Version): Plan {
  const table = opcodesOf(version);
  let plan = plans.get(table);
  if (plan === undefined) {
    plan = makePlan(table, eras.get(version.traits.listing) as Era);
    plans.set(table, plan);
  }
  return plan;
}

/** Kinds whose meaning depends on the code object or on where the instruction stands. */
const OPEN = ["const", "name", "local", "free", "jumpForward", "jumpAbsolute"] as const;
const ALWAYS_TOLD = ["const", "name", "jumpForward"] as const;

function makePlan(table: OpcodeTable, era: Era): Plan {
  const tells = new Set<number>([...ALWAYS_TOLD, ...era.tells].map((name) => OpargKind[name]));
  const open = new Set<number>(OPEN.map((name) => OpargKind[name]));
  const jump = new Set<number>([OpargKind.jumpForward, OpargKind.jumpAbsolute]);
  const end = era.tail === "space" ? " \n" : "\n";
  return {
    era,
    operations: new Operations(table, era, tells, end),
    open: table.kind.map((k, op) => (table.hasArg[op] === 1 && open.has(k) && (tells.has(k) || jump.has(k)) ? k : 0)),
    jumps: table.kind.map((k) => (jump.has(k) ? k : 0)),
    lineOpcode: era.lineColumn ? -1 : (table.number("SET_LINENO") ?? -1),
    tells,
    targets: new Targets(end),
    end,
  };
}

/** The end of a line that tells where a jump leads. */
export class Targets {
  private readonly end: string;
  private readonly made = new Array<string | undefined>(KEPT_TARGETS).fill(undefined);

  constructor(end: string) {
    this.end = end;
  }

  of(target: number): string {
    return this.made[target] ?? this.make(target);
  }

  private make(target: number): string {
    const text = flat(` (to ${target})${this.end}`);
    if (target < KEPT_TARGETS) this.made[target] = text;
    return text;
  }
}

/** The columns from the opcode's name to the oparg; where nothing else follows, to the end of the line. */
export class Operations {
  /** By opcode and oparg, below KEPT; undefined for one that is not made yet. */
  readonly made: readonly (string | undefined)[][] = Array.from({ length: 256 }, () => []);
  private readonly table: OpcodeTable;
  private readonly era: Era;
  private readonly tells: ReadonlySet<number>;
  private readonly end: string;

  constructor(table: OpcodeTable, era: Era, tells: ReadonlySet<number>, end: string) {
    this.table = table;
    this.era = era;
    this.tells = tells;
    this.end = end;
  }

  make(op: number, oparg: number): string {
    const text = flat(this.text(op, String(oparg), oparg));
    if (oparg < KEPT) (this.made[op] as string[])[oparg] = text;
    return text;
  }

  /** The same for an oparg whose digits print otherwise. */
  text(op: number, digits: string, oparg: number): string {
    const { table, era, end } = this;
    const name = ` ${(table.names[op] as string).padEnd(era.nameWidth)}`;
    if (table.hasArg[op] === 0) return era.tail === "nothing" ? `${name.trimEnd()}\n` : name + end;
    const columns = `${name} ${digits.padStart(OPARG_WIDTH)}`;
    const kind = table.kind[op] as number;
    switch (kind) {
      case OpargKind.const:
      case OpargKind.name:
      case OpargKind.jumpForward:
      case OpargKind.jumpAbsolute:
        return columns;
      case OpargKind.local:
      case OpargKind.free:
        return this.tells.has(kind) ? columns : columns + end;
      default: {
        const meaning = this.tells.has(kind) ? this.meaning(kind, oparg) : "";
        return meaning === "" ? columns + end : `${columns} (${meaning})${end}`;
      }
    }
  }

  /** What an oparg means by itself; "" where there is nothing to say beyond the number. */
  private meaning(kind: number, oparg: number): string {
    switch (kind) {
      case OpargKind.compare:
        return this.table.compare[oparg] ?? marker.operand(oparg);
      case OpargKind.callPair:
        return `${oparg & 255} positional, ${(oparg >> 8) & 255} keyword pair`;
      case OpargKind.format:
        return [CONVERSIONS[oparg & 3], oparg & 4 ? "with format" : ""].filter((s) => s !== "").join(", ");
      case OpargKind.functionFlags:
        return FUNCTION_PARTS.filter((_, bit) => oparg & (1 << bit)).join(", ");
      default:
        return "";
    }
  }
}

const CONVERSIONS = ["", "str", "repr", "ascii"];
const FUNCTION_PARTS = ["defaults", "kwdefaults", "annotations", "closure"];
