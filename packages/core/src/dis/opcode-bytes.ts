/** Opnames and the meanings that opargs have by themselves, as bytes to be copied to a page. */
import type { OpcodeTable } from "../opcode/index.js";
import { ownMeaning } from "./meaning.js";
import { BLANK } from "./page.js";

/** Names are copied by eight bytes, as the numbers that DataViews read there: so many for each name, enough for all. */
export const NAME_WORDS = 6;

/** Opnames, one behind the other, blank behind each. ASCII is no NaN, so that each number has its own bytes. */
export function nameWords(names: readonly string[]): Float64Array {
  const size = 8 * NAME_WORDS;
  const bytes = new Uint8Array(size * names.length).fill(BLANK);
  names.forEach((name, op) => {
    for (let i = 0; i < name.length; i++) bytes[size * op + i] = name.charCodeAt(i);
  });
  const view = new DataView(bytes.buffer);
  return Float64Array.from({ length: NAME_WORDS * names.length }, (_, i) => view.getFloat64(8 * i));
}

/** Opargs below this have their meaning kept. */
const KEPT = 256;

/** What opargs mean by themselves. */
export class Meanings {
  private readonly table: OpcodeTable;
  private readonly functionParts: number;
  private readonly made = new Map<number, Uint8Array>();

  /** @param functionParts how many bits of MAKE_FUNCTION's oparg have a name */
  constructor(table: OpcodeTable, functionParts: number) {
    this.table = table;
    this.functionParts = functionParts;
  }

  /** In parentheses, a space before them; empty where there is nothing to say beyond the number. */
  of(kind: number, oparg: number): Uint8Array {
    const known = oparg >>> 0 < KEPT ? this.made.get(kind * KEPT + oparg) : undefined;
    return known ?? this.make(kind, oparg);
  }

  private make(kind: number, oparg: number): Uint8Array {
    const text = ownMeaning(this.table, kind, oparg, this.functionParts);
    const bytes = text === "" ? NOTHING : Uint8Array.from(` (${text})`, (c) => c.charCodeAt(0));
    if (oparg >>> 0 < KEPT) this.made.set(kind * KEPT + oparg, bytes);
    return bytes;
  }
}

const NOTHING = new Uint8Array(0);
