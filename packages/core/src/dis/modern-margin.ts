/**
 * The columns left of the opname: the source line or positions, the mark or label of a jump target, the offset.
 *
 * Most lines of a listing show nothing there but blanks and perhaps the offset. That text is `plain`; where it differs
 * from line to line it is kept per widths, for the code units that small code objects have.
 */
import { type LineStarts, NO_LINE } from "../linetable/index.js";
import type { Era } from "./modern-era.js";

const NO_LINE_COLUMN = "  --";
const MIN_LINE_WIDTH = 3;
/** Plain margins with offsets are kept for so many code units, and for so many combinations of widths. */
const KEPT_UNITS = 8192;
const KEPT_WIDTHS = 32;

const pads: string[] = [];
/** So many blanks. */
export function blanks(width: number): string {
  if (width <= 0) return "";
  pads[width] ??= " ".repeat(width);
  return pads[width];
}
const right = (text: string, width: number) => blanks(width - text.length) + text;

/** What a margin must make room for. */
export interface Shown {
  /** The source's line or positions; 0 leaves the column out. */
  readonly lineWidth: number;
  /** 0 leaves the column out. */
  readonly offsetWidth: number;
  /** Number of labels; taken only where targets are labels. */
  readonly labels: number;
}

const kept = new Map<string, (string | undefined)[]>();

export class Margin {
  /** The margin of a line that shows nothing in it, where all such lines have the same. */
  readonly plain: string | undefined;
  readonly lineWidth: number;
  private readonly labelWidth: number;
  private readonly offsetWidth: number;
  private readonly noLine: string;
  /** What stands between line and offset on a line that is no target, and behind the offset. */
  private readonly noTarget: string;
  private readonly behind: string;
  private readonly atUnit: (string | undefined)[];

  constructor(era: Era, shown: Shown) {
    const labels = era.targets === "labels";
    this.lineWidth = shown.lineWidth;
    this.offsetWidth = shown.offsetWidth;
    this.labelWidth = labels ? 4 + String(shown.labels).length : 0;
    this.noLine = shown.lineWidth === 0 ? "" : blanks(shown.lineWidth + 1);
    this.noTarget = blanks(labels ? this.labelWidth + 1 : 7);
    this.behind = labels ? (shown.offsetWidth === 0 ? "    " : "       ") : " ";
    this.plain = shown.offsetWidth === 0 ? this.noLine + this.noTarget + this.behind : undefined;
    const key = `${this.noLine.length} ${this.noTarget.length} ${this.offsetWidth} ${this.behind.length}`;
    let atUnit = kept.get(key);
    if (atUnit === undefined) {
      if (kept.size === KEPT_WIDTHS) kept.clear();
      atUnit = [];
      kept.set(key, atUnit);
    }
    this.atUnit = atUnit;
  }

  /** The margin of a line that shows no more than its offset. */
  at(unit: number): string {
    const made = this.atUnit[unit];
    if (made !== undefined) return made;
    const text = this.noLine + this.noTarget + this.offset(unit) + this.behind;
    if (unit < KEPT_UNITS) this.atUnit[unit] = text;
    return text;
  }

  /** Any margin: `line` fills the first column (see `lineColumn`), `label` is 0 for what is no target. */
  full(line: string | undefined, label: number, unit: number): string {
    return (line ?? this.noLine) + (label === 0 ? this.noTarget : this.target(label)) + this.offset(unit) + this.behind;
  }

  /** The first column of a line that starts a source line. */
  lineColumn(line: number): string {
    return this.lineWidth === 0 ? "" : `${right(line === NO_LINE ? NO_LINE_COLUMN : String(line), this.lineWidth)} `;
  }

  /** The first column where it shows positions. */
  positionColumn(text: string): string {
    return this.lineWidth === 0 ? "" : `${text}${blanks(this.lineWidth - text.length)} `;
  }

  private target(label: number): string {
    return this.labelWidth === 0 ? "    >> " : `${right(`L${label}:`, this.labelWidth)} `;
  }

  private offset(unit: number): string {
    return this.offsetWidth === 0 ? "" : right(String(unit * 2), this.offsetWidth);
  }
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
