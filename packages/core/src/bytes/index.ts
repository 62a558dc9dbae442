/** Bytes, spans, text and the error they may end in: the ground floor. */
export { type ErrorCode, FormatError, type Span } from "./error.js";
export { faultLine, faultSentence, TextError, type TextFault } from "./fault.js";
export { int32 } from "./integer.js";
export { hex, isAscii, latin1, safe, splitsPair, utf8, utf8Fault, withHeads, wtf8 } from "./text.js";
