/**
 * Faults of a notation while it is read: kept by their place in the text, told by line and column in the end.
 */
import { safe, type TextFault } from "../bytes/index.js";

/** What keeps a text from being bytes. */
export const errorCodes = [
  "bad-hex",
  "odd-digits",
  "hex-prefix",
  "not-ascii",
  "unexpected",
  "empty-char",
  "long-char",
  "open-char",
  "open-string",
  "bad-escape",
  "escape-range",
  "bad-flag",
  "stray-flag",
  "open-group",
  "extra-close",
  "too-deep",
  "bad-auto",
  "auto-group",
  "auto-items",
  "auto-digits",
  "auto-range",
  "bad-claim",
  "unmet-claim",
] as const;

/** What is odd about a text that is bytes all the same. */
export const warningCodes = [
  "flag-and",
  "unknown-claim",
  "auto-width",
  "wrong-length",
  "free-read",
  "free-sign",
  "comment-id",
  "comment-magic",
  "comment-field",
  "comment-type",
  "comment-value",
  "comment-opcode",
  "comment-operand",
] as const;

export type ErrorCode = (typeof errorCodes)[number];
export type WarningCode = (typeof warningCodes)[number];

/** Errors that are told of one text, and warnings. */
export const MOST_FAULTS = 100;
/** Characters of the text that a message shows. */
const SHOWN = 40;

interface Placed {
  readonly code: string;
  readonly warning: boolean;
  readonly at: number;
  readonly length: number;
  readonly what: string;
  readonly expected: string;
}

export class TextFaults {
  private readonly text: string;
  private readonly placed: Placed[] = [];
  errors = 0;
  private warnings = 0;

  constructor(text: string) {
    this.text = text;
  }

  /** Whether there are as many errors as are told. */
  get full(): boolean {
    return this.errors >= MOST_FAULTS;
  }

  /** Whether there are as many warnings as are told. */
  get warned(): boolean {
    return this.warnings >= MOST_FAULTS;
  }

  /** `at` and `length` in UTF-16 units of the text. */
  error(code: ErrorCode, at: number, length: number, what: string, expected: string): void {
    if (this.full) return;
    this.errors++;
    this.placed.push({ code, warning: false, at, length: Math.max(1, length), what, expected });
  }

  warn(code: WarningCode, at: number, length: number, what: string, expected = ""): void {
    if (this.warned) return;
    this.warnings++;
    this.placed.push({ code, warning: true, at, length: Math.max(1, length), what, expected });
  }

  /** Some of the text, safe to show. */
  excerpt(start: number, end: number): string {
    return safe(this.text.slice(start, Math.min(end, start + SHOWN))) + (end - start > SHOWN ? "..." : "");
  }

  /** All of them, in the order of the text. */
  located(): TextFault[] {
    const { text } = this;
    const inOrder = [...this.placed].sort((a, b) => a.at - b.at);
    let line = 1;
    let start = 0;
    return inOrder.map(({ at, ...fault }) => {
      for (let end = text.indexOf("\n", start); end >= 0 && end < at; end = text.indexOf("\n", start)) {
        line++;
        start = end + 1;
      }
      return { ...fault, line, column: at - start + 1 };
    });
  }
}
