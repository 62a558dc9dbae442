/** The tables beside the code: lines, and the handlers of exceptions. What of them cannot be read is told elsewhere. */
import { exceptionEntries } from "../exceptiontable/index.js";
import { type Graph, INSIDE, rowAt } from "../flow/index.js";
import { entries, NO_LINE } from "../linetable/index.js";
import type { Subject } from "./finding.js";

/** The most that an entry of co_lnotab can add to the offset. */
const MOST_STEP = 255;

export function checkLines({ code, tell }: Subject, graph: Graph): void {
  const table = entries(code);
  if (table === undefined || table.field === "") return;
  const before = table.field === "co_lnotab";
  for (const entry of table.entries) {
    if (entry.lineDelta === NO_LINE || entry.lineDelta === 0) continue;
    // A long way, which 1.5 to 2.0 divide into steps of both kinds.
    if (before && entry.size === MOST_STEP) continue;
    if (entry.line !== NO_LINE && entry.line < 0)
      tell("line-number", table.field, `a line of ${entry.line}`, entry.start);
    const offset = before ? entry.offset + entry.size : entry.offset;
    if (rowAt(graph, offset) === INSIDE)
      tell("line-start", table.field, `line ${entry.line} begins at ${offset}, inside an instruction`, entry.start);
  }
}

export function checkExceptions({ code, tell }: Subject, graph: Graph, before: Int32Array): void {
  const field = "co_exceptiontable";
  let last = 0;
  for (const { start, end, target, depth, span } of exceptionEntries(code)) {
    const at = span.start;
    if (end === start) tell("exception-empty", field, `a range of nothing at ${start}`, at);
    if (start < last) tell("exception-order", field, `a range from ${start} behind one that ends at ${last}`, at);
    last = Math.max(last, end);
    if (rowAt(graph, start) === INSIDE || rowAt(graph, end) === INSIDE)
      tell("exception-range", field, `a range from ${start} to ${end}, which cuts an instruction`, at);
    const handler = rowAt(graph, target);
    if (handler === INSIDE) tell("exception-target", field, `a handler at ${target}, inside an instruction`, at);
    const there = before[rowAt(graph, start)] ?? -1;
    if (there >= 0 && there < depth)
      tell("exception-depth", field, `the handler at ${target} keeps ${depth} values, and there are ${there}`, at);
    if (handler >= 0 && graph.rows.start[handler] !== graph.rows.offset[handler])
      tell("jump-past-prefix", field, `a handler at ${target}, behind an EXTENDED_ARG that belongs there`, at);
  }
}
