/** A comment and what it stands beside, as the lint's rules take it. */
import { safe } from "../bytes/index.js";
import type { Describer } from "./describe.js";
import type { Dissection } from "./rows.js";
import type { TextFaults, WarningCode } from "./text-faults.js";

export interface Beside {
  readonly d: Dissection;
  readonly describer: Describer;
  readonly faults: TextFaults;
  /** What it says, without an offset at its beginning. */
  readonly words: string;
  /** The bytes of its line, half-open. */
  readonly from: number;
  readonly to: number;
  /** Where it is in the text. */
  readonly place: number;
  readonly length: number;
  /** Whether a nibble of these bytes is free. */
  readonly isFree: boolean;
}

/** Characters of a warning. */
const MOST = 200;

/** Warns of a comment, in words that may quote it. */
export function contradict({ faults, place, length }: Beside, code: WarningCode, what: string): void {
  faults.warn(code, place, length, safe(what.slice(0, MOST)) + (what.length > MOST ? "..." : ""));
}
