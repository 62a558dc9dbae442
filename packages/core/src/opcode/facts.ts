/**
 * The table of facts: what each opcode's oparg stands for, how many cache entries follow and what it does to the
 * stack, by name and by magic number. `rows.ts` gives the shape of a row.
 */
import { positionOf, type Version } from "../version/index.js";
import { controlRows } from "./facts-control.js";
import { dataRows } from "./facts-data.js";
import { nameRows } from "./facts-names.js";
import type { Row } from "./rows.js";

/** Every row of CPython, in no order that matters but that of `since` within a name. */
const factRows: readonly Row[] = [...dataRows, ...nameRows, ...controlRows];

/** What is PyPy's own or differs in it; it follows the rows of the CPython whose place it has. */
const pypyRows: readonly Row[] = [
  ["LOOKUP_METHOD", 0, "name", "owner -- attr, self_or_null"],
  ["CALL_METHOD", 0, "callPair", "method, self, args[(oparg & 255) + 2 * (oparg >> 8)] -- res"],
  ["CALL_METHOD", 3390, "raw", "method, self, args[oparg] -- res"],
  ["CALL_METHOD_KW", 0, "raw", "method, self, args[oparg], names -- res"],
  ["BUILD_LIST_FROM_ARG", 0, "raw", "iterable -- list, iterable"],
  ["JUMP_IF_NOT_DEBUG", 0, "jumpForward", "--"],
  ["LOAD_REVDB_VAR", 0, "raw", "-- value"],
  // Its blocks are no values of CPython's shapes; what they put on the stack is not known here.
  ["SETUP_EXCEPT SETUP_FINALLY SETUP_WITH SETUP_ASYNC_WITH", 0, "jumpForward", ""],
  ["END_FINALLY WITH_CLEANUP WITH_CLEANUP_START WITH_CLEANUP_FINISH POP_EXCEPT END_ASYNC_FOR RERAISE", 0, "none", ""],
  ["RERAISE", 3433, "raw", ""],
];

/** The place in the order from which something holds; 0 stands for the first Python. */
export function placeOf(since: number): number {
  return since === 0 ? -1 : positionOf(since);
}

/** The row of each name for a version. */
export function factsOf(version: Version): ReadonlyMap<string, Row> {
  const facts = new Map<string, Row>();
  for (const row of version.lineage === "PyPy" ? [...factRows, ...pypyRows] : factRows) {
    if (placeOf(row[1]) > version.position) continue;
    for (const name of row[0].split(" ")) facts.set(name, row);
  }
  return facts;
}
