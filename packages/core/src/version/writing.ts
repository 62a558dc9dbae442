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
  /** Where the compiler makes equal constants one: in each code object, or all over the module. */
  readonly mergedConstants: "code" | "module";
  /** The fields of code objects whose objects it makes one with equal constants, wherever they are. */
  readonly mergedFields: readonly string[];
  /** The fields whose objects are held by something else too, each by itself. */
  readonly heldFields: readonly string[];
  /** The fields in which an interned string that occurs once is likely held by something else too. */
  readonly heldStrings: readonly string[];
  /** Strings that are interned whatever they are: those of these fields. */
  readonly internedFields: readonly string[];
  /** Whether strings of one character are interned. */
  readonly internedCharacters: boolean;
  /** Rounds of the SipHash in a hash-based header. */
  readonly sourceHash: "siphash-2-4" | "siphash-1-3";
}

const NAMES = ["co_names", "co_varnames", "co_freevars", "co_cellvars", "co_localsplusnames"];

const steps: { readonly [K in keyof WritingTraits]: Steps<WritingTraits[K]> } = {
  floatDigits: [
    [0, 12],
    [62011, 17],
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
    [0, "code"],
    [3400, "module"],
  ],
  mergedFields: [
    [0, []],
    [3400, ["co_consts", ...NAMES]],
    [3431, ["co_consts", ...NAMES, "co_linetable"]],
    [3450, ["co_consts", ...NAMES, "co_linetable", "co_exceptiontable"]],
  ],
  heldFields: [
    [0, []],
    [3450, ["co_code"]],
  ],
  heldStrings: [
    [0, ["co_names", "co_name"]],
    [3430, [...NAMES, "co_name", "co_consts"]],
  ],
  internedFields: [
    [0, [...NAMES, "co_name"]],
    [3600, [...NAMES, "co_name", "co_qualname", "co_filename"]],
  ],
  internedCharacters: [
    [0, false],
    [3600, true],
  ],
  sourceHash: [
    [0, "siphash-2-4"],
    [3450, "siphash-1-3"],
  ],
};

/** Where PyPy differs from the CPython it follows. */
const pypySteps: { readonly [K in keyof WritingTraits]?: Steps<WritingTraits[K] | undefined> } = {};

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
