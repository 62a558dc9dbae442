/** The codec of each version, by the name that its traits give. */
import type { CodeObject } from "../code/index.js";
import { positionOf, type Version } from "../version/index.js";
import { linetable } from "./linetable.js";
import { lnotab, type Reading } from "./lnotab.js";
import { locations, type Telling } from "./locations.js";
import { pypyLocations } from "./pypy.js";
import { setLineno } from "./set-lineno.js";
import type { LineCodec, LineRanges, LineStarts, LineTable } from "./table.js";

/** From which magic number on `dis.findlinestarts` reads co_lnotab in which way, and co_lines tells lines in which. */
const readings: readonly (readonly [since: number, Reading])[] = [
  [3400, "bounded"], // 3.8
  [62041, "summed"], // 2.4
  [62011, "stepwise"], // 2.3
];
const tellings: readonly (readonly [since: number, Telling])[] = [
  [3550, "merged-none"], // 3.13
  [3500, "merged"], // 3.12
];

function latest<T>(rows: readonly (readonly [since: number, T])[], version: Version): T | undefined {
  return rows.find(([word]) => positionOf(word) <= version.position)?.[1];
}
const reading = ({ version }: CodeObject): Reading => latest(readings, version) ?? "summed";
const telling = ({ version }: CodeObject): Telling => latest(tellings, version) ?? "each";

const unsigned = lnotab(false, reading);
const codecs: { readonly [name: string]: LineCodec } = {
  "set-lineno": setLineno(unsigned),
  "lnotab-unsigned": unsigned,
  "lnotab-signed": lnotab(true, reading),
  linetable,
  locations: locations(telling),
  "pypy-locations": pypyLocations,
};

const codecOf = (code: CodeObject) => codecs[code.version.traits.lines] as LineCodec;

/** What that version's `dis.findlinestarts` yields; up to 2.2, which has none, where each line begins. */
export function lineStarts(code: CodeObject): LineStarts {
  return codecOf(code).starts(code);
}

/** What `co_lines()` yields (3.10 and later), or undefined. */
export function lines(code: CodeObject): LineRanges | undefined {
  return codecOf(code).lines?.(code);
}

/**
 * What `co_positions()` yields (3.11 and later), or undefined: four numbers for each code unit, its line, end line,
 * column and end column (columns count bytes of UTF-8 from 0); NO_LINE for None.
 */
export function positions(code: CodeObject): Int32Array | undefined {
  return codecOf(code).positions?.(code);
}

/** The line table split into its entries, and what is wrong with it. Never throws. */
export function entries(code: CodeObject): LineTable {
  return codecOf(code).entries(code);
}
