/** What is known of how an object is shared in the memory of the Python that writes it, and how to find that out. */
import type { Plain, PlainCode } from "./plain.js";
import type { Role } from "./roles.js";

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
