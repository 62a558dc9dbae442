/** What a byte is for. One small code per kind, so that a region is numbers only; the palette colours by it. */
export const Kind = {
  /** Not bytes of its own: an object, around the regions of its parts. */
  group: 0,
  magic: 1,
  /** A field of the header behind the magic number. */
  header: 2,
  /** A type byte, FLAG_REF included. */
  type: 3,
  /** A length or a count. */
  length: 4,
  /** The content of a string, bytes or text. */
  text: 5,
  /** The value of an integer, a float or a complex. */
  number: 6,
  /** An integer field of a code object. */
  field: 7,
  /** The index of a reference. */
  reference: 8,
  opcode: 9,
  oparg: 10,
  /** A whole EXTENDED_ARG instruction. */
  extendedArg: 11,
  /** Inline cache entries. */
  cache: 12,
  /** An entry of a line table. */
  line: 13,
  /** An entry of an exception table. */
  exception: 14,
  /** The kind bytes of the fast locals. */
  localKinds: 15,
  /** Behind the end, or behind where reading had to stop. */
  unread: 16,
  /** Cut off, or not what it should be. */
  broken: 17,
} as const;

export type Kind = (typeof Kind)[keyof typeof Kind];

/** What legends call each kind. */
export const kindNames: readonly string[] = [
  "",
  "magic number",
  "header field",
  "type byte",
  "length or count",
  "text and bytes",
  "number",
  "field of a code object",
  "reference",
  "opcode",
  "oparg",
  "EXTENDED_ARG",
  "inline cache",
  "line table",
  "exception table",
  "kinds of locals",
  "not read",
  "broken",
];
