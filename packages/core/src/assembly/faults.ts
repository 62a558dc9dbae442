/** What is wrong with a program, gathered until somebody asks. */
import { TextError, type TextFault } from "../bytes/index.js";
import type { Place } from "./syntax.js";

/** A program that was not read from a text has its faults at the very beginning. */
const NOWHERE: Place = { line: 1, column: 1, length: 1 };

/** So many errors are told at most. */
const MOST = 100;

export class Faults {
  readonly list: TextFault[] = [];
  private errors = 0;
  private readonly most: number;

  constructor(most = MOST) {
    this.most = most;
  }

  error(code: string, place: Place | undefined, what: string, expected = ""): void {
    this.add(code, false, place, what, expected);
    if (++this.errors >= this.most) this.check();
  }

  warning(code: string, place: Place | undefined, what: string, expected = ""): void {
    this.add(code, true, place, what, expected);
  }

  private add(code: string, warning: boolean, place: Place | undefined, what: string, expected: string): void {
    const { line, column, length } = place ?? NOWHERE;
    this.list.push({ code, warning, line, column, length, what, expected });
  }

  /** @throws TextError where there is an error */
  check(): void {
    if (this.errors > 0) throw new TextError(this.list);
  }
}
