/**
 * The bytes in rows, as hexdumps have them, coloured by what each is for; at the right what begins in the row. Without
 * colours that column tells the same.
 */
import { Describer } from "./describe.js";
import { Kind, kindNames } from "./kinds.js";
import { palette } from "./palette.js";
import type { Dissection } from "./rows.js";
import { pair } from "./source.js";
import { walk } from "./walk.js";

export interface HexdumpOptions {
  /** ANSI colours. */
  readonly color?: boolean;
  /** Bytes in a row: 16 if left out. */
  readonly width?: number;
}

/** Characters of the column at the right; what begins behind them in the same row is counted. */
const MEANING = 100;
/** Columns of the legend. */
const LEGEND = 100;
const RESET = "\x1b[0m";

/** The hexdump of a whole file, a legend first. */
export function hexdump(d: Dissection, options: HexdumpOptions = {}): string {
  const { color = false, width = 16 } = options;
  const { bytes } = d.pyc;
  const perRow = Math.max(1, Math.min(256, Math.floor(width)));
  const digits = Math.max(4, bytes.length.toString(16).length);
  const kinds = kindsOf(d);
  const meanings = meaningsOf(d, perRow);
  const parts = [legend(kinds, color)];
  for (let row = 0, at = 0; at < bytes.length; row++, at += perRow) {
    const end = Math.min(bytes.length, at + perRow);
    const offset = at.toString(16).padStart(digits, "0");
    const pairs = cells(bytes, kinds, at, end, perRow, color, true);
    const text = cells(bytes, kinds, at, end, perRow, color, false);
    parts.push(`${offset}  ${pairs}  ${text}  ${meanings[row] ?? ""}`.trimEnd(), "\n");
  }
  return parts.join("");
}

/** The kind of each byte. */
function kindsOf({ kind, start, end, count, pyc }: Dissection): Uint8Array {
  const kinds = new Uint8Array(pyc.bytes.length);
  for (let row = 0; row < count; row++) {
    if (kind[row] !== Kind.group) kinds.fill(kind[row] as number, start[row], end[row]);
  }
  return kinds;
}

/** One row's hex pairs, or its characters; colours change where the kind does. */
function cells(
  bytes: Uint8Array,
  kinds: Uint8Array,
  start: number,
  end: number,
  perRow: number,
  color: boolean,
  hex: boolean,
): string {
  let s = "";
  let last = -1;
  for (let i = start; i < end; i++) {
    const kind = kinds[i] as number;
    if (hex && i > start) {
      const gap = i - start === perRow >> 1 ? "  " : " ";
      s += color && kind !== last ? RESET + gap : gap; // what is underlined or inverse ends with its bytes
    }
    if (color && kind !== last) s += `${hex ? "" : RESET}\x1b[${ansi(kind)}m`;
    s += hex ? pair(bytes[i] as number) : character(bytes[i] as number);
    last = kind;
  }
  if (color) s += RESET;
  if (!hex) return s;
  const missing = perRow - (end - start);
  return missing === 0 ? s : s + " ".repeat(missing * 3 + (end - start <= perRow >> 1 ? 1 : 0));
}

const ansi = (kind: number) => palette[kind as keyof typeof palette].ansi;

function character(byte: number): string {
  return byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : ".";
}

/** Kinds of leaves that the words for their object cover. */
const saidByGroup: ReadonlySet<number> = new Set([Kind.type, Kind.length, Kind.text]);

/** What begins in each row, in words. */
function meaningsOf(d: Dissection, perRow: number): readonly string[] {
  const describe = new Describer(d);
  const texts: string[] = [];
  const left: number[] = [];
  const say = (at: number, text: () => string) => {
    const row = Math.floor(at / perRow);
    const before = texts[row];
    if (before === undefined) texts[row] = text();
    else if (before.length < MEANING) texts[row] = `${before}; ${text()}`;
    else left[row] = (left[row] ?? 0) + 1;
  };
  walk(d, {
    open: (row) => say(d.start[row] as number, () => `${describe.label(row)} ${describe.whole(row)}`),
    close: () => {},
    object: (row) => say(d.start[row] as number, () => `${describe.label(row)} ${describe.whole(row)}`),
    instruction: (row) =>
      say(d.start[row] as number, () =>
        describe
          .instructionParts(describe.instructionsOf(row), d.detail[row] as number)
          .join(" ")
          .trimEnd(),
      ),
    leaf: (row) => {
      if (!saidByGroup.has(d.kind[row] as number)) say(d.start[row] as number, () => describe.leaf(row));
    },
  });
  return texts.map((text, row) => (left[row] === undefined ? text : `${text}; ${left[row]} more`));
}

/** The kinds that occur, with how many bytes each has. */
function legend(kinds: Uint8Array, color: boolean): string {
  const counts = new Array<number>(kindNames.length).fill(0);
  for (const kind of kinds) counts[kind] = (counts[kind] as number) + 1;
  let line = `${kinds.length} bytes:`;
  let columns = line.length;
  for (const [kind, count] of counts.entries()) {
    if (count === 0) continue;
    const text = `${kindNames[kind]} ${count}`;
    if (columns > 0 && columns + text.length > LEGEND) {
      line += "\n";
      columns = 0;
    }
    line += `${columns > 0 ? "  " : ""}${color ? `\x1b[${ansi(kind)}m${text}${RESET}` : text}`;
    columns += text.length + 2;
  }
  return `${line}\n\n`;
}
