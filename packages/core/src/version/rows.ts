/** The registry's text as rows, in its order. */
import { registry } from "./registry.js";

export type Lineage =
  | "CPython"
  | "CPython-Meta"
  | "PyPy"
  | "GraalPy"
  | "Jython"
  | "Pyston"
  | "Dropbox"
  | "NeoX"
  | "RustPython"
  | "MicroPython"
  | "CircuitPython";

export type Stage = "final" | "pre-release" | "unicode-literals" | "development";

export interface Row {
  readonly word: number;
  readonly magic: string;
  readonly lineage: Lineage;
  readonly python: string;
  readonly release: string;
  readonly stage: Stage;
}

const stages: Readonly<Record<string, Stage>> = {
  " ": "pre-release",
  "=": "final",
  "+": "unicode-literals",
  "~": "development",
};

/** The bytes of a magic number as the registry writes it, as hex. */
function magicOf(text: string): string {
  if (text.startsWith("x")) return text.slice(1);
  const word = Number(text);
  return `${hexByte(word & 0xff)}${hexByte(word >> 8)}0d0a`;
}

const hexByte = (byte: number) => byte.toString(16).padStart(2, "0");

function parseRow(line: string, lineage: Lineage, python: string): Row {
  const mark = line.search(/[ =+~]/);
  const magic = magicOf(line.slice(0, mark));
  const stage = stages[line.charAt(mark)] as Stage;
  const release = releaseText(line.slice(mark + 1), python, stage);
  return { word: Number.parseInt(magic.slice(2, 4) + magic.slice(0, 2), 16), magic, lineage, python, release, stage };
}

function releaseText(text: string, python: string, stage: Stage): string {
  if (stage === "unicode-literals") return `${python} with -U`;
  if (!/^(a|b|c|rc)\d+$/.test(text)) return text;
  return stage === "final" ? `${python}${text} and all later ${python}` : python + text;
}

function parseRegistry(): readonly Row[] {
  const out: Row[] = [];
  let lineage: Lineage = "CPython";
  let python = "";
  for (const line of registry.trim().split("\n")) {
    if (line.startsWith("#")) [, lineage, python] = line.split(" ") as [string, Lineage, string];
    else out.push(parseRow(line, lineage, python));
  }
  return out;
}

export const rows: readonly Row[] = parseRegistry();

/** What a note is filed under: lineage, Python and bytes, which only together are unique. */
export function noteKey(row: { readonly lineage: string; readonly python: string; readonly magic: string }): string {
  return `${row.lineage} ${row.python} ${row.magic}`;
}

/** The text of `notes.ts`, by `noteKey`. */
export function parseNotes(text: string): ReadonlyMap<string, string> {
  const notes = new Map<string, string>();
  let section = "";
  for (const line of text.trim().split("\n")) {
    const space = line.indexOf(" ");
    if (line.startsWith("#")) section = line.slice(space + 1);
    else notes.set(`${section} ${magicOf(line.slice(0, space))}`, line.slice(space + 1));
  }
  return notes;
}
