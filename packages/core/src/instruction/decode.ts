/**
 * co_code as instructions: columns of numbers, one row per instruction in the order of the bytes. Each byte belongs to
 * exactly one row, to its instruction or to the cache entries behind it.
 *
 * Byte code (up to 3.5) has an opcode, and from HAVE_ARGUMENT on two bytes of oparg; word code has units of an opcode
 * and a byte of oparg, some followed by cache entries. EXTENDED_ARG is a row of its own and adds its oparg as the
 * higher bits of the next row's, as the interpreter does it: whatever the next opcode is, and modulo 2**32. What the
 * end of the code cuts off reads as zero.
 */
import { opcodesOf } from "../opcode/index.js";
import type { Version } from "../version/index.js";

export interface Instructions {
  /** Number of rows; the columns may be longer. */
  readonly count: number;
  /** Offset of the opcode in co_code. */
  readonly offset: Uint32Array;
  readonly opcode: Uint8Array;
  /** The oparg, prefixes included, as signed 32 bits (`>>> 0` for unsigned); 0 where byte code has none. */
  readonly oparg: Int32Array;
  /** Bytes of the instruction, cache entries apart: 1 to 3; less at the end of a code that is cut off. */
  readonly size: Uint8Array;
  /** Bytes of the cache entries that follow it, 0 up to 3.10; less than it asks for at the end of the code. */
  readonly caches: Uint8Array;
  /** Offset of the first of its EXTENDED_ARG prefixes; its own where it has none. */
  readonly start: Uint32Array;
  /** Whether the end of the code cuts the last instruction off. */
  readonly cutOff: boolean;
}

/** Rows that columns have at least, so that they can serve again. */
const LEAST = 64;

type Columns = { -readonly [K in keyof Instructions]: Instructions[K] };

/**
 * Takes co_code apart.
 * @param reuse instructions that are no longer needed, whose columns serve again where they are long enough
 */
export function decode(code: Uint8Array, version: Version, reuse?: Instructions): Instructions {
  const words = version.traits.encoding === "words";
  const most = words ? (code.length + 1) >> 1 : code.length;
  const out: Columns = reuse !== undefined && reuse.opcode.length >= most ? reuse : columns(Math.max(most, LEAST));
  if (words) decodeWords(code, version, out);
  else decodeBytes(code, version, out);
  return out;
}

function columns(length: number): Columns {
  return {
    count: 0,
    offset: new Uint32Array(length),
    opcode: new Uint8Array(length),
    oparg: new Int32Array(length),
    size: new Uint8Array(length),
    caches: new Uint8Array(length),
    start: new Uint32Array(length),
    cutOff: false,
  };
}

function decodeBytes(code: Uint8Array, version: Version, out: Columns): void {
  const { haveArgument, extendedArg } = opcodesOf(version);
  const { offset, opcode, oparg, size, start, caches } = out;
  const length = code.length;
  let count = 0;
  let high = 0;
  let from = -1; // where the prefixes begin
  for (let i = 0; i < length; count++) {
    const op = code[i] as number;
    const own = op < haveArgument ? 1 : Math.min(3, length - i);
    const low = own === 3 ? (code[i + 1] as number) | ((code[i + 2] as number) << 8) : own === 2 ? code[i + 1] : 0;
    const arg = op < haveArgument ? 0 : high | (low as number);
    offset[count] = i;
    opcode[count] = op;
    oparg[count] = arg;
    size[count] = own;
    caches[count] = 0;
    start[count] = from < 0 ? i : from;
    if (op === extendedArg) {
      high = arg << 16;
      if (from < 0) from = i;
    } else {
      high = 0;
      from = -1;
    }
    i += own;
  }
  out.count = count;
  out.cutOff = count > 0 && (size[count - 1] as number) < ((opcode[count - 1] as number) < haveArgument ? 1 : 3);
}

function decodeWords(code: Uint8Array, version: Version, out: Columns): void {
  const { extendedArg, caches: entries } = opcodesOf(version);
  const { offset, opcode, oparg, size, start, caches } = out;
  const length = code.length;
  let count = 0;
  let high = 0;
  let from = -1;
  for (let i = 0; i < length; count++) {
    const op = code[i] as number;
    const own = i + 1 < length ? 2 : 1;
    const arg = own === 2 ? high | (code[i + 1] as number) : high;
    const behind = Math.min((entries[op] as number) << 1, length - i - own);
    offset[count] = i;
    opcode[count] = op;
    oparg[count] = arg;
    size[count] = own;
    caches[count] = behind;
    start[count] = from < 0 ? i : from;
    if (op === extendedArg) {
      high = arg << 8;
      if (from < 0) from = i;
    } else {
      high = 0;
      from = -1;
    }
    i += own + behind;
  }
  out.count = count;
  out.cutOff = count > 0 && size[count - 1] === 1;
}
