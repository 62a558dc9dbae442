/**
 * Faults, each with what it is, the id that verify must find it by, versions of several eras whose files it is planted in,
 * and how. A planter changes few bytes of the first place that has room for its fault.
 */
import { exceptionEntries } from "../src/exceptiontable/index.js";
import { bodyOf, graphOf, stackSize } from "../src/flow/index.js";
import { FLAG_REF, NO_NODE } from "../src/marshal/index.js";
import { OpargKind } from "../src/opcode/index.js";
import type { RuleId } from "../src/verify/index.js";
import type { Bed, Planter } from "./planting.js";

/** Eras of instructions and of tables, a version or two of each. */
const BYTES = ["1.5", "2.1", "2.4", "2.7", "3.2"];
const WORDS = ["3.6", "3.8", "3.10", "3.11", "3.12", "3.13", "3.15"];
const ALL = [...BYTES, ...WORDS];
const TABLE = ["3.11", "3.12", "3.13", "3.14", "3.15"];
const CELLS = ["2.7", "3.2", "3.8", "3.10"];

const first = (rows: readonly number[], then: (row: number) => boolean) => rows.some((row) => then(row));
const loads = ["LOAD_CONST", "LOAD_NAME", "LOAD_FAST", "LOAD_GLOBAL"];
const small = (value: number) => value < 64;

/** A byte of the exception table: of its first entry, the number with this index, each being one byte long. */
function entryByte(bed: Bed, index: number, change: (value: number) => number): boolean {
  const [entry] = exceptionEntries(bed.code);
  if (entry === undefined || entry.span.end !== 4 || !bed.owns("co_exceptiontable")) return false;
  const at = bed.content("co_exceptiontable") + index;
  const value = change((bed.bytes[at] as number) & 63);
  return small(value) && bed.set(at, value | (index === 0 ? 0x80 : 0));
}

/** An offset in a cache entry, in code units, in reach of one byte. */
function cacheUnit({ rows }: Bed): number | undefined {
  for (let row = 0; row < rows.count; row++)
    if (rows.caches[row] !== 0) return ((rows.offset[row] as number) + (rows.size[row] as number)) / 2;
  return undefined;
}

export const faults: readonly (readonly [what: string, id: RuleId, versions: readonly string[], plant: Planter])[] = [
  // The file
  ["an undefined bit of the header's flags", "header-flags", ["3.8", "3.12"], (bed) => bed.set(4, 4)],
  ["check-source without a hash", "header-flags", ["3.10"], (bed) => bed.set(4, 2)],
  ["bytes behind the module", "trailing-bytes", ALL, (bed) => bed.splice(bed.bytes.length, bed.bytes.length, [78])],
  [
    "a list in a frozenset",
    "unhashable",
    ["3.6", "3.8", "3.12"],
    (bed) => {
      const { table } = bed.pyc;
      const node = table.type.findIndex(
        (byte, at) => byte === 0x72 && ((table.type[at - 1] as number) & ~FLAG_REF) === 0x3e,
      );
      return node >= 0 && bed.set(table.start[node] as number, 0x5b, 0, 0, 0, 0);
    },
  ],
  [
    "a type code of a later marshal",
    "late-type-code",
    ["3.2"],
    (bed) => {
      const node = bed.pyc.table.type.indexOf(0x75);
      return node >= 0 && bed.set(bed.pyc.table.start[node] as number, 0x61);
    },
  ],
  [
    "a module with a free variable",
    "module-closure",
    ["2.7"],
    (bed) =>
      bed.isModule &&
      bed.owns("co_freevars") &&
      bed.splice(bed.start("co_freevars"), bed.start("co_freevars") + 5, [0x28, 1, 0, 0, 0, 0x73, 1, 0, 0, 0, 0x78]),
  ],

  // Fields
  [
    "text for a line table",
    "field-type",
    ["2.7", "3.8"],
    (bed) =>
      bed.owns("co_lnotab") &&
      bed.code.bytes("co_lnotab").every((byte) => byte < 128) &&
      bed.set(bed.start("co_lnotab"), (bed.bytes[bed.start("co_lnotab")] as number) + 2),
  ],
  [
    "a number for a name",
    "name-type",
    ["2.4", "2.7", "3.8", "3.12"],
    (bed) => {
      const { code } = bed;
      const { table } = bed.pyc;
      const tuple = code.fieldNode("co_names");
      const node = tuple + 1;
      if (tuple < code.node || node >= (table.next[tuple] as number)) return false;
      if (!"rR".includes(String.fromCharCode(table.type[node] as number))) return false;
      return bed.set(table.start[node] as number, 0x69);
    },
  ],
  [
    "a list among the constants",
    "mutable-constant",
    ["2.7", "3.2"],
    (bed) => {
      const { table } = bed.pyc;
      const node = bed.code.consts.find((node) => node !== NO_NODE && table.type[node] === 0x28);
      return node !== undefined && bed.set(table.start[node] as number, 0x5b);
    },
  ],
  ["more parameters than variables", "argument-count", ALL, (bed) => bed.integer("co_argcount", 99)],
  ["a negative count of parameters", "argument-count", ALL, (bed) => bed.integer("co_argcount", -1)],
  [
    "more positional-only parameters than positional ones",
    "argument-count",
    ["3.8", "3.15"],
    (bed) => bed.integer("co_posonlyargcount", 9),
  ],
  [
    "a wrong number of locals",
    "nlocals",
    ["1.5", "2.1", ...CELLS],
    (bed) => bed.integer("co_nlocals", bed.code.locals.length + 1),
  ],
  [
    "a kind of no variable",
    "localsplus-kinds",
    TABLE,
    (bed) =>
      bed.owns("co_localspluskinds") &&
      bed.code.bytes("co_localspluskinds").length > 0 &&
      bed.set(bed.content("co_localspluskinds"), 1),
  ],
  [
    "a kind too few",
    "localsplus-kinds",
    TABLE,
    (bed) => bed.code.locals.length > 0 && bed.replace("co_localspluskinds", []),
  ],
  [
    "a flag that means nothing",
    "unknown-flags",
    ["2.7", "3.8", "3.12"],
    (bed) => bed.integer("co_flags", bed.code.flags | (1 << 30)),
  ],
  [
    "a coroutine that is a generator",
    "contradictory-flags",
    ["3.6", "3.10", "3.13"],
    (bed) => bed.flags(["GENERATOR", "COROUTINE"]),
  ],
  ["NOFREE with free variables", "nofree-flag", CELLS, (bed) => bed.code.cells.length > 0 && bed.flags(["NOFREE"])],
  ["a negative co_stacksize", "stacksize", ALL, (bed) => bed.integer("co_stacksize", -1)],
  ["a negative co_firstlineno", "first-line", ["2.4", "3.12"], (bed) => bed.integer("co_firstlineno", -7)],
  [
    "an escape character in a name",
    "unsafe-name",
    ["3.8", "3.12"],
    (bed) =>
      bed.code.name.length > 0 && bed.set((bed.pyc.table.end[bed.code.fieldNode("co_name")] as number) - 1, 0x1b),
  ],

  // Instructions
  ["no instructions", "no-instructions", ALL, (bed) => bed.replace("co_code", [])],
  ["half a code unit", "odd-code-length", WORDS, (bed) => bed.replace("co_code", [...bed.code.code, 1])],
  [
    "half an instruction",
    "cut-off-instruction",
    BYTES,
    (bed) => bed.replace("co_code", [...bed.code.code, bed.number("LOAD_CONST"), 0]),
  ],
  ["a number that is no opcode", "unknown-opcode", ALL, (bed) => bed.opcode(0, bed.table.known.lastIndexOf(0))],
  [
    "a specialised opcode",
    "internal-opcode",
    ["3.11", "3.12", "3.13", "3.14"],
    (bed) =>
      first(bed.rowsOf("LOAD_GLOBAL", "LOAD_ATTR"), (row) =>
        bed.opcode(
          row,
          bed.table.known.findIndex((known, n) => known === 2 && bed.table.base[n] === bed.rows.opcode[row]),
        ),
      ),
  ],
  ["CACHE as an instruction", "internal-opcode", ["3.11", "3.13"], (bed) => bed.opcode(0, bed.number("CACHE"))],
  [
    "five prefixes in a row",
    "long-extended-arg",
    ["2.7", "3.8", "3.12"],
    (bed) =>
      bed.code.code.length > 40 &&
      bed.set(
        bed.at(0),
        ...Array.from({ length: 5 }, () =>
          bed.words ? [bed.number("EXTENDED_ARG"), 1] : [bed.number("EXTENDED_ARG"), 1, 0],
        ).flat(),
      ),
  ],
  [
    "a prefix at the end",
    "dangling-extended-arg",
    ["3.6", "3.11", "3.15"],
    (bed) => bed.opcode(bed.rows.count - 1, bed.number("EXTENDED_ARG")),
  ],
  [
    "a prefix before an instruction without an oparg",
    "dangling-extended-arg",
    ["2.4", "3.2"],
    (bed) =>
      first(
        bed.rowsOf("LOAD_CONST"),
        (row) =>
          (bed.rows.opcode[row + 1] as number) < bed.table.haveArgument && bed.opcode(row, bed.number("EXTENDED_ARG")),
      ),
  ],
  [
    "an instruction without its cache entries",
    "cut-off-cache",
    TABLE,
    (bed) => bed.replace("co_code", [...bed.code.code, bed.number("LOAD_GLOBAL"), 0]),
  ],
  [
    "a cache entry that is not zero",
    "nonzero-cache",
    TABLE,
    (bed) => cacheUnit(bed) !== undefined && bed.set(bed.content("co_code") + 2 * (cacheUnit(bed) as number), 7),
  ],
  [
    "a constant that is not there",
    "index-out-of-range",
    ALL,
    (bed) => first(bed.rowsOfKind(OpargKind.const), (row) => bed.oparg(row, 251)),
  ],
  [
    "a name that is not there",
    "index-out-of-range",
    ALL,
    (bed) => first(bed.rowsOfKind(OpargKind.name), (row) => bed.oparg(row, 251)),
  ],
  [
    "a local that is not there",
    "index-out-of-range",
    [...BYTES, ...WORDS],
    (bed) => first(bed.rowsOfKind(OpargKind.local), (row) => bed.oparg(row, 251)),
  ],
  [
    "a cell that is not there",
    "index-out-of-range",
    ["2.7", "3.8", "3.12"],
    (bed) => first(bed.rowsOfKind(OpargKind.free), (row) => bed.oparg(row, 251)),
  ],
  [
    "a comparison that is none",
    "oparg-out-of-range",
    ["1.5", "2.7", "3.8", "3.11", "3.12", "3.14"],
    (bed) => first(bed.rowsOf("COMPARE_OP"), (row) => bed.oparg(row, 240)),
  ],
  [
    "an operator that is none",
    "oparg-out-of-range",
    TABLE,
    (bed) => first(bed.rowsOf("BINARY_OP"), (row) => bed.oparg(row, 99)),
  ],
  [
    "an intrinsic that is none",
    "oparg-out-of-range",
    ["3.12", "3.13", "3.15"],
    (bed) => first(bed.rowsOf("CALL_INTRINSIC_1"), (row) => bed.oparg(row, 0)),
  ],
  [
    "more to raise than there can be",
    "oparg-out-of-range",
    ["2.7", "3.6"],
    (bed) => first(bed.rowsOf("RAISE_VARARGS"), (row) => bed.oparg(row, 9)),
  ],
  [
    "a cell that is a local variable",
    "not-a-cell",
    TABLE,
    (bed) => {
      const local = bed.code.bytes("co_localspluskinds").indexOf(0x20);
      return local >= 0 && first(bed.rowsOfKind(OpargKind.free), (row) => bed.oparg(row, local));
    },
  ],
  [
    "a cell too many copied",
    "free-variables",
    TABLE,
    (bed) => first(bed.rowsOf("COPY_FREE_VARS"), (row) => bed.oparg(row, 9)),
  ],
  [
    "keyword names that are something else",
    "keyword-names",
    ["3.11", "3.12"],
    (bed) =>
      first(bed.rowsOf("KW_NAMES"), (row) => {
        const other = bed.code.consts.findIndex((node) => bed.code.values.of(node).kind !== "tuple");
        return other >= 0 && bed.oparg(row, other);
      }),
  ],
  [
    "a function made of a constant",
    "function-code",
    ["2.7", "3.12", "3.13"],
    (bed) =>
      first(bed.rowsOf("MAKE_FUNCTION"), (row) => {
        const other = bed.code.consts.findIndex((node) => bed.code.values.of(node).kind !== "code");
        return other >= 0 && bed.rows.opcode[row - 1] === bed.number("LOAD_CONST") && bed.oparg(row - 1, other);
      }),
  ],

  // Flow
  [
    "a jump out of the code",
    "jump-out-of-code",
    ALL,
    (bed) => bed.code.code.length < 200 && first(bed.rowsOfKind(OpargKind.jumpForward), (row) => bed.oparg(row, 255)),
  ],
  [
    "a jump into an instruction",
    "jump-into-instruction",
    BYTES,
    (bed) =>
      first(
        bed.rowsOfKind(OpargKind.jumpForward),
        (row) =>
          bed.rows.size[graphOf(bodyOf(bed.code)).jump[row] as number] === 3 &&
          bed.oparg(row, (bed.rows.oparg[row] as number) + 1),
      ),
  ],
  [
    "a jump into cache entries",
    "jump-into-instruction",
    TABLE,
    (bed) =>
      first(bed.rowsOfKind(OpargKind.jumpForward), (row) => {
        const to = graphOf(bodyOf(bed.code)).jump[row] as number;
        const next =
          ((bed.rows.offset[row] as number) + (bed.rows.size[row] as number) + (bed.rows.caches[row] as number)) / 2;
        const unit = Array.from({ length: bed.rows.count - to }, (_, i) => to + i).find(
          (at) => (bed.rows.caches[at] as number) > 0,
        );
        if (unit === undefined) return false;
        const oparg = (bed.rows.offset[unit] as number) / 2 + 1 - next;
        return oparg < 256 && bed.oparg(row, oparg);
      }),
  ],
  [
    "a jump behind a prefix",
    "jump-past-prefix",
    ["3.6", "3.8", "3.10"],
    (bed) => {
      const { jump } = graphOf(bodyOf(bed.code));
      const step = 2 / bed.code.version.traits.jumpUnit;
      return first(
        bed.rowsOfKind(OpargKind.jumpForward).filter((row) => (bed.rows.oparg[row] as number) < 254),
        (row) =>
          bed.rows.opcode[jump[row] as number] === bed.table.extendedArg &&
          bed.oparg(row, (bed.rows.oparg[row] as number) + step),
      );
    },
  ],
  [
    "a loop that does not end where it must",
    "loop-end",
    ["3.12", "3.13", "3.14", "3.15"],
    (bed) => first(bed.rowsOf("FOR_ITER"), (row) => bed.oparg(row, (bed.rows.oparg[row] as number) - 1)),
  ],
  [
    "an end without a return",
    "past-end",
    ["1.5", "2.7", "3.6", "3.10", "3.11", "3.14"],
    (bed) =>
      bed.rows.opcode[bed.rows.count - 1] === bed.number("RETURN_VALUE") &&
      bed.opcode(bed.rows.count - 1, bed.number("POP_TOP")),
  ],
  [
    "a value that is not loaded",
    "stack-underflow",
    ALL,
    (bed) =>
      first(
        bed.rowsOf("POP_TOP"),
        (row) =>
          bed.rows.opcode[row + 1] === bed.number("LOAD_CONST") &&
          bed.words &&
          bed.opcode(row + 1, bed.number("POP_TOP")),
      ) ||
      first(
        bed.rowsOf("RETURN_VALUE"),
        (row) =>
          loads.some((name) => bed.number(name) === bed.rows.opcode[row - 1]) &&
          bed.set(bed.at(row - 1), ...new Array<number>(bed.rows.size[row - 1] as number).fill(bed.number("POP_TOP"))),
      ),
  ],
  [
    "a value that a loop leaves behind",
    "stack-uneven",
    ["2.4", "2.7", "3.2", ...WORDS],
    (bed) => {
      const { jump } = graphOf(bodyOf(bed.code));
      const loops = bed.rowsOf("FOR_ITER");
      // The last instruction of a loop's body.
      return first(bed.rowsOf("POP_TOP"), (row) => loops.includes(jump[row + 1] as number) && bed.nop(row));
    },
  ],
  [
    "a co_stacksize that is too small",
    "stack-overflow",
    ALL,
    (bed) => {
      const { max } = stackSize(bodyOf(bed.code));
      return max > 1 && bed.integer("co_stacksize", max - 1);
    },
  ],
  [
    "a block that is taken down twice",
    "blocks",
    ["2.4", "2.7", "3.2", "3.6", "3.8", "3.10"],
    (bed) => first(bed.rowsOf("SETUP_LOOP", "SETUP_EXCEPT", "SETUP_FINALLY"), (row) => bed.nop(row)),
  ],
  [
    "a yield in a function",
    "yield-outside-generator",
    ["2.4", "2.7", "3.6", "3.10", "3.13"],
    (bed) => bed.rowsOf("YIELD_VALUE").length > 0 && bed.flags([], ["GENERATOR", "COROUTINE", "ASYNC_GENERATOR"]),
  ],
  [
    "a generator that does not begin as one",
    "generator-prologue",
    ["3.10", ...TABLE],
    (bed) => !bed.isModule && bed.rowsOf("RETURN_GENERATOR", "GEN_START").length === 0 && bed.flags(["GENERATOR"]),
  ],

  // Tables
  [
    "a line table that says too much",
    "line-table",
    ["2.4", "2.7", "3.2", "3.8", "3.10"],
    (bed) =>
      ["co_lnotab", "co_linetable"].some(
        (field) => bed.code.bytes(field).length > 0 && bed.owns(field) && bed.set(bed.content(field), 250),
      ),
  ],
  [
    "a line table that is cut off",
    "line-table",
    TABLE,
    (bed) => bed.replace("co_linetable", [...bed.code.bytes("co_linetable").subarray(1)]),
  ],
  [
    "a line before the first",
    "line-number",
    ["3.6", "3.8"],
    (bed) =>
      bed.owns("co_lnotab") &&
      bed.code.bytes("co_lnotab").length > 1 &&
      bed.code.firstlineno < 50 &&
      bed.set(bed.content("co_lnotab") + 1, 0x90),
  ],
  [
    "a line that begins in an instruction",
    "line-start",
    ["2.4", "2.7", "3.6"],
    (bed) =>
      bed.owns("co_lnotab") &&
      bed.code.bytes("co_lnotab").length > 1 &&
      (bed.rows.size[0] as number) > 1 &&
      bed.set(bed.content("co_lnotab"), 1),
  ],
  [
    "an entry that is not marked",
    "exception-table",
    TABLE,
    (bed) =>
      entryByte(bed, 0, (value) => value) &&
      bed.set(bed.content("co_exceptiontable"), (bed.bytes[bed.content("co_exceptiontable")] as number) & 63),
  ],
  [
    "a handler out of the code",
    "exception-table",
    TABLE,
    (bed) => bed.code.code.length < 120 && entryByte(bed, 2, () => 63),
  ],
  ["a range of nothing", "exception-empty", TABLE, (bed) => entryByte(bed, 1, () => 0)],
  [
    "ranges out of order",
    "exception-order",
    TABLE,
    (bed) => exceptionEntries(bed.code).length > 1 && entryByte(bed, 1, () => 60),
  ],
  [
    "a range that begins in cache entries",
    "exception-range",
    TABLE,
    (bed) => cacheUnit(bed) !== undefined && entryByte(bed, 0, () => cacheUnit(bed) as number),
  ],
  [
    "a handler in cache entries",
    "exception-target",
    TABLE,
    (bed) => cacheUnit(bed) !== undefined && entryByte(bed, 2, () => cacheUnit(bed) as number),
  ],
  [
    "a handler that keeps more than there is",
    "exception-depth",
    TABLE,
    (bed) => entryByte(bed, 3, (value) => value + 16),
  ],
];
