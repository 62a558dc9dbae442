/**
 * What is wrong with a text that is to become bytes: where, what stood there, what was expected. Both languages, the
 * notation and the assembly, tell their faults and warnings in this way.
 */

export interface TextFault {
  /** A word per kind of fault, such as `bad-hex`; one malformed text per code lies under `test/bad/`. */
  readonly code: string;
  /** Whether the text can be used all the same. */
  readonly warning: boolean;
  /** Line and column of the first character, from 1; columns count UTF-16 units. */
  readonly line: number;
  readonly column: number;
  /** Characters that the fault is about, at least 1. */
  readonly length: number;
  readonly what: string;
  /** What should have stood there; "" where there is no saying. */
  readonly expected: string;
}

/** The text could not be made into bytes. The message tells the first fault; `faults` has them all, warnings too. */
export class TextError extends Error {
  override readonly name = "TextError";
  readonly faults: readonly TextFault[];

  constructor(faults: readonly TextFault[]) {
    const first = faults.find((fault) => !fault.warning) ?? faults[0];
    super(first === undefined ? "the text is not valid" : faultSentence(first));
    this.faults = faults;
  }
}

/** `line 12, column 9: 0x4g; expected two hex digits`, without the text's name. */
export function faultSentence(fault: TextFault): string {
  const { line, column, what, expected } = fault;
  return `line ${line}, column ${column}: ${what}${expected === "" ? "" : `; expected ${expected}`}`;
}

/** Columns of a line that are shown at most. */
const WIDTH = 100;

/** The line that a fault is in, and a caret below it; two lines, each with a line feed at its end. */
export function faultLine(text: string, fault: TextFault): string {
  const whole = lineOf(text, fault.line);
  const from = Math.max(0, Math.min(fault.column - 1, whole.length) - (WIDTH >> 1));
  const shown = [...whole.slice(from, from + WIDTH)].map(visible).join("");
  const before = [...whole.slice(from, fault.column - 1)].map(visible).join("");
  const length = Math.max(1, Math.min(fault.length, shown.length - before.length));
  const number = String(fault.line);
  const gutter = " ".repeat(number.length);
  return `  ${number} | ${shown}\n  ${gutter} | ${" ".repeat(before.length)}^${"~".repeat(length - 1)}\n`;
}

/** A character that would not take up one column, or would do something to a terminal, is shown as one that does not. */
function visible(c: string): string {
  if (c === "\t") return " ";
  const code = c.codePointAt(0) as number;
  return code >= 0x20 && code < 0x7f ? c : "\ufffd";
}

function lineOf(text: string, line: number): string {
  let start = 0;
  for (let n = 1; n < line; n++) {
    const next = text.indexOf("\n", start);
    if (next < 0) return "";
    start = next + 1;
  }
  const end = text.indexOf("\n", start);
  return text.slice(start, end < 0 ? text.length : end).replace(/\r$/, "");
}
