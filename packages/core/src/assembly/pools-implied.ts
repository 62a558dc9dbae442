/** Constants that an instruction once loaded, of which its oparg or its very name remains. */
import { Plain } from "../marshal/index.js";
import { opcodesOf } from "../opcode/index.js";
import type { Version } from "../version/index.js";
import type { PoolStep } from "./pools.js";
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

export function impliedBy(version: Version): Implied {
  const { ownNames } = opcodesOf(version);
  return (step) => byName[ownNames[step.opcode] ?? ""]?.(step);
}
