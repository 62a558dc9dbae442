/**
 * EXTENDED_ARG as dis.py up to 3.9 reads it: a prefix counts until an opcode with an operand has used it. The interpreter
 * lets it count for the next opcode alone. They differ only in code that no compiler writes.
 */
import type { Instructions } from "../instruction/index.js";
import type { OpcodeTable } from "../opcode/index.js";

/**
 * Changes the opargs, and where their prefixes begin, to what dis.py makes of them.
 * @param bits how many bits of an oparg an instruction has: 8 in word code, 16 in byte code
 */
export function carryPrefixes(rows: Instructions, { haveArgument, extendedArg }: OpcodeTable, bits: 8 | 16): void {
  const { count, offset, opcode, oparg, start } = rows;
  const own = (1 << bits) - 1;
  let high = 0;
  let from = -1;
  for (let i = 0; i < count; i++) {
    const op = opcode[i] as number;
    if (op < haveArgument) continue;
    oparg[i] = high | ((oparg[i] as number) & own);
    start[i] = from < 0 ? (offset[i] as number) : from;
    if (op === extendedArg) {
      high = (oparg[i] as number) << bits;
      from = start[i] as number;
    } else {
      high = 0;
      from = -1;
    }
  }
}
