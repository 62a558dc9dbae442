/** What a comparison answers with. */
import type { Version } from "../version/index.js";
import type { Operations } from "./operations.js";

/** The same thing on either side. */
export interface Both<T> {
  readonly a: T;
  readonly b: T;
}

/** A field that differs, with its values as texts; `undefined` where a side has no such field. */
export interface FieldDifference extends Both<string | undefined> {
  readonly field: string;
  /** For flags: the names of those that only one side has. */
  readonly flags?: Both<readonly string[]>;
}

/** An item of a pool: its index and its value in a few characters. */
export interface PoolItem {
  readonly index: number;
  readonly value: string;
}

/** A tuple of constants or names: what only one side has. */
export interface PoolDifference extends Both<readonly PoolItem[]> {
  readonly field: string;
}

/** Instructions `a[0]` to `a[1]` (ends excluded) stand in one file where `b[0]` to `b[1]` stand in the other. */
export type Hunk = Both<readonly [number, number]>;

export interface InstructionDifference extends Both<Operations> {
  /** In order; what lies between two of them is the same. */
  readonly hunks: readonly Hunk[];
  /** False where the two were too long to be compared in full, so that more may be shown than differs. */
  readonly exact: boolean;
}

/** Instructions in a row whose lines differ by the same number. */
export interface LineRange {
  /** Offsets in co_code of the first and the last of them. */
  readonly offsets: Both<readonly [number, number]>;
  /** The line of the first; undefined for none. */
  readonly line: Both<number | undefined>;
  readonly instructions: number;
}

/** Where instructions that are the same stand in the source. */
export interface LineDifference {
  readonly instructions: number;
  readonly ranges: readonly LineRange[];
}

/** End lines and columns of instructions whose lines are the same. */
export interface ColumnDifference {
  readonly instructions: number;
  /** Offsets in co_code of the first of them. */
  readonly first: Both<number>;
}

/** Entries of the exception table that only one side has, as texts. */
export type ExceptionDifference = Both<readonly string[]>;

/** A code object of one file. */
export interface CodeName {
  readonly qualname: string;
  /** File offset. */
  readonly offset: number;
  /** Bytes of its co_code. */
  readonly size: number;
}

export interface CodeDifference extends Both<CodeName> {
  readonly fields: readonly FieldDifference[];
  readonly pools: readonly PoolDifference[];
  readonly instructions: InstructionDifference | undefined;
  readonly lines: LineDifference | undefined;
  readonly columns: ColumnDifference | undefined;
  readonly exceptions: ExceptionDifference | undefined;
  /** Whether the comparison of instructions, lines and exception tables was left out, as too much for its budget. */
  readonly leftOut: boolean;
}

/** How the same content may be written in two ways, in the order in which it is told. */
export const encodingKinds = {
  "flag-ref": "FLAG_REF is set on one side only",
  interning: "a string is marked as interned on one side only",
  "type-code": "another type code",
  reference: "a reference on one side, the object itself on the other",
  "reference-target": "a reference to another object of the same value",
  spelling: "a number or a string in other bytes",
  "set-order": "the elements of a set in another order",
  "constant-order": "constants in another order",
  "name-order": "names in another order",
  "pool-index": "an instruction refers to another one of several equal constants or names",
  prefixes: "another number of redundant EXTENDED_ARG prefixes",
  caches: "other bytes in cache entries",
  "unread-oparg": "another oparg where nothing reads it",
  "line-table": "a line table that says the same in other bytes",
  "exception-table": "an exception table that says the same in other bytes",
  trailing: "other bytes behind the module's object",
  bytes: "bytes that differ, though nothing else that is compared does",
} as const;

export type EncodingKind = keyof typeof encodingKinds;

export interface EncodingPlace {
  /** `f.co_consts[2]`: the code object in the first file, and where in it; "" for the file itself. */
  readonly path: string;
  /** File offsets. */
  readonly offset: Both<number>;
}

export interface EncodingDifference {
  readonly kind: EncodingKind;
  readonly count: number;
  /** The first few. */
  readonly places: readonly EncodingPlace[];
}

export interface Difference {
  readonly versions: Both<Version>;
  readonly size: Both<number>;
  readonly header: readonly FieldDifference[];
  /** Where one file's object, or both, is no code object: the two, if they differ. */
  readonly object: Both<string> | undefined;
  /** Code objects of one file only, those in them included. */
  readonly removed: readonly CodeName[];
  readonly added: readonly CodeName[];
  /** The same code object under another qualified name. */
  readonly moved: readonly Both<CodeName>[];
  /** Code objects that both have and that differ, in the order of the first file. */
  readonly changed: readonly CodeDifference[];
  /** Differences of encoding alone; undefined where the files are of two versions, whose encodings are not compared. */
  readonly encoding: readonly EncodingDifference[] | undefined;
}

/** Whether the two mean the same. */
export function sameContent(difference: Difference): boolean {
  const { versions, header, object, removed, added, moved, changed } = difference;
  const found = header.length + removed.length + added.length + moved.length + changed.length;
  return versions.a === versions.b && object === undefined && found === 0;
}

/** Whether the two are the same in content and encoding. */
export function isSame(difference: Difference): boolean {
  return sameContent(difference) && difference.encoding?.length === 0;
}
