/** Code objects, their fields and flags. */
export { flagBit, flagNames, parameterCount, unknownFlags } from "./flags.js";
export { LocalKind, localKindWords } from "./local-kinds.js";
export { CodeObject, codeObjects, textOf } from "./object.js";
