/**
 * The entries of the pools in the order in which a compiler needed them: those that the instructions name, and those
 * of what it has since made into something else.
 */

import { Control, controlsOf } from "../flow/index.js";
import type { Plain } from "../marshal/index.js";
import { opcodesOf } from "../opcode/index.js";
import { compilerOf } from "../version/index.js";
import type { Pool, PoolBlock, PoolStep, PoolUse } from "./block.js";
import { constant } from "./constant.js";
import { foldingOf } from "./fold.js";
import { impliedBy } from "./implied.js";
import { kindOf } from "./kind.js";
import { namesOfConstants, ownNones } from "./named.js";
import { codeBeforeDefaults, importedLocals, variableNames } from "./names.js";
import { orderOf } from "./order.js";
import { consumersOf } from "./stack.js";
import { swappedStores } from "./swap.js";

export interface Emission {
  readonly pool: Pool;
  readonly value: Plain;
  /** The step and which of its uses; -1 for what no instruction names. */
  readonly step: number;
  readonly use: number;
  /** Whether an entry is made even if there is an equal one. */
  readonly anew: boolean;
}

/** All emissions of a block, in order. */
export function emissionsOf(block: PoolBlock): Emission[] {
  const emitter = new Emitter(block);
  for (const i of orderOf(block)) emitter.step(i);
  return emitter.all();
}

class Emitter {
  private readonly now: Emission[] = [];
  /** What the compiler adds at the end of a body. */
  private readonly last: Emission[] = [];
  /** What it makes of the code that it has. */
  private readonly late: Emission[] = [];
  private readonly block: PoolBlock;
  private readonly anew: boolean;
  private readonly reserve: number;
  private readonly annotations: number;
  private readonly folding;
  private readonly implied;
  private readonly isImplicit;
  private readonly nameOf;
  private readonly isOwnNone;
  private readonly importedLocal;
  private readonly variables;
  private readonly codes;
  private readonly swapped;

  constructor(block: PoolBlock) {
    this.block = block;
    this.anew = compilerOf(block.version).foldedConstants === "each";
    this.reserve = opcodesOf(block.version).number("RESERVE_FAST") ?? -1;
    this.annotations = annotationSteps(block);
    this.folding = foldingOf(block);
    this.implied = impliedBy(block);
    this.isImplicit = implicitReturns(block);
    this.nameOf = namesOfConstants(block);
    this.isOwnNone = ownNones(block);
    this.importedLocal = importedLocals(block);
    this.variables = variableNames(block);
    this.codes = codeBeforeDefaults(block, () => consumersOf(block));
    this.swapped = swappedStores(block);
  }

  all(): Emission[] {
    const { block, last } = this;
    const returnsNone = !isLazyLambda(block) && kindOf(block) !== "class";
    if (compilerOf(block.version).finalNone === "always" && returnsNone) unnamed(last, "co_consts", constant.None);
    return [...this.now, ...last, ...this.late];
  }

  step(i: number): void {
    const { steps } = this.block;
    const { opcode, uses } = steps[i] as PoolStep;
    const code = this.codes.get(i);
    if (code !== undefined) unnamed(this.now, "co_consts", this.useAt(code, 0).value);
    if (opcode === this.reserve) {
      // Its constant was not known yet, and None took its place.
      unnamed(this.now, "co_consts", constant.None);
      for (const use of uses.keys()) this.use(this.late, i, use);
    } else if (uses.length !== 1 || uses[0]?.pool !== "co_consts" || !this.isMade(i, uses[0].value)) this.plain(i);
  }

  /** A constant that was something else before; false where it was not. */
  private isMade(i: number, value: Plain): boolean {
    const folded = this.folding(i);
    if (folded !== undefined) {
      for (const operand of folded.before) {
        if (!this.wasName(operand)) unnamed(this.now, "co_consts", operand);
        else unnamed(this.late, "co_consts", operand);
      }
      for (const between of folded.between) unnamed(this.late, "co_consts", between, this.anew);
      this.use(this.late, i, 0, this.anew);
      return true;
    }
    if (this.isOwnNone(i) || !this.wasName(value)) return false;
    this.use(this.late, i, 0);
    return true;
  }

  /** Whether a constant was a name, which is put out. */
  private wasName(value: Plain): boolean {
    const name = this.nameOf(value);
    if (name !== undefined) unnamed(this.now, "co_names", name);
    return name !== undefined;
  }

  private plain(i: number): void {
    const to = i < this.annotations || this.isImplicit(i) ? this.last : this.now;
    const extra = this.implied(i);
    if (extra !== undefined) unnamed(to, "co_consts", extra);
    const imported = this.importedLocal(i);
    if (imported !== undefined) unnamed(to, "co_varnames", imported);
    for (const value of this.variables(i)) unnamed(to, "co_names", value);
    for (const [step, use] of this.swapped.get(i) ?? []) this.use(to, step, use);
    for (const use of (this.block.steps[i] as PoolStep).uses.keys()) this.use(to, i, use);
  }

  private use(to: Emission[], step: number, use: number, anew = false): void {
    const { pool, value } = this.useAt(step, use);
    to.push({ pool, value, step, use, anew });
  }

  private useAt(step: number, use: number): PoolUse {
    return (this.block.steps[step] as PoolStep).uses[use] as PoolUse;
  }
}

function unnamed(to: Emission[], pool: Pool, value: Plain, anew = false): void {
  to.push({ pool, value, step: -1, use: -1, anew });
}

/**
 * Tells of a step whether it loads the None that a body returns at its end: where code was made anew for each way
 * there, it has the place in the source of what stands before it.
 */
function implicitReturns({ steps, version }: PoolBlock): (step: number) => boolean {
  if (compilerOf(version).implicitReturn === "once") return () => false;
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
  if (compilerOf(version).annotations !== "deferred" || name !== "<module>") return 0;
  for (let i = 0; i < Math.min(steps.length, FIRST_STEPS); i++) {
    const value = steps[i]?.uses[0]?.value.value;
    if (value?.kind === "str" && value.value === "__annotate__") return i + 1;
  }
  return 0;
}

/** Where that is looked for: behind RESUME and what makes cells. */
const FIRST_STEPS = 16;
