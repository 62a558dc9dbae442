/** Entries to the bytes of co_exceptiontable, as CPython writes them: each number in as few bytes as it takes. */
import type { ExceptionEntry } from "./entries.js";

/** A range with its handler, in bytes of co_code. */
export type ExceptionRange = Pick<ExceptionEntry, "start" | "end" | "target" | "depth" | "lasti">;

/** What the reader takes: numbers of 31 bits. */
const MOST = 0x7fffffff;

/** The table of these entries, in their order; undefined where one has a number that no table can say. */
export function encodeExceptions(entries: readonly ExceptionRange[]): Uint8Array | undefined {
  const out: number[] = [];
  for (const { start, end, target, depth, lasti } of entries) {
    const first = out.length;
    for (const number of [start / 2, (end - start) / 2, target / 2, depth * 2 + Number(lasti)]) {
      if (!Number.isInteger(number) || number < 0 || number > MOST) return undefined;
      for (let shift = 30; shift > 0; shift -= 6) if (number >>> shift > 0) out.push(((number >>> shift) & 63) | 64);
      out.push(number & 63);
    }
    out[first] = (out[first] as number) | 0x80;
  }
  return Uint8Array.from(out);
}
