/** Line tables: where lines begin, what stands on which line and in which columns, and the bytes that say so. */

export { entries, lineStarts, lines, positions } from "./codecs.js";
export { encodeLines, readEvents } from "./encode.js";
export { type LinesOfInstructions, linesOfSetLineno } from "./encode-lnotab.js";
export type { LineContext, LineEvent } from "./events.js";
export {
  type LineEntry,
  type LineRanges,
  type LineStarts,
  type LineTable,
  NO_LINE,
  type TableFault,
} from "./table.js";
