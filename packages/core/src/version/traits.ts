/**
 * What a Python version does, as data: one small record per version whose values each name one codec or one style.
 * Rooms above read these values; none of them ever compares versions.
 *
 * A step says: from this magic number on (its place in CPython's order, see `order.ts`), the trait has this value.
 * The first step of each trait stands for 0.9.8. Where another lineage differs from the CPython it follows, it has
 * steps of its own.
 *
 * Sources: the values were asked of the interpreters (2.7, 3.6 to 3.15, PyPy 3.9), seen in files that each of the
 * finals wrote, or read in the sources of marshal and of PyPy. What is not known for certain is said beside it.
 */
import { placeOf } from "./order.js";
import type { Lineage } from "./rows.js";

export interface Traits {
  /** Header form: magic and mtime (8 bytes); mtime and source size (12); PEP 552 flags (16). */
  readonly header: "mtime" | "mtime-size" | "flags";
  /** marshal.version of that Python, 0 to 6. */
  readonly marshalVersion: number;
  /** The type codes that Python's marshal reads, FLAG_REF apart, as one string. */
  readonly typeCodes: string;
  /** How marshal refers back: not at all; `t` fills a table that `R` indexes; FLAG_REF fills it and `r` indexes. */
  readonly references: "none" | "interned" | "flag";
  /** What `s` is: the str of Python 2 and older, or the bytes of Python 3. */
  readonly strings: "str8" | "bytes";
  /** How the names in a code object are marshalled: like any str; or (PyPy 3.2, 3.3) as `s`, UTF-8 that stands for str. */
  readonly codeNames: "str" | "utf8-bytes";
  /** How marshal writes a lone surrogate: as three bytes, or (2.0, 2.1) without the first of them, 0xed. */
  readonly surrogates: "whole" | "headless";
  /** Whether int and long are two types. */
  readonly longs: boolean;
  /**
   * Where an instruction's line is told. With `set-lineno`, 1.5 to 2.2 also have an unsigned co_lnotab, which their dis
   * does not use. `pep657-preview` is `linetable` for lines, with end lines and columns in two tables of their own.
   * `pypy-locations` is PyPy 3.10's own table.
   */
  readonly lines:
    | "set-lineno"
    | "lnotab-unsigned"
    | "lnotab-signed"
    | "linetable"
    | "pep657-preview"
    | "locations"
    | "pypy-locations";
  /**
   * How dis reads co_lnotab: one pair with a line per instruction; all pairs at one offset added up; the same, and not
   * beyond the end of the code.
   */
  readonly lineStarts: "stepwise" | "summed" | "bounded";
  /**
   * What co_lines says of locations: a range for each entry; neighbours on the same line as one; also those without a
   * line.
   */
  readonly lineRanges: "each" | "merged" | "merged-none";
  /** How a compiler splits an entry of co_lnotab that needs more than a byte (see `linetable/encode-lnotab.ts`). */
  readonly lineSplits: "both" | "in-turn" | "divided";
  /** What a compiler writes a location for: each instruction; or all in a row that stand in the same place. */
  readonly locationEntries: "each" | "merged";
  /**
   * Whether constant 0 of a function or class body is kept for its docstring or None (`slot`), which tells 1.2 from 1.1
   * (`no-slot`). Of no use elsewhere (`untold`).
   */
  readonly docstrings: "untold" | "no-slot" | "slot";
  /**
   * What of an expression of constants comes into co_consts beside its value: nothing (`none`); its operands before it,
   * while the value comes behind all that the code needs (`code`); or so for a function's defaults alone, everything
   * else being folded in the syntax tree (`tree`).
   */
  readonly constantFolding: "none" | "code" | "tree";
  /** Whether code objects carry an exception table. */
  readonly exceptionTable: boolean;
  /** Instruction encoding: one byte or three; or two-byte code units. */
  readonly encoding: "bytes" | "words";
  /** What a Python makes of co_code as it reads it: nothing, or shorter jumps (2.3 alone). */
  readonly codeOnLoad: "as-written" | "optimized";
  /** Whether a coroutine, or an asynchronous generator, has the flag of a generator too. */
  readonly coroutineFlags: "besides-generator" | "alone";
  /**
   * How the compiler counts co_stacksize (`flow/stacksize.ts`): while it writes, with slips; block after block, with upper
   * bounds that grew; over all paths, with bounds; over all paths, what really happens; the same, and 1 at least.
   */
  readonly stackSize:
    | "emitted-leaky"
    | "emitted"
    | "blocks"
    | "blocks-raising"
    | "blocks-popping"
    | "blocks-late"
    | "bounds"
    | "paths"
    | "paths-least-1";
  /** What a jump's oparg counts: bytes or code units. */
  readonly jumpUnit: 1 | 2;
  /** Whether the names of all fast locals stand in one tuple with a kinds string beside it (3.11). */
  readonly localsplus: boolean;
  /** What the oparg of LOAD_DEREF and its like counts through: the cells and free variables; or all fast locals. */
  readonly cellIndex: "cells" | "localsplus";
  /** Era of dis.py whose layout the listing follows: the Python at which its text changed (see `dis/`). */
  readonly listing: string;
  /** How floats print: `%.12g` of the first Pythons, repr's 17 digits, or the shortest that reads back. */
  readonly floats: "12" | "17" | "shortest";
  /**
   * How complex numbers print: an infinite or NaN imaginary part with a star (`inf*j`) or without one, and a real part
   * of -0.0 left out (`plain`, `star`) or not (`signed`).
   */
  readonly complexes: "plain" | "star" | "signed";
  /**
   * How repr writes a string: with octal escapes (`\011`, `\351`, `\u20AC`), and `single` never in double quotes; with
   * hex ones (`\t`, `\xe9`, `\u20ac`), characters beyond U+FFFF as two `units` of UTF-16 or as one `\U0001f600`; or so
   * that what is printable stays as it is.
   */
  readonly escapes: "single" | "octal" | "units" | "hex" | "printable";
  /** Version of Python's Unicode tables, which tell what is printable; a number such as 12.1. */
  readonly unicode: number;
  /** Whether a code object's repr has an address, and its file name double quotes (`<code object f, file 'a.py', …`). */
  readonly codeAddress: boolean;
}

/** `since` is a magic word, or a row's `release` where an older row has the same word; 0 is the beginning. */
export type Steps<T> = readonly (readonly [since: number | string, value: T])[];

const BASE = "0Nifls([{";
const V0 = `${BASE}c.xI`;
const V1 = `${V0}uSFTtR`;
const V2 = `${V0}uSFTgy<>`;
const V4 = `${V2}tr)aAzZ`;

const UNICODE_ALPHA = "1.6a1 and 1.6a2";

const steps: { readonly [K in keyof Traits]: Steps<Traits[K]> } = {
  header: [
    [0, "mtime"],
    [3210, "mtime-size"],
    [3392, "flags"],
  ],
  // 3 and 4 came within the time of 3250 and 3280. 6 is 3.15's release candidate's; since which 3.15 is not known.
  marshalVersion: [
    [0, 0],
    [62041, 1],
    [62071, 2],
    [3250, 3],
    [3280, 4],
    [3608, 5],
    [3666, 6],
  ],
  // `I` may be older than 1.5, and `S` is taken to be 2.2's: neither is known for certain. `?` is written for what
  // cannot be, and read by none. Though 3.3 and later no longer write `I`, all of them read it.
  typeCodes: [
    [0, `${BASE}C`],
    [11913, `${BASE}c`],
    [5892, `${BASE}c.x`],
    [20121, V0],
    [UNICODE_ALPHA, `${V0}u`],
    [60717, `${V0}uS`],
    [62011, `${V0}uSFT`],
    [62041, V1],
    [62071, `${V2}tR`],
    [3091, V2],
    [3250, `${V2}tr`],
    [3280, V4],
    [3608, `${V4}:`],
    [3666, `${V4}:}`],
  ],
  references: [
    [0, "none"],
    [62041, "interned"],
    [3091, "none"],
    [3250, "flag"],
  ],
  strings: [
    [0, "str8"],
    [3061, "bytes"],
  ],
  surrogates: [
    [0, "whole"],
    [50823, "headless"],
    [60717, "whole"],
  ],
  codeNames: [[0, "str"]],
  longs: [
    [0, true],
    [3000, false],
  ],
  // How the table of 3431 to 3437 differs from that of 3438 is not known here.
  lines: [
    [0, "set-lineno"],
    [62011, "lnotab-unsigned"],
    [3361, "lnotab-signed"],
    [3431, "linetable"],
    [3459, "pep657-preview"],
    [3494, "locations"],
  ],
  lineStarts: [
    [0, "summed"],
    [62011, "stepwise"],
    [62041, "summed"],
    [3400, "bounded"],
  ],
  lineRanges: [
    [0, "each"],
    [3500, "merged"],
    [3550, "merged-none"],
  ],
  lineSplits: [
    [0, "both"],
    [60202, "in-turn"],
    [62071, "divided"],
  ],
  // In which alpha of 3.12 that changed is not known here.
  locationEntries: [
    [0, "each"],
    [3500, "merged"],
  ],
  docstrings: [
    [0, "untold"],
    [39171, "no-slot"],
    ["1.2", "slot"],
    [11913, "untold"],
  ],
  constantFolding: [
    [0, "none"],
    [62041, "code"],
    [3390, "tree"],
    [3600, "code"],
  ],
  exceptionTable: [
    [0, false],
    [3450, true],
  ],
  encoding: [
    [0, "bytes"],
    [3370, "words"],
  ],
  codeOnLoad: [
    [0, "as-written"],
    [62011, "optimized"],
    [62041, "as-written"],
  ],
  coroutineFlags: [
    [0, "besides-generator"],
    [3360, "alone"],
  ],
  // Asked of the finals; in which pre-release each came is not known.
  stackSize: [
    [0, "emitted-leaky"],
    [60717, "emitted"],
    [62071, "blocks"],
    [62171, "blocks-late"],
    [3000, "blocks"],
    [3160, "blocks-raising"],
    [3250, "blocks-popping"],
    [3390, "bounds"],
    [3430, "paths"],
    [3550, "paths-least-1"],
  ],
  jumpUnit: [
    [0, 1],
    [3435, 2],
  ],
  localsplus: [
    [0, false],
    [3453, true],
  ],
  cellIndex: [
    [0, "cells"],
    [3454, "localsplus"],
  ],
  listing: [
    [0, "0.9.8"], // opcode names 15 wide; meanings of constants, names and forward jumps
    [5892, "1.4"], // and of locals
    [20121, "1.5"], // and of comparisons
    [UNICODE_ALPHA, "1.6"], // opcode names 20 wide; EXTENDED_ARG makes an oparg a long
    [60202, "2.1"], // meaning of free variables
    [62011, "2.3"], // a column of line numbers
    [3000, "3.0"], // a space at the end of each line; opargs are ints
    [3190, "3.3"], // positional and keyword arguments of calls counted
    [3250, "3.4"], // nothing at the end of a line
    [3351, "3.5"], // EXTENDED_ARG counts for the labels
    [3360, "3.6"], // FORMAT_VALUE; calls no longer
    [3390, "3.7"], // nested code objects; the columns of lines and offsets grow
    [3400, "3.8"], // flags of MAKE_FUNCTION
    [3430, "3.10"], // absolute jumps; no column of lines where none is known
    [3450, "3.11"], // exception table, caches
    [3500, "3.12"],
    [3550, "3.13"], // labels
    [3600, "3.14"],
    [3650, "3.15"],
  ],
  floats: [
    [0, "12"],
    [UNICODE_ALPHA, "17"],
    [62171, "shortest"],
    [3000, "17"],
    [3141, "shortest"],
  ],
  complexes: [
    [0, "plain"],
    [62151, "star"],
    [62171, "signed"],
    [3000, "star"],
    [3141, "signed"],
  ],
  escapes: [
    [0, "single"],
    [39170, "octal"],
    [60202, "units"],
    [60717, "hex"],
    [3131, "printable"],
  ],
  unicode: [
    [0, 5.1],
    [3160, 6.0],
    [3190, 6.1],
    [3250, 6.3],
    [3320, 8.0],
    [3360, 9.0],
    [3390, 11.0],
    [3400, 12.1],
    [3420, 13.0],
    [3450, 14.0],
    [3500, 15.0],
    [3550, 15.1],
    [3600, 16.0],
    [3650, 17.0],
  ],
  codeAddress: [[0, true]],
};

/**
 * Where PyPy differs from the CPython it follows; undefined is "as there". codeAddress of 3.2 and 3.3 is taken to be
 * 2.7's.
 */
const pypySteps: { readonly [K in keyof Traits]?: Steps<Traits[K] | undefined> } = {
  coroutineFlags: [[0, "besides-generator"]],
  stackSize: [[0, "paths"]],
  typeCodes: [
    [0, undefined],
    [3180, `${V2}R`],
    [3351, undefined],
  ],
  codeNames: [
    [0, "str"],
    [3180, "utf8-bytes"],
    [3351, "str"],
  ],
  // Seen in files of PyPy 3.9; what its older versions do is not known.
  constantFolding: [
    [0, undefined],
    [3425, "none"],
  ],
  codeAddress: [
    [0, false],
    [3351, true],
  ],
  lines: [
    [0, undefined],
    [3439, "pypy-locations"],
  ],
  lineSplits: [[0, "in-turn"]],
};

export function valueAt<T>(of: Steps<T>, position: number): T | undefined {
  return of.findLast(([since], i) => i === 0 || placeOf(since) <= position)?.[1];
}

/** The traits of the version with this place in CPython's order, and of this lineage. */
export function traitsAt(position: number, lineage: Lineage): Traits {
  const traits: Record<string, unknown> = {};
  for (const key of Object.keys(steps) as (keyof Traits)[]) {
    const own = lineage === "PyPy" ? pypySteps[key] : undefined;
    traits[key] = (own && valueAt<unknown>(own, position)) ?? valueAt<unknown>(steps[key], position);
  }
  return traits as unknown as Traits;
}
