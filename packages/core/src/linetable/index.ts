/** Line tables: where lines begin, what stands on which line and in which columns, and the bytes that say so. */
export { entries, lineStarts, lines, positions } from "./codecs.js";
export {
  type LineEntry,
  type LineRanges,
  type LineStarts,
  type LineTable,
  NO_LINE,
  type TableFault,
} from "./table.js";
