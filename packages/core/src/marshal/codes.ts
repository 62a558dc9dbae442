/**
 * marshal's type codes: one row each, with the shape of what follows the type byte. The reader, the values, the
 * notation and the layout tables all go by these rows.
 */

/** What follows a type byte. The numbers are what the reader's inner loop switches on. */
export const Shape = {
  unknown: 0,
  nothing: 1,
  int32: 2,
  int64: 3,
  float64: 4,
  complex128: 5,
  floatText: 6, // one length byte, ASCII digits
  complexText: 7, // twice that
  long: 8, // signed 32-bit count of 15-bit digits, its sign the number's
  bytes32: 9, // 32-bit length, bytes
  utf8: 10, // the same, holding UTF-8
  bytes8: 11, // 8-bit length, bytes
  interned: 12, // as bytes32 or utf8 by the Python; enters the table that `R` indexes
  items32: 13, // 32-bit count, objects
  items8: 14, // 8-bit count, objects
  pairs: 15, // key, value, key, value … `0`
  code: 16, // the fields of a code object
  slice: 17, // start, stop, step
  reference: 18, // 32-bit index into the objects that had FLAG_REF
  stringReference: 19, // 32-bit index into the interned strings
  terminator: 20, // `0`: ends a dict
} as const;

/** Bytes behind the type byte, for the shapes where their number is fixed. */
export const fixedSize: ReadonlyMap<number, number> = new Map<number, number>([
  [Shape.nothing, 0],
  [Shape.int32, 4],
  [Shape.int64, 8],
  [Shape.float64, 8],
  [Shape.complex128, 16],
  [Shape.reference, 4],
]);

/** The flag on a type byte: enter this object into the reference table (3.4). */
export const FLAG_REF = 0x80;

export interface TypeCode {
  readonly code: string;
  /** The name marshal.c gives it, without TYPE_. */
  readonly name: string;
  readonly shape: number;
}

const row = (code: string, name: string, shape: number): TypeCode => ({ code, name, shape });

export const typeCodes: readonly TypeCode[] = [
  row("0", "NULL", Shape.terminator),
  row("N", "NONE", Shape.nothing),
  row("F", "FALSE", Shape.nothing),
  row("T", "TRUE", Shape.nothing),
  row("S", "STOPITER", Shape.nothing),
  row(".", "ELLIPSIS", Shape.nothing),
  row("i", "INT", Shape.int32),
  row("I", "INT64", Shape.int64),
  row("f", "FLOAT", Shape.floatText),
  row("g", "BINARY_FLOAT", Shape.float64),
  row("x", "COMPLEX", Shape.complexText),
  row("y", "BINARY_COMPLEX", Shape.complex128),
  row("l", "LONG", Shape.long),
  row("s", "STRING", Shape.bytes32),
  row("t", "INTERNED", Shape.interned),
  row("R", "STRINGREF", Shape.stringReference),
  row("u", "UNICODE", Shape.utf8),
  row("a", "ASCII", Shape.bytes32),
  row("A", "ASCII_INTERNED", Shape.bytes32),
  row("z", "SHORT_ASCII", Shape.bytes8),
  row("Z", "SHORT_ASCII_INTERNED", Shape.bytes8),
  row("(", "TUPLE", Shape.items32),
  row(")", "SMALL_TUPLE", Shape.items8),
  row("[", "LIST", Shape.items32),
  row("{", "DICT", Shape.pairs),
  row("}", "FROZENDICT", Shape.pairs),
  row("<", "SET", Shape.items32),
  row(">", "FROZENSET", Shape.items32),
  row(":", "SLICE", Shape.slice),
  row("C", "CODE (up to 1.2)", Shape.code),
  row("c", "CODE", Shape.code),
  row("r", "REF", Shape.reference),
];

/** Row of a type byte, FLAG_REF ignored. */
export function typeCode(byte: number): TypeCode | undefined {
  return byCode[byte & ~FLAG_REF];
}
const byCode: (TypeCode | undefined)[] = [];
for (const type of typeCodes) byCode[type.code.charCodeAt(0)] = type;

/** What the containers are, by type code; a code object is none. */
export const containerKinds = {
  "(": "tuple",
  ")": "tuple",
  "[": "list",
  "<": "set",
  ">": "frozenset",
  "{": "dict",
  "}": "frozendict",
  ":": "slice",
} as const;

/** Whether a type byte is that of a code object, `c` or (up to 1.2) `C`. */
export function isCode(byte: number): boolean {
  return (byte | 0x20 | FLAG_REF) === 0xe3; // c with both bits set, which tell c from C and the flag
}
