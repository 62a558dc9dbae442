/**
 * Every id that a finding may have, with how grave it is and the rule that was broken. An `error` is what that Python
 * refuses, crashes on or misreads; a `warning` is what none of its compilers writes and what it gets by with.
 */
export type Severity = "error" | "warning";

export interface Rule {
  readonly severity: Severity;
  /** One sentence: what holds in a sound file. */
  readonly rule: string;
}

const error = (rule: string): Rule => ({ severity: "error", rule });
const warning = (rule: string): Rule => ({ severity: "warning", rule });

export const rules = {
  // The file
  unreadable: error("The file can be read to its end."),
  "rewrite-differs": error("Written again from what was read, the file has the same bytes."),
  "unknown-magic": error("The file begins with the magic number of a Python."),
  "no-header": error("The file has a header, unless it was asked for as a bare object."),
  "wrong-magic": error("The magic number is that of the Python that the file is read as."),
  "header-flags": error(
    "The header's flags have no bits but hash-based and check-source, the second only with the first.",
  ),
  "not-a-code-object": error("The file's object is a code object."),
  "trailing-bytes": warning("Nothing stands behind the file's object."),
  "late-type-code": error("That Python's marshal reads every type code in the file."),
  unhashable: error("Elements of sets and keys of dicts can be hashed."),
  "uncertain-opcodes": warning("The opcode numbers of that Python are known."),
  "not-looked-into": error("Code objects do not share so much that looking into all of them would take too long."),
  "module-closure": error("The module's code object has no free variables."),
  "source-mismatch": error("The file was compiled from the source that it is held against."),
  "source-unknown": error("The header tells enough to say whether it was compiled from that source."),

  // The fields of a code object
  "field-type": error("Each field of a code object holds an object of its type."),
  "name-type": error("Names are strings."),
  "mutable-constant": warning("No constant is a list, a dict or a set."),
  "argument-count": error("Counts of parameters are not negative, and there are names for all of them."),
  nlocals: error("co_nlocals is the number of co_varnames; 2.1 to 2.4 write 0 where the code is no function's."),
  "localsplus-kinds": error(
    "co_localspluskinds has a byte for each name, whose bits are those of a local, a cell or a free variable.",
  ),
  "unknown-flags": error("co_flags has no bits but those that mean something."),
  "contradictory-flags": error("A code object is at most one of generator, coroutine and asynchronous generator."),
  "nofree-flag": error("NOFREE is set only where there are neither cell nor free variables."),
  stacksize: error("co_stacksize is neither negative nor more than any interpreter would allocate."),
  "first-line": warning("co_firstlineno is not negative."),
  "unsafe-name": warning("No name has characters that would mislead a reader or a terminal."),

  // Instructions
  "no-instructions": error("co_code is not empty."),
  "odd-code-length": error("co_code is a whole number of code units."),
  "cut-off-instruction": error("The last instruction is whole."),
  "unknown-opcode": error("Every opcode is one of that Python's."),
  "internal-opcode": error(
    "No opcode is one that only a running interpreter puts there (specialised, instrumented, CACHE).",
  ),
  "long-extended-arg": error("No oparg has more than four bytes."),
  "dangling-extended-arg": error("EXTENDED_ARG stands before an instruction that has an oparg."),
  "cut-off-cache": error("An instruction's cache entries are all there."),
  "nonzero-cache": warning("Cache entries are zero."),
  "index-out-of-range": error("Opargs index constants, names and variables that are there."),
  "oparg-out-of-range": error(
    "An oparg that stands for an operator, an intrinsic, a conversion or a count is one that there is.",
  ),
  "not-a-cell": error("Opcodes for cells have opargs that index cell or free variables."),
  "free-variables": error("COPY_FREE_VARS copies as many cells as there are free variables."),
  "keyword-names": error("The constant that KW_NAMES names is a tuple of strings."),
  "function-code": error("What a function is made of is a code object."),

  // Flow
  "jump-out-of-code": error("Jumps stay in the code."),
  "jump-into-instruction": error("Jumps and handlers lead to where an instruction begins."),
  "jump-past-prefix": error("Jumps and handlers lead to the first EXTENDED_ARG of an instruction that has any."),
  "loop-end": error("FOR_ITER and SEND jump to the END_FOR or END_SEND that the interpreter takes for granted there."),
  "past-end": error("Execution does not run off the end of the code."),
  "stack-underflow": error("No instruction takes more from the stack than there is."),
  "stack-uneven": error("Where paths meet, the stack is equally deep on all of them."),
  "stack-overflow": error("The stack gets no deeper than co_stacksize."),
  "stack-unknown": warning("What each opcode does to the stack is known."),
  blocks: error("Blocks are set up before they are taken down, and never more than 20 in each other."),
  "yield-outside-generator": error("Only generators, coroutines and asynchronous generators yield."),
  "generator-prologue": error("A generator begins with the instruction that makes it one, and nothing else does."),

  // Tables
  "line-table": error("The line table can be read and covers the code exactly."),
  "line-number": warning("Lines are not negative."),
  "line-start": warning("Lines begin where instructions begin."),
  "exception-table": error("The exception table can be read, and points into the code."),
  "exception-empty": warning("Ranges of the exception table are not empty."),
  "exception-order": error("Ranges of the exception table are in order and do not overlap."),
  "exception-range": error("Ranges of the exception table begin and end where instructions do."),
  "exception-target": error("Handlers begin where instructions begin."),
  "exception-depth": error("No handler keeps more values on the stack than there are where its range begins."),
} as const satisfies Readonly<Record<string, Rule>>;

export type RuleId = keyof typeof rules;
