/** What is wrong with a file and what is odd about it, by where it is. */
import { safe } from "../bytes/index.js";
import type { Pyc } from "../pyc/index.js";

export interface Finding {
  /** File offset in bytes. */
  readonly offset: number;
  /** `broken` is what the reader could not read; `odd` what it read and no compiler writes. */
  readonly what: "broken" | "odd";
  /** Safe to show, and of bounded length. */
  readonly message: string;
}

/** Characters of a message. */
const MOST = 200;

/** In file order. */
export function findingsOf(pyc: Pyc): Finding[] {
  const broken = pyc.errors.map(({ offset, message }) => finding(offset, "broken", message));
  const odd = pyc.warnings().map(({ offset, message }) => finding(offset, "odd", message));
  return [...broken, ...odd].sort((a, b) => a.offset - b.offset);
}

function finding(offset: number, what: Finding["what"], message: string): Finding {
  const cut = message.length > MOST ? `${message.slice(0, MOST)}... ${message.length - MOST} more` : message;
  return { offset, what, message: safe(cut) };
}
