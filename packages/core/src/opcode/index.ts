/** Opcodes: numbers, what an oparg stands for, cache entries, stack effects, of every version. */
export { type OpcodeChange, type OpcodeRow, opcodeChanges, opcodeFacts } from "./describe.js";
export { change, type Effect, type Flow, parseEffect } from "./effect.js";
export { type Equivalent, equivalentOf } from "./equivalents.js";
export { OpargKind, type OpargKindName } from "./kinds.js";
export { comparisonMasks } from "./lists.js";
export { indexesNames, nameFlags, nameShift } from "./names.js";
export { stackEffect } from "./stack.js";
export { type OpcodeTable, opcodesOf } from "./table.js";
