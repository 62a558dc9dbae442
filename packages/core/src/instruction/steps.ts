/** Co_code taken apart into the steps that `layout` makes it of, byte for byte. */
import { opcodesOf } from "../opcode/index.js";
import type { Version } from "../version/index.js";
import { decode, type Instructions } from "./decode.js";
import { isJump, layout, prefixesOf, type Step } from "./encode.js";
import { jumpTarget } from "./jump.js";

export interface Steps {
  /**
   * Instructions, and as `bytes` what is none: an end that is cut off, prefixes of no instruction or beyond 32 bits.
   * Jumps have a target where it is the beginning of a step; else the oparg says where they go.
   */
  readonly steps: readonly Step[];
  /** Where each step begins, prefixes included; and one more, the end. */
  readonly offsets: Uint32Array;
}

/**
 * The steps of a co_code, prefixes counted only where there are more than `layout` would choose. `layout(steps).code`
 * is the same bytes again, whatever they are.
 */
export function stepsOf(code: Uint8Array, version: Version): Steps {
  const first = split(code, version, false);
  if (isCode(layout(first.steps, version).code, code)) return first;
  // Jumps over one another may all need their prefixes only because the others have theirs.
  return split(code, version, true);
}

function isCode(made: Uint8Array, code: Uint8Array): boolean {
  if (made.length !== code.length) return false;
  for (let i = 0; i < code.length; i++) if (made[i] !== code[i]) return false;
  return true;
}

const raw = (bytes: Uint8Array): Step => ({
  opcode: 0,
  oparg: 0,
  target: -1,
  prefixes: 0,
  caches: undefined,
  bytes,
});

/** Rows of `decode`, by number: those from `prefix` to before `row` are the prefixes of `row`. */
interface Split {
  readonly steps: Step[];
  readonly starts: number[];
  /** The row of each step; -1 for bytes. */
  readonly rows: number[];
}

function split(code: Uint8Array, version: Version, allPrefixes: boolean): Steps {
  const words = version.traits.encoding === "words";
  const { extendedArg, haveArgument } = opcodesOf(version);
  const rows = decode(code, version);
  const found: Split = { steps: [], starts: [], rows: [] };
  const addBytes = (start: number, end: number) => {
    if (start === end) return;
    found.steps.push(raw(code.subarray(start, end)));
    found.starts.push(start);
    found.rows.push(-1);
  };
  const most = words ? 3 : 1;
  let prefix = 0;
  for (let row = 0; row < rows.count; row++) {
    const op = rows.opcode[row] as number;
    if (op === extendedArg && row + 1 < rows.count) continue;
    const start = rows.offset[prefix] as number;
    const offset = rows.offset[row] as number;
    const operand = words || op >= haveArgument;
    const full = rows.size[row] === (words ? 2 : operand ? 3 : 1);
    if (op === extendedArg || !full) addBytes(start, code.length);
    else {
      let kept = operand ? prefix : row;
      // Bits that the oparg has no room for: the prefixes up to the last that has some are of no use.
      for (let k = row - most - 1; k >= kept; k--) if (!isZero(code, rows, k)) kept = k + 1;
      const from = kept < row ? (rows.offset[kept] as number) : offset;
      addBytes(start, from);
      found.starts.push(from);
      found.rows.push(row);
      found.steps.push(stepOf(code, version, rows, row, row - kept, allPrefixes));
    }
    prefix = row + 1;
  }
  return lead(found, rows, code.length, version);
}

/** Whether a prefix adds nothing of its own. */
function isZero(code: Uint8Array, rows: Instructions, row: number): boolean {
  const at = rows.offset[row] as number;
  for (let k = (rows.size[row] as number) - 1; k > 0; k--) if (code[at + k] !== 0) return false;
  return true;
}

function stepOf(
  code: Uint8Array,
  version: Version,
  rows: Instructions,
  row: number,
  prefixes: number,
  allPrefixes: boolean,
): Step {
  const opcode = rows.opcode[row] as number;
  const oparg = (rows.oparg[row] as number) >>> 0;
  const words = version.traits.encoding === "words";
  const behind = rows.caches[row] as number;
  const at = (rows.offset[row] as number) + (rows.size[row] as number);
  const caches = code.subarray(at, at + behind);
  const asUsual = behind === 2 * (opcodesOf(version).caches[opcode] as number) && caches.every((byte) => byte === 0);
  return {
    opcode,
    oparg,
    target: -1,
    prefixes: allPrefixes || prefixes > prefixesOf(oparg, words) ? prefixes : 0,
    caches: asUsual || !words ? undefined : caches,
    bytes: undefined,
  };
}

/** Gives the jumps their targets. */
function lead(found: Split, rows: Instructions, length: number, version: Version): Steps {
  const { steps, starts } = found;
  const { kind, caches } = opcodesOf(version);
  const offsets = Uint32Array.from([...starts, length]);
  const stepAt = new Int32Array(length + 1).fill(-1);
  for (let i = 0; i < offsets.length; i++) stepAt[offsets[i] as number] = i;
  for (let i = 0; i < steps.length; i++) {
    const step = steps[i] as Step;
    const what = kind[step.opcode] as number;
    const row = found.rows[i] as number;
    if (row < 0 || !isJump(what) || rows.caches[row] !== 2 * (caches[step.opcode] as number)) continue;
    const next = (rows.offset[row] as number) + (rows.size[row] as number) + (rows.caches[row] as number);
    const to = jumpTarget(what, step.oparg, next, version.traits.jumpUnit);
    const target = to >= 0 && to <= length ? (stepAt[to] as number) : -1;
    if (target >= 0) steps[i] = { ...step, target };
  }
  return { steps, offsets };
}
