/** Claims: comments that begin with `//@` and are checked. */
import type { TextFaults } from "./text-faults.js";

/** What a claim says. */
export interface Claim {
  readonly what: "size" | "offset";
  readonly value: number;
  /** Whether the number is hexadecimal: the message answers in kind. */
  readonly hex: boolean;
  readonly place: number;
  readonly length: number;
}

/** Reads the claim between two places of the text; undefined where there is none to check, which is told. */
export function readClaim(text: string, start: number, end: number, faults: TextFaults): Claim | undefined {
  const source = text.slice(start, end).trimEnd();
  const [, word = "", rest = ""] = /^\/\/@\s*([^\s\d]*)\s*(.*)$/s.exec(source) ?? [];
  if (word !== "size" && word !== "offset") {
    const what = `${faults.excerpt(start, start + source.length)} is not known and not checked`;
    faults.warn("unknown-claim", start, source.length, what, "//@ size or //@ offset");
    return undefined;
  }
  if (!/^(?:0x[0-9a-f]+|\d+)$/i.test(rest)) {
    const what = `${faults.excerpt(start, start + source.length)} ${rest === "" ? "has no number" : "is no number"}`;
    faults.error("bad-claim", start, source.length, what, "a number of bytes, decimal or behind 0x");
    return undefined;
  }
  return { what: word, value: Number(rest), hex: /^0x/i.test(rest), place: start, length: source.length };
}

/** Holds a claim against what is. */
export function checkClaim({ what, value, hex, place, length }: Claim, is: number, faults: TextFaults): void {
  if (value === is) return;
  const shown = (n: number) => (hex ? `0x${n.toString(16)}` : String(n));
  faults.error("unmet-claim", place, length, `the ${what} is ${shown(is)}, not ${shown(value)}`, "");
}
