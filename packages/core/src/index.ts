/** @pyclab/core: reads, lists, dissects and writes the `.pyc` files of every CPython. Each room is also a subpath. */
export { type ErrorCode, FormatError, type Span } from "./bytes/index.js";
export { type ListingOptions, listing } from "./dis/index.js";
export { type Dissection, dissect, type Forged, type ForgeOptions, forge } from "./notation/index.js";
export {
  type Certainty,
  type Pyc,
  type PycDraft,
  type PycOptions,
  readPyc,
  tree,
  type Warning,
  writePyc,
} from "./pyc/index.js";
