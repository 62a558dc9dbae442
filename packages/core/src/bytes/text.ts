/**
 * Text out of bytes, and text made safe to show.
 *
 * Python's strings may hold lone surrogates, which marshal writes as three UTF-8 bytes each ("surrogatepass",
 * also called WTF-8). A JavaScript string can hold them too, with one exception: a high surrogate followed by a
 * low one is *one* character here and two in Python. `splitsPair` tells such strings apart.
 */

/** The host's own decoders, where there are such: Buffer is Node's and Bun's. */
interface HostBuffer {
  readonly prototype: { latin1Slice(this: Uint8Array, start: number, end: number): string };
}
interface HostDecoder {
  new (label: string, options: { ignoreBOM: boolean }): { decode(bytes: Uint8Array): string };
}
const { Buffer, TextDecoder } = globalThis as { Buffer?: HostBuffer; TextDecoder?: HostDecoder };
/** The host's UTF-8 decoder, for what has no surrogates in it. */
let strict: { decode(bytes: Uint8Array): string } | undefined;

/** Bytes as Latin-1: each byte its own code point. */
export function latin1(bytes: Uint8Array, start = 0, end = bytes.length): string {
  if (end - start > 64 && Buffer) return Buffer.prototype.latin1Slice.call(bytes, start, end);
  if (end - start < 24) {
    let s = "";
    for (let i = start; i < end; i++) s += String.fromCharCode(bytes[i] as number);
    return s;
  }
  const parts: string[] = [];
  for (let i = start; i < end; i += 8192) {
    parts.push(String.fromCharCode.apply(null, bytes.subarray(i, Math.min(end, i + 8192)) as unknown as number[]));
  }
  return parts.join("");
}

/** Whether all bytes are below 0x80. */
export function isAscii(bytes: Uint8Array, start = 0, end = bytes.length): boolean {
  for (let i = start; i < end; i++) if ((bytes[i] as number) >= 0x80) return false;
  return true;
}

/**
 * The offset of the first byte that is not UTF-8 as Python's "surrogatepass" takes it (surrogates are allowed,
 * overlong forms and values over U+10FFFF are not), or -1 if all of it is.
 */
export function utf8Fault(bytes: Uint8Array, start: number, end: number): number {
  let i = start;
  while (i < end) {
    const b = bytes[i] as number;
    if (b < 0x80) {
      i++;
      continue;
    }
    const length = b < 0xc2 ? 0 : b < 0xe0 ? 2 : b < 0xf0 ? 3 : b < 0xf5 ? 4 : 0;
    if (length === 0 || i + length > end) return i;
    const second = bytes[i + 1] as number;
    if ((b === 0xe0 && second < 0xa0) || (b === 0xf0 && second < 0x90) || (b === 0xf4 && second > 0x8f)) return i;
    for (let k = 1; k < length; k++) if (((bytes[i + k] as number) & 0xc0) !== 0x80) return i;
    i += length;
  }
  return -1;
}

/** Decodes what `utf8Fault` accepts; a byte that it does not accept becomes a lone surrogate U+DC80 + its low bits. */
export function wtf8(bytes: Uint8Array, start = 0, end = bytes.length): string {
  if (isAscii(bytes, start, end)) return latin1(bytes, start, end);
  if (
    end - start > 64 &&
    TextDecoder &&
    !bytes.subarray(start, end).includes(0xed) &&
    utf8Fault(bytes, start, end) < 0
  ) {
    strict ??= new TextDecoder("utf-8", { ignoreBOM: true });
    return strict.decode(bytes.subarray(start, end));
  }
  let s = "";
  let i = start;
  while (i < end) {
    const b = bytes[i] as number;
    const length = sequenceLength(bytes, i, end);
    if (length === 0) s += String.fromCharCode(b < 0x80 ? b : 0xdc00 | b);
    else s += String.fromCodePoint(codePointAt(bytes, i, length));
    i += length || 1;
  }
  return s;
}

/** Whether the UTF-8 holds a high surrogate followed by a low one, each encoded by itself: two characters in Python. */
export function splitsPair(bytes: Uint8Array, start = 0, end = bytes.length): boolean {
  for (let i = start; i + 5 < end; i++) {
    if (bytes[i] !== 0xed || bytes[i + 3] !== 0xed) continue;
    const high = bytes[i + 1] as number;
    const low = bytes[i + 4] as number;
    if (high >= 0xa0 && high < 0xb0 && low >= 0xb0) return true;
  }
  return false;
}

function sequenceLength(bytes: Uint8Array, i: number, end: number): number {
  const b = bytes[i] as number;
  const length = b < 0x80 ? 1 : b < 0xe0 ? 2 : b < 0xf0 ? 3 : 4;
  return i + length <= end && utf8Fault(bytes, i, i + length) < 0 ? length : 0;
}

function codePointAt(bytes: Uint8Array, i: number, length: number): number {
  let c = length === 1 ? (bytes[i] as number) : (bytes[i] as number) & (0xff >> (length + 1));
  for (let k = 1; k < length; k++) c = (c << 6) | ((bytes[i + k] as number) & 0x3f);
  return c;
}

/**
 * A copy in which each lone surrogate that lost its first byte (`a0 80` for `ed a0 80`) has it again, or undefined
 * where there is none: 2.0 and 2.1 wrote them so, and could not read them.
 */
export function withHeads(bytes: Uint8Array, start: number, end: number): Uint8Array | undefined {
  const out: number[] = [];
  for (let i = start; i < end; ) {
    const b = bytes[i] as number;
    const length = sequenceLength(bytes, i, end) || 1;
    if (length === 1 && b >= 0xa0 && b < 0xc0) out.push(0xed);
    for (let k = 0; k < length; k++) out.push(bytes[i + k] as number);
    i += length;
    if (length === 1 && b >= 0xa0 && b < 0xc0 && i < end) out.push(bytes[i++] as number);
  }
  return out.length === end - start ? undefined : Uint8Array.from(out);
}

/** Bytes as lower-case hex pairs without spaces. */
export function hex(bytes: Uint8Array, start = 0, end = bytes.length): string {
  let s = "";
  for (let i = start; i < end; i++) s += HEX[bytes[i] as number];
  return s;
}
const HEX = Array.from({ length: 256 }, (_, i) => i.toString(16).padStart(2, "0"));

/**
 * Characters that would move the cursor, forge a line, hide or reorder text: C0 and C1 controls, line and paragraph
 * separators, bidirectional marks and overrides, zero-width characters, tags, and lone surrogates.
 */
const UNSAFE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this finds
  /[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]|\p{Cs}/gu;

/** The text with every unsafe character written as a Python escape (`\x1b`, `\u202e`, `\U000e0001`). */
export function safe(text: string): string {
  return text.replace(UNSAFE, (c) => {
    const p = c.codePointAt(0) as number;
    if (p < 0x100)
      return p === 10 ? "\\n" : p === 13 ? "\\r" : p === 9 ? "\\t" : `\\x${p.toString(16).padStart(2, "0")}`;
    return p < 0x10000 ? `\\u${p.toString(16).padStart(4, "0")}` : `\\U${p.toString(16).padStart(8, "0")}`;
  });
}

/** A text as UTF-8; lone surrogates are three bytes, as marshal has them. The inverse of `wtf8`. */
export function utf8(text: string): Uint8Array {
  const out: number[] = [];
  for (const character of text) {
    const c = character.codePointAt(0) as number;
    if (c < 0x80) out.push(c);
    else if (c < 0x800) out.push(0xc0 | (c >> 6), 0x80 | (c & 63));
    else if (c < 0x10000) out.push(0xe0 | (c >> 12), 0x80 | ((c >> 6) & 63), 0x80 | (c & 63));
    else out.push(0xf0 | (c >> 18), 0x80 | ((c >> 12) & 63), 0x80 | ((c >> 6) & 63), 0x80 | (c & 63));
  }
  return Uint8Array.from(out);
}
