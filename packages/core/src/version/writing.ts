/**
 * What a Python does when it writes: traits that only the encoder needs, apart from those of reading so that a program
 * that only reads does not carry them. Steps are as in `traits.ts`.
 *
 * Sources: measured over files that each of the finals and PyPy 3.9 wrote, which decides between the rules that the
 * sources of marshal and of the compilers leave open; SipHash was asked of the interpreters.
 */
import type { Version } from "./lookup.js";
import { type Steps, valueAt } from "./traits.js";

export interface WritingTraits {
  /** Digits of a float that marshal writes as text: `%.12g` or `%.17g`. */
  readonly floatDigits: 12 | 17;
  /** Whether an int beyond 32 bits is written as `I`. */
  readonly int64: boolean;
  /**
   * What decides which objects are one and which are shared: nothing that a file shows; whether a string is interned;
   * how many hold it in memory; PyPy's marshal.
   */
  readonly sharing: "none" | "interned" | "refcount" | "pypy";
  /**
   * Which equal constants are one: those that a folded tuple took from the code object's own; of different code objects
   * none; or all in the module.
   */
  readonly mergedConstants: "folded" | "none" | "module";
  /** The fields of code objects whose objects are one with equal constants and fields, wherever they are. */
  readonly mergedFields: readonly string[];
  /** The fields whose objects something else holds too, each by itself. */
  readonly heldFields: readonly string[];
  /** The fields whose empty bytes are not the ones that the interpreter has once. */
  readonly ownEmptyBytes: readonly string[];
  /** Strings that are interned whatever they are: those of these fields. */
  readonly internedFields: readonly string[];
  /** Names that the compiler gives and holds, yet does not intern. */
  readonly heldNames: readonly string[];
  /** Names that the compiler makes anew each time, not interned. */
  readonly freshNames: readonly string[];
  /** What else is interned: strings of letters, digits and `_`; the same, looking no further than a NUL. */
  readonly internedStrings: "identifiers" | "identifiers-to-nul";
  /** Whether strings of one character are interned. */
  readonly internedCharacters: boolean;
  /** Which interned strings that occur once something else holds too: likely ones, or all. */
  readonly heldStrings: "likely" | "all";
  /** The largest int that the interpreter has once. */
  readonly largestSmallInt: number;
  /** Whether something else holds the module's code object while it is written. */
  readonly heldModule: boolean;
  /** Rounds of the SipHash in a hash-based header. */
  readonly sourceHash: "siphash-2-4" | "siphash-1-3";
}

const NAMES = ["co_names", "co_varnames", "co_freevars", "co_cellvars", "co_localsplusnames"];

const COMPREHENSIONS = ["<genexpr>", "<listcomp>", "<setcomp>", "<dictcomp>"];

const steps: { readonly [K in keyof WritingTraits]: Steps<WritingTraits[K]> } = {
  floatDigits: [
    [0, 12],
    [60717, 17],
  ],
  int64: [
    [0, false],
    [20121, true],
    [3190, false],
  ],
  sharing: [
    [0, "none"],
    [62041, "interned"],
    [3000, "none"],
    [3250, "refcount"],
  ],
  mergedConstants: [
    [0, "folded"],
    [3390, "none"],
    [3400, "module"],
  ],
  mergedFields: [
    [0, []],
    [3400, ["co_consts", ...NAMES]],
    [3431, ["co_consts", ...NAMES, "co_code", "co_linetable"]],
    [3450, ["co_consts", ...NAMES, "co_linetable", "co_exceptiontable"]],
  ],
  heldFields: [
    [0, []],
    [3450, ["co_code"]],
  ],
  ownEmptyBytes: [
    [0, ["co_lnotab"]],
    [62171, []],
    [3000, ["co_lnotab"]],
    [3390, []],
  ],
  internedFields: [
    [0, [...NAMES, "co_name", "co_filename"]],
    [62071, [...NAMES, "co_name"]],
    [3450, NAMES],
    [3550, [...NAMES, "co_name", "co_qualname", "co_filename"]],
  ],
  heldNames: [
    [0, []],
    [3250, COMPREHENSIONS],
    [3400, []],
    [3450, [...COMPREHENSIONS, "<lambda>", "<module>"]],
    [3550, []],
  ],
  freshNames: [
    [0, []],
    [62071, ["<module>", "<genexpr>"]],
    [62151, ["<genexpr>"]],
    [62171, COMPREHENSIONS],
    [3250, []],
  ],
  internedStrings: [
    [0, "identifiers-to-nul"],
    [62171, "identifiers"],
  ],
  internedCharacters: [
    [0, false],
    [3550, true],
  ],
  heldStrings: [
    [0, "likely"],
    [3450, "all"],
  ],
  largestSmallInt: [
    [0, 256],
    [3650, 1024],
  ],
  heldModule: [
    [0, true],
    [3650, false],
  ],
  sourceHash: [
    [0, "siphash-2-4"],
    [3450, "siphash-1-3"],
  ],
};

/** Where PyPy differs from the CPython it follows. */
const pypySteps: { readonly [K in keyof WritingTraits]?: Steps<WritingTraits[K] | undefined> } = {
  sharing: [
    [0, undefined],
    [3250, "pypy"],
  ],
};

const known = new Map<Version, WritingTraits>();

/** How the Python of that version writes. */
export function writingOf(version: Version): WritingTraits {
  let found = known.get(version);
  if (found === undefined) {
    const traits: Record<string, unknown> = {};
    for (const key of Object.keys(steps) as (keyof WritingTraits)[]) {
      const own = version.lineage === "PyPy" ? pypySteps[key] : undefined;
      traits[key] = (own && valueAt<unknown>(own, version.position)) ?? valueAt<unknown>(steps[key], version.position);
    }
    found = traits as unknown as WritingTraits;
    known.set(version, found);
  }
  return found;
}
