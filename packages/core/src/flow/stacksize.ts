/** co_stacksize as the compiler of a version would have it. */
import type { Traits } from "../version/index.js";
import type { Body } from "./body.js";
import { blocksSize, type Habit, pathsSize } from "./counted.js";
import { depthsOf, type FlowProblem, type StackDepths } from "./depth.js";
import { emittedSize } from "./emitted.js";
import { type Folding, foldingOf } from "./folding.js";
import { graphOf, rowAt } from "./graph.js";

export interface StackSize {
  /** What that version's compiler would write, as far as its own way of counting can be followed; never below `max`. */
  readonly size: number;
  /** The depth that is really reached. */
  readonly max: number;
  /** What should not be in the code; where there is something, the depth may be more than was found. */
  readonly problems: readonly FlowProblem[];
}

/** The size that a compiler counts for code whose real depths are known. */
type Way = (depths: StackDepths, folding: Folding) => number;

const first: Habit = { ends: false, raises: false, pops: false, late: false };
const second: Habit = { ...first, ends: true, raises: true };
const third: Habit = { ...second, pops: true };
const blocks =
  (habit: Habit): Way =>
  (depths, folding) =>
    blocksSize(depths, folding, habit) ?? depths.max;

const ways: { readonly [way in Traits["stackSize"]]: Way } = {
  "emitted-leaky": (depths, folding) => emittedSize(depths, folding, true),
  emitted: (depths, folding) => emittedSize(depths, folding, false),
  blocks: blocks(first),
  "blocks-raising": blocks(second),
  "blocks-popping": blocks(third),
  "blocks-late": blocks({ ...third, late: true }),
  bounds: pathsSize,
  paths: withDeadHandlers,
  "paths-least-1": (depths) => Math.max(1, withDeadHandlers(depths)),
};

/** The stack size of a body; takes time in proportion to its size, whatever is in it. */
export function stackSize(body: Body): StackSize {
  const depths = depthsOf(graphOf(body));
  const { graph, before, max, problems } = depths;
  const size = ways[body.version.traits.stackSize](depths, foldingOf(graph, before));
  return { size: Math.max(max, size), max, problems };
}

/**
 * The compilers count handlers that nothing can raise into; what is left of one is a range whose first instruction no
 * path reaches, and that range's entry tells the depth there.
 */
function withDeadHandlers({ graph, before, max }: StackDepths): number {
  const roots: [row: number, depth: number][] = [];
  for (const { start, depth } of graph.body.exceptions ?? []) {
    const row = rowAt(graph, start);
    if (row >= 0 && (before[row] as number) < 0) roots.push([row, depth]);
  }
  return roots.length === 0 ? max : depthsOf(graph, roots).max;
}
