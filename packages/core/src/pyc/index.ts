/** A `.pyc` file: header, version, content. */
export { type Certainty, type Pyc, type PycOptions, readPyc } from "./file.js";
export { type Header, type HeaderField, readHeader } from "./header.js";
