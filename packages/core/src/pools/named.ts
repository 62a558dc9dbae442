/**
 * None (and in 3.0 to 3.3 True and False) written in the source was a name to the compiler, and came into co_names; it
 * became a constant later. Where the compiler itself put None, it was a constant from the start.
 */
import { Plain } from "../marshal/index.js";
import { opcodesOf } from "../opcode/index.js";
import { compilerOf } from "../version/index.js";
import type { PoolBlock } from "./block.js";
import { kindOf } from "./kind.js";
import { consumersOf } from "./stack.js";

/** Opcodes that take a None which the compiler put there, or which stand right behind it. */
const takers = new Set(
  "RETURN_VALUE IMPORT_NAME BUILD_SLICE YIELD_VALUE YIELD_FROM EXEC_STMT END_FINALLY WITH_CLEANUP WITH_CLEANUP_START".split(
    " ",
  ),
);
const followers = new Set("WITH_CLEANUP WITH_CLEANUP_START END_FINALLY DUP_TOP RETURN_VALUE YIELD_FROM".split(" "));

const GENERATOR = 0x20;

/** The name that a value was. */
export type NameOf = (value: Plain) => Plain | undefined;

export function namesOfConstants({ version }: PoolBlock): NameOf {
  const { namedConstants } = compilerOf(version);
  const names = new Map<string, Plain>();
  for (const word of namedConstants.split(" ")) {
    const bytes = Uint8Array.from(word, (c) => c.charCodeAt(0));
    names.set(
      word,
      new Plain(version.traits.strings === "str8" ? { kind: "bytes", value: bytes } : { kind: "str", value: word }),
    );
  }
  return ({ value }) => {
    if (value.kind === "None") return names.get("None");
    return value.kind === "bool" ? names.get(value.value ? "True" : "False") : undefined;
  };
}

/** Tells of a step that loads a constant whether its None was the compiler's own. */
export function ownNones(block: PoolBlock): (step: number) => boolean {
  if (compilerOf(block.version).namedConstants === "") return () => true;
  const { steps } = block;
  const { ownNames } = opcodesOf(block.version);
  const name = (i: number) => ownNames[steps[i]?.opcode ?? -1] ?? "";
  const kind = (block.flags & GENERATOR) !== 0 ? "generator" : kindOf(block);
  const { firstlineno } = block;
  /**
   * Whether a None that is returned is likely to be written out: what a body returns of itself stands last, and on the
   * line of what is before it; and a bare `return` is seldom the last statement of a branch.
   */
  const isWritten = (i: number) => {
    if (kind === "lambda") return true;
    if (kind !== "def" || i === 0 || steps[i]?.line === firstlineno) return false;
    if (i + 2 === steps.length) return steps[i - 1]?.line !== steps[i]?.line;
    const isNone = steps[i + 2]?.uses[0]?.value.value.kind === "None";
    return i + 4 === steps.length && isNone && name(i + 3) === "RETURN_VALUE";
  };
  return (i) => {
    if (steps[i]?.uses[0]?.value.value.kind !== "None") return false;
    if (name(i + 1) === "RETURN_VALUE") return !isWritten(i);
    if (followers.has(name(i + 1))) return true;
    if (takers.has(name(consumersOf(block)[i] ?? -1))) return true;
    // The name of an exception is cleared when its handler ends: set to None, then deleted.
    return name(i + 1).startsWith("STORE_") && name(i + 2) === name(i + 1).replace("STORE_", "DELETE_");
  };
}
