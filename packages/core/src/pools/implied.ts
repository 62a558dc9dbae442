/** Constants that an instruction once loaded, of which its oparg or its very name remains. */
import { Plain } from "../marshal/index.js";
import { opcodesOf } from "../opcode/index.js";
import type { PoolBlock, PoolStep } from "./block.js";
import { constant } from "./constant.js";

type Implied = (step: PoolStep) => Plain | undefined;

const byName: { readonly [opname: string]: Implied } = {
  LOAD_SMALL_INT: ({ oparg }) => new Plain({ kind: "int", value: oparg }),
  POP_JUMP_IF_NONE: () => constant.None,
  POP_JUMP_IF_NOT_NONE: () => constant.None,
  POP_JUMP_FORWARD_IF_NONE: () => constant.None,
  POP_JUMP_FORWARD_IF_NOT_NONE: () => constant.None,
  POP_JUMP_BACKWARD_IF_NONE: () => constant.None,
  POP_JUMP_BACKWARD_IF_NOT_NONE: () => constant.None,
};

/** Constants that have an instruction of their own, by the word for them; of -1 its operand came into the pool. */
const common: { readonly [word: string]: Plain } = {
  None: constant.None,
  "''": constant.empty,
  True: constant.True,
  False: constant.False,
  "-1": constant.one,
};

/**
 * What `while` stands before where a NOP is all that is left of it, by the width of the test; up to 3.11 the NOP stands
 * for the whole statement, as the jump back does, and what it was is not told.
 */
const endless: { readonly [width: number]: Plain } = { 1: constant.one, 4: constant.True };

export function impliedBy({ version, steps }: PoolBlock): (step: number) => Plain | undefined {
  const { ownNames, commonConstants } = opcodesOf(version);
  const loops = new Map<number, number>(); // lines of jumps back, by where they go
  for (const [i, { target, line }] of steps.entries()) if (target >= 0 && target <= i) loops.set(target, line);
  return (i) => {
    const step = steps[i] as PoolStep;
    const name = ownNames[step.opcode] ?? "";
    if (name === "LOAD_COMMON_CONSTANT") return common[commonConstants[step.oparg] ?? ""];
    if (name !== "NOP") return byName[name]?.(step);
    const line = loops.get(i) ?? loops.get(i + 1);
    if (line === undefined) return undefined;
    const byWidth = step.column < 0 ? undefined : endless[step.endColumn - step.column];
    return byWidth ?? (line === step.line ? constant.True : undefined);
  };
}
