/**
 * Jumps without a direction: JUMP, and in 3.11 POP_JUMP_IF_FALSE and its like, stand for the opcode that goes the way
 * of their target. They are no opcodes of the version, so their numbers begin behind those.
 */
import { opcodesOf } from "../opcode/index.js";
import type { Version } from "../version/index.js";

interface Row {
  readonly name: string;
  readonly forward: string;
  /** The first that the version has. */
  readonly backward: readonly string[];
}

const conditional = (condition: string): Row => ({
  name: `POP_JUMP_IF_${condition}`,
  forward: `POP_JUMP_FORWARD_IF_${condition}`,
  backward: [`POP_JUMP_BACKWARD_IF_${condition}`],
});

const rows: readonly Row[] = [
  { name: "JUMP", forward: "JUMP_FORWARD", backward: ["JUMP_BACKWARD", "JUMP_ABSOLUTE"] },
  { name: "JUMP_NO_INTERRUPT", forward: "JUMP_FORWARD", backward: ["JUMP_BACKWARD_NO_INTERRUPT"] },
  ...["TRUE", "FALSE", "NONE", "NOT_NONE"].map(conditional),
];

/** The first number that is no opcode. */
const FIRST = 256;

/** The number of a jump without a direction, where the version has one for each; undefined for any other name. */
export function undirected(name: string, version: Version): number | undefined {
  const { number } = opcodesOf(version);
  const index = rows.findIndex((row) => row.name === name);
  const row = rows[index];
  if (row === undefined || number(name) !== undefined || number(row.forward) === undefined) return undefined;
  return row.backward.some((other) => number(other) !== undefined) ? FIRST + index : undefined;
}

/** The opcode for a jump in this direction; an opcode that is none without a direction is itself. */
export function directed(opcode: number, backward: boolean, version: Version): number {
  const row = rows[opcode - FIRST];
  if (row === undefined) return opcode;
  const { number } = opcodesOf(version);
  for (const name of backward ? row.backward : [row.forward]) {
    const found = number(name);
    if (found !== undefined) return found;
  }
  return opcode;
}
