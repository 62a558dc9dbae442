/**
 * Line tables from what they say. An event tells where in co_code something begins to hold; of a version's own tables
 * `encodeLines(readEvents(code), …)` makes the same bytes again.
 *
 * Up to 3.9 an event is an entry that the compiler made: it may be on the line of the one before. From 3.10 on it holds
 * until the next, and two in a row that say the same are one. What stands before the first is on co_firstlineno.
 */
import type { CodeObject } from "../code/index.js";
import type { Traits, Version } from "../version/index.js";
import { linetableEncoder } from "./encode-linetable.js";
import { lnotabEncoder } from "./encode-lnotab.js";
import { locationsEncoder, pypyEncoder } from "./encode-locations.js";
import type { LineContext, LineEncoder, LineEvent } from "./events.js";

const signed = lnotabEncoder(true);
const unsigned = lnotabEncoder(false);
const encoders: { readonly [name in Traits["lines"]]: LineEncoder } = {
  "set-lineno": unsigned,
  "lnotab-unsigned": unsigned,
  "lnotab-signed": signed,
  linetable: linetableEncoder,
  "pep657-preview": linetableEncoder, // its tables of end lines and columns are not made
  locations: locationsEncoder,
  "pypy-locations": pypyEncoder,
};

const encoderOf = (version: Version) => encoders[version.traits.lines];

/** What a line table says, in order; nothing where the version has none. Never throws. */
export function readEvents(code: CodeObject): LineEvent[] {
  return encoderOf(code.version).read(code);
}

/**
 * The bytes of co_lnotab or co_linetable; undefined where the table cannot say it: events out of order or beyond the
 * code, a line before the one before in an unsigned table, lines or columns that are no whole numbers or too far off.
 */
export function encodeLines(events: readonly LineEvent[], context: LineContext): Uint8Array | undefined {
  let before = 0;
  for (const { offset } of events) {
    if (!Number.isInteger(offset) || offset < before || offset > context.codeSize) return undefined;
    before = offset;
  }
  return encoderOf(context.version).encode(events, context);
}
