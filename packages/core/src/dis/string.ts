/**
 * repr of strings. 8-bit strings and unicode of Python 2 print ASCII only; the str of Python 3 keeps what its
 * `isprintable` lets through.
 */
import { latin1 } from "../bytes/index.js";
import type { PyStr } from "../marshal/index.js";
import type { Traits } from "../version/index.js";
import { isPrintable } from "./printable.js";

/** ASCII that every Python prints as it is; the quotes and the backslash are not among it. */
const PLAIN = /^[ !#-&(-[\]-~]*$/;

const ASCII = /^[ -~]*$/;

/** Text that needs no escapes but `\\n` and `\\\\`, as most of what is long, with them; undefined for any other. */
function lines(text: string): string | undefined {
  const escaped = (text.includes("\\") ? text.replaceAll("\\", "\\\\") : text).replaceAll("\n", "\\n");
  return ASCII.test(escaped) ? escaped : undefined;
}

/** The escape of each byte, or the byte's own character; quotes are left to `quoted`. */
function byteTable(octal: boolean): readonly string[] {
  return Array.from({ length: 256 }, (_, byte) => {
    if (byte === 0x5c) return "\\\\";
    if (byte >= 0x20 && byte < 0x7f) return String.fromCharCode(byte);
    return octal ? `\\${byte.toString(8).padStart(3, "0")}` : (NAMED[byte] ?? `\\x${padded(byte, 2)}`);
  });
}
const NAMED: { readonly [code: number]: string } = { 9: "\\t", 10: "\\n", 13: "\\r" };
const padded = (n: number, digits: number) => n.toString(16).padStart(digits, "0");

const isOctal = (escapes: Traits["escapes"]) => escapes === "single" || escapes === "octal";

const HEX = byteTable(false);
const OCTAL = byteTable(true);

/** How each byte of an 8-bit string prints; quotes as they are. */
export function bytesEscapes({ escapes }: Traits): readonly string[] {
  return isOctal(escapes) ? OCTAL : HEX;
}

/** repr of an 8-bit string or of bytes, without the `b` that Python 3 puts before it. */
export function bytesRepr(bytes: Uint8Array, traits: Traits): string {
  const { escapes } = traits;
  const plain = latin1(bytes);
  if (PLAIN.test(plain)) return `'${plain}'`;
  const easy = isOctal(escapes) ? undefined : lines(plain);
  if (easy !== undefined) return quoted(easy, escapes);
  const table = bytesEscapes(traits);
  let text = "";
  for (let i = 0; i < bytes.length; i++) text += table[bytes[i] as number];
  return quoted(text, escapes);
}

/** repr of a str, without the `u` that Python 2 puts before it. */
export function strRepr(str: PyStr, traits: Traits): string {
  const { value } = str;
  if (PLAIN.test(value)) return `'${value}'`;
  const easy = isOctal(traits.escapes) ? undefined : lines(value);
  if (easy !== undefined) return quoted(easy, traits.escapes);
  const pieces = str.codePoints?.map((point) => String.fromCodePoint(point)) ?? [value];
  return quoted(pieces.map((piece) => escapeText(piece, traits)).join(""), traits.escapes);
}

/** In single quotes; in double ones if it has single quotes and no double ones. 0.9 knew single ones only. */
function quoted(text: string, escapes: Traits["escapes"]): string {
  if (!text.includes("'")) return `'${text}'`;
  if (escapes !== "single" && !text.includes('"')) return `"${text}"`;
  return `'${text.replaceAll("'", "\\'")}'`;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: what is no printable ASCII is what this finds
const NOT_ASCII = /[\x00-\x1f\\]|[\x7f-\u{10ffff}]/gu;
/** The same up to 2.1, where unicode has U+007F as it is: terminals do nothing at it. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: likewise
const NOT_OLD_ASCII = /[\x00-\x1f\\]|[\x80-\u{10ffff}]/gu;

function escapeText(text: string, traits: Traits): string {
  if (traits.escapes === "printable") return escapeUnprintable(text, traits.unicode);
  if (traits.escapes === "hex") return text.replace(NOT_ASCII, escapeCharacter);
  return text.replace(NOT_OLD_ASCII, isOctal(traits.escapes) ? escapeOctal : escapeUnits);
}

function escapeUnprintable(text: string, unicode: number): string {
  let out = "";
  let from = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit >= 0x20 && unit < 0x7f && unit !== 0x5c) continue;
    const point = text.codePointAt(i) as number;
    const at = i;
    if (point > 0xffff) i++;
    if (point > 0x7f && isPrintable(point, unicode)) continue;
    out += text.slice(from, at) + escapeCharacter(text.slice(at, i + 1));
    from = i + 1;
  }
  return out + text.slice(from);
}

function escapeCharacter(c: string): string {
  const point = c.codePointAt(0) as number;
  if (point < 0x100) return HEX[point] as string;
  return point < 0x10000 ? `\\u${padded(point, 4)}` : `\\U${padded(point, 8)}`;
}

/** Up to 2.1, which knew nothing of characters beyond U+FFFF: two escapes for a surrogate pair. */
function escapeUnits(c: string): string {
  return c.length === 2 ? escapeCharacter(c.charAt(0)) + escapeCharacter(c.charAt(1)) : escapeCharacter(c);
}

/** Up to 2.0: octal below U+0100, capital hex digits above. */
function escapeOctal(c: string): string {
  if (c < "\u0100") return OCTAL[c.charCodeAt(0)] as string;
  return escapeUnits(c).replace(/[a-f]/g, (digit) => digit.toUpperCase());
}
