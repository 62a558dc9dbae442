/** Changes to a file: header, names, constants, flags, instructions; what depends on them is mended. */
export { EditError, type FieldAddress, fieldAddress, type InstructionAddress, instructionAddress } from "./address.js";
export { type Edits, edit } from "./edit.js";
export { type HeaderEdit, type HeaderForm, headerForms, isHeaderForm } from "./header.js";
export type { InstructionEdit } from "./instructions.js";
export { parseLiteral } from "./literal.js";
export { type Strippable, strippable } from "./strip.js";
export type { NewValue } from "./values.js";
