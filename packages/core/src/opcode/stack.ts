/** What an instruction does to the depth of the stack, as that version's own `dis.stack_effect` or compiler counts. */
import type { Version } from "../version/index.js";
import { change, parseEffect } from "./effect.js";
import { opcodesOf } from "./table.js";

/**
 * The change of the stack's depth by an instruction; undefined where it is not known (no such opcode, or an effect that
 * the oparg does not tell). `jump` as `dis.stack_effect` takes it: true where it jumps, false where it does not, "max"
 * the larger of both.
 */
export function stackEffect(
  version: Version,
  opcode: number,
  oparg: number,
  jump: boolean | "max" = "max",
): number | undefined {
  const effect = parseEffect(opcodesOf(version).effects[opcode] ?? "")?.counted;
  if (effect === undefined) return undefined;
  if (jump === "max") return Math.max(change(effect.next, oparg), change(effect.jump, oparg));
  return change(jump ? effect.jump : effect.next, oparg);
}
