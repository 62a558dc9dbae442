/** Opnames and the meanings that opargs have by themselves, as bytes to be copied to a page. */
import type { OpcodeTable } from "../opcode/index.js";
import { ownMeaning } from "./meaning.js";
import { BLANK } from "./page.js";

/** By four bytes, so many for each name: enough for every name. */
export const NAME_WORDS = 12;

/** Opnames, one behind the other, blank behind each. */
export function nameWords(names: readonly string[]): Uint32Array {
  return Uint32Array.from(names.flatMap((name) => wordsOf(name)));
}

function wordsOf(name: string): number[] {
  const code = (i: number) => (i < name.length ? name.charCodeAt(i) : BLANK);
  const word = (i: number) => code(i) * 0x1000000 + (code(i + 1) << 16) + (code(i + 2) << 8) + code(i + 3);
  return Array.from({ length: NAME_WORDS }, (_, i) => word(4 * i));
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
