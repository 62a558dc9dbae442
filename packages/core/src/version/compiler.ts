/**
 * What a Python's compiler puts into a code object: its flags, the kinds of its locals, and its pools, in which order:
 * the traits by which `assembly/pools.ts` infers them. Measured on what the finals wrote, and read in the compilers' sources; a step is set
 * to the first magic number of the Python whose final first does so. Apart from the traits of reading, so that a program
 * that only reads does not carry them.
 */

import type { Version } from "./lookup.js";
import { type Steps, valueAt } from "./traits.js";

export interface CompilerTraits {
  /**
   * Whether a jump keeps the prefixes that it needed before the peephole optimizer brought its target nearer (`kept`);
   * else it has what it needs.
   */
  readonly jumpPrefixes: "needed" | "kept";
  /**
   * Whose constant 0 the compiler keeps for a docstring, or None where there is none: of function bodies (`def`), of
   * lambdas too (`def-lambda`), of class bodies too (`all`); else a docstring alone takes it (`docstring`).
   */
  readonly constantZero: "docstring" | "def" | "def-lambda" | "all";
  /** Whether a value that was folded (`Traits.constantFolding`) is a constant of its own each time, or once. */
  readonly foldedConstants: "each" | "once";
  /**
   * Where code stands: where it was in the source; so, but a `finally` was compiled before its `try` (`finally-first`);
   * with ends of a body put where they are jumped to (`ends-copied`); and
   * with what only an exception leads to behind everything else (`cold-last`).
   */
  readonly blockOrder: "source" | "finally-first" | "ends-copied" | "cold-last";
  /** Whether the None that a body returns at its end is loaded once, or on each of the ways that lead there. */
  readonly implicitReturn: "once" | "copied";
  /** Whether that None comes into co_consts where the end is reached, or always. */
  readonly finalNone: "reached" | "always";
  /** Whether neighbouring stores stand as the source has them, or may have been swapped to spare a swap of the stack. */
  readonly storeOrder: "as-written" | "swapped";
  /** Whether a module's annotations are set up where they stand, or by code that comes last and stands first. */
  readonly annotations: "in-place" | "deferred";
  /**
   * Words of the language that a compiler takes for names, so that they come into co_names, and makes constants of once
   * it has the code (separated by spaces).
   */
  readonly namedConstants: "" | "None" | "None True False";
  /** Whether a function's code becomes a constant before the default values of its parameters, or behind them. */
  readonly defaultValues: "behind-code" | "before-code";
  /**
   * Whether the names of fast locals come into co_names too, as the compiler decides late what is fast: all of them, or
   * all but those that a parameter which is a tuple consists of.
   */
  readonly localNames: "apart" | "in-names" | "in-names-but-tuples";
  /**
   * The order of locals that are no parameters: that of their first use; or that of the symbol table, a dict, which
   * probed for a place in the way of 2.1, and of 2.2 on, and grew by the factor.
   */
  readonly localOrder: "first-use" | "dict-2.1" | "dict-2.2" | "dict-2.3";
  /** What a minus before a number is: an operation that is folded, or a part of the number. */
  readonly negatives: "folded" | "literal";
  /**
   * Which constants stay in co_consts: all that the compiler ever added; all up to the last that is loaded; or the first
   * and those that are loaded.
   */
  readonly constantsKept: "all" | "up-to-last" | "loaded";
  /**
   * What co_localspluskinds tells besides local, cell and free: nothing; also that the locals of an inlined comprehension in a
   * module or class are hidden; and how arguments are passed.
   */
  readonly localKinds: "plain" | "hidden" | "arguments";
  /**
   * The bits of co_flags that the compiler sets, named by the Python that changed them: `1.3` OPTIMIZED and NEWLOCALS
   * (this for classes too); `2.3` NOFREE; `2.5` NESTED; `3.4` classes lose NEWLOCALS; `3.6` a coroutine is no GENERATOR;
   * `3.11` NOFREE goes; `3.14` HAS_DOCSTRING and METHOD; `pypy3` 3.6's, but no NOFREE for classes.
   */
  readonly codeFlags: "none" | "1.3" | "2.3" | "2.5" | "3.4" | "3.6" | "pypy3" | "3.11" | "3.14";
}

const steps: { readonly [K in keyof CompilerTraits]: Steps<CompilerTraits[K]> } = {
  jumpPrefixes: [
    [0, "needed"],
    [3370, "kept"],
    [3430, "needed"],
  ],
  localKinds: [
    [0, "plain"],
    [3500, "hidden"],
    [3600, "arguments"],
  ],
  codeFlags: [
    [0, "none"],
    [11913, "1.3"],
    [62011, "2.3"],
    [62071, "2.5"],
    [3250, "3.4"],
    [3360, "3.6"],
    [3450, "3.11"],
    [3600, "3.14"],
  ],
  constantZero: [
    [0, "docstring"],
    ["1.2", "all"],
    [62071, "def"],
    [62171, "def-lambda"],
    [3000, "def"],
    [3160, "def-lambda"],
    [3600, "docstring"],
  ],
  foldedConstants: [
    [0, "each"],
    [3430, "once"],
  ],
  namedConstants: [
    [0, ""],
    [62041, "None"],
    [3000, "None True False"],
    [3250, ""],
  ],
  defaultValues: [
    [0, "behind-code"],
    [60202, "before-code"],
  ],
  localNames: [
    [0, "apart"],
    ["0.9.9", "in-names-but-tuples"],
    [60202, "in-names"],
    [62071, "apart"],
  ],
  localOrder: [
    [0, "first-use"],
    [60202, "dict-2.1"],
    [60717, "dict-2.2"],
    [62011, "dict-2.3"],
    [62071, "first-use"],
  ],
  negatives: [
    [0, "literal"],
    [3160, "folded"],
  ],
  blockOrder: [
    [0, "source"],
    [3400, "finally-first"],
    [3420, "source"],
    [3430, "ends-copied"],
    [3500, "cold-last"],
  ],
  implicitReturn: [
    [0, "once"],
    [3430, "copied"],
  ],
  finalNone: [
    [0, "reached"],
    [62041, "always"],
    [62071, "reached"],
    [3500, "always"],
  ],
  storeOrder: [
    [0, "as-written"],
    [3450, "swapped"],
  ],
  annotations: [
    [0, "in-place"],
    [3600, "deferred"],
  ],
  constantsKept: [
    [0, "all"],
    [3430, "up-to-last"],
    [3500, "loaded"],
  ],
};

/** Seen in files of PyPy 3.9; what its older versions do is not known. */
const pypySteps: { readonly [K in keyof CompilerTraits]?: Steps<CompilerTraits[K] | undefined> } = {
  codeFlags: [
    [0, undefined],
    [3360, "pypy3"],
  ],
  constantZero: [
    [0, undefined],
    [3425, "all"],
  ],
};

const known = new Map<Version, CompilerTraits>();

/** What the compiler of that version does. */
export function compilerOf(version: Version): CompilerTraits {
  let found = known.get(version);
  if (found === undefined) {
    const traits: Record<string, unknown> = {};
    for (const key of Object.keys(steps) as (keyof CompilerTraits)[]) {
      const own = version.lineage === "PyPy" ? pypySteps[key] : undefined;
      traits[key] = (own && valueAt<unknown>(own, version.position)) ?? valueAt<unknown>(steps[key], version.position);
    }
    found = traits as unknown as CompilerTraits;
    known.set(version, found);
  }
  return found;
}
