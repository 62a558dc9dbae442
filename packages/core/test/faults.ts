/**
 * Faults in the file as a whole, the fields of code objects and single instructions. A planter changes few bytes of the
 * first place that has room for its fault.
 */
import { FLAG_REF, NO_NODE } from "../src/marshal/index.js";
import { OpargKind } from "../src/opcode/index.js";
import { flowFaults } from "./faults-flow.js";
import { ALL, BYTES, cacheUnit, type Fault, first, TABLE, WORDS } from "./planting.js";

/** Versions whose code objects have lists of cells and of free variables. */
const CELLS = ["2.7", "3.2", "3.8", "3.10"];

const codeFaults: readonly Fault[] = [
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
];

/** Every fault, of every era. */
export const faults: readonly Fault[] = [...codeFaults, ...flowFaults];
