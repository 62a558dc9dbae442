/**
 * The table of facts: what each opcode's oparg stands for, how many cache entries follow and what it does to the
 * stack, by name and by magic number. `rows.ts` gives the shape of a row.
 */
import { type Lineage, placeOf as placeInOrder } from "../version/index.js";
import { controlRows } from "./facts-control.js";
import { dataRows } from "./facts-data.js";
import { nameRows } from "./facts-names.js";
import type { Row } from "./rows.js";

/** Every row of CPython, in no order that matters but that of `since` within a name. */
const factRows: readonly Row[] = [...dataRows, ...nameRows, ...controlRows];

/** What is PyPy's own or differs in it; it follows the rows of the CPython whose place it has. */
const pypyRows: readonly Row[] = [
  ["LOOKUP_METHOD", 0, "name", "owner -- attr, self_or_null"],
  ["CALL_METHOD", 0, "raw", "method, self, args[(oparg & 255) + 2 * (oparg >> 8)] -- res"],
  ["CALL_METHOD", 3390, "raw", "method, self, args[oparg] -- res"],
  ["CALL_METHOD_KW", 0, "raw", "method, self, args[oparg], names -- res"],
  ["BUILD_LIST_FROM_ARG", 0, "raw", "iterable -- list, iterable"],
  ["JUMP_IF_NOT_DEBUG", 0, "jumpForward", "--"],
  ["LOAD_REVDB_VAR", 0, "raw", "-- value"],
  // What its blocks put on the stack and how its compiler counts is known of 3.9 alone.
  ["SETUP_EXCEPT SETUP_FINALLY SETUP_WITH SETUP_ASYNC_WITH", 0, "jumpForward", ""],
  ["END_FINALLY WITH_CLEANUP WITH_CLEANUP_START WITH_CLEANUP_FINISH POP_EXCEPT END_ASYNC_FOR RERAISE", 0, "none", ""],
  ["WITH_EXCEPT_START", 0, "none", ""],
  ["SETUP_EXCEPT", 3425, "jumpForward", "-- | -- prev, exc[3]"],
  ["SETUP_FINALLY", 3425, "jumpForward", "-- | -- prev, exc"],
  ["SETUP_WITH", 3425, "jumpForward", "manager -- exit, res | manager -- exit, prev, exc ! manager -- exit, res"],
  ["SETUP_ASYNC_WITH", 3425, "jumpForward", "res -- res | res -- prev, exc"],
  ["POP_EXCEPT", 3425, "none", "prev --"],
  ["FOR_ITER", 3425, "jumpForward", "iter -- iter, item | iter -- ! -- item | a, b --"],
  ["JUMP_IF_FALSE_OR_POP JUMP_IF_TRUE_OR_POP", 3425, "jumpAbsolute", "cond -- | cond -- cond ! --"],
  ["POP_JUMP_IF_FALSE POP_JUMP_IF_TRUE", 3425, "jumpAbsolute", "cond -- ! cond -- | --"],
  ["JUMP_IF_NOT_EXC_MATCH", 3425, "jumpAbsolute", "left, right -- ! left, right -- | --"],
  ["RERAISE", 3425, "none", "exc --"],
  ["WITH_EXCEPT_START", 3425, "none", "exit, prev, exc -- prev, exc, res"],
  ["END_ASYNC_FOR", 3425, "none", "iter, prev, exc[3] --"],
  // Of 3.10 and 3.11 it is not.
  ["SETUP_EXCEPT SETUP_FINALLY SETUP_WITH SETUP_ASYNC_WITH", 3439, "jumpForward", ""],
  ["POP_EXCEPT END_ASYNC_FOR WITH_EXCEPT_START", 3439, "none", ""],
  ["RERAISE", 3439, "raw", ""],
];

/** The place in the order from which something holds; 0 stands for the first Python. */
export function placeOf(since: number | string): number {
  return since === 0 ? -1 : placeInOrder(since);
}

/** The row of each name for the CPython with this place in the order, or for the PyPy that follows it. */
export function factsOf(lineage: Lineage, place: number): ReadonlyMap<string, Row> {
  const facts = new Map<string, Row>();
  for (const row of lineage === "PyPy" ? [...factRows, ...pypyRows] : factRows) {
    if (placeOf(row[1]) > place) continue;
    for (const name of row[0].split(" ")) facts.set(name, row);
  }
  return facts;
}
