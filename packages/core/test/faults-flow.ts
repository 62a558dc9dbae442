/** Faults in how the instructions hang together, and in the tables beside them. */
import { exceptionEntries } from "../src/exceptiontable/index.js";
import { bodyOf, graphOf, stackSize } from "../src/flow/index.js";
import { OpargKind } from "../src/opcode/index.js";
import { ALL, type Bed, BYTES, cacheUnit, type Fault, first, TABLE, WORDS } from "./planting.js";

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

export const flowFaults: readonly Fault[] = [
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
