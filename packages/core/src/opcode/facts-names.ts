/** Facts of the opcodes that deal in names: variables, imports, functions, classes and calls. */
import type { Row } from "./rows.js";

export const nameRows: readonly Row[] = [
  // Variables
  ["LOAD_NAME LOAD_LOCAL", 0, "name", "-- value"],
  ["STORE_NAME STORE_GLOBAL", 0, "name", "value --"],
  ["DELETE_NAME DELETE_GLOBAL", 0, "name", "--"],
  ["LOAD_GLOBAL", 0, "name", "-- value"],
  ["LOAD_GLOBAL", 3482, "name", "-- value", 5],
  ["LOAD_GLOBAL", 3488, "globalNull", "-- value, null if (oparg & 1)", 5],
  ["LOAD_GLOBAL", 3521, "globalNull", "-- value, null if (oparg & 1)", 4],
  ["LOAD_FAST LOAD_FAST_CHECK LOAD_FAST_AND_CLEAR LOAD_FAST_BORROW", 0, "local", "-- value"],
  ["STORE_FAST", 0, "local", "value --"],
  ["DELETE_FAST", 0, "local", "--"],
  ["LOAD_FAST_LOAD_FAST LOAD_FAST_BORROW_LOAD_FAST_BORROW", 0, "localPair", "-- value1, value2"],
  ["STORE_FAST_LOAD_FAST", 0, "localPair", "value1 -- value2"],
  ["STORE_FAST_STORE_FAST", 0, "localPair", "value2, value1 --"],
  ["LOAD_CLOSURE LOAD_DEREF LOAD_CLASSDEREF", 0, "free", "-- value"],
  ["STORE_DEREF", 0, "free", "value --"],
  ["DELETE_DEREF MAKE_CELL", 0, "free", "--"],
  ["COPY_FREE_VARS", 0, "raw", "--"],
  ["LOAD_FROM_DICT_OR_GLOBALS", 0, "name", "dict -- value"],
  ["LOAD_FROM_DICT_OR_DEREF", 0, "free", "dict -- value"],
  ["STORE_LOCALS", 0, "none", "locals --"],
  ["SETUP_ANNOTATIONS", 0, "none", "--"],
  ["STORE_ANNOTATION", 0, "name", "value --"],

  ["ACCESS_MODE", 0, "name", "mode --"],

  // Imports and exec
  ["IMPORT_NAME", 0, "name", "-- module"],
  ["IMPORT_NAME", 50823, "name", "fromlist -- module"],
  ["IMPORT_NAME", 62071, "name", "level, fromlist -- module ! --"],
  ["IMPORT_NAME", 62171, "name", "level, fromlist -- module"],
  ["IMPORT_NAME", 3000, "name", "level, fromlist -- module ! --"],
  ["IMPORT_NAME", 3160, "name", "level, fromlist -- module"],
  ["IMPORT_NAME", 3661, "importName", "level, fromlist -- module"],
  // Up to 1.6 the name goes straight into the namespace.
  ["IMPORT_FROM", 0, "name", "module -- module"],
  ["IMPORT_FROM", 50823, "name", "module -- module, value"],
  ["IMPORT_STAR", 0, "none", "module --"],
  ["EXEC_STMT", 0, "none", "code, globals, locals --"],

  // Arguments, up to 1.4: the caller's tuple is on the stack when a function begins.
  ["REQUIRE_ARGS REFUSE_ARGS", 0, "none", "--"],
  ["UNPACK_ARG", 0, "raw", "args -- items[oparg]"],
  // A number of arguments, which the listings of that time take for a name.
  ["UNPACK_VARARG", 0, "name", "args -- rest, items[oparg]"],
  ["RESERVE_FAST", 0, "const", "--"],
  ["SET_FUNC_ARGS", 0, "raw", "defaults, func -- func"],

  // Functions and classes
  ["BUILD_FUNCTION", 0, "none", "code -- func"],
  ["BUILD_CLASS", 0, "none", "bases, dict -- class"],
  ["BUILD_CLASS", 39169, "none", "name, bases, dict -- class"],
  ["MAKE_FUNCTION", 0, "raw", "defaults[oparg], code -- func"],
  ["MAKE_FUNCTION", 3030, "raw", "args[(oparg & 255) + 2 * (oparg >> 8 & 255) + (oparg >> 16)], code -- func"],
  ["MAKE_FUNCTION", 3200, "raw", "args[(oparg & 255) + 2 * (oparg >> 8 & 255) + (oparg >> 16)], code, name -- func"],
  [
    "MAKE_FUNCTION",
    3372,
    "functionFlags",
    "defaults if (oparg & 1), kwdefaults if (oparg & 2), annotations if (oparg & 4), closure if (oparg & 8), code, name -- func",
  ],
  [
    "MAKE_FUNCTION",
    3462,
    "functionFlags",
    "defaults if (oparg & 1), kwdefaults if (oparg & 2), annotations if (oparg & 4), closure if (oparg & 8), code -- func",
  ],
  ["MAKE_FUNCTION", 3553, "none", "code -- func"],
  ["SET_FUNCTION_ATTRIBUTE", 0, "functionAttribute", "attr, func -- func"],
  // As many cells as the code object has free variables, which the oparg does not tell.
  ["MAKE_CLOSURE", 0, "raw", ""],
  ["MAKE_CLOSURE", 62071, "raw", "defaults[oparg], cells, code -- func ! defaults[oparg] --"],
  ["MAKE_CLOSURE", 62171, "raw", "defaults[oparg], cells, code -- func"],
  ["MAKE_CLOSURE", 3030, "raw", "args[(oparg & 255) + 2 * (oparg >> 8 & 255) + (oparg >> 16)], cells, code -- func"],
  [
    "MAKE_CLOSURE",
    3200,
    "raw",
    "args[(oparg & 255) + 2 * (oparg >> 8 & 255) + (oparg >> 16)], cells, code, name -- func",
  ],

  // Calls
  ["UNARY_CALL", 0, "none", "func -- res"],
  ["BINARY_CALL", 0, "none", "func, args -- res"],
  ["CALL_FUNCTION", 0, "callPair", "func, args[(oparg & 255) + 2 * (oparg >> 8)] -- res"],
  ["CALL_FUNCTION_VAR CALL_FUNCTION_KW", 0, "callPair", "func, args[(oparg & 255) + 2 * (oparg >> 8)], extra -- res"],
  ["CALL_FUNCTION_VAR_KW", 0, "callPair", "func, args[(oparg & 255) + 2 * (oparg >> 8)], extra, kwargs -- res"],
  ["CALL_FUNCTION", 3376, "raw", "func, args[oparg] -- res"],
  ["CALL_FUNCTION_KW", 3376, "raw", "func, args[oparg], names -- res"],
  ["CALL_FUNCTION_EX", 0, "raw", "func, args, kwargs if (oparg & 1) -- res"],
  ["CALL_FUNCTION_EX", 3479, "raw", "null, func, args, kwargs if (oparg & 1) -- res"],
  ["CALL_FUNCTION_EX", 3615, "none", "func, null, args, kwargs -- res"],
  ["CALL_FUNCTION_EX", 3659, "none", "func, null, args, kwargs -- res", 1],
  ["CALL_METHOD", 0, "raw", "method, self, args[oparg] -- res"],
  // The calls of 3.11's alphas: what they take is not known.
  ["CALL_METHOD_KW PRECALL_METHOD PRECALL_FUNCTION CALL_NO_KW CALL_KW", 0, "raw", ""],
  // The arguments leave the stack with CALL; 3.11 counts them off at PRECALL.
  ["PRECALL", 0, "raw", "-- ! args[oparg] --"],
  ["PRECALL", 3486, "raw", "-- ! args[oparg] --", 1],
  ["CALL", 0, "raw", "method, self, args[oparg] -- res ! method, self -- res"],
  ["CALL", 3486, "raw", "method, self, args[oparg] -- res ! method, self -- res", 4],
  ["CALL", 3500, "raw", "method, self, args[oparg] -- res", 4],
  ["CALL", 3525, "raw", "method, self, args[oparg] -- res", 3],
  ["KW_NAMES", 0, "const", "--"],
  ["CALL_KW", 3563, "raw", "func, self_or_null, args[oparg], names -- res"],
  ["CALL_KW", 3606, "raw", "func, self_or_null, args[oparg], names -- res", 3],
  ["CALL_INTRINSIC_1", 0, "intrinsic1", "value -- res"],
  ["CALL_INTRINSIC_2", 0, "intrinsic2", "value2, value1 -- res"],
];
