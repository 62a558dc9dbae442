/** Code objects, their fields and flags. */
export { flagNames } from "./flags.js";
export { CodeObject, textOf } from "./object.js";
