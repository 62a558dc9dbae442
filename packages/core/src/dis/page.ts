/**
 * A page of UTF-8 that text is written on by its bytes, and taken from as one string: for a listing, which is made of
 * many short pieces, that costs a fraction of what putting strings together costs. Behind what is written the page is
 * blank, so that padding a column is leaving it out.
 */
import { wtf8 } from "../bytes/index.js";

const SIZE = 0x100000;
export const BLANK = 0x20;

/**
 * Whoever writes may count on so much room, and hands the page on where it has less. What may be longer makes room for
 * itself, and for this much behind it.
 */
export const ROOM = 0x800;

interface Decoder {
  decode(bytes: Uint8Array): string;
}
const Host = (globalThis as { TextDecoder?: new (label: string, options: { ignoreBOM: boolean }) => Decoder })
  .TextDecoder;
/** Every host that is known has one; where one has none, the same is done here. */
const decoder: Decoder =
  Host === undefined ? { decode: (bytes) => wtf8(bytes) } : new Host("utf-8", { ignoreBOM: true });

export class Page {
  bytes = new Uint8Array(SIZE).fill(BLANK);
  /** The same, to be written four bytes at a time. */
  view = new DataView(this.bytes.buffer);
  /** Bytes that are written. */
  length = 0;

  /** Makes room for so many bytes and ROOM more; `bytes` may be another array then. */
  room(more: number): void {
    if (this.length + more + ROOM <= this.bytes.length) return;
    const bytes = new Uint8Array(2 * this.bytes.length + more).fill(BLANK);
    bytes.set(this.bytes.subarray(0, this.length));
    this.use(bytes);
  }

  private use(bytes: Uint8Array<ArrayBuffer>): void {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer);
  }

  /** Writes text without lone surrogates. */
  put(text: string): void {
    this.room(3 * text.length);
    const { bytes } = this;
    let p = this.length;
    for (let i = 0; i < text.length; i++) {
      let c = text.charCodeAt(i);
      if (c < 0x80) {
        bytes[p++] = c;
        continue;
      }
      if (c >= 0xd800 && c < 0xdc00) c = text.codePointAt(i++) as number;
      if (c < 0x800) bytes[p++] = 0xc0 | (c >> 6);
      else {
        if (c < 0x10000) bytes[p++] = 0xe0 | (c >> 12);
        else {
          bytes[p++] = 0xf0 | (c >> 18);
          bytes[p++] = 0x80 | ((c >> 12) & 0x3f);
        }
        bytes[p++] = 0x80 | ((c >> 6) & 0x3f);
      }
      bytes[p++] = 0x80 | (c & 0x3f);
    }
    this.length = p;
  }

  /** What is written; the page is blank again. */
  take(): string {
    const text = decoder.decode(this.bytes.subarray(0, this.length));
    if (this.bytes.length > SIZE) this.use(new Uint8Array(SIZE).fill(BLANK));
    else this.bytes.fill(BLANK, 0, this.length);
    this.length = 0;
    return text;
  }
}

/** Writes a number right-aligned in a column, wider if it must; returns where the column ends. */
export function column(bytes: Uint8Array, at: number, width: number, n: number): number {
  if (n < 10) {
    const last = width > 1 ? at + width - 1 : at;
    bytes[last] = 0x30 + n;
    return last + 1;
  }
  const size = n < 100 ? 2 : n < 1000 ? 3 : n < 10000 ? 4 : digits(n);
  const end = at + (size > width ? size : width);
  const first = end - size;
  let rest = n;
  let p = end - 1;
  for (; rest >= 10000; p--) {
    const tenth = (rest / 10) >>> 0;
    bytes[p] = 0x30 + rest - tenth * 10;
    rest = tenth;
  }
  for (; p >= first; p--) {
    const tenth = (rest * 0xcccd) >>> 19; // a tenth of what is that small, without a division
    bytes[p] = 0x30 + rest - tenth * 10;
    rest = tenth;
  }
  return end;
}

function digits(n: number): number {
  let size = 5;
  for (let least = 100000; n >= least; least *= 10) size++;
  return size;
}
