/** A version's magic number as bytes. */
import type { Version } from "../version/index.js";

/** The first four bytes of that version's files; bytes that are not fixed are 0. */
export function magicBytes({ magic }: Version): Uint8Array {
  return Uint8Array.from({ length: 4 }, (_, i) => Number.parseInt(magic.slice(2 * i, 2 * i + 2) || "0", 16));
}
