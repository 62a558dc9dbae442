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
  /** Whether the code object among the constants is that of a lambda or a generator expression. */
  readonly isExpression?: ((constant: number) => boolean) | undefined;
  /**
   * `tupleDepth` of a constant. Up to 3.9 compilers counted the stack as it was before they folded tuples, so without
   * this the stack size may be less than theirs.
   */
  readonly tupleDepth?: ((constant: number, nested: boolean) => number) | undefined;
}

/** Tuples nested deeper than this were not built on the stack. */
const DEEPEST = 20;

/**
 * How many values are on the stack at most while a tuple or frozenset is built item by item; 1 for any other value.
 * @param nested whether the tuples in it are built likewise, or are constants by then
 */
export function tupleDepth(value: TupleLike, nested: boolean): number {
  return depthOf(value, nested ? DEEPEST : 1, new Map());
}

/** What `tupleDepth` looks at in a value; an item may be one, or an object with one. */
export interface TupleLike {
  readonly kind: string;
  readonly items?: readonly (TupleLike | { readonly value: TupleLike })[];
}

/** A tuple that stands in several places is gone into once. */
function depthOf(value: TupleLike, levels: number, known: Map<TupleLike, number>): number {
  const items = value.items ?? [];
  if (items.length === 0 || levels === 0) return 1;
  // In which order a set's items stood is not known.
  if (value.kind !== "tuple") return value.kind === "frozenset" ? items.length : 1;
  let depth = known.get(value);
  if (depth !== undefined) return depth;
  known.set(value, 1);
  depth = 1;
  for (const [i, item] of items.entries())
    depth = Math.max(depth, i + depthOf("kind" in item ? item : item.value, levels - 1, known));
  known.set(value, depth);
  return depth;
}

/** The depth at which an exception reaches the handler of a range. */
export function handlerDepth({ depth, lasti }: ExceptionRange): number {
  return depth + Number(lasti) + 1;
}

/** The body of a code object that was read. */
export function bodyOf(code: CodeObject): Body {
  const { values, version } = code;
  const constant = (index: number) => {
    const node = code.consts[index] ?? NO_NODE;
    return node === NO_NODE ? undefined : values.of(node);
  };
  const codeAt = (index: number) => {
    const value = constant(index);
    return value?.kind === "code" ? new CodeObject(values, value.node) : undefined;
  };
  return {
    version,
    code: code.code,
    exceptions: exceptionEntries(code),
    freeVariables: (index) => codeAt(index)?.items("co_freevars").length,
    isExpression: (index) => isExpression(codeAt(index)?.name ?? ""),
    tupleDepth: (index, nested) => tupleDepth(constant(index) ?? { kind: "missing" }, nested),
  };
}

/** Whether a code object of that name is a lambda or a generator expression. */
export function isExpression(name: string): boolean {
  return name === "<lambda>" || name === "<generator expression>" || name === "<genexpr>";
}
