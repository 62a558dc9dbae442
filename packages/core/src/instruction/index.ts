/** Instructions: co_code taken apart and put together, in byte code and in word code. */
export { decode, type Instructions } from "./decode.js";
export { type Layout, type LayoutProblem, layout, type Step } from "./encode.js";
export { jumpTarget, NO_TARGET } from "./jump.js";
export { codeAsLoaded } from "./load.js";
export { type Steps, stepsOf } from "./steps.js";
