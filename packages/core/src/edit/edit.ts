/**
 * A file with changes made to it. All that is not asked for stays as it was, every choice of its writer included;
 * references to what was changed in one place alone are made objects of their own.
 */
import { CodeObject } from "../code/index.js";
import { HASH_BASED } from "../format/index.js";
import { isCode, mendReferences } from "../marshal/index.js";
import { draftPyc, type Pyc, type PycDraft, sourceHash } from "../pyc/index.js";
import type { Version } from "../version/index.js";
import { EditError, type FieldAddress, findCode, type Named, namedCode } from "./address.js";
import { CodeDraft } from "./code-draft.js";
import { editedHeader, formFlags, type HeaderEdit, type HeaderForm, headerOf } from "./header.js";
import { editInstructions, type InstructionEdit } from "./instructions.js";
import { type Strippable, strip } from "./strip.js";
import { type NewValue, setField, setFilenames } from "./values.js";

/** What shall be changed: fields first, then instructions, by the offsets that they had, then what is stripped. */
export interface Edits {
  readonly instructions?: readonly (InstructionEdit & { readonly code: string })[];
  readonly fields?: readonly (FieldAddress & { readonly value: NewValue })[];
  /** File names, in all code objects: gives the new one. */
  readonly filename?: (name: string) => string;
  readonly strip?: readonly Strippable[];
  readonly header?: HeaderEdit;
  readonly form?: HeaderForm;
  /** The source whose hash the header shall have. */
  readonly hashSource?: Uint8Array;
  /** The version whose magic number and header form the file shall have; everything else stays. */
  readonly magic?: Version;
}

/**
 * @throws EditError where a change cannot be made, or what it says cannot be read
 */
export function edit(pyc: Pyc, edits: Edits): PycDraft {
  const draft = draftPyc(pyc);
  const { instructions = [], fields = [], filename, strip: stripped = [] } = edits;
  if (instructions.length + fields.length + stripped.length > 0 || filename !== undefined) {
    if (!isCode(draft.object.type)) throw new EditError("the file's object is no code object");
    const root = new CodeDraft(draft.object, pyc.version);
    const all = namedCode(root);
    const read = instructions.length > 0 ? readObjects(pyc.code as CodeObject, root) : undefined;
    for (const { value, ...address } of fields) setField(all, address, value);
    if (read !== undefined) editCode(all, read, instructions);
    if (filename !== undefined) setFilenames(all, filename);
    for (const what of stripped) for (const { code } of all) strip(code, what);
    mendReferences(draft.object, pyc.version);
  }
  return { ...draft, ...withHeader(draft, edits) };
}

/** Instructions, code object by code object; each is read as it stands in the file. */
function editCode(
  all: readonly Named[],
  read: ReadonlyMap<object, CodeObject>,
  edits: NonNullable<Edits["instructions"]>,
): void {
  const byCode = new Map<Named, InstructionEdit[]>();
  for (const { code, ...one } of edits) {
    const named = findCode(all, code);
    byCode.set(named, [...(byCode.get(named) ?? []), one]);
  }
  for (const [{ code, qualname }, some] of byCode) {
    try {
      editInstructions(read.get(code.draft) as CodeObject, code, some);
    } catch (error) {
      if (error instanceof EditError) throw new EditError(`${qualname}: ${error.message}`);
      throw error;
    }
  }
}

/** The code object that was read, for each code object's draft: both trees have the same shape. */
function readObjects(module: CodeObject, root: CodeDraft): ReadonlyMap<object, CodeObject> {
  const found = new Map<object, CodeObject>();
  const waiting: [CodeObject, CodeDraft][] = [[module, root]];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const [object, code] = next;
    if (found.has(code.draft)) continue;
    found.set(code.draft, object);
    const drafts = code.nested();
    for (const [i, node] of object.nested.entries()) {
      const draft = drafts[i];
      if (draft !== undefined) waiting.push([new CodeObject(object.values, node), draft]);
    }
  }
  return found;
}

function withHeader({ header, version }: PycDraft, edits: Edits): Partial<PycDraft> {
  const { form, hashSource, magic } = edits;
  const changes: HeaderEdit = { ...edits.header };
  const nothing = form === undefined && hashSource === undefined && magic === undefined;
  if (nothing && Object.keys(changes).length === 0) return {};
  if (header === undefined) throw new EditError("a marshalled object alone has no header");
  const as = magic ?? version;
  let now = magic === undefined ? header : headerOf(magic, header, version);
  if (form !== undefined) changes.flags = formFlags(form);
  if (hashSource !== undefined) {
    changes.source_hash = sourceHash(hashSource, as);
    if (form === undefined && changes.flags === undefined && !isHashBased(now, as))
      changes.flags = formFlags("checked-hash");
  }
  if (Object.keys(changes).length > 0) now = editedHeader(now, as, changes);
  return { header: now };
}

function isHashBased(header: Uint8Array, version: Version): boolean {
  return version.traits.header === "flags" && ((header[4] ?? 0) & HASH_BASED) !== 0;
}
