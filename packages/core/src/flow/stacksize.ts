/** co_stacksize as the compiler of a version would have it. */
import type { Traits } from "../version/index.js";
import type { Body } from "./body.js";
import { countedSize, type Habit } from "./counted.js";
import { depthsOf, type FlowProblem, type StackDepths } from "./depth.js";
import { type Graph, graphOf, rowAt } from "./graph.js";

export interface StackSize {
  /** What that version's compiler would write, as far as its own way of counting can be followed; never below `max`. */
  readonly size: number;
  /** The depth that is really reached. */
  readonly max: number;
  /** What should not be in the code; where there is something, the depth may be more than was found. */
  readonly problems: readonly FlowProblem[];
}

const first: Habit = { ends: false, raises: false, pops: false, late: false };
const second: Habit = { ...first, ends: true, raises: true };
const third: Habit = { ...second, pops: true };

const habits: { readonly [way in Traits["stackSize"]]: Habit | undefined } = {
  paths: undefined,
  "paths-least-1": undefined,
  blocks: first,
  "blocks-raising": second,
  "blocks-popping": third,
  "blocks-late": { ...third, late: true },
};

/** The stack size of a body; takes time in proportion to its size, whatever is in it. */
export function stackSize(body: Body): StackSize {
  const graph = graphOf(body);
  const way = body.version.traits.stackSize;
  const real = depthsOf(graph);
  const { max, problems } = real;
  const habit = habits[way];
  const counted = habit === undefined ? withDeadHandlers(graph, real) : (countedSize(graph, habit) ?? max);
  const least = way === "paths-least-1" ? 1 : 0;
  return { size: Math.max(max, counted, least), max, problems };
}

/**
 * The compilers count handlers that nothing can raise into; what is left of one is a range whose first instruction no
 * path reaches, and that range's entry tells the depth there.
 */
function withDeadHandlers(graph: Graph, real: StackDepths): number {
  const roots: [row: number, depth: number][] = [];
  for (const { start, depth } of graph.body.exceptions ?? []) {
    const row = rowAt(graph, start);
    if (row >= 0 && (real.before[row] as number) < 0) roots.push([row, depth]);
  }
  return roots.length === 0 ? real.max : depthsOf(graph, roots).max;
}
