/**
 * co_stacksize as the compilers up to 2.4 counted it: while they wrote one instruction after the other, so that code
 * which nothing reaches counts too, and with slips, after each of which they took the stack for deeper than it was.
 */
import { opcodesOf } from "../opcode/index.js";
import type { StackDepths } from "./depth.js";
import { effectsOf } from "./effects.js";
import type { Folding } from "./folding.js";
import type { Graph } from "./graph.js";

/**
 * The greatest depth as it was counted.
 * @param leakyClasses whether a class statement was one of the slips (up to 2.1)
 */
export function emittedSize({ graph, before, max }: StackDepths, folding: Folding, leakyClasses: boolean): number {
  const { rows, body } = graph;
  const effects = effectsOf(body.version);
  const slips = slipsOf(graph, before, leakyClasses);
  let size = max;
  let leak = 0;
  let depth = 0;
  for (let row = 0; row < rows.count; row++) {
    const opcode = rows.opcode[row] as number;
    const there = before[row] as number;
    // What nothing reaches is as deep as what stands before it.
    if (there >= 0) depth = there;
    const slip = slips.get(row) ?? 0;
    if (slip > 0) leak += slip;
    depth += effects.next(opcode, rows.oparg[row] as number);
    size = Math.max(size, depth + leak + folding(row));
    if (slip < 0) leak -= slip;
  }
  return size;
}

/**
 * By how much the stack is taken for deeper: a positive number from a row on, a negative one behind it.
 *
 * `print >> stream` counted the stream twice; a closure that is no lambda did not count its cells off.
 */
function slipsOf({ body, rows }: Graph, before: Int32Array, leakyClasses: boolean): Map<number, number> {
  const { number } = opcodesOf(body.version);
  const [buildClass, makeClosure] = [leakyClasses ? number("BUILD_CLASS") : undefined, number("MAKE_CLOSURE")];
  const [dup, item, newline] = [number("DUP_TOP"), number("PRINT_ITEM_TO"), number("PRINT_NEWLINE_TO")];
  const slips = new Map<number, number>();
  /** By the depth before it, the last row that copied the stream for an item. */
  const copies = new Map<number, number>();
  for (let row = 0; row < rows.count; row++) {
    const opcode = rows.opcode[row];
    const depth = before[row] as number;
    if (opcode === undefined) continue;
    if (opcode === buildClass) slips.set(row, -1);
    else if (opcode === makeClosure) {
      const constant = rows.oparg[row - 1] ?? 0;
      const cells = body.isExpression?.(constant) ? 0 : (body.freeVariables?.(constant) ?? 0);
      if (cells > 0) slips.set(row, -cells);
    } else if (opcode === dup) copies.set(depth, row);
    else if (opcode === item) {
      const copy = copies.get(depth - 2);
      if (copy !== undefined && rows.opcode[copy - 1] !== item) slips.set(copy, 1);
    } else if (opcode === newline && rows.opcode[row - 1] !== item) slips.set(row, 1);
  }
  return slips;
}
