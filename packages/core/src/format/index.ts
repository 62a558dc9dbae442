/** Declarative records: one declaration gives reading, description and the layout tables. */
export { type CodeLayout, codeLayout } from "./code.js";
export { CHECK_SOURCE, HASH_BASED, headerFields, headerSize } from "./header.js";
export { type Field, type FieldType, fieldSize } from "./record.js";
