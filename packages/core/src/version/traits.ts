/**
 * What a Python version does, as data: one small record per version whose values each name one codec or one style.
 * Rooms above read these values; none of them ever compares versions.
 *
 * A row says: from this magic number on (its place in CPython's order, see `order.ts`), the trait has this value.
 * The first row of each trait stands for 0.9.8.
 */
import { positionOf } from "./order.js";

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
  /** Whether int and long are two types. */
  readonly longs: boolean;
  /** Where an instruction's line is told. */
  readonly lines: "set-lineno" | "lnotab-unsigned" | "lnotab-signed" | "linetable" | "locations";
  /** Whether code objects carry an exception table. */
  readonly exceptionTable: boolean;
  /** Instruction encoding: one byte or three; or two-byte code units. */
  readonly encoding: "bytes" | "words";
  /** What a jump's oparg counts: bytes or code units. */
  readonly jumpUnit: 1 | 2;
  /** Whether the names of all fast locals stand in one tuple with a kinds string beside it (3.11). */
  readonly localsplus: boolean;
  /** Era of dis.py whose layout the listing follows (see `dis/`). */
  readonly listing: string;
  /** How floats print: repr's 17 digits, `%.12g` of the first Pythons, or the shortest that reads back. */
  readonly floats: "12" | "17" | "shortest";
}

type Rows<T> = readonly (readonly [since: number, value: T])[];

const rows: { readonly [K in keyof Traits]: Rows<Traits[K]> } = {
  header: [
    [0, "mtime"],
    [3210, "mtime-size"],
    [3392, "flags"],
  ],
  marshalVersion: [
    [0, 0],
    [62041, 1],
    [62071, 2],
    [3250, 3],
    [3260, 4],
    [3608, 5],
    [3650, 5],
  ],
  typeCodes: [[0, "0NFTS.ifl(s[{c?"]],
  references: [
    [0, "none"],
    [62041, "interned"],
    [3000, "none"],
    [3250, "flag"],
  ],
  strings: [
    [0, "str8"],
    [3000, "bytes"],
  ],
  longs: [
    [0, true],
    [3000, false],
  ],
  lines: [
    [0, "set-lineno"],
    [62011, "lnotab-unsigned"],
    [3361, "lnotab-signed"],
    [3431, "linetable"],
    [3494, "locations"],
  ],
  exceptionTable: [
    [0, false],
    [3450, true],
  ],
  encoding: [
    [0, "bytes"],
    [3370, "words"],
  ],
  jumpUnit: [
    [0, 1],
    [3435, 2],
  ],
  localsplus: [
    [0, false],
    [3453, true],
  ],
  listing: [[0, "1.4"]],
  floats: [[0, "17"]],
};

/** The traits of the CPython with this place in the order. */
export function traitsAt(position: number): Traits {
  const out: Record<string, unknown> = {};
  for (const [key, steps] of Object.entries(rows)) {
    let value: unknown;
    for (const [since, v] of steps) if (since === 0 || positionOf(since) <= position) value = v;
    out[key] = value;
  }
  return out as unknown as Traits;
}
