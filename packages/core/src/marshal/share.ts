/** What is known of how an object is shared in the memory of the Python that writes it, and how to find that out. */
import { latin1 } from "../bytes/index.js";
import type { Plain, PlainCode, PlainValue } from "./plain.js";
import type { Role } from "./roles.js";
import type { PyBytes, PyStr } from "./values.js";

export interface Share {
  /** Objects with the same key are one object; undefined: this one is by itself. */
  readonly key: string | undefined;
  /** Whether it is interned. */
  readonly interned: boolean;
  /** Whether something else than the program holds it too, so that marshal takes it for shared though it occurs once. */
  readonly held: boolean;
}

/** How objects are shared, by where they stand; the same answer whenever it is asked. */
export interface ShareRule {
  of(plain: Plain, role: Role, code: PlainCode | undefined): Share;
}

export const BY_ITSELF: Share = { key: undefined, interned: false, held: false };
export const HELD: Share = { key: undefined, interned: false, held: true };

/** The one object with that key, held by something else too. */
export function held(key: string): Share {
  return { key, interned: false, held: true };
}

/** The interned string of that text. */
export function internedText(text: string, held: boolean): Share {
  return { key: `Z${text}`, interned: true, held };
}

/** Letters, digits and underscores: what compilers intern. */
export const IS_IDENTIFIER = /^\w*$/;

/** Longest text that stands for itself among keys. */
const LONGEST = 256;

/**
 * Texts by which strings are told apart, none of them long: one object may be referred to thousands of times, and what
 * is done with its text takes time each time. What takes the place of a long text is longer than LONGEST itself, so
 * that it is no other's, and is an identifier, or one up to a NUL, where the text is.
 */
export class ShortTexts {
  private readonly byText = new Map<string, string>();
  private readonly byValue = new Map<PlainValue, string>();

  of(value: PyStr | PyBytes): string {
    if (value.value.length <= LONGEST) return value.kind === "str" ? value.value : latin1(value.value);
    let short = this.byValue.get(value);
    if (short === undefined) {
      const text = value.kind === "str" ? value.value : latin1(value.value);
      short = this.byText.get(text) ?? this.shortened(text);
      this.byText.set(text, short);
      this.byValue.set(value, short);
    }
    return short;
  }

  private shortened(text: string): string {
    const number = String(this.byText.size).padStart(LONGEST + 1, "0");
    if (IS_IDENTIFIER.test(text)) return number;
    return IS_IDENTIFIER.test(text.slice(0, Math.max(0, text.indexOf("\0")))) && text.includes("\0")
      ? `${number}\0`
      : `#${number}`;
  }
}
