/**
 * The layouts of dis.py up to 3.10, one row per era. An era begins with what it changes; everything else is as in the
 * row above it.
 */
import type { OpargKindName } from "../opcode/index.js";

export interface Era {
  /** Columns that an opcode's name takes. */
  readonly nameWidth: number;
  /** Lines: in a column before each group, or told by SET_LINENO with a blank line before it. */
  readonly lineColumn: boolean;
  /** Whether the columns of lines and offsets grow with the numbers in them, from 1000 and 10000 on. */
  readonly grows: boolean;
  /** Kinds of operand whose meaning is told, besides constants, names and forward jumps. */
  readonly tells: readonly OpargKindName[];
  /** Whether an oparg with EXTENDED_ARG is a long, which prints with an L. */
  readonly longOpargs: boolean;
  /** Whether parentheses stand around a name that is empty. */
  readonly tellsEmpty: boolean;
  /** Whether EXTENDED_ARG counts for the jump labels. */
  readonly farLabels: boolean;
  /** Whether an EXTENDED_ARG before an opcode without operand counts for the next opcode that has one. */
  readonly carriesPrefixes: boolean;
  /** What stands at the end of a line: the padding of its last column, a space behind it, or nothing. */
  readonly tail: "padding" | "space" | "nothing";
}

const first: Era = {
  nameWidth: 15,
  lineColumn: false,
  grows: false,
  tells: [],
  longOpargs: false,
  tellsEmpty: true,
  farLabels: false,
  carriesPrefixes: true,
  tail: "padding",
};

const rows: readonly (readonly [name: string, changes: Partial<Era>])[] = [
  ["0.9.8", {}],
  ["1.4", { tells: ["local"] }],
  ["1.5", { tells: ["local", "compare"] }],
  ["1.6", { nameWidth: 20, longOpargs: true }],
  ["2.1", { tells: ["local", "compare", "free"] }],
  ["2.3", { lineColumn: true }],
  ["3.0", { longOpargs: false, tail: "space" }],
  ["3.3", { tells: ["local", "compare", "free", "callPair"] }],
  ["3.4", { tellsEmpty: false, tail: "nothing" }],
  ["3.5", { farLabels: true }],
  ["3.6", { tells: ["local", "compare", "free", "format"] }],
  ["3.7", { grows: true }],
  ["3.8", { tells: ["local", "compare", "free", "format", "functionFlags"] }],
  ["3.10", { tells: ["local", "compare", "free", "format", "functionFlags", "jumpAbsolute"], carriesPrefixes: false }],
];

/** The eras by their name, which is that of the first Python with it. */
export const eras: ReadonlyMap<string, Era> = new Map(
  (function* () {
    let era = first;
    for (const [name, changes] of rows) {
      era = { ...era, ...changes };
      yield [name, era] as const;
    }
  })(),
);
