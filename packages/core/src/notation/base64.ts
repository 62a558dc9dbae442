/** Bytes as base64, and numbers as bytes: how data travels into a page. */

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
/** Every two digits of base64, by the twelve bits that they are. */
let digits: string[] | undefined;

export function base64(bytes: Uint8Array, length = bytes.length): string {
  digits ??= Array.from({ length: 4096 }, (_, n) => `${ALPHABET[n >> 6]}${ALPHABET[n & 63]}`);
  const parts: string[] = [];
  let s = "";
  let i = 0;
  for (; i + 2 < length; i += 3) {
    const n = ((bytes[i] as number) << 16) | ((bytes[i + 1] as number) << 8) | (bytes[i + 2] as number);
    s += (digits[n >> 12] as string) + (digits[n & 4095] as string);
    if (s.length > 8192) {
      parts.push(s);
      s = "";
    }
  }
  if (i < length) {
    const n = ((bytes[i] as number) << 16) | (i + 1 < length ? (bytes[i + 1] as number) << 8 : 0);
    const tail = (digits[n >> 12] as string) + (digits[n & 4095] as string);
    s += i + 1 < length ? `${tail.slice(0, 3)}=` : `${tail.slice(0, 2)}==`;
  }
  parts.push(s);
  return parts.join("");
}

/** Numbers from 0 on, each in as few bytes as it needs, seven bits a byte, the lowest first. */
export class Varints {
  private bytes = new Uint8Array(1024);
  private length = 0;

  add(number: number): void {
    if (this.length + 8 > this.bytes.length) {
      const wider = new Uint8Array(this.bytes.length * 2);
      wider.set(this.bytes);
      this.bytes = wider;
    }
    let left = number;
    for (; left >= 0x80; left = Math.floor(left / 0x80)) this.bytes[this.length++] = (left % 0x80) + 0x80;
    this.bytes[this.length++] = left;
  }

  text(): string {
    return base64(this.bytes, this.length);
  }
}
