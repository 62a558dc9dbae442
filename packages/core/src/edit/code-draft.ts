/** Code objects among drafts: their fields by name, to read and to change. */
import { latin1, utf8Fault, wtf8 } from "../bytes/index.js";
import { type CodeLayout, codeLayout } from "../format/index.js";
import { Draft, FLAG_REF, isCode } from "../marshal/index.js";
import type { Version } from "../version/index.js";

/** The object that a draft stands for: itself, or what it refers to. */
export function meant(draft: Draft): Draft {
  return draft.target ?? draft;
}

/** Whether it is a string of any kind. */
export function isString(draft: Draft): boolean {
  return "stuaAzZ".includes(String.fromCharCode(meant(draft).type & ~FLAG_REF));
}

/** A string's text; what is no UTF-8 (8-bit strings need not be) byte for byte; "" for anything else. */
export function textOfDraft(draft: Draft): string {
  if (!isString(draft)) return "";
  const { content } = meant(draft);
  return isUtf8(content) ? wtf8(content) : latin1(content);
}

export function isUtf8(content: Uint8Array): boolean {
  return utf8Fault(content, 0, content.length) < 0;
}

/** A view on a code object's draft. */
export class CodeDraft {
  readonly draft: Draft;
  readonly version: Version;
  private readonly layout: CodeLayout;
  private readonly integerNames: readonly string[];

  constructor(draft: Draft, version: Version) {
    this.draft = draft;
    this.version = version;
    this.layout = codeLayout(version);
    this.integerNames = this.layout.fields.filter(({ type }) => type !== "object").map(({ name }) => name);
  }

  /** The fields of this version's record, in file order. */
  get fields(): CodeLayout["fields"] {
    return this.layout.fields;
  }
  has(field: string): boolean {
    return this.layout.order.has(field) || this.integerNames.includes(field);
  }
  int(field: string): number {
    return this.draft.integers[this.integerNames.indexOf(field)] ?? 0;
  }
  /** Whether the version has it, and the value was put there. */
  setInt(field: string, value: number): boolean {
    const at = this.integerNames.indexOf(field);
    if (at >= 0) this.draft.integers[at] = value;
    return at >= 0;
  }
  /** The object in a field, references followed. */
  object(field: string): Draft | undefined {
    const draft = this.draft.items[this.layout.order.get(field) ?? -1];
    return draft && meant(draft);
  }
  setObject(field: string, draft: Draft): boolean {
    const at = this.layout.order.get(field);
    if (at !== undefined) this.draft.items[at] = draft;
    return at !== undefined;
  }
  text(field: string): string {
    const draft = this.object(field);
    return draft === undefined ? "" : textOfDraft(draft);
  }
  bytes(field: string): Uint8Array {
    return this.object(field)?.content ?? new Uint8Array(0);
  }
  /** Puts bytes where bytes stood, or where another code object's were referred to. */
  setBytes(field: string, content: Uint8Array): void {
    const old = this.object(field);
    this.setObject(field, new Draft((old?.type ?? 0x73) & ~FLAG_REF, content));
  }
  /** The entries of a tuple or list, unresolved. */
  entries(field: string): readonly Draft[] {
    return this.object(field)?.items ?? [];
  }
  names(field: string): string[] {
    return this.entries(field).map(textOfDraft);
  }
  /** The entries to change: of its own tuple, which nothing else refers to. */
  ownEntries(field: string): Draft[] {
    const tuple = this.object(field);
    if (tuple === undefined) return [];
    const own = new Draft(tuple.type & ~FLAG_REF, undefined, [...tuple.items]);
    this.setObject(field, own);
    return own.items;
  }
  /** The code objects among its constants. */
  nested(): CodeDraft[] {
    return this.entries("co_consts")
      .map(meant)
      .filter(({ type }) => isCode(type))
      .map((draft) => new CodeDraft(draft, this.version));
  }
}
