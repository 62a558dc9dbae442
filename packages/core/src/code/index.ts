/** Code objects, their fields and flags. */
export { flagBit, flagNames, unknownFlags } from "./flags.js";
export { CodeObject, codeObjects, textOf } from "./object.js";
