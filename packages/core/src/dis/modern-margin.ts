/**
 * The columns left of the opname: the source line or positions, the mark or label of a jump target, the offset.
 *
 * Most lines of a listing show nothing there but blanks and perhaps the offset. Where that text is the same on all of
 * them, only its width is told here, and it becomes part of the pieces; all else is kept, by the widths of the columns.
 */
import { type LineStarts, NO_LINE } from "../linetable/index.js";
import type { Era } from "./modern-era.js";
import { flat } from "./modern-pieces.js";

const NO_LINE_COLUMN = "  --";
const MIN_LINE_WIDTH = 3;
/** Texts are kept for so many places, labels and lines, and for so many combinations of widths. */
const KEPT = 8192;
const KEPT_WIDTHS = 16;

const right = (text: string, width: number) => " ".repeat(Math.max(0, width - text.length)) + text;

type Texts = (string | undefined)[];

/** The margins of code objects whose columns are equally wide. */
export class Margin {
  readonly lineWidth: number;
  /** Where a line that shows nothing has the same margin everywhere: its width, all and behind the first column. */
  readonly wholeWidth: number | undefined;
  readonly restWidth: number | undefined;
  private readonly labelWidth: number;
  private readonly offsetWidth: number;
  private readonly noLine: string;
  private readonly noTarget: string;
  private readonly behind: string;
  /** By `key`, and by line. */
  private readonly wholes: Texts = new Array(KEPT);
  private readonly rests: Texts = new Array(KEPT);
  private readonly lines: Texts = new Array(KEPT);

  /** A width of 0 leaves its column out; `labelWidth` is 0 where targets are marked and not labelled. */
  constructor(lineWidth: number, labelWidth: number, offsetWidth: number) {
    this.lineWidth = lineWidth;
    this.labelWidth = labelWidth;
    this.offsetWidth = offsetWidth;
    this.noLine = lineWidth === 0 ? "" : " ".repeat(lineWidth + 1);
    this.noTarget = " ".repeat(labelWidth === 0 ? 7 : labelWidth + 1);
    this.behind = " ".repeat(labelWidth === 0 ? 1 : offsetWidth === 0 ? 4 : 7);
    if (offsetWidth === 0) {
      this.restWidth = this.noTarget.length + this.behind.length;
      this.wholeWidth = this.noLine.length + this.restWidth;
    }
  }

  /** The margin of a line that starts no source line; `label` is 0 for what is no target. */
  whole(unit: number, label: number): string {
    const key = this.key(unit, label);
    return this.wholes[key] ?? this.keep(this.wholes, key, this.noLine + this.columns(unit, label));
  }

  /** The margin behind the first column. */
  rest(unit: number, label: number): string {
    const key = this.key(unit, label);
    return this.rests[key] ?? this.keep(this.rests, key, this.columns(unit, label));
  }

  /** The first column of the first instruction of a source line; NO_LINE for none. */
  line(line: number): string {
    if (this.lineWidth === 0) return "";
    const known = this.lines[line];
    if (known !== undefined) return known;
    const text = `${right(line === NO_LINE ? NO_LINE_COLUMN : String(line), this.lineWidth)} `;
    return this.keep(this.lines, line, text);
  }

  /** The first column where it shows positions. */
  positions(text: string): string {
    return this.lineWidth === 0 ? "" : `${text.padEnd(this.lineWidth)} `;
  }

  /** What the text behind the first column depends on: one number for an offset and a mark, or for a label. */
  private key(unit: number, label: number): number {
    if (this.labelWidth === 0) return label === 0 ? 2 * unit : 2 * unit + 1;
    return this.offsetWidth === 0 ? label : KEPT;
  }

  private keep(texts: Texts, key: number, text: string): string {
    if (key >= 0 && key < KEPT) texts[key] = flat(text);
    return text;
  }

  private columns(unit: number, label: number): string {
    const offset = this.offsetWidth === 0 ? "" : right(String(unit * 2), this.offsetWidth);
    return (label === 0 ? this.noTarget : this.target(label)) + offset + this.behind;
  }

  private target(label: number): string {
    return this.labelWidth === 0 ? "    >> " : `${right(`L${label}:`, this.labelWidth)} `;
  }
}

const margins = new Map<number, Margin>();

/** The margin with columns of these widths; `labels` is their number, taken only where an era has labels. */
export function marginFor(era: Era, lineWidth: number, labels: number, offsetWidth: number): Margin {
  const labelWidth = era.targets === "labels" ? 4 + String(labels).length : 0;
  const key = (offsetWidth * 64 + labelWidth) * 64 + lineWidth;
  let margin = margins.get(key);
  if (margin === undefined) {
    if (margins.size === KEPT_WIDTHS) margins.clear();
    margin = new Margin(lineWidth, labelWidth, offsetWidth);
    margins.set(key, margin);
  }
  return margin;
}

/** Width of the column of line numbers, 0 where there is none. */
export function lineWidth(era: Era, { count, line }: LineStarts): number {
  let most = NO_LINE;
  let noLine = false;
  for (let i = 0; i < count; i++) {
    const n = line[i] as number;
    if (n === NO_LINE) noLine = true;
    else if (n > most && (n !== 0 || era.noLine === "")) most = n;
  }
  if (most === NO_LINE || (most === -1 && era.noLine !== "")) return 0;
  const width = Math.max(MIN_LINE_WIDTH, String(most).length);
  return noLine ? Math.max(width, NO_LINE_COLUMN.length) : width;
}

/** Width of the column of positions, 0 where none has a number. `positions` as `co_positions` yields them, by fours. */
export function positionWidth(positions: Int32Array): number {
  let most = 0;
  let some = false;
  for (let i = 0; i < positions.length; i += 4) {
    let width = 0;
    for (let k = i; k < i + 4; k++) {
      const n = positions[k] as number;
      if (n === NO_LINE) width++;
      else {
        some = true;
        width += String(n).length;
      }
    }
    if (width > most) most = width;
  }
  return some ? 1 + Math.max(NO_LINE_COLUMN.length, 3 + most) : 0;
}

/** `LINE:COLUMN-ENDLINE:ENDCOLUMN` of a code unit. */
export function positionText(positions: Int32Array, unit: number): string {
  const part = (k: number) => {
    const n = positions[4 * unit + k] ?? NO_LINE;
    return n === NO_LINE ? "?" : String(n);
  };
  const text = `${part(0)}:${part(2)}-${part(1)}:${part(3)}`;
  return text === "?:?-?:?" ? NO_LINE_COLUMN : text;
}
