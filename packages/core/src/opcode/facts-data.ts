/** Facts of the opcodes that compute: the stack itself, operators, attributes, items, displays, formatting, patterns. */
import type { Row } from "./rows.js";

export const dataRows: readonly Row[] = [
  // The stack itself
  ["STOP_CODE NOP CACHE RESERVED", 0, "none", "--"],
  ["POP_TOP", 0, "none", "value --"],
  ["ROT_TWO", 0, "none", "a, b -- b, a"],
  ["ROT_THREE", 0, "none", "a, b, c -- c, a, b"],
  ["ROT_FOUR", 0, "none", "a, b, c, d -- d, a, b, c"],
  ["ROT_N", 0, "raw", "rest[oparg - 1], top -- top, rest[oparg - 1]"],
  ["DUP_TOP", 0, "none", "a -- a, a"],
  ["DUP_TOP_TWO", 0, "none", "a, b -- a, b, a, b"],
  ["DUP_TOPX", 0, "raw", "items[oparg] -- items[oparg], items[oparg]"],
  ["SWAP", 0, "raw", "bottom, unused[oparg - 2], top -- top, unused[oparg - 2], bottom"],
  ["COPY", 0, "raw", "bottom, unused[oparg - 1] -- bottom, unused[oparg - 1], top"],
  ["PUSH_NULL", 0, "none", "-- null"],
  ["LOAD_CONST", 0, "const", "-- value"],
  ["LOAD_SMALL_INT", 0, "raw", "-- value"],
  ["LOAD_COMMON_CONSTANT", 0, "commonConstant", "-- value"],
  ["LOAD_ASSERTION_ERROR LOAD_LOCALS LOAD_GLOBALS LOAD_BUILD_CLASS", 0, "none", "-- value"],

  // Operators
  [
    "UNARY_POSITIVE UNARY_NEGATIVE UNARY_NOT UNARY_CONVERT UNARY_INVERT FORMAT_SIMPLE LIST_TO_TUPLE",
    0,
    "none",
    "value -- res",
  ],
  [
    "BINARY_POWER BINARY_MULTIPLY BINARY_DIVIDE BINARY_MODULO BINARY_ADD BINARY_SUBTRACT BINARY_FLOOR_DIVIDE " +
      "BINARY_TRUE_DIVIDE BINARY_LSHIFT BINARY_RSHIFT BINARY_AND BINARY_XOR BINARY_OR BINARY_MATRIX_MULTIPLY " +
      "INPLACE_POWER INPLACE_MULTIPLY INPLACE_DIVIDE INPLACE_MODULO INPLACE_ADD INPLACE_SUBTRACT " +
      "INPLACE_FLOOR_DIVIDE INPLACE_TRUE_DIVIDE INPLACE_LSHIFT INPLACE_RSHIFT INPLACE_AND INPLACE_XOR INPLACE_OR " +
      "INPLACE_MATRIX_MULTIPLY",
    0,
    "none",
    "left, right -- res",
  ],
  ["BINARY_OP", 0, "binaryOp", "left, right -- res"],
  ["BINARY_OP", 3481, "binaryOp", "left, right -- res", 1],
  ["BINARY_OP", 3614, "binaryOp", "left, right -- res", 5],
  ["TO_BOOL", 0, "none", "value -- res", 3],
  ["COMPARE_OP", 0, "compare", "left, right -- res"],
  ["COMPARE_OP", 3483, "compare", "left, right -- res", 2],
  ["COMPARE_OP", 3515, "compareShift4", "left, right -- res", 1],
  // The conditional jump behind it is done with it.
  ["COMPARE_AND_BRANCH", 0, "compareShift4", "left, right -- res", 1],
  ["COMPARE_OP", 3557, "compareShift5", "left, right -- res", 1],
  ["IS_OP", 0, "isOp", "left, right -- res"],
  ["CONTAINS_OP", 0, "containsOp", "left, right -- res"],
  ["CONTAINS_OP", 3569, "containsOp", "left, right -- res", 1],

  // Items and slices
  ["BINARY_SUBSCR", 0, "none", "container, sub -- res"],
  ["BINARY_SUBSCR", 3483, "none", "container, sub -- res", 4],
  ["BINARY_SUBSCR", 3524, "none", "container, sub -- res", 1],
  ["STORE_SUBSCR", 0, "none", "value, container, sub --"],
  ["STORE_SUBSCR", 3486, "none", "value, container, sub --", 1],
  ["DELETE_SUBSCR", 0, "none", "container, sub --"],
  ["SLICE+0", 0, "none", "container -- res"],
  ["SLICE+1 SLICE+2", 0, "none", "container, bound -- res"],
  ["SLICE+3", 0, "none", "container, start, stop -- res"],
  // 2.5 and 2.6 miscounted these.
  ["SLICE+0", 62071, "none", "container -- res ! -- res"],
  ["SLICE+1 SLICE+2", 62071, "none", "container, bound -- res ! --"],
  ["SLICE+3", 62071, "none", "container, start, stop -- res ! value --"],
  ["SLICE+0", 62171, "none", "container -- res"],
  ["SLICE+1 SLICE+2", 62171, "none", "container, bound -- res"],
  ["SLICE+3", 62171, "none", "container, start, stop -- res"],
  ["STORE_SLICE+0", 0, "none", "value, container --"],
  ["STORE_SLICE+1 STORE_SLICE+2", 0, "none", "value, container, bound --"],
  ["STORE_SLICE+3", 0, "none", "value, container, start, stop --"],
  ["DELETE_SLICE+0", 0, "none", "container --"],
  ["DELETE_SLICE+1 DELETE_SLICE+2", 0, "none", "container, bound --"],
  ["DELETE_SLICE+3", 0, "none", "container, start, stop --"],
  ["BINARY_SLICE", 0, "none", "container, start, stop -- res"],
  ["STORE_SLICE", 0, "none", "value, container, start, stop --"],
  ["BUILD_SLICE", 0, "raw", "args[2 + (oparg == 3)] -- slice"],
  ["BUILD_SLICE", 3608, "raw", "args[oparg] -- slice"],

  // Attributes
  ["LOAD_ATTR", 0, "name", "owner -- attr"],
  ["LOAD_ATTR", 3484, "name", "owner -- attr", 4],
  ["LOAD_ATTR", 3504, "attrMethod", "owner -- attr, self_or_null if (oparg & 1)", 9],
  ["LOAD_METHOD", 0, "name", "owner -- attr, self_or_null"],
  ["LOAD_METHOD", 3484, "name", "owner -- attr, self_or_null", 10],
  ["LOAD_METHOD", 3503, "name", "owner -- attr, self_or_null", 9],
  ["STORE_ATTR", 0, "name", "value, owner --"],
  ["STORE_ATTR", 3484, "name", "value, owner --", 4],
  ["DELETE_ATTR", 0, "name", "owner --"],
  ["LOAD_SUPER_ATTR", 0, "superAttr", "super, class, self -- attr, self_or_null if (oparg & 1)", 9],
  ["LOAD_SUPER_ATTR", 3530, "superAttr", "super, class, self -- attr, self_or_null if (oparg & 1)", 1],
  ["LOAD_SPECIAL", 0, "specialMethod", "owner -- attr, self_or_null"],

  // Displays and comprehensions
  ["BUILD_TUPLE BUILD_LIST BUILD_SET BUILD_STRING", 0, "raw", "values[oparg] -- res"],
  ["BUILD_MAP", 0, "raw", "-- map"],
  ["BUILD_MAP", 3340, "raw", "pairs[oparg * 2] -- map"],
  ["STORE_MAP", 0, "none", "map, value, key -- map"],
  ["BUILD_CONST_KEY_MAP", 0, "raw", "values[oparg], keys -- map"],
  ["BUILD_LIST_UNPACK BUILD_TUPLE_UNPACK BUILD_SET_UNPACK BUILD_MAP_UNPACK", 0, "raw", "iterables[oparg] -- res"],
  ["BUILD_TUPLE_UNPACK_WITH_CALL", 0, "raw", "iterables[oparg] -- res"],
  ["BUILD_MAP_UNPACK_WITH_CALL", 0, "raw", "mappings[oparg & 255] -- map"],
  ["BUILD_MAP_UNPACK_WITH_CALL", 3376, "raw", "mappings[oparg] -- map"],
  ["LIST_APPEND", 0, "none", "list, value --"],
  ["LIST_APPEND", 62171, "raw", "value --"],
  ["LIST_APPEND", 3000, "none", "list, value --"],
  ["LIST_APPEND", 3141, "raw", "value --"],
  ["SET_ADD", 0, "raw", "value --"],
  ["SET_ADD", 3000, "none", "set, value --"],
  ["SET_ADD", 3141, "raw", "value --"],
  ["MAP_ADD", 0, "raw", "key, value --"],
  ["LIST_EXTEND SET_UPDATE DICT_UPDATE DICT_MERGE", 0, "raw", "values --"],
  ["UNPACK_TUPLE UNPACK_LIST UNPACK_SEQUENCE", 0, "raw", "seq -- items[oparg]"],
  ["UNPACK_SEQUENCE", 3482, "raw", "seq -- items[oparg]", 1],
  ["UNPACK_EX", 0, "unpackPair", "seq -- after[oparg >> 8], rest, before[oparg & 255]"],

  // Formatting
  ["FORMAT_VALUE", 0, "format", "value, spec if (oparg & 4) -- res"],
  ["FORMAT_WITH_SPEC", 0, "none", "value, spec -- res"],
  ["CONVERT_VALUE", 0, "convert", "value -- res"],
  ["BUILD_TEMPLATE", 0, "none", "strings, interpolations -- template"],
  ["BUILD_INTERPOLATION", 0, "raw", "value, str, format if (oparg & 1) -- interpolation"],

  // Patterns
  ["GET_LEN MATCH_MAPPING MATCH_SEQUENCE", 0, "none", "subject -- subject, res"],
  ["MATCH_KEYS", 0, "none", "subject, keys -- subject, keys, values, bool"],
  ["MATCH_KEYS", 3462, "none", "subject, keys -- subject, keys, values"],
  ["MATCH_CLASS", 0, "raw", "subject, type, names -- attrs, bool"],
  ["MATCH_CLASS", 3462, "raw", "subject, type, names -- attrs"],
  ["COPY_DICT_WITHOUT_KEYS", 0, "none", "subject, keys -- subject, rest"],

  // Printing
  ["PRINT_EXPR PRINT_ITEM", 0, "none", "value --"],
  ["PRINT_NEWLINE", 0, "none", "--"],
  ["PRINT_ITEM_TO", 0, "none", "value, stream --"],
  ["PRINT_NEWLINE_TO", 0, "none", "stream --"],
];
