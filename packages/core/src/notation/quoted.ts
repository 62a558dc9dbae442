/** What stands between quotes: characters as their UTF-8 bytes, and Python's escapes. */
import type { Output } from "./output.js";
import type { TextFaults } from "./text-faults.js";

const NONE = 0xffff;
const BACKSLASH = 0x5c;
const LF = 10;
const CR = 13;

/** The byte of each escape that is one letter. */
const letters = new Uint16Array(128).fill(NONE);
for (const [letter, byte] of Object.entries({ a: 7, b: 8, t: 9, n: 10, v: 11, f: 12, r: 13, '"': 34, "'": 39 }))
  letters[letter.charCodeAt(0)] = byte;
letters[BACKSLASH] = BACKSLASH;

/** Hex digits behind these letters. */
const hexDigits: { readonly [letter: string]: number } = { x: 2, u: 4, U: 8 };

/**
 * Reads from behind the opening quote and writes the bytes. The place behind the closing quote; where the line ends
 * before one, the place of its end, negative: `~place`.
 */
export function readQuoted(text: string, from: number, quote: number, out: Output, faults: TextFaults): number {
  let at = from;
  for (;;) {
    const c = text.charCodeAt(at);
    if (c === quote) return at + 1;
    if (c === BACKSLASH) at = readEscape(text, at, out, faults);
    else if (c < 0x80) {
      if (c === LF || c === CR) return ~at;
      out.push(c);
      at++;
    } else {
      const point = text.codePointAt(at);
      if (point === undefined) return ~at;
      out.pushCodePoint(point);
      at += point > 0xffff ? 2 : 1;
    }
  }
}

/** Reads an escape from its backslash on; the place behind it. */
function readEscape(text: string, at: number, out: Output, faults: TextFaults): number {
  const c = text.charCodeAt(at + 1);
  const byte = c < 128 ? (letters[c] as number) : NONE;
  if (byte !== NONE) {
    out.push(byte);
    return at + 2;
  }
  if (c >= 0x30 && c <= 0x37) return readOctal(text, at, out, faults);
  const letter = text[at + 1] ?? "\n";
  const digits = hexDigits[letter];
  if (digits !== undefined) return readHex(text, at, digits, out, faults);
  if (letter === "\n" || letter === "\r") return at + 1;
  const length = (text.codePointAt(at + 1) as number) > 0xffff ? 3 : 2;
  const known = "\\\\ \\' \\\" \\a \\b \\f \\n \\r \\t \\v, \\xhh, up to three octal digits, \\uhhhh or \\Uhhhhhhhh";
  faults.error("bad-escape", at, length, `${faults.excerpt(at, at + length)} is no escape`, known);
  return at + length;
}

function readOctal(text: string, at: number, out: Output, faults: TextFaults): number {
  let end = at + 1;
  let value = 0;
  for (; end < at + 4; end++) {
    const digit = text.charCodeAt(end) - 0x30;
    if (!(digit >= 0 && digit < 8)) break;
    value = value * 8 + digit;
  }
  if (value > 0xff)
    faults.error("escape-range", at, end - at, `${text.slice(at, end)} is ${value}`, "\\377 at most, a byte");
  out.push(value);
  return end;
}

/** `\xhh` is a byte; `\uhhhh` and `\Uhhhhhhhh` are the UTF-8 bytes of a code point. */
function readHex(text: string, at: number, digits: number, out: Output, faults: TextFaults): number {
  let end = at + 2;
  while (end < at + 2 + digits && isHex(text.charCodeAt(end))) end++;
  const source = text.slice(at, end);
  if (end < at + 2 + digits) {
    faults.error(
      "bad-escape",
      at,
      end - at,
      `${source} is cut off`,
      `${digits} hex digits behind ${source.slice(0, 2)}`,
    );
    return end;
  }
  const value = Number.parseInt(text.slice(at + 2, end), 16);
  if (value > 0x10ffff) faults.error("escape-range", at, end - at, `${source} is no code point`, "\\U0010ffff at most");
  else if (digits === 2) out.push(value);
  else out.pushCodePoint(value);
  return end;
}

function isHex(c: number): boolean {
  return (c >= 0x30 && c <= 0x39) || ((c | 0x20) >= 0x61 && (c | 0x20) <= 0x66);
}
