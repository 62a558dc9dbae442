/** co_stacksize as the compiler of a version would have it. */
import type { Traits } from "../version/index.js";
import type { Body } from "./body.js";
import { blocksSize, boundsSize, type Habit } from "./counted.js";
import { depthsOf, type FlowProblem, type StackDepths, stackDepths } from "./depth.js";
import { effectsOf } from "./effects.js";
import { emittedSize } from "./emitted.js";
import { foldingOf } from "./folding.js";
import { NO_ROW, rowAt } from "./graph.js";

export interface StackSize {
  /** What that version's compiler would write, as far as its own way of counting can be followed; never below `max`. */
  readonly size: number;
  /** The depth that is really reached. */
  readonly max: number;
  /** What should not be in the code; where there is something, the depth may be more than was found. */
  readonly problems: readonly FlowProblem[];
}

/** The size that a compiler counts for code whose real depths are known. */
type Way = (depths: StackDepths) => number;

const first: Habit = { ends: false, raises: false, pops: false, late: false };
const second: Habit = { ...first, ends: true, raises: true };
const third: Habit = { ...second, pops: true };
const emitted =
  (leakyClasses: boolean): Way =>
  (depths) =>
    emittedSize(depths, foldsCode(depths) ? foldingOf(depths, "all") : () => 0, leakyClasses);
const blocks =
  (habit: Habit): Way =>
  (depths) =>
    blocksSize(depths, foldingOf(depths, "all"), habit) ?? depths.max;

const foldsCode = ({ graph }: StackDepths) => graph.body.version.traits.constantFolding === "code";

const ways: { readonly [way in Traits["stackSize"]]: Way } = {
  "emitted-leaky": emitted(true),
  emitted: emitted(false),
  blocks: blocks(first),
  "blocks-raising": blocks(second),
  "blocks-popping": blocks(third),
  "blocks-late": blocks({ ...third, late: true }),
  bounds: (depths) => boundsSize(depths, foldingOf(depths, "defaults")),
  paths: withDeadHandlers,
  "paths-least-1": (depths) => Math.max(1, withDeadHandlers(depths)),
};

/** The stack size of a body; takes time in proportion to its size, whatever is in it. */
export function stackSize(body: Body): StackSize {
  const depths = stackDepths(body);
  const { max, problems } = depths;
  return { size: Math.max(max, ways[body.version.traits.stackSize](depths)), max, problems };
}

/**
 * The compilers count handlers that nothing can raise into. What is left of one is a range whose first instruction no
 * path reaches, and that range's entry tells the depth there; or code without a range, which tells its depth by where it
 * leads.
 */
function withDeadHandlers(depths: StackDepths): number {
  const { graph, before, max } = depths;
  if (!graph.body.version.traits.exceptionTable || !before.includes(-1)) return max;
  const roots: [row: number, depth: number][] = [];
  for (const { start, depth } of graph.body.exceptions ?? []) {
    const row = rowAt(graph, start);
    if (row >= 0 && (before[row] as number) < 0) roots.push([row, depth]);
  }
  const known = roots.length === 0 ? depths : depthsOf(graph, roots);
  return depthsOf(graph, [...roots, ...leading(known)]).max;
}

/** Instructions that no path reaches, with the depth there, where they go straight to one whose depth is known. */
function* leading({ graph, before }: StackDepths): Generator<[row: number, depth: number]> {
  const { rows, next, jump, body } = graph;
  const effects = effectsOf(body.version);
  for (let row = 0; row < rows.count; row++) {
    if ((before[row] as number) >= 0) continue;
    const first = row;
    let change = 0;
    let to = row;
    for (;;) {
      change += effects.next(rows.opcode[row] as number, rows.oparg[row] as number);
      const [behind, away] = [next[row] as number, jump[row] as number];
      // NO_ROW where there are two ways, or none.
      to = behind === NO_ROW ? away : away === NO_ROW ? behind : NO_ROW;
      if (to !== row + 1 || (before[to] as number) >= 0) break;
      row = to;
    }
    const depth = to >= 0 ? (before[to] as number) - change : -1;
    if (depth >= 0 && (before[to] as number) >= 0) yield [first, depth];
  }
}
