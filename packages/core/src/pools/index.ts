/** The pools of a code object, inferred from its instructions as each version's compiler would have filled them. */
export { PoolKeys } from "./keys.js";
export {
  docstringOf,
  type InferredPools,
  inferPools,
  type Pool,
  type PoolBlock,
  type PoolHandler,
  type PoolStep,
  type PoolUse,
} from "./pools.js";
