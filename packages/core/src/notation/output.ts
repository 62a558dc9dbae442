/** Bytes that grow as they are written. */

export class Output {
  bytes = new Uint8Array(1 << 12);
  length = 0;

  push(byte: number): void {
    if (this.length === this.bytes.length) this.grow();
    this.bytes[this.length++] = byte;
  }

  /** A code point as UTF-8; a lone surrogate as its three bytes. */
  pushCodePoint(point: number): void {
    if (point < 0x80) {
      this.push(point);
      return;
    }
    if (point < 0x800) this.push(0xc0 | (point >> 6));
    else {
      if (point < 0x10000) this.push(0xe0 | (point >> 12));
      else {
        this.push(0xf0 | (point >> 18));
        this.push(0x80 | ((point >> 12) & 0x3f));
      }
      this.push(0x80 | ((point >> 6) & 0x3f));
    }
    this.push(0x80 | (point & 0x3f));
  }

  /** Writes an integer, lowest byte first, where room was kept for it. */
  setInteger(at: number, width: number, value: number): void {
    for (let i = 0; i < width; i++) this.bytes[at + i] = Math.floor(value / 2 ** (8 * i)) & 0xff;
  }

  /** A copy of what was written. */
  whole(): Uint8Array {
    return this.bytes.slice(0, this.length);
  }

  private grow(): void {
    const wider = new Uint8Array(this.bytes.length * 2);
    wider.set(this.bytes);
    this.bytes = wider;
  }
}
