/**
 * Numbers as literals, both ways. Integers are decimal, and hexadecimal where decimal digits would take long; floats
 * have the shortest digits that read back as the same number; a NaN says its bits.
 */
import type { PlainValue, PyFloat } from "../marshal/index.js";
import { Char, digit, isDigit, type Lexer, quoted, short } from "./lexer.js";

/** Decimal digits that are read, and bits above which an integer is written in hexadecimal. */
const MOST_DIGITS = 5000;
const MOST_BITS = 13_000;

const NAN = 0x7ff8000000000000n;
const NEGATIVE_NAN = 0xfff8000000000000n;

export function integerText(value: number | bigint): string {
  if (typeof value === "number") return String(value);
  const hex = value.toString(16);
  if (hex.length * 4 <= MOST_BITS) return value.toString();
  return hex.startsWith("-") ? `-0x${hex.slice(1)}` : `0x${hex}`;
}

export function floatText({ value, bits }: PyFloat): string {
  if (Number.isNaN(value)) return nanText(bits ?? NAN);
  if (!Number.isFinite(value)) return value < 0 ? "-inf" : "inf";
  if (Object.is(value, -0)) return "-0.0";
  const text = String(value);
  return /^-?\d+$/.test(text) ? `${text}.0` : text;
}

function nanText(bits: bigint): string {
  if (bits === NAN) return "nan";
  return bits === NEGATIVE_NAN ? "-nan" : `nan(0x${bits.toString(16)})`;
}

/** `2j` where the real part is what Python makes of that, else `complex(1.0, 2.0)`. */
export function complexText(real: PyFloat, imag: PyFloat): string {
  const { value } = imag;
  const negative = value < 0 || Object.is(value, -0);
  if (Number.isFinite(value) && Object.is(real.value, negative ? -0 : 0))
    return `${negative ? "-" : ""}${String(Math.abs(value))}j`;
  return `complex(${floatText(real)}, ${floatText(imag)})`;
}

/** Safe integers as numbers, larger ones as bigints. */
function narrow(n: bigint): number | bigint {
  return n >= -9007199254740991n && n <= 9007199254740991n ? Number(n) : n;
}

/**
 * Reads a number; the lexer stands at its first character, a digit, `-` or `.`.
 * @param longs whether that Python has longs (`10L`)
 */
export function readNumber(lexer: Lexer, longs: boolean): PlainValue {
  const { text, at: from } = lexer;
  const negative = lexer.takes(Char.minus);
  const start = lexer.at;
  let c = lexer.code();
  if (negative && !isDigit(c) && c !== Char.dot) return negativeWord(lexer, from);
  if (c === Char.zero && (lexer.code(start + 1) | 0x20) === Char.x) return hexadecimal(lexer, from, negative, longs);
  let value = 0;
  while (isDigit(c)) {
    value = value * 10 + c - Char.zero;
    c = lexer.code(++lexer.at);
  }
  const digits = lexer.at - start;
  if (c === Char.dot || (c | 0x20) === 0x65) return float(lexer, from, negative);
  if ((c | 0x20) === 0x6a) return float(lexer, from, negative);
  if (digits > 1 && text.charCodeAt(start) === Char.zero)
    throw lexer.fail("bad-number", quoted(text.slice(from, lexer.at)), "a number without zeros before it", from);
  if (digits > MOST_DIGITS) {
    const what = `an integer of ${digits} digits`;
    throw lexer.fail("out-of-range", what, `at most ${MOST_DIGITS} decimal digits, or hexadecimal ones`, from);
  }
  const kind = suffix(lexer, from, longs);
  if (digits <= 15) return { kind, value: negative ? 0 - value : value };
  const big = BigInt(text.slice(start, start + digits));
  return { kind, value: narrow(negative ? -big : big) };
}

/** Past the `L` of a long, and sure that the number ends here. */
function suffix(lexer: Lexer, from: number, longs: boolean): "int" | "long" {
  const c = lexer.code();
  const isLong = c === 0x4c || c === 0x6c;
  if (isLong) lexer.at++;
  ends(lexer, from);
  if (isLong && !longs)
    throw lexer.fail(
      "bad-number",
      `${quoted(lexer.text.slice(from, lexer.at))}: this Python has no longs`,
      "an int",
      from,
    );
  return isLong ? "long" : "int";
}

function ends(lexer: Lexer, from: number): void {
  if (lexer.word() === "" && !isDigit(lexer.code())) return;
  while (isDigit(lexer.code())) lexer.at++;
  throw lexer.fail("bad-number", quoted(lexer.text.slice(from, lexer.at)), "a number", from);
}

function hexadecimal(lexer: Lexer, from: number, negative: boolean, longs: boolean): PlainValue {
  const start = lexer.at;
  lexer.at += 2;
  while (digit(lexer.code()) >= 0) lexer.at++;
  const end = lexer.at;
  const kind = suffix(lexer, from, longs);
  if (end === start + 2) throw lexer.fail("bad-number", quoted(lexer.text.slice(from, end)), "hex digits", from);
  const value = BigInt(lexer.text.slice(start, end));
  return { kind, value: narrow(negative ? -value : value) };
}

/** A float, or with a `j` a complex number; what stands before the point has been read. */
function float(lexer: Lexer, from: number, negative: boolean): PlainValue {
  const { text } = lexer;
  const digits = () => {
    const start = lexer.at;
    while (isDigit(lexer.code())) lexer.at++;
    return lexer.at - start;
  };
  if (lexer.takes(Char.dot)) digits();
  if ((lexer.code() | 0x20) === 0x65) {
    lexer.at++;
    if (!lexer.takes(Char.plus)) lexer.takes(Char.minus);
    if (digits() === 0)
      throw lexer.fail("bad-number", quoted(text.slice(from, lexer.at)), "digits of an exponent", from);
  }
  const value = Number(text.slice(from, lexer.at));
  const isComplex = (lexer.code() | 0x20) === 0x6a;
  if (isComplex) lexer.at++;
  ends(lexer, from);
  if (Number.isNaN(value)) throw lexer.fail("bad-number", quoted(text.slice(from, lexer.at)), "a number", from);
  if (!isComplex) return { kind: "float", value };
  return { kind: "complex", real: { kind: "float", value: negative ? -0 : 0 }, imag: { kind: "float", value } };
}

/** `-inf` and `-nan`. */
function negativeWord(lexer: Lexer, from: number): PlainValue {
  const word = lexer.word();
  if (word === "inf") return { kind: "float", value: -Infinity };
  if (word === "nan") return { kind: "float", value: NaN, bits: NEGATIVE_NAN };
  throw lexer.fail("bad-number", quoted(lexer.text.slice(from, lexer.at)), "a number behind the minus", from);
}

/** What follows the word `nan`: nothing, or its bits in parentheses. */
export function readNan(lexer: Lexer): PyFloat {
  if (!lexer.takes(Char.open)) return { kind: "float", value: NaN, bits: NAN };
  const from = lexer.at;
  while (lexer.word() !== "" || isDigit(lexer.code())) if (isDigit(lexer.code())) lexer.at++;
  const digits = lexer.text.slice(from, lexer.at);
  const bits = /^0x[0-9a-fA-F]{1,16}$/.test(digits) ? BigInt(digits) : 0n;
  if ((bits & 0x7ff0000000000000n) !== 0x7ff0000000000000n || (bits & 0xfffffffffffffn) === 0n)
    throw lexer.fail("bad-number", `nan(${short(digits)})`, "the 64 bits of a NaN, such as 0x7ff8000000000001", from);
  if (!lexer.takes(Char.close)) throw lexer.unexpected('")"');
  return { kind: "float", value: NaN, bits };
}

/** `complex(REAL, IMAG)`, behind that word. */
export function readComplex(lexer: Lexer): PlainValue {
  const part = (end: number, sign: string): PyFloat => {
    lexer.blank();
    const from = lexer.at;
    const value =
      isDigit(lexer.code()) || lexer.code() === Char.minus || lexer.code() === Char.dot
        ? readNumber(lexer, false)
        : wordPart(lexer);
    lexer.blank();
    if (!lexer.takes(end)) throw lexer.unexpected(sign);
    if (value?.kind === "float") return value;
    if (value?.kind === "int") return { kind: "float", value: Number(value.value) };
    throw lexer.fail("bad-number", quoted(lexer.text.slice(from, lexer.at)), "a float", from);
  };
  lexer.blank();
  if (!lexer.takes(Char.open)) throw lexer.unexpected('"("');
  const real = part(Char.comma, '","');
  return { kind: "complex", real, imag: part(Char.close, '")"') };
}

function wordPart(lexer: Lexer): PyFloat | undefined {
  const word = lexer.word();
  if (word === "inf") return { kind: "float", value: Infinity };
  return word === "nan" ? readNan(lexer) : undefined;
}
