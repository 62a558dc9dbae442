/**
 * The pools of a code object (co_consts, co_names, co_varnames), inferred from its instructions: the order in which that
 * version's compiler would have put their entries.
 *
 * A compiler appends an entry when it first needs it; what differs between versions is when that is. The instructions
 * do not tell everything (constants of code that was thrown away leave no trace but their entry), so whoever reads a
 * file compares, and says outright the pool that is inferred differently.
 */

import { latin1 } from "../bytes/index.js";
import type { Plain, PlainValue } from "../marshal/index.js";
import { opcodesOf } from "../opcode/index.js";
import { type CompilerTraits, compilerOf } from "../version/index.js";
import type { InferredPools, PoolBlock } from "./block.js";
import { constant } from "./constant.js";
import { emissionsOf } from "./emission.js";
import { Entries, PoolKeys } from "./keys.js";
import { type BlockKind, kindOf } from "./kind.js";
import { consumersOf } from "./stack.js";
import { localsByTable } from "./symbols.js";

const zeroOf: { readonly [K in CompilerTraits["constantZero"]]: readonly BlockKind[] } = {
  docstring: [],
  def: ["def"],
  "def-lambda": ["def", "lambda"],
  all: ["def", "lambda", "class"],
};

/** Whether constant 0 of such a block is kept for a docstring, and None without one. */
function keepsZero(block: PoolBlock): boolean {
  return zeroOf[compilerOf(block.version).constantZero].includes(kindOf(block));
}

/** What constant 0 is kept for; undefined where it is kept for nothing. A class stores its docstring, first of all. */
function zeroFor(block: PoolBlock): Plain | undefined {
  if (block.docstring !== undefined) return block.docstring;
  if (!keepsZero(block)) return undefined;
  return (kindOf(block) === "class" ? storedDocstring(block) : undefined) ?? constant.None;
}

/** SET_LINENO, what sets __module__ and __qualname__, LOAD_CONST, STORE_NAME. */
const FIRST_STEPS = 8;

function storedDocstring({ steps }: PoolBlock): Plain | undefined {
  for (let i = 1; i < Math.min(steps.length, FIRST_STEPS); i++) {
    const use = steps[i]?.uses[0];
    if (use?.pool === "co_names" && nameText(use.value.value) === "__doc__") return steps[i - 1]?.uses[0]?.value;
  }
  return undefined;
}

function nameText(value: PlainValue): string {
  if (value.kind === "str") return value.value;
  return value.kind === "bytes" ? latin1(value.value) : "";
}

/**
 * The docstring that a code object has: what no instruction need load to be its constant 0. Undefined where there is
 * none, and in a class or module, whose instructions store it.
 * @param block without its docstring
 * @param consts its co_consts
 */
export function docstringOf(block: PoolBlock, consts: readonly Plain[]): Plain | undefined {
  const zero = consts[0];
  const { strings } = block.version.traits;
  const textual = zero?.value.kind === "str" || (zero?.value.kind === "bytes" && strings === "str8");
  if (!textual || kindOf(block) !== "def") return undefined;
  if (keepsZero(block) || (block.flags & HAS_DOCSTRING) !== 0) return zero;
  return undefined;
}

const HAS_DOCSTRING = 0x4000000;

/** The pools that the version's compiler would have made for these instructions. Never fails: it infers what it can. */
export function inferPools(block: PoolBlock): InferredPools {
  const { version, steps } = block;
  const entries = { co_consts: new Entries(), co_names: new Entries(), co_varnames: new Entries() };
  const zero = zeroFor(block);
  if (zero !== undefined) entries.co_consts.add(zero);
  for (const name of block.parameters) entries.co_varnames.add(name);
  const { localOrder, constantsKept } = compilerOf(version);
  if (localOrder !== "first-use") {
    for (const name of localsByTable(block, consumersOf(block), localOrder)) entries.co_varnames.add(name);
  }
  const cells = cellsOf(block);
  const indices: number[][] = steps.map(() => []);
  for (const { pool, value, step, use, anew } of emissionsOf(block)) {
    if (pool === "co_varnames" && cells.has(value)) {
      (indices[step] as number[])[use] = -1;
      continue;
    }
    const index = anew ? entries[pool].append(value) : entries[pool].add(value);
    if (step >= 0) (indices[step] as number[])[use] = index;
  }
  const co_consts = keepers[constantsKept](block, entries.co_consts.values, indices);
  return { co_consts, co_names: entries.co_names.values, co_varnames: entries.co_varnames.values, indices };
}

type Keep = (block: PoolBlock, consts: readonly Plain[], indices: readonly number[][]) => readonly Plain[];

const keepers: { readonly [K in CompilerTraits["constantsKept"]]: Keep } = {
  all: (_, consts) => consts,
  "up-to-last": upToLast,
  loaded,
};

function eachConstant(
  { steps }: PoolBlock,
  indices: readonly number[][],
  what: (row: number[], use: number) => void,
): void {
  for (const [i, { uses }] of steps.entries()) {
    for (let k = 0; k < uses.length; k++) if (uses[k]?.pool === "co_consts") what(indices[i] as number[], k);
  }
}

function upToLast(block: PoolBlock, consts: readonly Plain[], indices: readonly number[][]): readonly Plain[] {
  let last = 0;
  eachConstant(block, indices, (row, k) => {
    last = Math.max(last, row[k] as number);
  });
  return consts.slice(0, last + 1);
}

/**
 * Cells and free variables that an instruction may also name as a fast local. A parameter is a local all the same, and
 * so is the variable of a comprehension that became part of the block.
 */
function cellsOf({ cellvars, freevars, parameters, steps, version }: PoolBlock): { has(name: Plain): boolean } {
  const keys = new PoolKeys();
  const cells = new Set([...cellvars, ...freevars].map((name) => keys.of(name)));
  for (const name of parameters) cells.delete(keys.of(name));
  const clears = opcodesOf(version).number("LOAD_FAST_AND_CLEAR");
  for (const { opcode, uses } of steps)
    if (opcode === clears && uses[0] !== undefined) cells.delete(keys.of(uses[0].value));
  return { has: (name) => cells.size > 0 && cells.has(keys.of(name)) };
}

/** The constants without those that no instruction loads, but with the first; `indices` is made to fit. */
function loaded(block: PoolBlock, consts: readonly Plain[], indices: readonly number[][]): readonly Plain[] {
  const kept = new Int32Array(consts.length).fill(-1);
  kept[0] = 0;
  eachConstant(block, indices, (row, k) => {
    kept[row[k] as number] = 0;
  });
  let count = 0;
  for (let i = 0; i < kept.length; i++) if (kept[i] === 0) kept[i] = count++;
  eachConstant(block, indices, (row, k) => {
    row[k] = kept[row[k] as number] as number;
  });
  return consts.filter((_, i) => (kept[i] as number) >= 0);
}
