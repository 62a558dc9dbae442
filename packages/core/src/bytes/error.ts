/**
 * The one error that bad input ends in. It names a code, the file offset, the path to the node that was
 * being read and what was expected there, so that a message needs no stack trace to be understood.
 */

/** What can be wrong with a file. One malformed input per code lies under `packages/core/test/bad/`. */
export type ErrorCode =
  | "empty" // no bytes at all
  | "truncated" // the file ends inside a node
  | "too-long" // a length or count is larger than the bytes that are left
  | "too-deep" // nodes nested deeper than MAX_DEPTH
  | "unknown-type" // a type byte that no marshal has
  | "unexpected-null" // the terminator of a dict where a value must stand
  | "bad-reference" // a reference to nothing
  | "bad-digit" // a digit of a long outside 0..32767, or a leading zero digit
  | "bad-float" // the ASCII form of a float that is not a number
  | "bad-utf8" // a unicode string that is not UTF-8 (surrogates are let through, as Python does)
  | "unknown-magic" // a magic number no Python had, and a body that fits none
  | "foreign-magic" // a lineage that is recognised, not parsed
  | "bad-header" // the header is cut off
  | "unknown-version"; // asked for a Python that is not in the registry

/** A half-open range of file offsets. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export class FormatError extends Error {
  override readonly name = "FormatError";
  readonly code: ErrorCode;
  /** File offset of the fault, in bytes. */
  readonly offset: number;
  /** Where in the structure: `co_consts[3].co_code`; empty for the file itself. */
  readonly path: string;
  /** What stood there. */
  readonly what: string;
  /** What should have stood there; "" where there is no saying. */
  readonly expected: string;

  constructor(code: ErrorCode, offset: number, path: string, what: string, expected: string) {
    super(
      `offset 0x${offset.toString(16)}: ${path ? `${path}: ` : ""}${what}${expected ? `; expected ${expected}` : ""}`,
    );
    this.code = code;
    this.offset = offset;
    this.path = path;
    this.what = what;
    this.expected = expected;
  }
}
