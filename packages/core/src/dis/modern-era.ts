/**
 * What tells the listings of 3.11 to 3.15 apart, as one record per era of dis.py; what an oparg means is a matter of
 * the opcode table and is not repeated here.
 */
import { OpargKind } from "../opcode/index.js";

export interface Era {
  /** Jump targets: offsets, with `>>` before every target; or labels `L1:` `L2:` …, offsets only when asked for. */
  readonly targets: "offsets" | "labels";
  /**
   * What starts of lines without a line number show: `--`, or nothing. Where it is nothing, a code object with any
   * start of a line has the column; where it is `--`, only one with a line number other than 0.
   */
  readonly noLine: "" | "--";
  /** On which side of a name a NULL or self that is pushed with it stands: `NULL + print`, `print + NULL`. */
  readonly pushed: "before" | "after";
  /** Whether an opname longer than its column takes the room of the oparg. */
  readonly overflow: boolean;
  /** Whether cache entries show their values always, or only behind a specialised opcode. */
  readonly cacheValues: "always" | "specialised";
  /** Opcodes whose oparg has a meaning that this dis does not print. */
  readonly unsaid: readonly string[];
  /** How many bits of MAKE_FUNCTION's and SET_FUNCTION_ATTRIBUTE's oparg have a name. */
  readonly functionParts: number;
}

const offsets: Era = {
  targets: "offsets",
  noLine: "",
  pushed: "before",
  overflow: false,
  cacheValues: "always",
  unsaid: ["IS_OP", "CONTAINS_OP"],
  functionParts: 4,
};
const labels: Era = { ...offsets, targets: "labels", noLine: "--", pushed: "after", overflow: true };
const verbose: Era = { ...labels, unsaid: [], functionParts: 5 };

/** By the name that `traits.listing` gives. */
export const eras: ReadonlyMap<string, Era> = new Map([
  ["3.11", { ...offsets, cacheValues: "specialised", unsaid: [...offsets.unsaid, "KW_NAMES"] }],
  ["3.12", offsets],
  ["3.13", labels],
  ["3.14", verbose],
  ["3.15", verbose],
]);

/** How an oparg names one of co_names: by how many bits the index is shifted, and what the bits below it add. */
export interface Reference {
  readonly shift: number;
  /** The lowest bit's text first; where several are set, the lowest counts. */
  readonly flags: readonly string[];
}

export const references: { readonly [kind: number]: Reference } = {
  [OpargKind.name]: { shift: 0, flags: [] },
  [OpargKind.globalNull]: { shift: 1, flags: ["NULL"] },
  [OpargKind.attrMethod]: { shift: 1, flags: ["NULL|self"] },
  [OpargKind.superAttr]: { shift: 2, flags: ["NULL|self"] },
  [OpargKind.importName]: { shift: 2, flags: ["lazy", "eager"] },
};
