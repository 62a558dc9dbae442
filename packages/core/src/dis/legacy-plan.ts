/** What the listing up to 3.10 asks of a version: its era's layout joined with its opcodes, as bytes to be copied. */
import { OpargKind, type OpcodeTable, opcodesOf } from "../opcode/index.js";
import type { Version } from "../version/index.js";
import { type Era, eras } from "./eras.js";
import { ownMeaning } from "./meaning.js";
import { BLANK } from "./page.js";

export interface Plan {
  readonly era: Era;
  /** The opcodes' names by four bytes, NAME_WORDS for each, blank behind the name; and how long each name is. */
  readonly names: Uint32Array;
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
    era,
    names: Uint32Array.from(names.flatMap((name) => wordsOf(name))),
    nameSize: Uint8Array.from(names, (name) => name.length),
    tells: kind.map((k, op) => (hasArg[op] === 0 ? OpargKind.none : told.has(k) ? k : OpargKind.raw)),
    jumps: kind.map((k) => (k === OpargKind.jumpForward || k === OpargKind.jumpAbsolute ? k : 0)),
    tellsAbsolute: era.tells.includes("jumpAbsolute"),
    lineOpcode: era.lineColumn ? -1 : (table.number("SET_LINENO") ?? -1),
    meanings: new Meanings(table),
  };
}

/** Enough for every name. */
export const NAME_WORDS = 8;

function wordsOf(name: string): number[] {
  const code = (i: number) => (i < name.length ? name.charCodeAt(i) : BLANK);
  const word = (i: number) => code(i) * 0x1000000 + (code(i + 1) << 16) + (code(i + 2) << 8) + code(i + 3);
  return Array.from({ length: NAME_WORDS }, (_, i) => word(4 * i));
}

/** So many bits of MAKE_FUNCTION's oparg have a name. */
const FUNCTION_PARTS = 4;

/** Opargs below this have their meaning kept. */
const KEPT = 256;

/** What opargs mean by themselves. */
export class Meanings {
  private readonly table: OpcodeTable;
  private readonly made = new Map<number, Uint8Array>();

  constructor(table: OpcodeTable) {
    this.table = table;
  }

  /** In parentheses, a space before them; empty where there is nothing to say beyond the number. */
  of(kind: number, oparg: number): Uint8Array {
    const key = kind * KEPT + oparg;
    let bytes = oparg < KEPT ? this.made.get(key) : undefined;
    if (bytes === undefined) {
      const text = ownMeaning(this.table, kind, oparg, FUNCTION_PARTS);
      bytes = text === "" ? NOTHING : Uint8Array.from(` (${text})`, (c) => c.charCodeAt(0));
      if (oparg < KEPT) this.made.set(key, bytes);
    }
    return bytes;
  }
}

const NOTHING = new Uint8Array(0);
