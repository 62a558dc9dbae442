/** Where control goes in a code object, and how deep the stack gets on the way. */
export {
  type Body,
  bodyOf,
  type ExceptionRange,
  handlerDepth,
  isExpression,
  type TupleLike,
  tupleDepth,
} from "./body.js";
export { Control, controlsOf } from "./control.js";
export { type FlowProblem, type FlowProblemKind, MOST_BLOCKS, type StackDepths, stackDepths } from "./depth.js";
export { type Graph, graphOf, INSIDE, NO_ROW, OUTSIDE, PAST_END, rangeRows, reachable, rowAt } from "./graph.js";
export { type StackSize, stackSize } from "./stacksize.js";
