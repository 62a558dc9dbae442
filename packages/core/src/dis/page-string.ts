/** repr of a string, from its bytes in the file straight to a page. */
import type { Traits } from "../version/index.js";
import { BLANK, type Page, ROOM } from "./page.js";
import { bytesEscapes } from "./string.js";

const DOUBLE = 0x22;
const SINGLE = 0x27;
const BACKSLASH = 0x5c;
const DELETE = 0x7f;

/** Longer strings are none of ours. */
const MOST = 0x4000;

/** An escape is at most this long: `\377`, `\xff`. */
const LONGEST = 4;

/** What `Escapes.kinds` says of a byte. */
const PLAIN = 0;
const ESCAPED = 1;
const QUOTES = 2;

/** How bytes print, from the texts of `bytesEscapes`. */
interface Escapes {
  /** What each byte is written as: `size[byte]` bytes from `LONGEST * byte` on. */
  readonly bytes: Uint8Array;
  readonly size: Uint8Array;
  readonly kinds: Uint8Array;
}

const made = new Map<readonly string[], Escapes>();

function escapesOf(texts: readonly string[]): Escapes {
  const known = made.get(texts);
  if (known !== undefined) return known;
  const bytes = new Uint8Array(256 * LONGEST);
  texts.forEach((text, byte) => {
    for (let k = 0; k < text.length; k++) bytes[LONGEST * byte + k] = text.charCodeAt(k);
  });
  const size = Uint8Array.from(texts, (text) => text.length);
  const kinds = size.map((length, byte) => (byte === SINGLE ? QUOTES : length > 1 ? ESCAPED : PLAIN));
  const escapes = { bytes, size, kinds };
  made.set(texts, escapes);
  return escapes;
}

export class StringWriter {
  private readonly page: Page;
  private readonly escapes: Escapes;
  private readonly doubles: boolean;

  constructor(page: Page, traits: Traits) {
    this.page = page;
    this.doubles = traits.escapes !== "single";
    this.escapes = escapesOf(bytesEscapes(traits));
  }

  /**
   * Writes what stands in `bytes` from `start` to `end`, in quotes.
   * @param ascii whether U+007F and bytes that are not ASCII are none of ours
   * @returns where it ends; -1, with nothing written, where it is none of ours
   */
  write(p: number, bytes: Uint8Array, start: number, end: number, ascii: boolean): number {
    if (end - start > MOST) return -1;
    const { page: sheet } = this;
    const { kinds } = this.escapes;
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
        if (ascii && byte >= DELETE) return this.undo(p, q);
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
    const { bytes, size } = this.escapes;
    const end = p + (size[byte] as number);
    for (let q = p, k = LONGEST * byte; q < end; q++, k++) page[q] = bytes[k] as number;
    return end;
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
