/**
 * The table of facts: what each opcode's oparg stands for, how many cache entries follow and what it does to the
 * stack, by name and by magic number. `rows.ts` gives the shape of a row.
 */
import { positionOf } from "../version/index.js";
import { controlRows } from "./facts-control.js";
import { dataRows } from "./facts-data.js";
import { nameRows } from "./facts-names.js";
import type { Row } from "./rows.js";

/** Every row, in no order that matters but that of `since` within a name. */
export const factRows: readonly Row[] = [...dataRows, ...nameRows, ...controlRows];

/** The place in the order from which something holds; 0 stands for the first Python. */
export function placeOf(since: number): number {
  return since === 0 ? -1 : positionOf(since);
}

/** The row of each name for the CPython with this place in the order. */
export function factsAt(position: number): ReadonlyMap<string, Row> {
  const facts = new Map<string, Row>();
  for (const row of factRows) {
    if (placeOf(row[1]) > position) continue;
    for (const name of row[0].split(" ")) facts.set(name, row);
  }
  return facts;
}
