/**
 * What an opcode's oparg stands for. One small code per kind, so that a table of 256 opcodes is one Uint8Array and a
 * reader switches on a number.
 *
 * Kinds name the meaning, not the look: how a listing prints one is a matter of that version's `dis`.
 */
export const OpargKind = {
  /** No oparg, or one that nothing reads. */
  none: 0,
  /** A plain number: a count, a depth, a small integer. */
  raw: 1,
  /** Index in co_consts. */
  const: 2,
  /** Index in co_names. */
  name: 3,
  /** Index in co_varnames; in localsplus where the version has it. */
  local: 4,
  /** Index in co_cellvars followed by co_freevars; in localsplus where the version has it. */
  free: 5,
  /** Jump forward, counted from the next instruction (its cache entries are skipped first). */
  jumpForward: 6,
  /** Jump backward, counted likewise. */
  jumpBackward: 7,
  /** Jump to an offset from the start of the code. */
  jumpAbsolute: 8,
  /** Index in `compare`. */
  compare: 9,
  /** Index in `compare` << 4, a mask for the specialised forms below. */
  compareShift4: 10,
  /** Index in `compare` << 5; bit 4 asks for a bool. */
  compareShift5: 11,
  /** Index in `binaryOps`. */
  binaryOp: 12,
  /** Index in `intrinsics1`. */
  intrinsic1: 13,
  /** Index in `intrinsics2`. */
  intrinsic2: 14,
  /** Index in `commonConstants`. */
  commonConstant: 15,
  /** Index in `specialMethods`. */
  specialMethod: 16,
  /** CONVERT_VALUE: 1 str, 2 repr, 3 ascii. */
  convert: 17,
  /** FORMAT_VALUE: bits 0 and 1 a conversion, bit 2 a format on the stack. */
  format: 18,
  /** MAKE_FUNCTION: bits for defaults, kwdefaults, annotations, closure. */
  functionFlags: 19,
  /** SET_FUNCTION_ATTRIBUTE: one of those bits (16 is annotate). */
  functionAttribute: 20,
  /** LOAD_GLOBAL: name index << 1, bit 0 pushes a NULL too. */
  globalNull: 21,
  /** LOAD_ATTR: name index << 1, bit 0 loads a method. */
  attrMethod: 22,
  /** LOAD_SUPER_ATTR: name index << 2, bit 0 loads a method, bit 1 a two-argument super. */
  superAttr: 23,
  /** Two locals: the first << 4, the second. */
  localPair: 24,
  /** Calls up to 3.5: positional arguments, keyword pairs << 8. */
  callPair: 25,
  /** UNPACK_EX: values before the star, values after << 8. */
  unpackPair: 26,
  /** IS_OP: 1 inverts. */
  isOp: 27,
  /** CONTAINS_OP: 1 inverts. */
  containsOp: 28,
  /** SET_LINENO: a line number. */
  line: 29,
  /** RESUME: where execution begins or goes on (0 start, 1 after yield, 2 after yield from, 3 after await). */
  resume: 30,
  /** IMPORT_NAME: name index << 2, bit 0 lazy, bit 1 eager. */
  importName: 31,
  /** EXTENDED_ARG: higher bits of the next oparg. */
  extended: 32,
} as const;

export type OpargKindName = keyof typeof OpargKind;
export type OpargKind = (typeof OpargKind)[OpargKindName];
