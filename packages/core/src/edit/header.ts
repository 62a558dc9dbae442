/** Changes of the header: its fields, and which of its forms it has. */
import { CHECK_SOURCE, type Field, fieldSize, HASH_BASED, headerFields } from "../format/index.js";
import { magicBytes, readHeader } from "../pyc/index.js";
import type { Version } from "../version/index.js";
import { EditError } from "./address.js";

/** What a header says, by the names of its fields; numbers unsigned, the hash as its 8 bytes. */
export interface HeaderEdit {
  flags?: number;
  mtime?: number;
  source_size?: number;
  source_hash?: Uint8Array;
}

/** PEP 552's forms, which 3.7 and later have. */
export type HeaderForm = "timestamp" | "checked-hash" | "unchecked-hash";

const flagsOfForm: Readonly<Record<HeaderForm, number>> = {
  timestamp: 0,
  "checked-hash": HASH_BASED | CHECK_SOURCE,
  "unchecked-hash": HASH_BASED,
};

export const headerForms = Object.keys(flagsOfForm) as readonly HeaderForm[];

export function isHeaderForm(text: string): text is HeaderForm {
  return Object.hasOwn(flagsOfForm, text);
}

/** The flags of a form. */
export function formFlags(form: HeaderForm): number {
  return flagsOfForm[form];
}

/** Puts values into a header, whose form follows its flags; fields that the form does not have may not be given. */
export function editedHeader(header: Uint8Array, version: Version, edit: HeaderEdit): Uint8Array {
  const { flags = 0, mtime, sourceSize, sourceHash } = readHeader(header, version);
  const values: HeaderEdit = {
    flags,
    ...(mtime === undefined ? {} : { mtime }),
    ...(sourceSize === undefined ? {} : { source_size: sourceSize }),
    ...(sourceHash === undefined ? {} : { source_hash: sourceHash }),
    ...edit,
  };
  const fields = headerFields(version, ((values.flags as number) & HASH_BASED) !== 0);
  for (const name of Object.keys(edit) as (keyof HeaderEdit)[]) {
    if (fields.some((field) => field.name === name)) continue;
    const there = fields.map((field) => field.name).join(", ");
    throw new EditError(`the header of ${version.python} has no ${name} in this form; it has ${there}`);
  }
  return written(header, fields, values);
}

/**
 * A header of another version: its magic number, and its form with what the two have in common; what is not known is 0.
 */
export function headerOf(version: Version, header: Uint8Array, from: Version): Uint8Array {
  const { flags = 0, mtime, sourceSize, sourceHash } = readHeader(header, from);
  const withFlags = headerFields(version).some((field) => field.name === "flags");
  const hashBased = withFlags && (flags & HASH_BASED) !== 0;
  return written(magicBytes(version), headerFields(version, hashBased), {
    flags,
    mtime: mtime ?? 0,
    source_size: sourceSize ?? 0,
    source_hash: sourceHash ?? new Uint8Array(8),
  });
}

function written(magic: Uint8Array, fields: readonly Field[], values: HeaderEdit): Uint8Array {
  const out = new Uint8Array(fields.reduce((sum, { type }) => sum + fieldSize[type], 0));
  out.set(magic.subarray(0, 4));
  const view = new DataView(out.buffer);
  let at = 0;
  for (const { name, type } of fields) {
    const value = values[name as keyof HeaderEdit];
    if (value instanceof Uint8Array) out.set(value.subarray(0, 8), at);
    else if (type !== "magic" && type !== "hash") view.setUint32(at, (value ?? 0) >>> 0, true);
    at += fieldSize[type];
  }
  return out;
}
