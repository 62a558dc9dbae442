/**
 * Objects by their value, with the encoding left open: what a text says, what an edit changes, and what the encoder
 * (`encode.ts`) makes bytes of. Where the encoder's own choice is not wanted, an object carries an override.
 *
 * Identity counts: the same `Plain` in two places is one Python object in two places, written once and referred to; so
 * an object may contain itself. Two containers with the same `value` are the same object too, each occurrence with an
 * override of its own. Two equal ones are one object only if that Python would have made them one.
 */
import type { PyBytes, PyFloat, PyStr } from "./values.js";

/**
 * A choice that differs from what the encoder would do of itself. Where the same `Plain` stands in several places, it is
 * about the first; the others are references.
 */
export interface Override {
  /** The type byte, FLAG_REF included; absent: the encoder's. */
  type?: number;
  /** For `r` and `R`: the index, where it is not that of the object which the encoder would refer to. */
  index?: number;
  /** What stands behind the type byte (and the length, for a string), where it is not what the encoder writes. */
  content?: Uint8Array;
}

export type PlainValue =
  | { readonly kind: "None" | "Ellipsis" | "StopIteration" | "NULL" }
  | { readonly kind: "bool"; readonly value: boolean }
  | { readonly kind: "int" | "long"; readonly value: number | bigint }
  | PyFloat
  | { readonly kind: "complex"; readonly real: PyFloat; readonly imag: PyFloat }
  | PyBytes
  | PyStr
  | { readonly kind: "tuple" | "list" | "set" | "frozenset"; readonly items: Plain[] }
  /** Key, value, key, value …; the terminator is the encoder's, unless `end` overrides it. */
  | { readonly kind: "dict" | "frozendict"; readonly items: Plain[]; end?: Override }
  | { readonly kind: "slice"; readonly items: Plain[] }
  | PlainCode;

/** A code object: its integers and objects in the order of the version's record (`codeLayout`). */
export interface PlainCode {
  readonly kind: "code";
  readonly integers: number[];
  readonly objects: Plain[];
}

export class Plain {
  value: PlainValue;
  override: Override | undefined;

  constructor(value: PlainValue, override?: Override) {
    this.value = value;
    this.override = override;
  }
}
