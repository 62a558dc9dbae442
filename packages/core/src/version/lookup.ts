/** The versions, and those that a magic number may mean. */
import { hex } from "../bytes/index.js";
import { placeOfRow } from "./order.js";
import { type Lineage, type Row, rows, type Stage } from "./rows.js";
import { type Traits, traitsAt } from "./traits.js";

/** One row of the registry: a magic number as one Python uses it. */
export interface Version {
  /** The first two bytes, little-endian: 3531. */
  readonly word: number;
  /** The first four bytes as hex, `cb0d0d0a`; of a MicroPython file only the first two, which are fixed. */
  readonly magic: string;
  readonly lineage: Lineage;
  /** The version of the language, `0.9.8`, `2.7`, `3.5.1` (that is 3.5.0 to 3.5.2), `3.12`; `?` where it is unknown. */
  readonly python: string;
  /** What release of the lineage wrote it, in words: `3.12b1 and all later 3.12`, `3.12a7`, `2.7 with -U`. */
  readonly release: string;
  readonly stage: Stage;
  /**
   * Place in CPython's total order. Another lineage has the place of the final CPython that it follows, or -1 where
   * that is unknown.
   */
  readonly position: number;
  /** What this Python does; of no meaning where `readable` is false. */
  readonly traits: Traits;
  /** Whether the body is a format that is parsed here. */
  readonly readable: boolean;
  /** Key of the opcode numbers it uses, `3.12` or `pypy3.9`: those of the final of the same Python. */
  readonly opcodes: string;
}

/** Unreadable, although of a lineage that is read: PyPy 3.11's code objects are not known here. */
const unknownLayouts: ReadonlySet<string> = new Set(["PyPy 3.11", "PyPy ?"]);

/** Pythons without opcode numbers of their own, and whose they use; 3.16's are not known, 3.15's are the nearest. */
const borrowedOpcodes: Readonly<Record<string, string>> = { "3.5.1": "3.5", "3.16": "3.15" };

class RegisteredVersion implements Version {
  readonly word: number;
  readonly magic: string;
  readonly lineage: Lineage;
  readonly python: string;
  readonly release: string;
  readonly stage: Stage;
  readonly position: number;
  readonly readable: boolean;
  readonly opcodes: string;
  #traits: Traits | undefined;

  constructor(row: Row, index: number) {
    const { lineage, python } = row;
    this.word = row.word;
    this.magic = row.magic;
    this.lineage = lineage;
    this.python = python;
    this.release = row.release;
    this.stage = row.stage;
    this.position = placeOfRow(row, index);
    this.readable = (lineage === "CPython" || lineage === "PyPy") && !unknownLayouts.has(`${lineage} ${python}`);
    this.opcodes = lineage === "CPython" ? (borrowedOpcodes[python] ?? python) : lineage.toLowerCase() + python;
  }

  get traits(): Traits {
    this.#traits ??= traitsAt(this.position, this.lineage);
    return this.#traits;
  }
}

/** Every row of the registry, CPython's in chronological order first. */
export const versions: readonly Version[] = rows.map((row, i) => new RegisteredVersion(row, i));

/** The final of every minor version of CPython in order; 3.5 twice, for 3.5.3 changed its magic number. */
export const finals: readonly Version[] = versions.filter((v) => v.lineage === "CPython" && v.stage === "final");

const byMagic = new Map<string, Version[]>();
for (const version of versions) {
  const same = byMagic.get(version.magic);
  if (same) same.push(version);
  else byMagic.set(version.magic, [version]);
}

/**
 * Every version whose files begin with the first four of these bytes, the most likely first; none, if there are fewer
 * than four. Of several, those whose body differs can be told apart by it: their `traits` and opcode numbers say how
 * (1.6a2 has the type code `u` and opcodes 140 to 142, which 1.5 lacks), and a body that cannot be read as the CPython
 * among them is the other lineage's. 1.0.1 and 1.0.2 write the same bytes.
 */
export function versionsOfMagic(bytes: Uint8Array): readonly Version[] {
  if (bytes.length < 4) return [];
  return byMagic.get(hex(bytes, 0, 4)) ?? byMagic.get(hex(bytes, 0, 2)) ?? [];
}

/** Every version with that magic number: `3531`, or its bytes in hex, `cb0d0d0a`. */
export function versionsOfNumber(text: string): readonly Version[] {
  const magic = text.toLowerCase();
  return byMagic.get(magic) ?? (/^\d{2,5}$/.test(text) ? versions.filter((v) => v.word === Number(text)) : []);
}
