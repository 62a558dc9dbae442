/** repr of a string, from its bytes in the file straight to a page. */
import type { Traits } from "../version/index.js";
import { BLANK, type Page, ROOM } from "./page.js";
import { bytesEscapes } from "./string.js";

const DOUBLE = 0x22;
const SINGLE = 0x27;
const BACKSLASH = 0x5c;

/** An escape is at most this long: `\377`, `\xff`. */
const LONGEST = 4;

/** What `StringWriter.kinds` says of a byte. */
const PLAIN = 0;
const ESCAPED = 1;
const QUOTES = 2;

export class StringWriter {
  private readonly page: Page;
  /** What each byte is written as: `size[byte]` bytes from `LONGEST * byte` on. */
  private readonly escapes = new Uint8Array(256 * LONGEST);
  private readonly size = new Uint8Array(256);
  private readonly kinds = new Uint8Array(256);
  private readonly doubles: boolean;

  constructor(page: Page, traits: Traits) {
    this.page = page;
    this.doubles = traits.escapes !== "single";
    bytesEscapes(traits).forEach((text, byte) => {
      this.size[byte] = text.length;
      for (let k = 0; k < text.length; k++) this.escapes[LONGEST * byte + k] = text.charCodeAt(k);
      this.kinds[byte] = byte === SINGLE ? QUOTES : text.length > 1 ? ESCAPED : PLAIN;
    });
  }

  /**
   * Writes what stands in `bytes` from `start` to `end`, in quotes.
   * @param ascii whether other bytes than ASCII are none of ours
   * @returns where it ends; -1, with nothing written, where it is none of ours
   */
  write(p: number, bytes: Uint8Array, start: number, end: number, ascii: boolean): number {
    const { page: sheet, kinds } = this;
    if (end - start > ROOM >> 3) {
      sheet.length = p;
      sheet.room(LONGEST * (end - start) + 2);
    }
    const page = sheet.bytes;
    let quote = 0; // not known before the first quote inside
    let q = p + 1;
    for (let i = start; i < end; i++) {
      const byte = bytes[i] as number;
      const kind = kinds[byte] as number;
      if (kind === PLAIN) page[q++] = byte;
      else if (kind === ESCAPED) {
        if (ascii && byte >= 0x80) return this.undo(p, q);
        q = this.escape(q, byte);
      } else {
        if (quote === 0) quote = this.doubles && !hasDouble(bytes, start, end) ? DOUBLE : SINGLE;
        if (quote === SINGLE) page[q++] = BACKSLASH;
        page[q++] = byte;
      }
    }
    page[p] = page[q] = quote || SINGLE;
    return q + 1;
  }

  private escape(p: number, byte: number): number {
    const page = this.page.bytes;
    const size = this.size[byte] as number;
    for (let k = 0; k < size; k++) page[p + k] = this.escapes[LONGEST * byte + k] as number;
    return p + size;
  }

  private undo(p: number, q: number): number {
    this.page.bytes.fill(BLANK, p, q);
    return -1;
  }
}

function hasDouble(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (bytes[i] === DOUBLE) return true;
  return false;
}
