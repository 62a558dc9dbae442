/** The assembly language: a file as text that can be edited, and built from it again. */
export type {
  CodeBlock,
  Field,
  HeaderValues,
  Instruction,
  Operand,
  Place,
  Program,
  Signature,
  Statement,
} from "./syntax.js";
