/** Changes of fields and of entries in them, by address; of file names in all code objects. */
import { utf8 } from "../bytes/index.js";
import { codeLayout } from "../format/index.js";
import { Draft, encode, FLAG_REF, Plain } from "../marshal/index.js";
import type { Version } from "../version/index.js";
import { EditError, type FieldAddress, findCode, type Named } from "./address.js";
import { type CodeDraft, isString, isUtf8, meant, textOfDraft } from "./code-draft.js";

/** What a field or an entry shall be: a number for an integer field, else an object. */
export type NewValue = number | Plain;

export function setField(all: readonly Named[], address: FieldAddress, value: NewValue): void {
  const { code, qualname } = findCode(all, address.code);
  const { field, indices } = address;
  const where = `${qualname}.${field}`;
  if (!code.has(field)) {
    const fields = code.fields.map(({ name }) => name).join(", ");
    throw new EditError(`${where}: code objects of ${code.version.python} have no such field; they have ${fields}`);
  }
  if (code.object(field) === undefined) setInteger(code, field, indices, value, where);
  else if (typeof value === "number") throw new EditError(`${where} holds an object, not an integer of the record`);
  else setObject(code, field, indices, value, where);
}

function setInteger(code: CodeDraft, field: string, indices: readonly number[], value: NewValue, where: string): void {
  if (typeof value !== "number" || indices.length > 0) throw new EditError(`${where} is an integer`);
  const { size } = codeLayout(code.version).integers.get(field) as { size: number };
  const bits = 8 * size;
  if (!Number.isInteger(value) || value < -(2 ** (bits - 1)) || value >= 2 ** bits)
    throw new EditError(`${where}: ${value} does not fit ${bits} bits`);
  code.setInt(field, size === 2 ? (value << 16) >> 16 : value | 0);
}

function setObject(code: CodeDraft, field: string, indices: readonly number[], value: Plain, where: string): void {
  const { version } = code;
  if (indices.length === 0) {
    code.setObject(field, replacement(code.object(field), value, version));
    return;
  }
  let items = code.ownEntries(field);
  for (const [depth, index] of indices.entries()) {
    const path = `${where}${indices
      .slice(0, depth + 1)
      .map((i) => `[${i}]`)
      .join("")}`;
    const old = items[index];
    if (old === undefined) throw new EditError(`${path}: there are ${items.length} entries, the first is [0]`);
    if (depth === indices.length - 1) items[index] = replacement(meant(old), value, version);
    else {
      const inner = meant(old);
      if (inner.items.length === 0) throw new EditError(`${path} has no entries`);
      const own = new Draft(inner.type & ~FLAG_REF, inner.content, [...inner.items], inner.integers);
      items[index] = own;
      items = own.items;
    }
  }
}

/** Type codes of strings, and those of the same kind that are interned. */
const internedCode: Readonly<Record<string, string>> = { z: "Z", a: "A" };

/** The value as that version writes it; interned where it takes the place of something interned. */
export function replacement(old: Draft | undefined, value: Plain, version: Version): Draft {
  const draft = encode(value, version);
  const code = internedCode[String.fromCharCode(draft.type & ~FLAG_REF)];
  const before = old && String.fromCharCode(old.type & ~FLAG_REF);
  if (code === undefined || before === undefined || !"ZAt".includes(before)) return draft;
  return new Draft(code.charCodeAt(0), draft.content);
}

/** Gives every co_filename the name that takes its place, in the encoding that it had. */
export function setFilenames(all: readonly Named[], replaced: (name: string) => string): void {
  const made = new Map<string, Draft>();
  for (const { code } of all) {
    const old = code.object("co_filename");
    if (old === undefined || !isString(old)) continue;
    const name = textOfDraft(old);
    const wanted = replaced(name);
    if (wanted === name) continue;
    const draft = made.get(wanted) ?? replacement(old, stringLike(old, wanted, code.version), code.version);
    made.set(wanted, draft);
    code.setObject("co_filename", draft);
  }
}

function stringLike(old: Draft, text: string, version: Version): Plain {
  if (version.traits.strings === "bytes") return new Plain({ kind: "str", value: text });
  if (isUtf8(old.content)) return new Plain({ kind: "bytes", value: utf8(text) });
  if (/[^\0-\xff]/.test(text)) throw new EditError(`${text}: the old name is no UTF-8, and its bytes cannot hold this`);
  return new Plain({ kind: "bytes", value: Uint8Array.from(text, (c) => c.charCodeAt(0)) });
}
