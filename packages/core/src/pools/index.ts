/** The pools of a code object, inferred from its instructions as each version's compiler would have filled them. */
export type { InferredPools, Pool, PoolBlock, PoolHandler, PoolStep, PoolUse } from "./block.js";
export { PoolKeys } from "./keys.js";
export { docstringOf, inferPools } from "./pools.js";
