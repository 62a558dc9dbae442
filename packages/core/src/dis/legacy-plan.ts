/** What the listing up to 3.10 asks of a version: its era's layout joined with its opcodes, as bytes to be copied. */
import { OpargKind, type OpcodeTable, opcodesOf } from "../opcode/index.js";
import type { Version } from "../version/index.js";
import { type Era, eras } from "./eras.js";
import { Meanings, nameWords } from "./opcode-bytes.js";

export interface Plan {
  readonly table: OpcodeTable;
  readonly era: Era;
  /** The opcodes' names, NAME_WORDS for each, and how long each name is. */
  readonly names: Float64Array;
  readonly nameSize: Uint8Array;
  /** The `OpargKind` whose meaning is told; `raw` for an oparg without meaning, `none` for no oparg. */
  readonly tells: Uint8Array;
  /** The kinds of jumps, 0 for all else. */
  readonly jumps: Uint8Array;
  readonly tellsAbsolute: boolean;
  /** SET_LINENO, where a blank line goes before it; else -1. */
  readonly lineOpcode: number;
  readonly meanings: Meanings;
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

function makePlan(table: OpcodeTable, era: Era): Plan {
  const { kind, hasArg, names } = table;
  const told = new Set<number>([OpargKind.const, OpargKind.name, OpargKind.jumpForward, OpargKind.jumpAbsolute]);
  for (const name of era.tells) told.add(OpargKind[name]);
  return {
    table,
    era,
    names: nameWords(names),
    nameSize: Uint8Array.from(names, (name) => name.length),
    tells: kind.map((k, op) => (hasArg[op] === 0 ? OpargKind.none : told.has(k) ? k : OpargKind.raw)),
    jumps: kind.map((k) => (k === OpargKind.jumpForward || k === OpargKind.jumpAbsolute ? k : 0)),
    tellsAbsolute: era.tells.includes("jumpAbsolute"),
    lineOpcode: era.lineColumn ? -1 : (table.number("SET_LINENO") ?? -1),
    meanings: new Meanings(table, FUNCTION_PARTS),
  };
}

/** So many bits of MAKE_FUNCTION's oparg have a name. */
const FUNCTION_PARTS = 4;
