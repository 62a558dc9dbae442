/**
 * What to write instead of an instruction that a version has not: facts with ranges of magic numbers, as in the table
 * of opcodes. Only what is one instruction for another, or can be said in a few words, is here.
 */
import type { Version } from "../version/index.js";
import { equivalentRows, pypyEquivalentRows } from "./equivalent-rows.js";
import { placeOf } from "./facts.js";
import { opcodesOf } from "./table.js";

/** What stands for an instruction. */
export interface Equivalent {
  /** Instructions, separated by `; `; `…` is the operand that the other had. "" where it is left out. */
  readonly instead: string;
  /** What else is to be minded; "" for nothing. */
  readonly note: string;
}

/**
 * One row: `[instructions, since, until, instead, note]`.
 *
 * - instructions: opcodes separated by a space; or (in quotes within) one with its operand: `COMPARE_OP in`.
 * - since, until: the magic numbers from which on and before which the row holds, in CPython's order; 0 and undefined
 *   for no bound.
 */
export type EquivalentRow = readonly [
  instructions: string,
  since: number,
  until: number | undefined,
  instead: string,
  note?: string,
];

type Found = readonly EquivalentRow[];
const byInstruction = new Map<readonly EquivalentRow[], ReadonlyMap<string, Found>>();

function index(rows: readonly EquivalentRow[]): ReadonlyMap<string, Found> {
  const known = byInstruction.get(rows);
  if (known !== undefined) return known;
  const map = new Map<string, EquivalentRow[]>();
  const add = (key: string, row: EquivalentRow) => map.set(key, [...(map.get(key) ?? []), row]);
  for (const row of rows) {
    const [instructions] = row;
    const names = instructions.split(" ");
    const areNames = names.every((name) => /^[A-Z][A-Z_\d+]*$/.test(name) && name !== "NULL");
    for (const key of areNames ? names : [instructions]) add(key, row);
  }
  byInstruction.set(rows, map);
  return map;
}

/**
 * What says in that version what the instruction says in another; undefined where nothing does so directly.
 * @param operand its operand as it is written, for those of which some operands have become opcodes
 */
export function equivalentOf(version: Version, name: string, operand = ""): Equivalent | undefined {
  const keys = [`${name} ${operand}`, name];
  const tables = version.lineage === "PyPy" ? [pypyEquivalentRows, equivalentRows] : [equivalentRows];
  for (const rows of tables.flatMap((table) => keys.map((key) => index(table).get(key)))) {
    for (const [, since, until, instead, note = ""] of rows ?? []) {
      if (placeOf(since) > version.position) continue;
      if (until !== undefined && placeOf(until) <= version.position) continue;
      if (!opcodesIn(instead).every((other) => opcodesOf(version).number(other) !== undefined)) continue;
      return { instead: instead.replace("…", operand === "" ? "…" : operand), note };
    }
  }
  return undefined;
}

/** The opcodes that a text of instructions names. */
export function opcodesIn(instead: string): string[] {
  return instead.split("; ").flatMap((instruction) => /^[A-Z][A-Z_\d+]*/.exec(instruction)?.[0] ?? []);
}
