/** Two files compared by what they mean, differences of encoding apart. */
export { diff } from "./compare.js";
export {
  type Both,
  type CodeDifference,
  type CodeName,
  type ColumnDifference,
  type Difference,
  type EncodingDifference,
  type EncodingKind,
  type EncodingPlace,
  type ExceptionDifference,
  type FieldDifference,
  type Hunk,
  type InstructionDifference,
  isSame,
  type LineDifference,
  type LineRange,
  type PoolDifference,
  type PoolItem,
  sameContent,
} from "./difference.js";
export type { Operations } from "./operations.js";
export { diffRecord } from "./record.js";
export { type DiffLine, type DiffTextOptions, diffLines } from "./text.js";
