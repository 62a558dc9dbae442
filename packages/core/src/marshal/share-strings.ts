/** Sharing up to 2.7: marshal refers to interned strings alone. */
import type { WritingTraits } from "../version/index.js";
import type { Plain } from "./plain.js";
import type { Role } from "./roles.js";
import { BY_ITSELF, IS_IDENTIFIER, internedText, type Share, type ShareRule, ShortTexts } from "./share.js";

/** A character that stands for itself between quotes: one with an escape is made anew, not the one that is interned. */
const IS_TYPED = /^[ -[\]-~]$/;

export class InternedStrings implements ShareRule {
  private readonly writing: WritingTraits;
  private readonly texts = new ShortTexts();

  constructor(writing: WritingTraits) {
    this.writing = writing;
  }

  of({ value }: Plain, role: Role): Share {
    if (value.kind !== "bytes") return BY_ITSELF;
    const text = this.texts.of(value);
    return this.isName(text, role) || this.isInterned(text, role) ? internedText(text, false) : BY_ITSELF;
  }

  private isName(text: string, { field, level, names }: Role): boolean {
    const { internedFields, freshNames } = this.writing;
    if (names && level === "field") return false;
    return internedFields.includes(field) && !(field === "co_name" && freshNames.includes(text));
  }

  private isInterned(text: string, { field }: Role): boolean {
    if (field !== "co_consts" && field !== "") return text === "" && !this.writing.ownEmptyBytes.includes(field);
    const nul = this.writing.internedStrings === "identifiers-to-nul" ? text.indexOf("\0") : -1;
    return IS_IDENTIFIER.test(nul < 0 ? text : text.slice(0, nul)) || IS_TYPED.test(text);
  }
}
