/** The assembly language: a file as text that can be edited, and built from it again. */
export { type Assembled, assemble } from "./assemble.js";
export { nameText } from "./names.js";
export { type AssemblyOptions, type ParsedAssembly, parseAssembly } from "./parse.js";
export { type AssemblyTextOptions, assemblyText, writeAssembly } from "./print.js";
export { type ProgramOptions, programOf } from "./program.js";
export type {
  CodeBlock,
  Encoding,
  Field,
  HeaderValues,
  Instruction,
  Operand,
  Place,
  Program,
  Signature,
  Statement,
} from "./syntax.js";
