/** A `.pyc` file: header, version, content, what is odd about it. */
export { type Pyc, type PycOptions, readPyc } from "./file.js";
export { type Header, type HeaderField, readHeader } from "./header.js";
export type { Certainty } from "./identify.js";
export { magicBytes } from "./magic.js";
export { effort } from "./oddities.js";
export { pathOf } from "./path.js";
export { sourceHash } from "./siphash.js";
export { type TreeOptions, tree } from "./tree.js";
export type { Warning, WarningCode } from "./warnings.js";
export { canonicalize, draftPyc, type HeaderValues, headerBytes, type PycDraft, writePyc } from "./write.js";
