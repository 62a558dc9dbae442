/** @pyclab/core: reads, lists and dissects the `.pyc` files of every CPython. Each room is also a subpath. */
export { type ErrorCode, FormatError, type Span } from "./bytes/index.js";
export { type Certainty, type Pyc, type PycOptions, readPyc } from "./pyc/index.js";
