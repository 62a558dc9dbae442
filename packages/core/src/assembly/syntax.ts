/**
 * The assembly language as a tree: what the parser makes of a text, what the printer writes, what `program.ts` makes of
 * a file and `assemble.ts` turns into one. `docs/assembly.md` specifies the text.
 *
 * Opcodes are numbers of the program's version; opargs that stand for something in the code object are said by what
 * they stand for, so that pools, jumps and tables can be made anew.
 */
import type { Override, Plain } from "../marshal/index.js";
import type { HeaderValues as WrittenHeader } from "../pyc/index.js";
import type { Version } from "../version/index.js";

/** A place in the text, from 1; absent in what was not read from a text. */
export interface Place {
  readonly line: number;
  readonly column: number;
  readonly length: number;
}

export interface Program {
  version: Version;
  /** The header, absent for a raw blob. Fields by the names of `headerFields`; those left out are 0. */
  header: HeaderValues | undefined;
  /** The file's object: most often the module's code block. */
  object: Plain | CodeBlock;
  /** Code blocks in an object that is no code object itself; else empty. */
  blocks: CodeBlock[];
  /** Overrides of encodings in such an object, as in `CodeBlock.encodings`; a path begins with `[`, or is "". */
  encodings: Map<string, Encoding>;
  /** Bytes behind it. */
  trailing: Uint8Array;
}

/** As `headerBytes` takes them; the magic number where it is not that of the version. */
export type HeaderValues = { -readonly [K in keyof WrittenHeader]: WrittenHeader[K] };

export interface CodeBlock {
  readonly is: "code";
  /** What `<code LABEL>` calls it; unique among the blocks of the block it stands in. */
  label: string;
  /** Its object, a `PlainCode` that `assemble` fills; what `<code LABEL>` stands for is this very `Plain`. */
  readonly object: Plain;
  place?: Place;
  /** The names of the parameters, which imply the counts, the first names of co_varnames and CO_VARARGS, CO_VARKEYWORDS. */
  signature: Signature | undefined;
  /** What is said outright, by the field's co_ name: an integer, or an object. Pools are tuples (or lists). */
  fields: Map<string, Field>;
  body: Statement[];
  /** Code blocks inside it, by which `<code LABEL>` in its literals is resolved. */
  blocks: CodeBlock[];
  /**
   * Overrides of encodings: `co_consts[2][0]` → what to write. The path "" is the code object itself. In a dict, keys
   * and values are counted by turns; `.end` behind its path is what ends it.
   */
  encodings: Map<string, Encoding>;
}

/** An override and where it is said. */
export interface Encoding extends Override {
  place?: Place;
}

export type Field = { place?: Place } & (
  | { readonly is: "integer"; value: number }
  /** From 3.11 on co_varnames, co_cellvars and co_freevars are said too, from which the localsplus fields are made. */
  | { readonly is: "object"; value: Plain }
);

/** `(a, b, /, c, *args, d, **kw)`. */
export interface Signature {
  positionalOnly: string[];
  positional: string[];
  star: string | undefined;
  keywordOnly: string[];
  starStar: string | undefined;
}

export type Statement = { place?: Place } & (
  | { readonly is: "label"; readonly name: string }
  | Instruction
  /** Bytes of co_code that are said as they are. */
  | { readonly is: "bytes"; readonly bytes: Uint8Array }
  /**
   * From here on. Where the version has a co_lnotab, each is an entry of its own; from 3.10 on it holds until the next.
   * `line` null: no line. Columns (from 3.11) count bytes of UTF-8 from 0; null where there are none.
   */
  | {
      readonly is: "line";
      readonly line: number | null;
      readonly endLine: number | null;
      readonly column: number | null;
      readonly endColumn: number | null;
    }
  /** An entry of the exception table, in its order; `depth` undefined: computed. */
  | {
      readonly is: "except";
      readonly start: string;
      readonly end: string;
      readonly target: string;
      readonly depth: number | undefined;
      readonly lasti: boolean;
    }
);

export interface Instruction {
  readonly is: "instruction";
  readonly opcode: number;
  readonly operand: Operand;
  /** EXTENDED_ARG prefixes at least, where more are wanted than the oparg needs. */
  readonly prefixes: number;
  /** The inline cache entries, where they are not all zero (or cut short). */
  readonly caches: Uint8Array | undefined;
}

export type Operand = { place?: Place } & (
  | { readonly is: "none" }
  /** The oparg itself: `3`, `[3]`, or a word that stands for it, such as `not in`. Unsigned 32 bits. */
  | { readonly is: "number"; readonly value: number }
  | { readonly is: "constant"; readonly value: Plain }
  /** A name in co_names, a local, a cell or free variable; `bits` is what the low bits of the oparg say beside it. */
  | { readonly is: "name"; readonly name: Plain; readonly bits: number }
  /** Two locals of one oparg. */
  | { readonly is: "names"; readonly names: readonly [Plain, Plain] }
  | { readonly is: "label"; readonly label: string }
);
