/** What flow needs of a code object: its instructions and its handlers. It can be had before there is a code object. */
import { CodeObject } from "../code/index.js";
import { exceptionEntries } from "../exceptiontable/index.js";
import { NO_NODE } from "../marshal/index.js";
import type { Version } from "../version/index.js";

/** A range of the code with its handler, as the exception table has it (3.11 and later); offsets in bytes. */
export interface ExceptionRange {
  readonly start: number;
  readonly end: number;
  readonly target: number;
  /** How many values stay on the stack; the handler finds the exception above them. */
  readonly depth: number;
  /** Whether the offset of the instruction that raised lies between. */
  readonly lasti: boolean;
}

export interface Body {
  readonly version: Version;
  /** co_code. */
  readonly code: Uint8Array;
  /** In the order of the table; none up to 3.10. */
  readonly exceptions?: readonly ExceptionRange[] | undefined;
  /**
   * How many free variables the code object among the constants has; undefined where there is none. MAKE_CLOSURE of
   * 2.1 to 2.4 takes as many cells, which nothing else tells.
   */
  readonly freeVariables?: ((constant: number) => number | undefined) | undefined;
}

/** The depth at which an exception reaches the handler of a range. */
export function handlerDepth({ depth, lasti }: ExceptionRange): number {
  return depth + Number(lasti) + 1;
}

/** The body of a code object that was read. */
export function bodyOf(code: CodeObject): Body {
  return {
    version: code.version,
    code: code.code,
    exceptions: exceptionEntries(code),
    freeVariables: (constant) => {
      const node = code.consts[constant];
      return node === undefined || node === NO_NODE
        ? undefined
        : new CodeObject(code.values, node).items("co_freevars").length;
    },
  };
}
