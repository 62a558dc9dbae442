/** What is told of a code object so that its pools can be inferred, and what comes of it. */
import type { Plain } from "../marshal/index.js";
import type { Version } from "../version/index.js";

export type Pool = "co_consts" | "co_names" | "co_varnames";

/** That an instruction's oparg stands for an entry of a pool. */
export interface PoolUse {
  readonly pool: Pool;
  /** A name is a string too, as the code object would hold it. A nested code object is known by its identity. */
  readonly value: Plain;
}

export interface PoolStep {
  readonly opcode: number;
  /** The oparg; where it is an index in a pool, the bits alone that stand below the index. */
  readonly oparg: number;
  /**
   * None, one, or (two locals in one oparg) two, in the order of the operand's text. None for a local of the first
   * versions, which have no co_varnames; the oparg is its number.
   */
  readonly uses: readonly PoolUse[];
  /** The name of the cell or free variable that the oparg stands for. */
  readonly cell?: Plain | undefined;
  /** Where it jumps to: the index of a step (the number of steps for the end), or -1. */
  readonly target: number;
  /** The line that holds for it, or -1. */
  readonly line: number;
  /** The columns on that line and on its end line, or -1 where they are not told. */
  readonly column: number;
  readonly endColumn: number;
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
