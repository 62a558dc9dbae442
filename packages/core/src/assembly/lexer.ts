/**
 * The text by characters: words, strings, numbers and blanks, the line and column they stand in, and faults. Everything
 * is read by char codes in one go; a statement is given up with `Stop`, and the parser goes on at the next line.
 */
import type { TextFault } from "../bytes/index.js";
import type { Place } from "./syntax.js";

/** Thrown at a fault that has been noted: the rest of the line is skipped. */
export class Stop {}

/** Faults after which nothing more is read. */
const MOST_FAULTS = 100;

const START = 1;
const PART = 2;
const BLANK = 4;
const HEX = 8;

/** What an ASCII character may be. */
const CLASS = new Uint8Array(128);
for (let c = 0; c < 128; c++) {
  const text = String.fromCharCode(c);
  if (/[A-Za-z_]/.test(text)) CLASS[c] = START | PART;
  if (/[0-9]/.test(text)) CLASS[c] = PART;
  if (/[0-9a-fA-F]/.test(text)) CLASS[c] = (CLASS[c] as number) | HEX;
}
CLASS[0x20] = BLANK;
CLASS[0x09] = BLANK;

/** What char codes stand for that the parser looks at. */
export const Char = {
  newline: 0x0a,
  return: 0x0d,
  space: 0x20,
  quotes: 0x22,
  hash: 0x23,
  ampersand: 0x26,
  quote: 0x27,
  open: 0x28,
  close: 0x29,
  star: 0x2a,
  plus: 0x2b,
  comma: 0x2c,
  minus: 0x2d,
  dot: 0x2e,
  slash: 0x2f,
  zero: 0x30,
  nine: 0x39,
  colon: 0x3a,
  less: 0x3c,
  equals: 0x3d,
  greater: 0x3e,
  openList: 0x5b,
  backslash: 0x5c,
  closeList: 0x5d,
  b: 0x62,
  u: 0x75,
  x: 0x78,
  openSet: 0x7b,
  bar: 0x7c,
  closeSet: 0x7d,
} as const;

const LETTER = /^\p{XID_Start}$/u;
const LETTER_OR_DIGIT = /^\p{XID_Continue}$/u;

/** Whether a text can stand as a name without quotes: an identifier, or `.0` as compilers call a parameter. */
export function isBare(text: string): boolean {
  const first = text.charCodeAt(0);
  let i = 0;
  if (first === Char.dot) {
    for (i = 1; i < text.length; i++) if (!isDigit(text.charCodeAt(i))) return false;
    return text.length > 1;
  }
  while (i < text.length) {
    const c = text.charCodeAt(i);
    if (c >= 128) return isBareOutsideAscii(text);
    if (((CLASS[c] as number) & (i === 0 ? START : PART)) === 0) return false;
    i++;
  }
  return i > 0;
}

function isBareOutsideAscii(text: string): boolean {
  let first = true;
  for (const letter of text) {
    if (letter !== "_" && !(first ? LETTER : LETTER_OR_DIGIT).test(letter)) return false;
    first = false;
  }
  return true;
}

export const isDigit = (c: number) => c >= Char.zero && c <= Char.nine;

export class Lexer {
  readonly text: string;
  /** Where the next character stands. */
  at = 0;
  /** Its line, from 1, and where that begins. */
  line = 1;
  lineStart = 0;
  readonly faults: TextFault[] = [];
  private failures = 0;

  constructor(text: string) {
    this.text = text;
    if (text.charCodeAt(0) === 0xfeff) this.at = 1;
  }

  /** The char code at this place; a line feed at the end of the text. */
  code(at = this.at): number {
    return at < this.text.length ? this.text.charCodeAt(at) : Char.newline;
  }

  get done(): boolean {
    return this.at >= this.text.length;
  }

  get failed(): boolean {
    return this.failures > 0;
  }

  get full(): boolean {
    return this.failures >= MOST_FAULTS;
  }

  place(from: number): Place {
    return { line: this.line, column: from - this.lineStart + 1, length: Math.max(1, this.at - from) };
  }

  /** Notes a fault at a place. */
  fault(code: string, place: Place, what: string, expected = "", warning = false): void {
    if (!warning) this.failures++;
    this.faults.push({ code, warning, line: place.line, column: place.column, length: place.length, what, expected });
  }

  /** Notes a fault about the text from there to here (or to the end of the word that stands here); what to throw. */
  fail(code: string, what: string, expected = "", from = this.at): Stop {
    const start = Math.max(from, this.lineStart);
    const end = this.at > start ? this.at : this.endOfWord(start);
    this.fault(
      code,
      { line: this.line, column: start - this.lineStart + 1, length: Math.max(1, end - start) },
      what,
      expected,
    );
    return new Stop();
  }

  /** Something else stands here. */
  unexpected(expected: string): Stop {
    return this.fail("unexpected", this.here(), expected);
  }

  /** What stands here, in words. */
  here(): string {
    if (this.done) return "the end of the text";
    if (this.ends()) return "the end of the line";
    return quoted(this.text.slice(this.at, this.endOfWord(this.at)));
  }

  private endOfWord(from: number): number {
    let end = from;
    while (end < this.text.length && this.isPart(end)) end++;
    if (end > from || end >= this.text.length || this.code(from) === Char.newline) return end;
    return from + ((this.text.codePointAt(from) as number) > 0xffff ? 2 : 1);
  }

  private isPart(at: number): boolean {
    const c = this.text.charCodeAt(at);
    return c < 128 ? ((CLASS[c] as number) & PART) !== 0 : false;
  }

  /** Skips blanks. */
  blank(): void {
    const { text } = this;
    let { at } = this;
    while (at < text.length) {
      const c = text.charCodeAt(at);
      if (c !== 0x20 && c !== 0x09) break;
      at++;
    }
    this.at = at;
  }

  /** Whether the line ends here, a comment left aside. */
  ends(): boolean {
    const c = this.code();
    return c === Char.newline || c === Char.hash || (c === Char.return && this.code(this.at + 1) === Char.newline);
  }

  /** The end of a statement. */
  endLine(expected = "the end of the line"): void {
    this.blank();
    if (!this.ends()) throw this.unexpected(expected);
    this.skipLine();
  }

  /** To the beginning of the next line. */
  skipLine(): void {
    const next = this.text.indexOf("\n", this.at);
    if (next < 0) {
      this.at = this.text.length;
      return;
    }
    this.at = next + 1;
    this.line++;
    this.lineStart = this.at;
  }

  /** Blanks, comments and line feeds, where a bracket or a comma says that more follows. */
  gap(): void {
    for (;;) {
      this.blank();
      if (this.done || !this.ends()) return;
      this.skipLine();
    }
  }

  /** Takes this character if it stands here. */
  takes(c: number): boolean {
    if (this.code() !== c) return false;
    this.at++;
    return true;
  }

  /** An identifier, or `.0`; "" where none stands here. */
  word(): string {
    const { text, at: from } = this;
    let at = from;
    let c = this.code();
    if (c === Char.dot && isDigit(this.code(at + 1))) {
      do at++;
      while (isDigit(this.code(at)));
      this.at = at;
      return text.slice(from, at);
    }
    if (c < 128 && ((CLASS[c] as number) & START) === 0) return "";
    while (c < 128 && ((CLASS[c] as number) & PART) !== 0) c = this.code(++at);
    if (c >= 128) at = this.letters(at, at === from);
    this.at = at;
    return text.slice(from, at);
  }

  /** A label without quotes: a word, `<word>`, either with `#2` behind it; "" where none stands here. */
  label(): string {
    const from = this.at;
    const bracket = this.takes(Char.less);
    if (this.word() === "" || (bracket && !this.takes(Char.greater))) {
      this.at = from;
      return "";
    }
    if (this.code() === Char.hash && isDigit(this.code(this.at + 1))) {
      do this.at++;
      while (isDigit(this.code()));
    }
    return this.text.slice(from, this.at);
  }

  /** Past letters and digits of any script. */
  private letters(from: number, isFirst: boolean): number {
    let at = from;
    let first = isFirst;
    while (at < this.text.length) {
      const letter = String.fromCodePoint(this.text.codePointAt(at) as number);
      if (letter !== "_" && !(first ? LETTER : LETTER_OR_DIGIT).test(letter)) break;
      at += letter.length;
      first = false;
    }
    return at;
  }

  /** Characters up to a blank, a comma or the end of the line. */
  run(): string {
    const from = this.at;
    for (let c = this.code(); c > 0x20 && c !== Char.hash && c !== Char.comma; c = this.code()) this.at++;
    return this.text.slice(from, this.at);
  }

  /** The rest of the line, without its comment and the blanks before it. */
  rest(): string {
    const from = this.at;
    let at = from;
    let end = from;
    for (let c = this.code(at); c !== Char.newline && c !== Char.hash; c = this.code(++at)) if (c > 0x20) end = at + 1;
    this.at = end;
    return this.text.slice(from, end);
  }

  /** Hex pairs with blanks between them, to the end of the line or (`quote`) to the quote, which may be lines below. */
  hexPairs(quote: number): Uint8Array {
    const { text } = this;
    let bytes = new Uint8Array(32);
    let count = 0;
    for (;;) {
      if (quote === 0) this.blank();
      else this.gapIn();
      const { at } = this;
      if (quote === 0 ? this.ends() : this.code() === quote) break;
      const high = digit(this.code(at));
      const low = digit(this.code(at + 1));
      if (high < 0 || low < 0) {
        if (quote !== 0 && this.done) throw this.fail("unterminated-string", "the text ends in hex pairs", "a quote");
        const pair =
          high < 0 || this.code(at + 1) <= 0x20 ? text.slice(at, this.endOfWord(at)) : text.slice(at, at + 2);
        throw this.fail("bad-hex", this.ends() ? this.here() : quoted(pair), "two hex digits");
      }
      if (count === bytes.length) {
        const more = new Uint8Array(count * 2);
        more.set(bytes);
        bytes = more;
      }
      bytes[count++] = (high << 4) | low;
      this.at = at + 2;
    }
    return bytes.slice(0, count);
  }

  private gapIn(): void {
    for (;;) {
      this.blank();
      const c = this.code();
      if (this.done || (c !== Char.newline && c !== Char.return)) return;
      this.skipLine();
    }
  }

  /** A decimal or `0x` number of at most `most`, its sign allowed where `least` is below 0. */
  integer(least: number, most: number, expected: string): number {
    const from = this.at;
    const negative = this.takes(Char.minus);
    const hexadecimal = this.code() === Char.zero && (this.code(this.at + 1) | 0x20) === Char.x;
    if (hexadecimal) this.at += 2;
    const base = hexadecimal ? 16 : 10;
    const digits = this.at;
    let value = 0;
    for (let d = digit(this.code()); d >= 0 && d < base; d = digit(this.code())) {
      value = value * base + d;
      this.at++;
    }
    if (this.at === digits) {
      this.at = from;
      throw this.unexpected(expected);
    }
    if (this.isPart(this.at)) {
      this.word();
      while (this.at < this.text.length && this.isPart(this.at)) this.at++;
      throw this.fail("bad-number", quoted(this.text.slice(from, this.at)), expected, from);
    }
    if (negative) value = 0 - value;
    if (value < least || value > most) {
      const what = `${short(this.text.slice(from, this.at))} is out of range`;
      throw this.fail("out-of-range", what, `${expected} from ${least} to ${most}`, from);
    }
    return value;
  }
}

/** The value of a hex digit, or -1. */
export function digit(c: number): number {
  if (c >= 0x30 && c <= 0x39) return c - 0x30;
  const lower = c | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}

/** Text that is too long to be shown in a message, cut. */
export function short(text: string): string {
  const cut = text.length > 40 ? `${text.slice(0, 40)}…` : text;
  return cut.replace(/[^ -~…]/gu, "\ufffd");
}

/** A piece of the text, as messages name it. */
export const quoted = (text: string) => `"${short(text)}"`;
