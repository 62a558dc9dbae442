/** Instructions: co_code taken apart, in byte code and in word code. */
export { decode, type Instructions } from "./decode.js";
export { jumpTarget, NO_TARGET } from "./jump.js";
export { codeAsLoaded } from "./load.js";
