/** Changes of the header: its fields, and which of its forms it has. */
import { CHECK_SOURCE, HASH_BASED, headerFields } from "../format/index.js";
import { type HeaderValues, headerBytes, readHeader } from "../pyc/index.js";
import type { Version } from "../version/index.js";
import { EditError } from "./address.js";

type Fields = Omit<HeaderValues, "magic">;

/** Fields of the header to change. */
export type HeaderEdit = { -readonly [K in keyof Fields]: Fields[K] };

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
  const values = { ...valuesOf(header, version), ...edit };
  const fields = fieldsFor(version, values);
  for (const name of Object.keys(edit)) {
    if (fields.includes(name)) continue;
    throw new EditError(`the header of ${version.python} has no ${name} in this form; it has ${fields.join(", ")}`);
  }
  return headerBytes(version, { ...only(fields, values), magic: header.slice(0, 4) });
}

/**
 * A header of another version: its magic number, and its form with what the two have in common; what is not known is 0.
 */
export function headerOf(version: Version, header: Uint8Array, from: Version): Uint8Array {
  const values = valuesOf(header, from);
  return headerBytes(version, only(fieldsFor(version, values), values));
}

/** The names of the fields that a header of the version with these flags has. */
function fieldsFor(version: Version, { flags = 0 }: HeaderEdit): readonly string[] {
  return headerFields(version, (flags & HASH_BASED) !== 0).map(({ name }) => name);
}

function valuesOf(header: Uint8Array, version: Version): HeaderEdit {
  const { flags, mtime, sourceSize, sourceHash } = readHeader(header, version);
  const found = { flags, mtime, source_size: sourceSize, source_hash: sourceHash };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
}

function only(fields: readonly string[], values: HeaderEdit): HeaderEdit {
  return Object.fromEntries(Object.entries(values).filter(([name]) => fields.includes(name)));
}
