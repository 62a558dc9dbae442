/** The code object's fields in file order, with the magic numbers that brought, changed and dropped them. */
import type { Version } from "../version/index.js";
import { type Field, type FieldRow, fieldSize, fieldsFor } from "./record.js";

/** Magic words at which the record changed; the names say what came. */
const NAME = 39169; // 0.9.9
const TUPLES = 39171; // 1.1: names and constants are tuples, lists before
const COUNTS = 11913; // 1.3
const STACKSIZE = 20121; // 1.5
const CELLS = 60202; // 2.1
const WIDE = 62011; // 2.3a0
const KWONLY = 3030; // 3000 (pre-release of 3.0)
const POSONLY = 3410; // 3.8a1
const LINETABLE = 3431; // 3.10a1
const EXCEPTIONS = 3450; // 3.11a1
const NO_NLOCALS = 3452; // 3.11a1
const LOCALSPLUS = 3453; // 3.11a1
const PREVIEW_COLUMNS = 3459; // 3.11a1: end lines and columns in tables of their own
const QUALNAME = 3460; // 3.11a1
const LOCATIONS = 3494; // 3.11a7: one table for lines and columns

/** An integer field that 2.3 widened from 16 to 32 bits; both are read with their sign. */
const count = (name: string, meaning: string, since: number, until?: number): FieldRow[] => [
  { name, type: "i16", meaning, since, until: WIDE },
  { name, type: "i32", meaning, since: WIDE, ...(until === undefined ? {} : { until }) },
];

const object = (
  name: string,
  holds: string,
  meaning: string,
  range: { since?: number; until?: number } = {},
): FieldRow => ({
  name,
  type: "object",
  holds,
  meaning,
  ...range,
});

const rows: readonly FieldRow[] = [
  ...count("co_argcount", "number of positional parameters, * and ** not counted", COUNTS),
  { name: "co_posonlyargcount", type: "i32", meaning: "how many of them are positional-only", since: POSONLY },
  { name: "co_kwonlyargcount", type: "i32", meaning: "number of keyword-only parameters", since: KWONLY },
  ...count("co_nlocals", "number of fast locals, parameters included", COUNTS, NO_NLOCALS),
  ...count("co_stacksize", "deepest the value stack gets", STACKSIZE),
  ...count("co_flags", "CO_* bits", COUNTS),
  object("co_code", "bytes", "the instructions"),
  object("co_consts", "list", "constants that LOAD_CONST indexes", { until: TUPLES }),
  object("co_consts", "tuple", "constants that LOAD_CONST indexes", { since: TUPLES }),
  object("co_names", "list of str", "names of globals, attributes, modules", { until: TUPLES }),
  object("co_names", "tuple of str", "names of globals, attributes, modules", { since: TUPLES }),
  object("co_varnames", "tuple of str", "names of the fast locals, parameters first", {
    since: COUNTS,
    until: LOCALSPLUS,
  }),
  object("co_freevars", "tuple of str", "names that come from an enclosing function", {
    since: CELLS,
    until: LOCALSPLUS,
  }),
  object("co_cellvars", "tuple of str", "locals that an inner function uses", { since: CELLS, until: LOCALSPLUS }),
  object("co_localsplusnames", "tuple of str", "names of locals, cells and free variables, in one", {
    since: LOCALSPLUS,
  }),
  object("co_localspluskinds", "bytes", "a kind byte for each of them", { since: LOCALSPLUS }),
  object("co_filename", "str", "where the source was"),
  object("co_name", "str", "name of the function, class or module", { since: NAME }),
  object("co_qualname", "str", "the dotted path to it", { since: QUALNAME }),
  ...count("co_firstlineno", "line the code object begins at", STACKSIZE),
  object("co_lnotab", "bytes", "offset and line increments", { since: STACKSIZE, until: LINETABLE }),
  object("co_linetable", "bytes", "line of each range of instructions", { since: LINETABLE, until: LOCATIONS }),
  object("co_endlinetable", "bytes or None", "end line of each instruction", {
    since: PREVIEW_COLUMNS,
    until: LOCATIONS,
  }),
  object("co_columntable", "bytes or None", "columns of each instruction", {
    since: PREVIEW_COLUMNS,
    until: LOCATIONS,
  }),
  object("co_linetable", "bytes", "lines and columns of each instruction", { since: LOCATIONS }),
  object("co_exceptiontable", "bytes", "ranges and their handlers", { since: EXCEPTIONS }),
];

/**
 * A code object's record, prepared for reading: `objects[k]` is preceded by `gaps[k]` bytes of integers, and
 * `gaps[objects.length]` bytes follow the last one.
 */
export interface CodeLayout {
  readonly fields: readonly Field[];
  readonly objects: readonly string[];
  readonly gaps: readonly number[];
  /** Where each integer stands: behind which object (0: behind the type byte), and how far. */
  readonly integers: ReadonlyMap<string, { readonly gap: number; readonly at: number; readonly size: number }>;
  /** Index of each object field. */
  readonly order: ReadonlyMap<string, number>;
}

const layouts = new Map<number, CodeLayout>();

/** The layout of code objects of that version; one object per distinct place in the order, made once. */
export function codeLayout(version: Version): CodeLayout {
  let layout = layouts.get(version.position);
  if (!layout) {
    const fields = fieldsFor(rows, version);
    const objects: string[] = [];
    const gaps: number[] = [0];
    const integers = new Map<string, { gap: number; at: number; size: number }>();
    for (const field of fields) {
      if (field.type === "object") {
        objects.push(field.name);
        gaps.push(0);
        continue;
      }
      const gap = objects.length;
      const at = gaps[gap] as number;
      integers.set(field.name, { gap, at, size: fieldSize[field.type] });
      gaps[gap] = at + fieldSize[field.type];
    }
    layout = { fields, objects, gaps, integers, order: new Map(objects.map((name, i) => [name, i])) };
    layouts.set(version.position, layout);
  }
  return layout;
}
