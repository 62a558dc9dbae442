/** The header's fields. From 3.7 on, the flags decide which of two forms follows them (PEP 552). */
import type { Version } from "../version/index.js";
import { type Field, type FieldRow, fieldSize, fieldsFor } from "./record.js";

const SIZE = 3210; // 3.3a1
const FLAGS = 3392; // 3.7a4

/** Bits of the header's flags; importlib refuses any other. */
export const HASH_BASED = 1;
export const CHECK_SOURCE = 2;

const flags: FieldRow = {
  name: "flags",
  type: "u32",
  meaning: "bit 0: hash-based, bit 1: check the source",
  since: FLAGS,
};
const mtime: FieldRow = {
  name: "mtime",
  type: "u32",
  meaning: "when the source was last modified, seconds since 1970",
};
const size: FieldRow = { name: "source_size", type: "u32", meaning: "size of the source, modulo 2**32", since: SIZE };
const hash: FieldRow = { name: "source_hash", type: "hash", meaning: "SipHash of the source", since: FLAGS };
const magic: FieldRow = { name: "magic", type: "magic", meaning: "which Python wrote the file" };

const timestampRows: readonly FieldRow[] = [magic, flags, mtime, size];
const hashRows: readonly FieldRow[] = [magic, flags, hash];

const forms = new Map<Version, readonly [readonly Field[], readonly Field[]]>();

/** The header's fields for a version; `hashBased` chooses PEP 552's second form, where the version has it. */
export function headerFields(version: Version, hashBased = false): readonly Field[] {
  let form = forms.get(version);
  if (!form) {
    const timestamp = fieldsFor(timestampRows, version);
    form = [timestamp, version.traits.header === "flags" ? fieldsFor(hashRows, version) : timestamp];
    forms.set(version, form);
  }
  return form[hashBased ? 1 : 0];
}

/** Size of the header in bytes: 8, 12 or 16. */
export function headerSize(version: Version): number {
  return headerFields(version).reduce((sum, field) => sum + fieldSize[field.type], 0);
}
