/** Text that is digits and little else, built as bytes: many times faster than adding up short strings. */
import { latin1 } from "../bytes/index.js";

/** Most characters that one number takes. */
const WIDEST = 11;

const digits = "0123456789abcdef";
const high = Uint8Array.from({ length: 256 }, (_, byte) => digits.charCodeAt(byte >> 4));
const low = Uint8Array.from({ length: 256 }, (_, byte) => digits.charCodeAt(byte & 15));

const MINUS = 0x2d;
const ZERO = 0x30;

export class Ascii {
  private bytes = new Uint8Array(4096);
  private at = 0;

  get length(): number {
    return this.at;
  }

  /** The text so far; what is added next begins another. */
  take(): string {
    const text = latin1(this.bytes, 0, this.at);
    this.at = 0;
    return text;
  }

  /** A character by its code. */
  code(code: number): void {
    if (this.at === this.bytes.length) this.grow(1);
    this.bytes[this.at++] = code;
  }

  /** An integer of 32 bits, signed or not, in decimal. */
  number(n: number): void {
    if (this.at + WIDEST > this.bytes.length) this.grow(WIDEST);
    const { bytes } = this;
    if (n < 0) {
      bytes[this.at++] = MINUS;
      n = -n;
    }
    let width = 1;
    for (let top = 10; n >= top; top *= 10) width++;
    this.at += width;
    for (let i = this.at - 1; width > 0; i--, width--) {
      const rest = (n / 10) | 0;
      bytes[i] = ZERO + n - rest * 10;
      n = rest;
    }
  }

  /** Bytes as lower-case hex pairs. */
  hex(source: Uint8Array, start = 0, end = source.length): void {
    if (this.at + 2 * (end - start) > this.bytes.length) this.grow(2 * (end - start));
    const { bytes } = this;
    let { at } = this;
    for (let i = start; i < end; i++) {
      const byte = source[i] as number;
      bytes[at++] = high[byte] as number;
      bytes[at++] = low[byte] as number;
    }
    this.at = at;
  }

  private grow(by: number): void {
    const wide = new Uint8Array(Math.max(2 * this.bytes.length, this.at + by));
    wide.set(this.bytes);
    this.bytes = wide;
  }
}
