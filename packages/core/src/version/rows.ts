/** The registry's text as rows, in order. */
import { registry } from "./registry.js";

export type Lineage =
  | "CPython"
  | "CPython-Meta"
  | "PyPy"
  | "GraalPy"
  | "Jython"
  | "Pyston"
  | "RustPython"
  | "MicroPython"
  | "Dropbox"
  | "NeoX";

export type Stage = "final" | "pre-release" | "unicode-literals" | "development";

export interface Row {
  readonly word: number;
  readonly magic: string;
  readonly lineage: Lineage;
  readonly python: string;
  readonly release: string;
  readonly stage: Stage;
  readonly note: string;
}

const stages: Readonly<Record<string, Stage>> = {
  " ": "pre-release",
  "=": "final",
  U: "unicode-literals",
  "~": "development",
};

function parseRow(line: string, lineage: Lineage, python: string): Row {
  const [, number = "", mark = "=", text = "", note = ""] = /^([0-9a-f]+)([ =U~])([^|]*)\|?(.*)$/.exec(line) ?? [];
  const magic = number.length === 8 ? number : magicOfWord(Number(number));
  const word = Number.parseInt(magic.slice(2, 4) + magic.slice(0, 2), 16);
  const stage = stages[mark] as Stage;
  const release = stage === "unicode-literals" ? `${python} with -U` : text || python;
  return { word, magic, lineage, python, release, stage, note };
}

/** The four bytes, as hex, of a magic number from 1.3 on: the word, little-endian, then CR LF. */
export function magicOfWord(word: number): string {
  const digits = word.toString(16).padStart(4, "0");
  return `${digits.slice(2)}${digits.slice(0, 2)}0d0a`;
}

function parse(): readonly Row[] {
  const rows: Row[] = [];
  let lineage: Lineage = "CPython";
  let python = "";
  for (const line of registry.trim().split("\n")) {
    if (line.startsWith("#")) [, lineage, python] = line.split(" ") as [string, Lineage, string];
    else rows.push(parseRow(line, lineage, python));
  }
  return rows;
}

export const rows: readonly Row[] = parse();
