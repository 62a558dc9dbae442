/**
 * The lists an oparg indexes, as that version's `dis` prints their items, with the magic number from which each holds
 * (0 for 0.9.8). Up to 1.4 no `dis` prints the comparisons; the interpreter had the same.
 */
type Ranged = readonly (readonly [since: number, items: readonly string[]])[];

const comparisons = ["<", "<=", "==", "!=", ">", ">="];

export const compare: Ranged = [
  [0, [...comparisons, "in", "not in", "is", "is not", "exception match", "BAD"]],
  [3423, comparisons],
];

const binary = "+ & // << @ * % | ** >> - / ^ += &= //= <<= @= *= %= |= **= >>= -= /= ^=".split(" ");

export const binaryOps: Ranged = [
  [0, []],
  [3464, binary],
  [3616, [...binary, "[]"]],
];

const intrinsic = (names: string): readonly string[] => names.split(" ").map((name) => `INTRINSIC_${name}`);

export const intrinsics1: Ranged = [
  [0, []],
  [3513, intrinsic("1_INVALID PRINT IMPORT_STAR STOPITERATION_ERROR")],
  [3514, intrinsic("1_INVALID PRINT IMPORT_STAR STOPITERATION_ERROR ASYNC_GEN_WRAP UNARY_POSITIVE LIST_TO_TUPLE")],
  [
    3531,
    intrinsic(
      "1_INVALID PRINT IMPORT_STAR STOPITERATION_ERROR ASYNC_GEN_WRAP UNARY_POSITIVE LIST_TO_TUPLE TYPEVAR PARAMSPEC " +
        "TYPEVARTUPLE SUBSCRIPT_GENERIC TYPEALIAS",
    ),
  ],
];

export const intrinsics2: Ranged = [
  [0, []],
  [3520, intrinsic("2_INVALID PREP_RERAISE_STAR")],
  [3531, intrinsic("2_INVALID PREP_RERAISE_STAR TYPEVAR_WITH_BOUND TYPEVAR_WITH_CONSTRAINTS SET_FUNCTION_TYPE_PARAMS")],
  [
    3571,
    intrinsic(
      "2_INVALID PREP_RERAISE_STAR TYPEVAR_WITH_BOUND TYPEVAR_WITH_CONSTRAINTS SET_FUNCTION_TYPE_PARAMS " +
        "SET_TYPEPARAM_DEFAULT",
    ),
  ],
];

const callables = [
  "AssertionError",
  "NotImplementedError",
  "tuple",
  "<built-in function all>",
  "<built-in function any>",
];

export const commonConstants: Ranged = [
  [0, []],
  [3600, ["AssertionError"]],
  [3601, callables.slice(0, 2)],
  [3620, callables],
  [3658, [...callables, "list", "set", "None", "''", "True", "False", "-1"]],
];

export const specialMethods: Ranged = [
  [0, []],
  [3602, ["__enter__", "__exit__", "__aenter__", "__aexit__"]],
];

/**
 * The bits that a compiler sets below the operator of a comparison, for `<`, `<=`, `==`, `!=`, `>`, `>=`: what results
 * of a comparison it is true for (1 unordered, 2 less, 4 greater, 8 equal).
 */
export const comparisonMasks: readonly number[] = [2, 10, 8, 7, 4, 12];
