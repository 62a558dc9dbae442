/** Versions found by magic number and by name. */
import { FormatError, hex } from "../bytes/index.js";
import { type Lineage, magicOfWord, type Row, rows, type Stage } from "./rows.js";
import { type Traits, traitsAt } from "./traits.js";

export interface Version {
  /** The first two bytes, little-endian. */
  readonly word: number;
  /** The four bytes as hex, `cb0d0d0a`. */
  readonly magic: string;
  readonly lineage: Lineage;
  /** The version of the language: `0.9.8`, `2.7`, `3.5.1`, `3.12`. */
  readonly python: string;
  /** What wrote it, in words. */
  readonly release: string;
  readonly stage: Stage;
  /** Place in CPython's total order; another lineage takes the place of the CPython it follows. */
  readonly position: number;
  /** What changed with this magic, or an empty string. */
  readonly note: string;
  readonly traits: Traits;
  /** Whether the body is a format that is parsed here. */
  readonly readable: boolean;
  /** Key of the opcode numbers it uses. */
  readonly opcodes: string;
}

class Entry implements Version {
  readonly word: number;
  readonly magic: string;
  readonly lineage: Lineage;
  readonly python: string;
  readonly release: string;
  readonly stage: Stage;
  readonly position: number;
  readonly note: string;
  readonly readable: boolean;
  readonly opcodes: string;
  #traits: Traits | undefined;

  constructor(row: Row, position: number) {
    this.word = row.word;
    this.magic = row.magic;
    this.lineage = row.lineage;
    this.python = row.python;
    this.release = row.release;
    this.stage = row.stage;
    this.note = row.note;
    this.position = position;
    this.readable = row.lineage === "CPython" || row.lineage === "PyPy";
    this.opcodes = row.lineage === "PyPy" ? `pypy${row.python}` : row.python === "3.5.1" ? "3.5" : row.python;
  }

  get traits(): Traits {
    this.#traits ??= traitsAt(this.position);
    return this.#traits;
  }
}

function entries(): readonly Version[] {
  const places = new Map<string, number>();
  for (const [i, row] of rows.entries())
    if (row.lineage === "CPython" && row.stage === "final") places.set(row.python, i);
  return rows.map((row, i) => new Entry(row, row.lineage === "CPython" ? i : (places.get(row.python) ?? 0)));
}

/** Every row of the registry. */
export const versions: readonly Version[] = entries();

/** The final of every minor version of CPython in order, 3.5.1 (before 3351) among them. */
export const finals: readonly Version[] = versions.filter((v) => v.lineage === "CPython" && v.stage === "final");

/** Every version whose files begin with these four bytes, the most likely first. */
export function versionsOfMagic(bytes: Uint8Array): readonly Version[] {
  const magic = hex(bytes, 0, Math.min(4, bytes.length));
  return versions.filter((v) => v.magic === magic);
}

/** Why these bytes nearly are a magic number, or undefined. */
export function nearMagic(_bytes: Uint8Array): string | undefined {
  return undefined;
}

/** The version of that name: `3.12`, `3.12.4`, `3.12a7`, `pypy3.9`, `3531`. */
export function versionNamed(name: string): Version {
  const found =
    finals.find((v) => v.python === name) ??
    versions.find((v) => v.lineage === "CPython" && v.release === name) ??
    versions.findLast((v) => v.opcodes === name) ??
    finals.find((v) => v.python === name.split(".").slice(0, 2).join(".")) ??
    (/^\d{4,}$/.test(name) ? versions.find((v) => v.magic === magicOfWord(Number(name))) : undefined);
  if (found === undefined) throw new FormatError("unknown-version", 0, "", `no Python is called ${name}`, "");
  return found;
}
