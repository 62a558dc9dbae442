/**
 * The entries of the pools in the order in which a compiler needed them: those that the instructions name, and those
 * of what it has since made into something else.
 */

import type { Plain } from "../marshal/index.js";
import type { Pool, PoolBlock, PoolStep } from "./pools.js";
import { constant } from "./pools-constant.js";
import { foldingOf } from "./pools-fold.js";
import { impliedBy } from "./pools-implied.js";
import { orderOf } from "./pools-order.js";

export interface Emission {
  readonly pool: Pool;
  readonly value: Plain;
  /** The step and which of its uses; -1 for what no instruction names. */
  readonly step: number;
  readonly use: number;
  /** Whether an entry is made even if there is an equal one. */
  readonly anew: boolean;
}

export function emissionsOf(block: PoolBlock): Emission[] {
  const { steps, version } = block;
  const out: Emission[] = [];
  const late: Emission[] = [];
  const folding = foldingOf(block);
  const implied = impliedBy(version);
  const anew = version.traits.constantFolding === "peephole";
  for (const i of orderOf(block)) {
    const step = steps[i] as PoolStep;
    const operands = folding(i);
    if (operands !== undefined) {
      for (const value of operands.before) out.push({ pool: "co_consts", value, step: -1, use: -1, anew: false });
      for (const value of operands.between) late.push({ pool: "co_consts", value, step: -1, use: -1, anew });
      const value = (step.uses[0] as { value: Plain }).value;
      late.push({ pool: "co_consts", value, step: i, use: 0, anew });
      continue;
    }
    const extra = implied(step);
    if (extra !== undefined) out.push({ pool: "co_consts", value: extra, step: -1, use: -1, anew: false });
    for (const [use, { pool, value }] of step.uses.entries()) out.push({ pool, value, step: i, use, anew: false });
  }
  if (version.traits.constantsKept === "loaded") {
    out.push({ pool: "co_consts", value: constant.None, step: -1, use: -1, anew: false });
  }
  out.push(...late);
  return out;
}
