/** What a listing of 3.11 to 3.15 asks of a version: its era's layout joined with its opcodes, as bytes to be copied. */
import { OpargKind, type OpcodeTable, opcodesOf } from "../opcode/index.js";
import type { Version } from "../version/index.js";
import { type Era, eras, references } from "./modern-era.js";
import { jumpKinds } from "./modern-targets.js";
import { Meanings, nameWords } from "./opcode-bytes.js";
import { bytesOf } from "./page-repr.js";

const OPNAME_WIDTH = 20;
const OPARG_WIDTH = 5;

/** How an oparg names one of co_names, as `Reference` says it, by the bits below the index. */
export interface Naming {
  readonly shift: number;
  /** What those bits add to the name; undefined for nothing. */
  readonly flags: readonly (Flag | undefined)[];
}

/** What is pushed with a name, and what stands around the name then, parentheses included. */
export interface Flag {
  readonly before: Uint8Array;
  readonly after: Uint8Array;
}

export interface Plan {
  readonly era: Era;
  readonly table: OpcodeTable;
  /** The opcodes' names, NAME_WORDS for each, and how long each name is. */
  readonly names: Float64Array;
  readonly nameSize: Uint8Array;
  /** From the beginning of a name to its oparg's column, and how wide that is. */
  readonly opargAt: Uint8Array;
  readonly opargWidth: Uint8Array;
  /** The `OpargKind` whose meaning is told; `raw` for an oparg without meaning, `none` for no oparg. */
  readonly tells: Uint8Array;
  /** The kinds of jumps, 0 for all else. */
  readonly jumps: Uint8Array;
  /** END_ASYNC_FOR, where its oparg tells whence it jumps; else -1. */
  readonly jumpsFrom: number;
  /** By kind, of those that name one of co_names. */
  readonly namings: readonly (Naming | undefined)[];
  readonly meanings: Meanings;
}

const plans = new WeakMap<OpcodeTable, Plan>();

/** The plan of a version whose `traits.listing` names one of the eras; undefined for any other. */
export function planOf(version: Version): Plan | undefined {
  const era = eras.get(version.traits.listing);
  if (era === undefined) return undefined;
  const table = opcodesOf(version);
  let plan = plans.get(table);
  if (plan === undefined) {
    plan = makePlan(table, era);
    plans.set(table, plan);
  }
  return plan;
}

function makePlan(table: OpcodeTable, era: Era): Plan {
  const { base, hasArg, kind, names } = table;
  const excess = (name: string) => Math.max(0, name.length - OPNAME_WIDTH);
  const unsaid = new Set(era.unsaid);
  const tells = (k: number, op: number) => {
    const plain = base[op] as number;
    if (hasArg[plain] === 0) return OpargKind.none;
    return k === OpargKind.none || unsaid.has(names[plain] as string) ? OpargKind.raw : k;
  };
  return {
    era,
    table,
    names: nameWords(names),
    nameSize: Uint8Array.from(names, (name) => name.length),
    opargAt: Uint8Array.from(names, (name) => OPNAME_WIDTH + excess(name) + 1),
    opargWidth: Uint8Array.from(names, (name) => Math.max(0, OPARG_WIDTH - (era.overflow ? excess(name) : 0))),
    tells: kind.map(tells),
    jumps: jumpKinds(table),
    jumpsFrom: table.number("END_ASYNC_FOR") ?? -1,
    namings: namingsOf(era),
    meanings: new Meanings(table, era.functionParts),
  };
}

function namingsOf({ pushed }: Era): (Naming | undefined)[] {
  const flagOf = (flag: string): Flag => {
    const before = pushed === "before" ? ` (${flag} + ` : " (";
    const after = pushed === "before" ? ")" : ` + ${flag})`;
    return { before: bytesOf(before), after: bytesOf(after) };
  };
  const namings: (Naming | undefined)[] = [];
  for (const [kind, { shift, flags }] of Object.entries(references)) {
    const made = flags.map(flagOf);
    const added = (bits: number) => made.find((_, bit) => ((bits >> bit) & 1) === 1);
    namings[Number(kind)] = { shift, flags: Array.from({ length: 1 << shift }, (_, bits) => added(bits)) };
  }
  return namings;
}
