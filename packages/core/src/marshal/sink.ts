/** Bytes as they are written: an array that grows, and the few ways in which marshal puts things into it. */

/** Contents shorter than this are copied byte by byte, which is cheaper than a call that copies. */
const SHORT = 24;

export class Sink {
  bytes: Uint8Array;
  at = 0;

  constructor(size: number) {
    this.bytes = new Uint8Array(Math.max(size, 64));
  }

  /** Makes room for so many bytes more. */
  reserve(more: number): void {
    if (this.at + more <= this.bytes.length) return;
    const wide = new Uint8Array(Math.max(2 * this.bytes.length, this.at + more));
    wide.set(this.bytes.subarray(0, this.at));
    this.bytes = wide;
  }

  byte(value: number): void {
    if (this.at === this.bytes.length) this.reserve(1);
    this.bytes[this.at++] = value;
  }

  /** The lowest `size` bytes of an integer, little-endian. */
  integer(value: number, size: number): void {
    this.reserve(size);
    for (let i = 0; i < size; i++, value >>= 8) this.bytes[this.at++] = value;
  }

  /** A type byte and 32 bits behind it: a length, a count or an index. */
  headed(type: number, value: number): void {
    if (this.at + 5 > this.bytes.length) this.reserve(5);
    const { bytes, at } = this;
    bytes[at] = type;
    bytes[at + 1] = value;
    bytes[at + 2] = value >> 8;
    bytes[at + 3] = value >> 16;
    bytes[at + 4] = value >> 24;
    this.at = at + 5;
  }

  /** A type byte and 8 bits behind it. */
  headedShort(type: number, value: number): void {
    if (this.at + 2 > this.bytes.length) this.reserve(2);
    this.bytes[this.at] = type;
    this.bytes[this.at + 1] = value;
    this.at += 2;
  }

  copy(source: Uint8Array, from: number, to: number): void {
    const size = to - from;
    if (this.at + size > this.bytes.length) this.reserve(size);
    const { bytes, at } = this;
    if (size < SHORT) for (let i = 0; i < size; i++) bytes[at + i] = source[from + i] as number;
    else bytes.set(source.subarray(from, to), at);
    this.at = at + size;
  }

  /** What was written: a view where that wastes little memory, else a copy. */
  finish(): Uint8Array {
    const { bytes, at } = this;
    return at === bytes.length ? bytes : bytes.slice(0, at);
  }
}
