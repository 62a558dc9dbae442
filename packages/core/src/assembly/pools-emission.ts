/**
 * The entries of the pools in the order in which a compiler needed them: those that the instructions name, and those
 * of what it has since made into something else.
 */

import { Control, controlsOf } from "../flow/index.js";
import type { Plain } from "../marshal/index.js";
import { opcodesOf } from "../opcode/index.js";
import type { Pool, PoolBlock, PoolStep, PoolUse } from "./pools.js";
import { constant } from "./pools-constant.js";
import { foldingOf } from "./pools-fold.js";
import { impliedBy } from "./pools-implied.js";
import { kindOf } from "./pools-kind.js";
import { namesOfConstants, ownNones } from "./pools-named.js";
import { codeBeforeDefaults, importedLocals, variableNames } from "./pools-names.js";
import { orderOf } from "./pools-order.js";
import { consumersOf } from "./pools-stack.js";
import { swappedStores } from "./pools-swap.js";

export interface Emission {
  readonly pool: Pool;
  readonly value: Plain;
  /** The step and which of its uses; -1 for what no instruction names. */
  readonly step: number;
  readonly use: number;
  /** Whether an entry is made even if there is an equal one. */
  readonly anew: boolean;
}

const CONSTS = "co_consts";

export function emissionsOf(block: PoolBlock): Emission[] {
  const { steps, version } = block;
  const { traits } = version;
  const { ownNames } = opcodesOf(version);
  const out: Emission[] = [];
  const last: Emission[] = []; // what the compiler adds at the end of a body
  const late: Emission[] = []; // what it makes of the code it has
  const folding = foldingOf(block);
  const implied = impliedBy(block);
  const isImplicit = implicitReturns(block);
  const nameOf = namesOfConstants(block);
  const isOwnNone = ownNones(block);
  const importedLocal = importedLocals(block);
  const variables = variableNames(block);
  const codes = codeBeforeDefaults(block, () => consumersOf(block));
  const swapped = swappedStores(block);
  const annotations = annotationSteps(block);
  const anew = traits.foldedConstants === "each";
  const unnamed = { pool: CONSTS, step: -1, use: -1 } as const;
  for (const i of orderOf(block)) {
    const step = steps[i] as PoolStep;
    const code = codes.get(i);
    if (code !== undefined)
      out.push({ ...((steps[code] as PoolStep).uses[0] as PoolUse), step: -1, use: -1, anew: false });
    if (ownNames[step.opcode] === "RESERVE_FAST") {
      // Its constant was not known yet, and None took its place.
      out.push({ ...unnamed, value: constant.None, anew: false });
      for (const [use, { pool, value }] of step.uses.entries()) late.push({ pool, value, step: i, use, anew: false });
      continue;
    }
    const operands = folding(i);
    if (operands !== undefined) {
      for (const value of operands.before) {
        const name = nameOf(value);
        if (name === undefined) out.push({ ...unnamed, value, anew: false });
        else {
          out.push({ ...unnamed, pool: "co_names", value: name, anew: false });
          late.push({ ...unnamed, value, anew: false });
        }
      }
      for (const value of operands.between) late.push({ ...unnamed, value, anew });
      late.push({ pool: CONSTS, value: (step.uses[0] as PoolUse).value, step: i, use: 0, anew });
      continue;
    }
    const name = step.uses[0]?.pool === CONSTS && !isOwnNone(i) ? nameOf(step.uses[0].value) : undefined;
    if (name !== undefined) {
      out.push({ ...unnamed, pool: "co_names", value: name, anew: false });
      late.push({ pool: CONSTS, value: (step.uses[0] as PoolUse).value, step: i, use: 0, anew: false });
      continue;
    }
    const to = i < annotations || isImplicit(i) ? last : out;
    const extra = implied(i);
    if (extra !== undefined) to.push({ ...unnamed, value: extra, anew: false });
    const imported = importedLocal(i);
    if (imported !== undefined) to.push({ ...unnamed, pool: "co_varnames", value: imported, anew: false });
    for (const value of variables(i)) to.push({ ...unnamed, pool: "co_names", value, anew: false });
    for (const [from, use] of swapped.get(i) ?? []) {
      to.push({ ...((steps[from] as PoolStep).uses[use] as PoolUse), step: from, use, anew: false });
    }
    for (const [use, { pool, value }] of step.uses.entries()) {
      to.push({ pool, value, step: i, use, anew: false });
    }
  }
  if (traits.finalNone === "always" && !isLazyLambda(block) && kindOf(block) !== "class")
    last.push({ ...unnamed, value: constant.None, anew: false });
  return [...out, ...last, ...late];
}

/**
 * Tells of a step whether it loads the None that a body returns at its end: where code was made anew for each way
 * there, it has the place in the source of what stands before it.
 */
function implicitReturns({ steps, version }: PoolBlock): (step: number) => boolean {
  if (version.traits.implicitReturn === "once") return () => false;
  const { ownNames, commonConstants } = opcodesOf(version);
  const controls = controlsOf(version);
  const jumpers = new Map<number, number[]>();
  for (const [i, { target }] of steps.entries()) {
    if (target < 0) continue;
    const there = jumpers.get(target);
    if (there === undefined) jumpers.set(target, [i]);
    else there.push(i);
  }
  const samePlace = (i: number, from: number) => {
    const [a, b] = [steps[i] as PoolStep, steps[from]];
    if (b === undefined || a.line !== b.line || a.column !== b.column || a.endColumn !== b.endColumn) return false;
    return a.endColumn - a.column !== RETURN.length || ownNames[b.opcode] !== "POP_EXCEPT";
  };
  const loadsNone = ({ opcode, oparg, uses }: PoolStep) =>
    ownNames[opcode] === "LOAD_COMMON_CONSTANT"
      ? commonConstants[oparg] === "None"
      : uses[0]?.value.value.kind === "None";
  return (i) => {
    const step = steps[i] as PoolStep;
    if (!loadsNone(step)) return false;
    const next = steps[i + 1];
    if (ownNames[step.opcode] !== "RETURN_CONST" && ownNames[next?.opcode ?? -1] !== "RETURN_VALUE") return false;
    const before = steps[i - 1];
    if (before !== undefined && ((controls[before.opcode] as number) & Control.stops) === 0 && samePlace(i, i - 1))
      return true;
    return jumpers.get(i)?.some((from) => samePlace(i, from)) ?? false;
  };
}

const GENERATOR = 0x20;

/** A lambda that yields: nothing follows its value. */
const isLazyLambda = ({ name, flags }: PoolBlock) => name === "<lambda>" && (flags & GENERATOR) !== 0;

/** Before a return that is written out, a handler ends in its place. */
const RETURN = "return";

/** How many steps at the beginning make and store a module's __annotate__, which comes last though it stands first. */
function annotationSteps({ steps, version, name }: PoolBlock): number {
  if (version.traits.annotations !== "deferred" || name !== "<module>") return 0;
  for (let i = 0; i < Math.min(steps.length, FIRST_STEPS); i++) {
    const value = steps[i]?.uses[0]?.value.value;
    if (value?.kind === "str" && value.value === "__annotate__") return i + 1;
  }
  return 0;
}

/** Where that is looked for: behind RESUME and what makes cells. */
const FIRST_STEPS = 16;
