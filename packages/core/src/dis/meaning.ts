/** What opargs mean by themselves, whatever code object they stand in. */
import { OpargKind, type OpcodeTable } from "../opcode/index.js";
import { marker } from "./marker.js";

const conversions = ["", "str", "repr", "ascii"];

/** The bits of MAKE_FUNCTION and SET_FUNCTION_ATTRIBUTE, the lowest first. */
export const functionParts: readonly string[] = ["defaults", "kwdefaults", "annotations", "closure", "annotate"];

const item = (list: readonly string[], index: number) => list[index] ?? marker.operand(index);

/**
 * The meaning as dis words it; "" where there is nothing to say beyond the number, or where it depends on the code
 * object or the place.
 * @param parts how many of `functionParts` that Python knows
 */
export function ownMeaning(table: OpcodeTable, kind: number, oparg: number, parts: number): string {
  switch (kind) {
    case OpargKind.compare:
      return item(table.compare, oparg);
    case OpargKind.compareShift4:
      return item(table.compare, oparg >>> 4);
    case OpargKind.compareShift5:
      return (oparg & 16) === 0 ? item(table.compare, oparg >>> 5) : `bool(${item(table.compare, oparg >>> 5)})`;
    case OpargKind.binaryOp:
      return item(table.binaryOps, oparg);
    case OpargKind.intrinsic1:
      return item(table.intrinsics1, oparg);
    case OpargKind.intrinsic2:
      return item(table.intrinsics2, oparg);
    case OpargKind.commonConstant:
      return item(table.commonConstants, oparg);
    case OpargKind.specialMethod:
      return item(table.specialMethods, oparg);
    case OpargKind.convert:
      return item(conversions, oparg);
    case OpargKind.format:
      return [conversions[oparg & 3], (oparg & 4) === 0 ? "" : "with format"].filter((text) => text !== "").join(", ");
    case OpargKind.functionFlags:
    case OpargKind.functionAttribute:
      return functionParts.filter((_, bit) => bit < parts && ((oparg >>> bit) & 1) === 1).join(", ");
    case OpargKind.callPair:
      return `${oparg & 255} positional, ${(oparg >>> 8) & 255} keyword pair`;
    case OpargKind.isOp:
      return oparg === 0 ? "is" : "is not";
    case OpargKind.containsOp:
      return oparg === 0 ? "in" : "not in";
    default:
      return "";
  }
}
