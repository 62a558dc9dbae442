/** Magic numbers that did not survive their journey. */
import { hex } from "../bytes/index.js";
import { versions } from "./lookup.js";

interface Damage {
  /** What became of the bytes. */
  readonly what: string;
  /** The bytes of a whole magic number after it. */
  readonly of: (magic: string) => string;
}

/** Each byte pair of a hex string, put through `change`. */
const eachByte = (magic: string, change: (pair: string) => string) => magic.replace(/../g, change);

/** The CR LF in a magic number since 1.3 is there to notice this. */
const damages: readonly Damage[] = [
  { what: "after CR LF became LF", of: (m) => m.replace(/0d0a|../g, (b) => (b === "0d0a" ? "0a" : b)) },
  { what: "after LF became CR LF", of: (m) => eachByte(m, (b) => (b === "0a" ? "0d0a" : b)) },
  { what: "after CR became LF", of: (m) => eachByte(m, (b) => (b === "0d" ? "0a" : b)) },
  { what: "after LF became CR", of: (m) => eachByte(m, (b) => (b === "0a" ? "0d" : b)) },
  { what: "written as UTF-8, as if it were Latin-1 text", of: (m) => eachByte(m, latin1ToUtf8) },
  {
    what: "after it was decoded as UTF-8, which loses bytes",
    of: (m) => eachByte(m, (b) => (b < "80" ? b : "efbfbd")),
  },
];

function latin1ToUtf8(pair: string): string {
  const byte = Number.parseInt(pair, 16);
  return byte < 0x80 ? pair : (0xc280 + (byte < 0xc0 ? byte - 0x80 : 0x100 + byte - 0xc0)).toString(16);
}

/**
 * A sentence that says how the bytes a file begins with come near a known magic number: damaged the way text-mode
 * transfers damage, or right in the first two bytes and wrong in the other two. Undefined where they do not.
 */
export function nearMagic(bytes: Uint8Array): string | undefined {
  const start = hex(bytes, 0, Math.min(bytes.length, 12));
  const whole = versions.filter((v) => v.magic.endsWith("0d0a") && v.readable);
  if (whole.some((v) => start.startsWith(v.magic))) return undefined;
  for (const { what, of } of damages) {
    const hits = whole.filter((v) => of(v.magic) !== v.magic && start.startsWith(of(v.magic)));
    if (hits.length > 0) return `the magic number of ${namesOf(hits)} ${what}: the rest of the file is damaged alike`;
  }
  const hits = whole.filter((v) => start.length >= 8 && start.startsWith(v.magic.slice(0, 4)));
  if (hits.length === 0) return undefined;
  return `the first two bytes are those of ${namesOf(hits)}, but ${spaced(start.slice(4, 8))} follows, not 0d 0a`;
}

const spaced = (digits: string) => digits.replace(/..(?=.)/g, "$& ");

function namesOf(hits: readonly { readonly lineage: string; readonly python: string }[]): string {
  const names = [...new Set(hits.map((v) => `${v.lineage === "CPython" ? "Python" : v.lineage} ${v.python}`))];
  return names.length <= 3 ? names.join(" or ") : `${names[0]} … ${names.at(-1)}`;
}
