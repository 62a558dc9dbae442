/**
 * The pools of a code object (co_consts, co_names, co_varnames), inferred from its instructions: the order in which that
 * version's compiler would have put their entries.
 *
 * A compiler appends an entry when it first needs it; what differs between versions is when that is. The instructions
 * do not tell everything (constants of code that was thrown away leave no trace but their entry), so whoever reads a
 * file compares, and says outright the pool that is inferred differently.
 */
import { Plain } from "../marshal/index.js";
import type { Traits, Version } from "../version/index.js";
import { PoolKeys } from "./pools-keys.js";
import { type BlockKind, kindOf } from "./pools-kind.js";

export type Pool = "co_consts" | "co_names" | "co_varnames";

/** That an instruction's oparg stands for an entry of a pool. */
export interface PoolUse {
  readonly pool: Pool;
  /** A name is a string too, as the code object would hold it. A nested code object is known by its identity. */
  readonly value: Plain;
}

export interface PoolStep {
  readonly opcode: number;
  /** The oparg where it is no index in a pool; else 0. */
  readonly oparg: number;
  /** None, one, or (two locals in one oparg) two, in the order of the operand's text. */
  readonly uses: readonly PoolUse[];
  /** Where it jumps to: the index of a step (the number of steps for the end), or -1. */
  readonly target: number;
  /** The line that holds for it, or -1. */
  readonly line: number;
}

/** An entry of the exception table, in indices of steps; `end` is behind the last. */
export interface PoolHandler {
  readonly start: number;
  readonly end: number;
  readonly target: number;
}

export interface PoolBlock {
  readonly version: Version;
  /** co_name as text: `<module>`, `<lambda>`, `<listcomp>` … */
  readonly name: string;
  /** co_flags; 0 where the version has none. */
  readonly flags: number;
  /** The first entries of co_varnames that the counts and CO_VARARGS, CO_VARKEYWORDS imply. */
  readonly parameters: readonly Plain[];
  /** The docstring of a function, which stands in its pool though no instruction loads it. */
  readonly docstring: Plain | undefined;
  readonly cellvars: readonly Plain[];
  readonly freevars: readonly Plain[];
  readonly firstlineno: number;
  /** EXTENDED_ARG left out. */
  readonly steps: readonly PoolStep[];
  readonly handlers: readonly PoolHandler[];
}

export interface InferredPools {
  readonly co_consts: readonly Plain[];
  readonly co_names: readonly Plain[];
  readonly co_varnames: readonly Plain[];
  /**
   * For each step the index in its pool of each of its uses: a pool may hold equal entries. -1 for a use of co_varnames
   * that is a cell and no local.
   */
  readonly indices: readonly (readonly number[])[];
}

/** Entries in the order in which they came, each once. */
class Entries {
  readonly values: Plain[] = [];
  private readonly at = new Map<number, number>();
  private readonly keys: PoolKeys;

  constructor(keys: PoolKeys) {
    this.keys = keys;
  }

  add(value: Plain): number {
    const key = this.keys.of(value);
    let index = this.at.get(key);
    if (index === undefined) {
      index = this.values.push(value) - 1;
      this.at.set(key, index);
    }
    return index;
  }
}

const NONE = new Plain({ kind: "None" });

const keepers: { readonly [K in Traits["constantZero"]]: readonly BlockKind[] } = {
  docstring: [],
  def: ["def"],
  "def-lambda": ["def", "lambda"],
  all: ["def", "lambda", "class"],
};

/** Whether constant 0 of such a block is kept for a docstring, and None without one. */
function keepsZero(block: PoolBlock): boolean {
  return keepers[block.version.traits.constantZero].includes(kindOf(block));
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
  const keys = new PoolKeys();
  const pools = { co_consts: new Entries(keys), co_names: new Entries(keys), co_varnames: new Entries(keys) };
  const zero = block.docstring ?? (keepsZero(block) ? NONE : undefined);
  if (zero !== undefined) pools.co_consts.add(zero);
  for (const name of block.parameters) pools.co_varnames.add(name);
  const indices = block.steps.map(({ uses }) => uses.map(({ pool, value }) => pools[pool].add(value)));
  return {
    co_consts: pools.co_consts.values,
    co_names: pools.co_names.values,
    co_varnames: pools.co_varnames.values,
    indices,
  };
}
