/** The codec of each version, by the name that its traits give. */
import type { CodeObject } from "../code/index.js";
import type { Traits } from "../version/index.js";
import { linetable } from "./linetable.js";
import { lnotab } from "./lnotab.js";
import { locations } from "./locations.js";
import { pypyLocations } from "./pypy.js";
import { setLineno } from "./set-lineno.js";
import type { LineCodec, LineRanges, LineStarts, LineTable } from "./table.js";

const unsigned = lnotab(false);
const codecs: { readonly [name in Traits["lines"]]: LineCodec } = {
  "set-lineno": setLineno(unsigned),
  "lnotab-unsigned": unsigned,
  "lnotab-signed": lnotab(true),
  linetable,
  "pep657-preview": linetable, // what its tables of end lines and columns hold is not known
  locations,
  "pypy-locations": pypyLocations,
};

const codecOf = (code: CodeObject) => codecs[code.version.traits.lines];

/** What that version's `dis.findlinestarts` yields; up to 2.2, which has none, where each line begins. */
export function lineStarts(code: CodeObject): LineStarts {
  return codecOf(code).starts(code);
}

/** What `co_lines()` yields (3.10 and later); undefined where there is none. */
export function lines(code: CodeObject): LineRanges | undefined {
  return codecOf(code).lines?.(code);
}

/**
 * What `co_positions()` yields (3.11 and later): four numbers for each code unit, its line, end line, column and end
 * column (columns count bytes of UTF-8 from 0), NO_LINE for None. Undefined where there is none, or where what the
 * tables hold is not known.
 */
export function positions(code: CodeObject): Int32Array | undefined {
  return codecOf(code).positions?.(code);
}

/** The line table split into its entries, and what is wrong with it. Never throws. */
export function entries(code: CodeObject): LineTable {
  return codecOf(code).entries(code);
}
