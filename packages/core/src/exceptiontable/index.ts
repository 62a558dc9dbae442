/** Exception tables: which handler covers which instructions. */
export { type ExceptionRange, encodeExceptions } from "./encode.js";
export { type ExceptionEntry, type ExceptionTable, exceptionEntries, exceptionTable } from "./entries.js";
