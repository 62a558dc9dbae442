/**
 * Reads the notation: text in, bytes out, in one pass over its characters. docs/notation.md specifies it.
 *
 * Whatever is wrong is told and passed over, so that one reading tells all of it. What comments are beside is kept
 * for `lint.ts`.
 */
import { FLAG_REF, MAX_DEPTH } from "../marshal/index.js";
import { checkClaim, readClaim } from "./claims.js";
import { Comments, NO_GROUP } from "./comments.js";
import { type Count, checkWidth, unitOf } from "./counts.js";
import { closeGroup, type Group, openGroup, type WrongLength, wrongLength } from "./groups.js";
import { Output } from "./output.js";
import { readQuoted } from "./quoted.js";
import { MOST_FAULTS, TextFaults } from "./text-faults.js";

/** What was read. */
export interface Parsed {
  readonly bytes: Uint8Array;
  readonly faults: TextFaults;
  readonly comments: Comments;
  readonly free: FreeNibbles;
  /** Lengths that differ from what their group holds; the first few. */
  readonly wrongLengths: readonly WrongLength[];
}

/** Bytes with free nibbles, in order: for each its offset, its place in the text, and 2 for the high nibble + 1 for the low one. */
export type FreeNibbles = readonly number[];

/** Deepest nesting of groups: room for every object that marshal reads, and as much again. */
const DEEPEST = 2 * MAX_DEPTH;

const SPACE = 0;
const LINE = 1;
const WORD = 2;
const OPEN = 3;
const CLOSE = 4;
const CHAR = 5;
const STRING = 6;
const SLASH = 7;
const FLAG = 8;
const OTHER = 9;

/** What each ASCII character begins. */
const begins = new Uint8Array(128).fill(OTHER);
for (const c of " \t\v\f") begins[c.charCodeAt(0)] = SPACE;
for (const c of "\n\r") begins[c.charCodeAt(0)] = LINE;
for (let c = 0; c < 128; c++) if (/\w/.test(String.fromCharCode(c))) begins[c] = WORD;
for (const [c, kind] of [
  ["(", OPEN],
  [")", CLOSE],
  ["'", CHAR],
  ['"', STRING],
  ["/", SLASH],
  ["|", FLAG],
  ["&", FLAG],
] as const)
  begins[c.charCodeAt(0)] = kind;

/** The value of each hex digit; FREE of x; more for what is none. */
const FREE = 16;
const nibbles = new Uint8Array(128).fill(255);
for (let n = 0; n < 16; n++) {
  nibbles[n.toString(16).charCodeAt(0)] = n;
  nibbles[n.toString(16).toUpperCase().charCodeAt(0)] = n;
}
nibbles[0x78] = FREE; // x
nibbles[0x58] = FREE; // X

const widths: { readonly [word: string]: number } = { auto8: 1, auto16: 2, auto32: 4 };

/** What stands where no token begins, and what was probably meant. */
const COMMENT = "//, which begins a comment";
const meant: { readonly [c: string]: string } = {
  "#": COMMENT,
  "/": COMMENT,
  ";": COMMENT,
  ",": "white space between bytes",
  "[": "( and ), which group",
  "]": "( and ), which group",
  "{": "( and ), which group",
  "}": "( and ), which group",
};
const ANY = "hex pairs, 'c', \"text\", ( or )";

/** @param fill the value of free nibbles, 0 to 15 */
export function parseNotation(text: string, fill = 0): Parsed {
  const parser = new Parser(text, fill);
  parser.all();
  const { out, faults, comments, free, wrongLengths } = parser;
  return { bytes: out.whole(), faults, comments, free, wrongLengths };
}

class Parser {
  readonly out = new Output();
  readonly faults: TextFaults;
  readonly comments = new Comments();
  readonly free: number[] = [];
  readonly wrongLengths: WrongLength[] = [];
  private readonly text: string;
  private readonly fill: number;
  /** The next character. */
  private at = 0;
  /** Open groups, outermost first; `group` is the last, `file` what stands around all of them. */
  private readonly stack: Group[] = [];
  private readonly file = openGroup(0, 0, 0);
  private group = this.file;
  /** Groups that are opened too deep, and not kept. */
  private excess = 0;
  /** Of the last character: offset of its byte (-1 where another token that is no byte followed), place, FLAG_REF. */
  private charOffset = -1;
  private charPlace = 0;
  private flagged = false;
  /** Of the line: its first character, its first byte, groups that are open; the first that it opens, and how many. */
  private lineStart = 0;
  private lineFrom = 0;
  private lineDepth = 0;
  private lineIndex = NO_GROUP;
  private lineOpens = 0;
  private lineParent = -1;

  constructor(text: string, fill: number) {
    this.text = text;
    this.fill = fill;
    this.faults = new TextFaults(text);
  }

  all(): void {
    const { text, faults } = this;
    const end = text.length;
    if (text.charCodeAt(0) === 0xfeff) this.at = 1; // a byte order mark
    while (this.at < end && !faults.full) {
      const c = text.charCodeAt(this.at);
      switch (c < 128 ? begins[c] : OTHER) {
        case SPACE:
          this.at++;
          break;
        case LINE:
          this.nextLine();
          break;
        case WORD:
          this.pair(c);
          break;
        case OPEN:
          this.open();
          break;
        case CLOSE:
          this.close();
          break;
        case CHAR:
          this.char();
          break;
        case STRING:
          this.string();
          break;
        case SLASH:
          if (text.charCodeAt(this.at + 1) === c) this.comment();
          else this.unexpected();
          break;
        case FLAG:
          this.flag();
          break;
        default:
          this.unexpected();
      }
    }
    if (!faults.full) this.finish();
  }

  private finish(): void {
    const { file, out, faults } = this;
    for (const { place } of this.stack) faults.error("open-group", place, 1, "a group that is not closed", ")");
    for (const { place, word } of file.counts ?? [])
      faults.error("auto-group", place, word.length, `${word} stands in no group`, "a group around it, or behind it");
    if (this.stack.length > 0) return;
    for (const claim of file.claims ?? []) checkClaim(claim, out.length, faults);
  }

  private nextLine(): void {
    this.at++;
    this.lineStart = this.at;
    this.lineFrom = this.out.length;
    this.lineDepth = this.stack.length;
    this.lineIndex = NO_GROUP;
    this.lineOpens = 0;
  }

  /** A hex pair, at once if it stands alone. */
  private pair(c: number): void {
    const { text, at } = this;
    const d = text.charCodeAt(at + 1);
    const after = text.charCodeAt(at + 2);
    const high = nibbles[c] as number;
    const low = d < 128 ? (nibbles[d] as number) : 255;
    if ((high | low) >= FREE || (after < 128 && begins[after] === WORD)) {
      this.word();
      return;
    }
    this.out.push((high << 4) | low);
    this.at = at + 2;
  }

  /** Letters and digits: hex pairs with free nibbles, several of them, a counted length, or nothing known. */
  private word(): void {
    const { text, at, faults } = this;
    const end = this.wordEnd(at);
    this.at = end;
    const length = end - at;
    let digits = 0;
    while (digits < length && (nibbles[text.charCodeAt(at + digits)] as number) <= FREE) digits++;
    if (digits < length) {
      this.notHex(at, end);
      return;
    }
    const second = text.charCodeAt(at + 1) | 0x20;
    if (length > 2 && text[at] === "0" && second === 0x78) {
      faults.error(
        "hex-prefix",
        at,
        length,
        faults.excerpt(at, end),
        `${faults.excerpt(at + 2, end)}, without a prefix`,
      );
      return;
    }
    if (length % 2 !== 0) {
      const what = length === 1 ? "one hex digit" : `${length} hex digits`;
      faults.error("odd-digits", at, length, `${faults.excerpt(at, end)} is ${what}`, "two for each byte");
    }
    for (let i = at; i + 1 < end; i += 2)
      this.nibblePair(i, nibbles[text.charCodeAt(i)] as number, nibbles[text.charCodeAt(i + 1)] as number);
  }

  private nibblePair(place: number, high: number, low: number): void {
    const { fill } = this;
    const mask = (high === FREE ? 2 : 0) | (low === FREE ? 1 : 0);
    if (mask !== 0) this.free.push(this.out.length, place, mask);
    this.out.push(((high === FREE ? fill : high) << 4) | (low === FREE ? fill : low));
  }

  private notHex(at: number, end: number): void {
    const { text, faults } = this;
    const word = text.slice(at, Math.min(end, at + 8));
    if (!word.startsWith("auto")) {
      faults.error("bad-hex", at, end - at, `${faults.excerpt(at, end)} is no hex pair`, ANY);
      return;
    }
    const width = widths[word];
    if (width === undefined || end - at !== word.length)
      faults.error("bad-auto", at, end - at, faults.excerpt(at, end), "auto8, auto16 or auto32");
    else this.count(word, at, width);
  }

  /** Keeps room for a counted length. */
  private count(word: string, place: number, width: number): void {
    const { out, group, faults } = this;
    const type = this.afterChar ? (out.bytes[this.charOffset] as number) : -1;
    const { groups, inner } = group;
    const count: Count = { place, word, at: out.length, width, unit: unitOf(type), groups, inner };
    if (type >= 0) checkWidth(count, type, faults);
    if (group.counts) group.counts.push(count);
    else group.counts = [count];
    for (let i = 0; i < width; i++) out.push(0);
  }

  private open(): void {
    const { group, out, stack } = this;
    const place = this.at++;
    this.charOffset = -1;
    if (this.lineOpens++ === 0) {
      this.lineIndex = group.groups;
      this.lineParent = group === this.file ? -1 : group.from;
    }
    const opened = openGroup(place, out.length, group.groups++);
    const last = group.counts?.at(-1);
    if (last?.unit === "bytes" && last.at + last.width === out.length && last.groups === opened.index) {
      opened.own = last;
      group.counts?.pop();
    }
    if (stack.length === DEEPEST) {
      if (this.excess++ === 0)
        this.faults.error("too-deep", place, 1, `groups nested more than ${DEEPEST} deep`, "fewer");
      return;
    }
    stack.push(opened);
    this.group = opened;
  }

  private close(): void {
    const { out, faults, stack } = this;
    const place = this.at++;
    this.charOffset = -1;
    if (this.excess > 0) {
      this.excess--;
      return;
    }
    const closed = stack.pop();
    if (closed === undefined) {
      faults.error("extra-close", place, 1, "a ) without its (", "as many ( before it");
      return;
    }
    closeGroup(closed, out, faults);
    this.group = stack[stack.length - 1] ?? this.file;
    this.group.inner += out.length - closed.from;
    if (!closed.typed || this.wrongLengths.length >= MOST_FAULTS) return;
    const wrong = wrongLength(closed, out);
    if (wrong) this.wrongLengths.push(wrong);
  }

  private char(): void {
    const { text, out, faults, group } = this;
    const place = this.at;
    const offset = out.length;
    const known = faults.errors;
    const end = readQuoted(text, place + 1, 0x27, out, faults);
    this.at = end < 0 ? ~end : end;
    const size = out.length - offset;
    out.length = offset;
    out.push(size > 0 ? (out.bytes[offset] as number) : 0);
    this.charOffset = offset;
    this.charPlace = place;
    this.flagged = false;
    if (offset === group.from) group.typed = true;
    if ((size === 1 && end >= 0) || faults.errors > known) return;
    const length = this.at - place;
    const source = faults.excerpt(place, this.at);
    if (end < 0) faults.error("open-char", place, length, `${source} does not end on its line`, "'");
    else if (size === 0) faults.error("empty-char", place, length, "no character between the quotes", "one");
    else faults.error("long-char", place, length, `${source} is ${size} bytes`, 'one, or a string: "text"');
  }

  private string(): void {
    const { text, out, faults } = this;
    const place = this.at;
    this.charOffset = -1;
    const end = readQuoted(text, place + 1, 0x22, out, faults);
    this.at = end < 0 ? ~end : end;
    if (end < 0) faults.error("open-string", place, this.at - place, "a string that does not end on its line", '"');
  }

  /** `| 0x80` behind a character, or `& 0x80`, which is read the same. */
  private flag(): void {
    const { text, at, faults, out } = this;
    let from = at + 1;
    while (text.charCodeAt(from) === 0x20 || text.charCodeAt(from) === 9) from++;
    const end = this.wordEnd(from);
    const sign = text[at] as string;
    const word = text.slice(from, Math.min(end, from + 40));
    this.at = end === from ? at + 1 : end;
    const length = this.at - at;
    if (word !== "FLAG_REF" && (word === "" || Number(word) !== FLAG_REF)) {
      const what = word === "" ? `${sign} without a number` : `${sign} ${faults.excerpt(from, end)}`;
      faults.error("bad-flag", at, length, what, "| 0x80, which sets FLAG_REF");
      return;
    }
    if (!this.afterChar || this.flagged) {
      const what = this.afterChar ? "FLAG_REF is set twice" : `${sign} ${word} behind no character`;
      faults.error("stray-flag", at, length, what, this.afterChar ? "it once" : "a character before it: 'c' | 0x80");
      return;
    }
    const byte = out.bytes[this.charOffset] as number;
    out.bytes[this.charOffset] = byte | FLAG_REF;
    this.flagged = true;
    if (sign === "|") return;
    const { charPlace } = this;
    const char = faults.excerpt(charPlace, text.indexOf("'", charPlace + 2) + 1);
    const what = `${char} & ${word} is read as ${char} | ${word}: FLAG_REF is set with |`;
    faults.warn("flag-and", charPlace, this.at - charPlace, what);
  }

  private comment(): void {
    const { text, at } = this;
    const end = lineEnd(text, at + 2);
    this.at = end;
    if (text.charCodeAt(at + 2) === 0x40) this.claim(at, end);
    else this.beside(at, end);
  }

  private claim(start: number, end: number): void {
    const { group, out, faults } = this;
    const claim = readClaim(this.text, start, end, faults);
    if (claim?.what === "offset") checkClaim(claim, out.length, faults);
    else if (claim && group.claims) group.claims.push(claim);
    else if (claim) group.claims = [claim];
  }

  /** Keeps a comment that has bytes, or a group that begins, on its line before it. */
  private beside(start: number, end: number): void {
    const { text, lineFrom, out } = this;
    if (end - start < 4) return;
    let first = this.lineStart;
    for (; first < start; first++) {
      const c = text.charCodeAt(first);
      if (c !== 0x20 && c !== 9) break;
    }
    if (first === start) return;
    // of several groups, it is about the one that the line is the whole of
    const isOne = this.lineOpens === 1 || this.stack.length === this.lineDepth;
    const index = isOne && text.charCodeAt(first) === 0x28 ? this.lineIndex : NO_GROUP;
    if (out.length === lineFrom && index === NO_GROUP) return;
    this.comments.add(lineFrom, out.length, start, end, index, this.lineParent);
  }

  private unexpected(): void {
    const { text, at, faults } = this;
    const point = text.codePointAt(at) as number;
    const length = point > 0xffff ? 2 : 1;
    this.at = at + length;
    if (point < 0x80) {
      const c = String.fromCharCode(point);
      faults.error("unexpected", at, 1, `unexpected '${faults.excerpt(at, at + 1)}'`, meant[c] ?? ANY);
      if (meant[c] === COMMENT) this.at = lineEnd(text, at);
      return;
    }
    const name = `U+${point.toString(16).toUpperCase().padStart(4, "0")}`;
    faults.error("not-ascii", at, length, `${name} outside strings and comments`, ANY);
  }

  /** Whether the last token was a character, or what belongs to it. */
  private get afterChar(): boolean {
    return this.charOffset >= 0 && this.charOffset === this.out.length - 1;
  }

  private wordEnd(from: number): number {
    const { text } = this;
    let end = from;
    while (end < text.length) {
      const c = text.charCodeAt(end);
      if (c >= 128 || begins[c] !== WORD) break;
      end++;
    }
    return end;
  }
}

/** Where the line ends that a place is in. */
function lineEnd(text: string, from: number): number {
  let end = from;
  for (; end < text.length; end++) {
    const c = text.charCodeAt(end);
    if (c === 10 || c === 13) break;
  }
  return end;
}
