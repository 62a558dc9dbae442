/**
 * What a Python makes of co_code as it reads it. Every one takes it as it is, but 2.3: there the function that makes
 * code objects rewrites the instructions, also when it is marshal that calls it. So what 2.3 runs, and what its `dis`
 * shows, can be one step further rewritten than what stands in the file.
 */
import type { CodeObject } from "../code/index.js";
import { NO_NODE, type PyValue } from "../marshal/index.js";
import { opcodesOf } from "../opcode/index.js";
import type { Version } from "../version/index.js";

/** co_code as that Python holds it once it has read the file; the very view on the file where that is the same. */
export function codeAsLoaded(co: CodeObject): Uint8Array {
  return co.version.traits.codeOnLoad === "optimized" ? optimized(co) : co.code;
}

interface Numbers {
  readonly haveArgument: number;
  readonly of: { readonly [name: string]: number };
  /** Jumps that may be led on: 1 relative, 2 absolute. */
  readonly jumps: Uint8Array;
}

const RELATIVE = 1;
const ABSOLUTE = 2;

function numbersOf(version: Version): Numbers {
  const { haveArgument, number } = opcodesOf(version);
  const names = "LOAD_CONST JUMP_IF_FALSE POP_TOP JUMP_FORWARD JUMP_ABSOLUTE EXTENDED_ARG";
  const of = Object.fromEntries(names.split(" ").map((name) => [name, number(name) ?? -1]));
  const jumps = new Uint8Array(256);
  const relative = "FOR_ITER JUMP_FORWARD JUMP_IF_FALSE JUMP_IF_TRUE SETUP_LOOP SETUP_EXCEPT SETUP_FINALLY";
  for (const name of relative.split(" ")) jumps[number(name) ?? 0] = RELATIVE;
  for (const name of ["JUMP_ABSOLUTE", "CONTINUE_LOOP"]) jumps[number(name) ?? 0] = ABSOLUTE;
  return { haveArgument, of, jumps };
}

/** Nothing in the last bytes is rewritten. */
const TAIL = 7;

function optimized(co: CodeObject): Uint8Array {
  const { haveArgument, of, jumps } = numbersOf(co.version);
  const code = Uint8Array.from(co.code);
  for (let i = 0; i < code.length - TAIL; i += (code[i] as number) >= haveArgument ? 3 : 1) {
    const op = code[i] as number;
    if (op === of.EXTENDED_ARG) return co.code;
    if (op === of.LOAD_CONST) {
      // The test of a constant that is true: jump over it.
      if (code[i + 3] !== of.JUMP_IF_FALSE || code[i + 6] !== of.POP_TOP || !isTrue(co, argument(code, i))) continue;
      put(code, i, of.JUMP_FORWARD as number, 4);
    } else if (jumps[op] !== 0) leadOn(code, i, jumps, of);
  }
  return code;
}

/** A jump to an unconditional jump goes where that one goes, if it can. */
function leadOn(code: Uint8Array, i: number, jumps: Uint8Array, of: Numbers["of"]): void {
  const target = argument(code, i) + (jumps[code[i] as number] === ABSOLUTE ? 0 : i + 3);
  const there = code[target];
  if (there !== of.JUMP_ABSOLUTE && there !== of.JUMP_FORWARD) return;
  const final = argument(code, target) + (there === of.JUMP_ABSOLUTE ? 0 : target + 3);
  const op = code[i] === of.JUMP_FORWARD ? (of.JUMP_ABSOLUTE as number) : (code[i] as number);
  const arg = jumps[op] === ABSOLUTE ? final : final - i - 3;
  if (arg >= 0) put(code, i, op, arg);
}

const argument = (code: Uint8Array, i: number) => ((code[i + 1] ?? 0) | ((code[i + 2] ?? 0) << 8)) as number;

function put(code: Uint8Array, i: number, op: number, arg: number): void {
  code[i] = op;
  code[i + 1] = arg & 255;
  code[i + 2] = arg >> 8;
}

function isTrue(co: CodeObject, index: number): boolean {
  const node = co.consts[index] ?? NO_NODE;
  return node !== NO_NODE && truth(co.values.of(node));
}

function truth(value: PyValue): boolean {
  switch (value.kind) {
    case "None":
    case "NULL":
    case "missing":
      return false;
    case "bool":
      return value.value;
    case "int":
    case "long":
      return Number(value.value) !== 0;
    case "float":
      return value.value !== 0;
    case "complex":
      return value.real.value !== 0 || value.imag.value !== 0;
    case "bytes":
    case "str":
      return value.value.length > 0;
    case "tuple":
    case "list":
    case "set":
    case "frozenset":
      return value.items.length > 0;
    case "dict":
    case "frozendict":
      return value.entries.length > 0;
    default:
      return true;
  }
}
