/** Every byte, annotated: regions of a file, and what shows them. */
export { type Forged, type ForgeOptions, forge } from "./forge.js";
export { type HexdumpOptions, hexdump } from "./hexdump.js";
export { htmlPage, type PageOptions, pageHashes } from "./html.js";
export { Kind, kindNames } from "./kinds.js";
export { type NotationOptions, notationText, writeNotation } from "./print.js";
export { dissect } from "./regions.js";
export { type Dissection, NO_ROW } from "./rows.js";
export { errorCodes, warningCodes } from "./text-faults.js";
