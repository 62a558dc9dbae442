/** marshal: type codes, the node table, the reader, values. */
export { containerKinds, FLAG_REF, isCode, Shape, type TypeCode, typeCode, typeCodes } from "./codes.js";
export { Draft, WriteError } from "./draft.js";
export { encode } from "./encode.js";
export { percentG, shortestG } from "./float-text.js";
export { mendReferences } from "./mend.js";
export { childCount, children, holdsBytes, NO_NODE, type NodeTable, resolve } from "./nodes.js";
export { type PlainObjects, type PlainOptions, plainOf } from "./overrides.js";
export { type Override, Plain, type PlainCode, type PlainValue } from "./plain.js";
export { type ReadOptions, readNodes } from "./reader.js";
export { writeNodes } from "./rewrite.js";
export { Sink } from "./sink.js";
export { type PyBytes, type PyFloat, type PyItems, type PyPairs, type PyStr, type PyValue, Values } from "./values.js";
export { MAX_DEPTH } from "./walk.js";
export { draftOf, writeDraft } from "./write.js";
