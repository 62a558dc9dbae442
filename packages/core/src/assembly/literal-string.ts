/**
 * Strings as literals, both ways. Escapes are Python's: `\x` is a byte, or a character below U+0100; `\u` and `\U` are
 * characters, where two surrogates in a row stay two. What could not safely be shown is written as an escape.
 */
import { latin1, safe } from "../bytes/index.js";
import type { PyStr } from "../marshal/index.js";
import { Char, digit, type Lexer, quoted } from "./lexer.js";

const PLAIN = /^[ !#-&(-[\]-~]*$/;
/** Characters beyond ASCII that stand as they are, if they are `safe`. */
const SHOWN = /^[\p{L}\p{N}\p{P}\p{S}\p{M}]$/u;

const padded = (n: number, digits: number) => n.toString(16).padStart(digits, "0");

const ESCAPES: { readonly [code: number]: string } = { 9: "\\t", 10: "\\n", 13: "\\r", 92: "\\\\" };
/** Each byte as it is written between quotes; quotes are left to `enclosed`. */
const BYTES = Array.from({ length: 256 }, (_, byte) => {
  if (byte >= 0x20 && byte < 0x7f && byte !== 0x5c) return String.fromCharCode(byte);
  return ESCAPES[byte] ?? `\\x${padded(byte, 2)}`;
});

/** In single quotes; in double ones if there are single ones in it and no double ones. */
function enclosed(text: string): string {
  if (!text.includes("'")) return `'${text}'`;
  return text.includes('"') ? `'${text.replaceAll("'", "\\'")}'` : `"${text}"`;
}

/** Bytes in quotes, without a prefix. */
export function bytesText(bytes: Uint8Array): string {
  const plain = latin1(bytes);
  if (PLAIN.test(plain)) return `'${plain}'`;
  const pieces: string[] = [];
  for (let i = 0; i < bytes.length; i += 4096) {
    let piece = "";
    for (let k = i; k < Math.min(bytes.length, i + 4096); k++) piece += BYTES[bytes[k] as number];
    pieces.push(piece);
  }
  return enclosed(pieces.join(""));
}

/** A str in quotes, without a prefix. */
export function strText(str: PyStr): string {
  const { value, codePoints } = str;
  if (PLAIN.test(value)) return `'${value}'`;
  const pieces: string[] = [];
  let from = 0;
  if (codePoints !== undefined) for (const point of codePoints) pieces.push(pointText(point));
  else {
    for (let i = 0; i < value.length; i++) {
      const unit = value.charCodeAt(i);
      if (unit >= 0x20 && unit < 0x7f && unit !== 0x5c) continue;
      const point = value.codePointAt(i) as number;
      pieces.push(value.slice(from, i), pointText(point));
      if (point > 0xffff) i++;
      from = i + 1;
    }
    pieces.push(value.slice(from));
  }
  return enclosed(pieces.join(""));
}

function pointText(point: number): string {
  if (point < 0x80) return BYTES[point] as string;
  const letter = String.fromCodePoint(point);
  if (SHOWN.test(letter) && safe(letter) === letter) return letter;
  if (point < 0x100) return `\\x${padded(point, 2)}`;
  return point < 0x10000 ? `\\u${padded(point, 4)}` : `\\U${padded(point, 8)}`;
}

/** Where a string literal ends: the place of its closing quote. The lexer stands at the opening one. */
function closing(lexer: Lexer): { end: number; plain: boolean } {
  const { text, at: from } = lexer;
  const quote = text.charCodeAt(from);
  let plain = true;
  let at = from + 1;
  for (; at < text.length; at++) {
    const c = text.charCodeAt(at);
    if (c === quote) return { end: at, plain };
    if (c === Char.newline) break;
    if (c === Char.backslash) {
      plain = false;
      at++;
      if (text.charCodeAt(at) === Char.newline) break;
    } else if (c >= 0x7f) plain = false;
  }
  lexer.at = Math.min(at, text.length);
  throw lexer.fail(
    "unterminated-string",
    "a string that does not end in its line",
    `a closing ${String.fromCharCode(quote)}`,
    from,
  );
}

/** What an escape stands for, once it was read; a number of characters and a code point. */
let escaped = 0;

/** Reads the escape whose backslash stands at `at`, and gives where it ends. */
function readEscape(lexer: Lexer, at: number, most: number): number {
  const { text } = lexer;
  const letter = text.charAt(at + 1);
  const simple = SIMPLE[letter];
  if (simple !== undefined) {
    escaped = simple;
    return at + 2;
  }
  if (letter >= "0" && letter <= "7") return octal(lexer, at, most);
  const digits = most === 0xff && letter !== "x" ? 0 : (HEX_DIGITS[letter] ?? 0);
  let value = 0;
  let i = at + 2;
  for (; i < at + 2 + digits; i++) {
    const d = i < text.length ? digit(text.charCodeAt(i)) : -1;
    if (d < 0) break;
    value = value * 16 + d;
  }
  if (digits === 0 || i < at + 2 + digits || value > most) {
    lexer.at = Math.max(i, at + 2);
    const wanted =
      digits > 0 && value <= most
        ? `${digits} hex digits`
        : most === 0xff
          ? "\\x and two hex digits"
          : "one of Python's escapes";
    throw lexer.fail("bad-escape", quoted(text.slice(at, lexer.at)), wanted, at);
  }
  escaped = value;
  return i;
}

const SIMPLE: { readonly [letter: string]: number } = {
  "\\": 0x5c,
  "'": 0x27,
  '"': 0x22,
  n: 10,
  t: 9,
  r: 13,
  a: 7,
  b: 8,
  f: 12,
  v: 11,
};
const HEX_DIGITS: { readonly [letter: string]: number } = { x: 2, u: 4, U: 8 };

function octal(lexer: Lexer, at: number, most: number): number {
  let i = at + 1;
  let value = 0;
  for (; i < at + 4 && i < lexer.text.length; i++) {
    const d = lexer.text.charCodeAt(i) - Char.zero;
    if (d < 0 || d > 7) break;
    value = value * 8 + d;
  }
  if (value > most) {
    lexer.at = i;
    throw lexer.fail("bad-escape", quoted(lexer.text.slice(at, i)), "a byte of at most \\377", at);
  }
  escaped = value;
  return i;
}

/** Reads bytes in quotes; the lexer stands at the opening one. */
export function readBytes(lexer: Lexer): Uint8Array {
  const { text, at: from } = lexer;
  const { end } = closing(lexer);
  const bytes = new Uint8Array(end - from - 1);
  let count = 0;
  for (let at = from + 1; at < end; ) {
    const c = text.charCodeAt(at);
    if (c === Char.backslash) {
      at = readEscape(lexer, at, 0xff);
      bytes[count++] = escaped;
      continue;
    }
    if (c >= 0x80) {
      lexer.at = at + 1;
      const letter = `a character beyond ASCII among bytes (U+${c.toString(16).toUpperCase().padStart(4, "0")})`;
      throw lexer.fail("bad-bytes", letter, "its bytes as \\x escapes", at);
    }
    bytes[count++] = c;
    at++;
  }
  lexer.at = end + 1;
  return count === bytes.length ? bytes : bytes.slice(0, count);
}

/** Reads a str in quotes; the lexer stands at the opening one. */
export function readStr(lexer: Lexer): PyStr {
  const { text, at: from } = lexer;
  const { end, plain } = closing(lexer);
  if (plain) {
    lexer.at = end + 1;
    return { kind: "str", value: text.slice(from + 1, end) };
  }
  let value = "";
  /** Where two surrogates meet that are two characters. */
  let splits: Set<number> | undefined;
  let piece = from + 1;
  const append = (more: string) => {
    if (isHigh(value.charCodeAt(value.length - 1)) && isLow(more.charCodeAt(0))) {
      splits ??= new Set();
      splits.add(value.length);
    }
    value += more;
  };
  for (let at = from + 1; at < end; ) {
    if (text.charCodeAt(at) !== Char.backslash) {
      at++;
      continue;
    }
    if (at > piece) append(text.slice(piece, at));
    at = readEscape(lexer, at, 0x10ffff);
    append(String.fromCodePoint(escaped));
    piece = at;
  }
  if (end > piece) append(text.slice(piece, end));
  lexer.at = end + 1;
  return splits === undefined ? { kind: "str", value } : { kind: "str", value, codePoints: pointsOf(value, splits) };
}

const isHigh = (unit: number) => unit >= 0xd800 && unit < 0xdc00;
const isLow = (unit: number) => unit >= 0xdc00 && unit < 0xe000;

function pointsOf(value: string, splits: ReadonlySet<number>): number[] {
  const points: number[] = [];
  for (let i = 0; i < value.length; i++) {
    const whole = value.codePointAt(i) as number;
    const isPair = whole > 0xffff && !splits.has(i + 1);
    points.push(isPair ? whole : value.charCodeAt(i));
    if (isPair) i++;
  }
  return points;
}
