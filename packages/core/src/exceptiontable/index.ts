/** Exception tables: which handler covers which instructions. */
export { type ExceptionEntry, type ExceptionTable, exceptionEntries, exceptionTable } from "./entries.js";
