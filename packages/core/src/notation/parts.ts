/** What stands behind a type byte, by the shape of its code: the parts in order, objects inside not counted. */
import { int32 } from "../bytes/index.js";
import { Shape } from "../marshal/index.js";
import { Kind } from "./kinds.js";

export interface Part {
  readonly kind: Kind;
  /** Bytes; of a length or count, the width of the integer. */
  readonly size: number;
  /** Bytes per unit of the length in the part before; `size` is not looked at then. */
  readonly each?: number;
}

const part = (kind: Kind, size: number): Part => ({ kind, size });
const counted = (kind: Kind, width: number, each = 1): readonly Part[] => [
  part(Kind.length, width),
  { kind, size: 0, each },
];

const rows: readonly (readonly [shape: number, parts: readonly Part[]])[] = [
  [Shape.int32, [part(Kind.number, 4)]],
  [Shape.int64, [part(Kind.number, 8)]],
  [Shape.float64, [part(Kind.number, 8)]],
  [Shape.complex128, [part(Kind.number, 8), part(Kind.number, 8)]],
  [Shape.floatText, counted(Kind.number, 1)],
  [Shape.complexText, [...counted(Kind.number, 1), ...counted(Kind.number, 1)]],
  [Shape.long, counted(Kind.number, 4, 2)],
  [Shape.bytes32, counted(Kind.text, 4)],
  [Shape.utf8, counted(Kind.text, 4)],
  [Shape.interned, counted(Kind.text, 4)],
  [Shape.bytes8, counted(Kind.text, 1)],
  [Shape.items32, [part(Kind.length, 4)]],
  [Shape.items8, [part(Kind.length, 1)]],
  [Shape.reference, [part(Kind.reference, 4)]],
  [Shape.stringReference, [part(Kind.reference, 4)]],
];
const byShape = new Map(rows);
const none: readonly Part[] = [];

/** The parts of a shape; none for those that are a type byte alone, or a type byte and objects. */
export function partsOf(shape: number): readonly Part[] {
  return byShape.get(shape) ?? none;
}

/** The number in a length or count, negative for a long below zero; 0 where it is cut off. */
export function lengthAt(bytes: Uint8Array, at: number, width: number): number {
  if (at + width > bytes.length) return 0;
  if (width === 1) return bytes[at] as number;
  return int32(bytes, at);
}
