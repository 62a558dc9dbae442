/** Constants that an instruction once loaded, of which its oparg or its very name remains. */
import { Plain } from "../marshal/index.js";
import { opcodesOf } from "../opcode/index.js";
import type { PoolBlock, PoolStep } from "./pools.js";
import { constant } from "./pools-constant.js";

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

/** What `while` stands before, where a NOP is left of it: the width of the test tells them apart, if it is told. */
const endless = { 1: new Plain({ kind: "int", value: 1 }), other: constant.True };

export function impliedBy({ version, steps }: PoolBlock): (step: number) => Plain | undefined {
  const { ownNames } = opcodesOf(version);
  const lines = new Map<number, number>(); // of jumps back, by where they go
  for (const [i, { target, line }] of steps.entries()) if (target >= 0 && target <= i) lines.set(target, line);
  return (i) => {
    const step = steps[i] as PoolStep;
    const name = ownNames[step.opcode] ?? "";
    if (name !== "NOP") return byName[name]?.(step);
    if (lines.get(i) !== step.line && lines.get(i + 1) !== step.line) return undefined;
    return step.endColumn - step.column === 1 ? endless[1] : endless.other;
  };
}
