/** Where jumps go. */
import { OpargKind } from "../opcode/index.js";

/** What `jumpTarget` gives for an instruction that does not jump: a number that no oparg leads to. */
export const NO_TARGET = -(2 ** 40);

/**
 * The offset in co_code that an instruction may jump to, or NO_TARGET. It may lie outside the code.
 * @param kind what its oparg stands for, an `OpargKind`
 * @param oparg with its prefixes; taken as unsigned 32 bits
 * @param next offset past the instruction and its cache entries
 * @param unit bytes that a jump counts in (`traits.jumpUnit`)
 */
export function jumpTarget(kind: number, oparg: number, next: number, unit: number): number {
  switch (kind) {
    case OpargKind.jumpForward:
      return next + (oparg >>> 0) * unit;
    case OpargKind.jumpBackward:
      return next - (oparg >>> 0) * unit;
    case OpargKind.jumpAbsolute:
      return (oparg >>> 0) * unit;
    default:
      return NO_TARGET;
  }
}
