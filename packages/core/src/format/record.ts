/**
 * Records: what stands in the header and in a code object, declared once.
 *
 * A field is a row with the range of magic numbers that have it. From these rows come the reader (marshal/), the
 * accessors (code/), the description of every byte (notation/) and the layout tables (`pyclab layout`).
 */
import { positionOf, type Version } from "../version/index.js";

/** How a field is stored: little-endian integers of fixed width, raw bytes, or a marshalled object. */
export type FieldType = "u16" | "u32" | "i16" | "i32" | "magic" | "hash" | "object";

export interface Field {
  readonly name: string;
  readonly type: FieldType;
  /** What it holds, in a few words. */
  readonly meaning: string;
  /** For an object: the type a CPython writes there. */
  readonly holds?: string;
}

/** A field and the versions that have it: magic words, `until` exclusive. The first row of all has no `since`. */
export interface FieldRow extends Field {
  readonly since?: number;
  readonly until?: number;
}

export const fieldSize: { readonly [T in FieldType]: number } = {
  u16: 2,
  i16: 2,
  u32: 4,
  i32: 4,
  magic: 4,
  hash: 8,
  object: 0,
};

/** The rows that a version has, in file order. */
export function fieldsFor(rows: readonly FieldRow[], version: Version): readonly Field[] {
  const at = version.position;
  return rows.filter(
    (row) =>
      (row.since === undefined || positionOf(row.since) <= at) &&
      (row.until === undefined || at < positionOf(row.until)),
  );
}
