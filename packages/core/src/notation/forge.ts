/** From the notation to bytes: the inverse of `dissect` and `notationText`, and a way to write any file by hand. */
import { TextError, type TextFault } from "../bytes/index.js";
import { lint } from "./lint.js";
import { parseNotation } from "./parse.js";

export interface ForgeOptions {
  /** The hex digit that free nibbles (`x`) become; `0` unless said otherwise. */
  readonly fill?: string;
}

export interface Forged {
  readonly bytes: Uint8Array;
  /** What is odd about the text, in its order; a hundred at most. */
  readonly warnings: readonly TextFault[];
}

/**
 * The bytes that a notation stands for.
 * @throws TextError with everything that is wrong with the text, a hundred faults at most
 * @throws RangeError if `fill` is no hex digit
 */
export function forge(text: string, options: ForgeOptions = {}): Forged {
  const { fill = "0" } = options;
  if (!/^[0-9a-f]$/i.test(fill)) throw new RangeError("fill is one hex digit");
  const parsed = parseNotation(text, Number.parseInt(fill, 16));
  const { faults, bytes } = parsed;
  if (faults.errors > 0) throw new TextError(faults.located());
  lint(text, parsed);
  return { bytes, warnings: faults.located() };
}
