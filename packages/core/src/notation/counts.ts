/** Counted lengths: `auto8`, `auto16` and `auto32` keep room, and are filled in when what they count has ended. */
import { FLAG_REF, Shape, typeCode } from "../marshal/index.js";
import { Kind } from "./kinds.js";
import type { Output } from "./output.js";
import { partsOf } from "./parts.js";
import type { TextFaults } from "./text-faults.js";

/** A counted length whose end has not come. */
export interface Count {
  /** Where it stands in the text, and how long the word is. */
  readonly place: number;
  readonly word: string;
  /** Offset of the room that was kept for it; what it counts begins behind. */
  readonly at: number;
  /** In bytes. */
  readonly width: number;
  readonly unit: "bytes" | "items" | "digits";
  /** Groups, and bytes in them, that its group had before it. */
  readonly groups: number;
  readonly inner: number;
}

/** What was counted when the count ends. */
export interface Counted {
  /** Groups since the count began, and bytes in them. */
  readonly groups: number;
  readonly inner: number;
}

const largest: { readonly [width: number]: number } = { 1: 0xff, 2: 0xffff, 4: 0x7fffffff };

/** What the length behind a type byte counts. A negative byte is none: bytes are counted. */
export function unitOf(byte: number): Count["unit"] {
  switch (byte < 0 ? undefined : typeCode(byte)?.shape) {
    case Shape.items32:
    case Shape.items8:
      return "items";
    case Shape.long:
      return "digits";
    default:
      return "bytes";
  }
}

/** Warns of a length that is not as wide as its type code has it. */
export function checkWidth({ place, word, width }: Count, byte: number, faults: TextFaults): void {
  const [part] = partsOf(typeCode(byte)?.shape ?? Shape.unknown);
  if (part?.kind !== Kind.length || part.size === width) return;
  const code = String.fromCharCode(byte & ~FLAG_REF);
  faults.warn(
    "auto-width",
    place,
    word.length,
    `${word} has ${8 * width} bits; behind '${code}' stand ${8 * part.size}`,
    `auto${8 * part.size}`,
  );
}

/** Fills in a count that ends here. */
export function settle(count: Count, { groups, inner }: Counted, out: Output, faults: TextFaults): void {
  const { place, word, at, width, unit } = count;
  const size = out.length - at - width;
  let value = size;
  if (unit === "items") {
    if (size !== inner) {
      const bare = size - inner;
      const what = `${word} counts items, and ${bare} ${bare === 1 ? "byte stands" : "bytes stand"} in none`;
      faults.error("auto-items", place, word.length, what, "each item in a group of its own");
      return;
    }
    value = groups;
  } else if (unit === "digits") {
    value = size >> 1;
    if (size % 2 !== 0)
      faults.error("auto-digits", place, word.length, `${size} bytes of digits`, "two bytes for each digit of 15 bits");
  }
  const most = largest[width] as number;
  if (value > most) {
    const wider = width === 4 ? "" : ", or a wider count and a type code that has it";
    faults.error("auto-range", place, word.length, `${word} counts ${value}`, `${most} at most${wider}`);
  }
  out.setInteger(at, width, value);
}
