/**
 * Bytes as the notation writes them: hex pairs, strings, type bytes. All of it is ASCII, and all of it reads back as
 * the same bytes, whatever they are.
 */
import { isAscii, safe, utf8Fault, wtf8 } from "../bytes/index.js";
import { FLAG_REF } from "../marshal/index.js";

/** A string breaks behind a line feed, though not for fewer bytes than this. */
const LEAST = 8;

const pairs = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));
const escapes = Array.from({ length: 256 }, (_, byte) => {
  const c = String.fromCharCode(byte);
  if (c === '"' || c === "\\") return `\\${c}`;
  if (byte >= 0x20 && byte < 0x7f) return c;
  return byte === 10 ? "\\n" : byte === 13 ? "\\r" : byte === 9 ? "\\t" : `\\x${pairs[byte]}`;
});
/** Bytes that a string shows as themselves: ASCII that prints, line feeds, tabs. */
const plain = Uint8Array.from(escapes, (text, byte) => Number(text.length === 1 || byte === 10 || byte === 9));
const dots = Array.from({ length: 256 }, (_, byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : "."));
const typeBytes = Array.from({ length: 256 }, (_, byte) => {
  const code = byte & ~FLAG_REF;
  const c = String.fromCharCode(code);
  if (code < 0x20 || code === 0x7f || c === "'" || c === "\\") return pairs[byte] as string;
  return byte >= FLAG_REF ? `'${c}' | 0x80` : `'${c}'`;
});

/** A type byte as a character: `'c'`, `'i' | 0x80`. */
export function typeSource(byte: number): string {
  return typeBytes[byte] as string;
}

/** The lowest byte of a number as a hex pair. */
export function pair(byte: number): string {
  return pairs[byte & 255] as string;
}

/** Hex pairs with a space between. */
export function pairsSource(bytes: Uint8Array, start: number, end: number): string {
  if (start >= end) return "";
  let s = pairs[bytes[start] as number] as string;
  if (end - start === 2) return `${s} ${pairs[bytes[start + 1] as number]}`;
  for (let i = start + 1; i < end; i++) s += ` ${pairs[bytes[i] as number]}`;
  return s;
}

/** A string in double quotes. */
export function quotedSource(bytes: Uint8Array, start: number, end: number): string {
  let s = '"';
  for (let i = start; i < end; i++) s += escapes[bytes[i] as number];
  return `${s}"`;
}

/** Whether a string shows these bytes better than hex pairs do: at most half of them need an escape. */
export function isTextual(bytes: Uint8Array, start: number, end: number): boolean {
  let odd = 0;
  for (let i = start; i < end; i++) odd += 1 - (plain[bytes[i] as number] as number);
  return odd * 2 <= end - start;
}

/** Where a line of a string's bytes ends: behind a line feed, or within `most` bytes between two UTF-8 sequences. */
export function stringBreak(bytes: Uint8Array, start: number, end: number, most: number): number {
  const limit = Math.min(end, start + most);
  for (let i = start + LEAST; i < limit; i++) if (bytes[i - 1] === 10 && bytes[i] !== 10) return i;
  if (limit === end) return end;
  let stop = limit;
  while (stop > limit - 3 && isContinuation(bytes[stop])) stop--;
  return isContinuation(bytes[stop]) ? limit : stop;
}

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80;
}

/** What the bytes of a string say where they are not ASCII; "" where they say themselves. */
export function shownText(bytes: Uint8Array, start: number, end: number): string {
  return isAscii(bytes, start, end) ? "" : gutter(bytes, start, end);
}

/** Bytes as text, between bars: as UTF-8 if they are; else as ASCII, with dots for what does not print. */
export function gutter(bytes: Uint8Array, start: number, end: number): string {
  if (!isAscii(bytes, start, end) && utf8Fault(bytes, start, end) < 0) return `|${safe(wtf8(bytes, start, end))}|`;
  let s = "|";
  for (let i = start; i < end; i++) s += dots[bytes[i] as number];
  return `${s}|`;
}
