/** A version's type bytes and records, prepared for the reader's inner loop. */
import { codeLayout } from "../format/index.js";
import type { Version } from "../version/index.js";
import { FLAG_REF, fixedSize, Shape, typeCodes } from "./codes.js";

/** The bits of a plan's entry that are the shape; the others say what is special. */
export const SHAPE = 0x3f;
export const ANACHRONISTIC = 0x40;
export const IS_REFERABLE = 0x80; // bit 7, which the inner loop adds to the count

/** A version's type bytes and record, prepared for the inner loop. */
export interface Plan {
  /** Per type byte: its shape, whether the version lacks it, and whether its FLAG_REF enters it into the table. */
  readonly shapes: Uint8Array;
  /** Bytes of integers before each object of a code object, and behind the last. */
  readonly gaps: Int32Array;
  /** Per type byte: the bytes behind it where their number is fixed, else -1. */
  readonly sizes: Int8Array;
}
const plans = new Map<Version, Plan>();

export function planFor(version: Version): Plan {
  let plan = plans.get(version);
  if (!plan) {
    const shapes = new Uint8Array(256);
    const sizes = new Int8Array(256).fill(-1);
    const flagged = version.traits.references === "flag";
    for (const { code, shape } of typeCodes) {
      const byte = code.charCodeAt(0);
      const late = version.traits.typeCodes.includes(code) ? 0 : ANACHRONISTIC;
      const single = shape === Shape.nothing || shape === Shape.terminator || shape === Shape.reference;
      shapes[byte] = shape | late;
      sizes[byte] = sizes[byte | FLAG_REF] = fixedSize.get(shape) ?? -1;
      shapes[byte | FLAG_REF] = shape | (flagged ? late : ANACHRONISTIC) | (single ? 0 : IS_REFERABLE);
    }
    plan = { shapes, sizes, gaps: Int32Array.from(codeLayout(version).gaps) };
    plans.set(version, plan);
  }
  return plan;
}
