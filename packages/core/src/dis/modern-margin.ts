/**
 * The columns left of the opname: the source line or positions, the mark or label of a jump target, the offset. Most
 * lines of a listing show nothing there but perhaps the offset.
 */
import { type LineStarts, NO_LINE } from "../linetable/index.js";
import type { Era } from "./modern-era.js";
import { BLANK, column, type Page } from "./page.js";
import type { PageRepr } from "./page-repr.js";

const NO_LINE_COLUMN = "  --";
const MIN_LINE_WIDTH = 3;
const GREATER = 0x3e;
const COLON = 0x3a;
const L = 0x4c;

/** Whoever writes says where on the page, and gets back where the next column begins. */
export class Margin {
  private readonly print: PageRepr;
  private readonly page: Page;
  private readonly byLabel: boolean;
  /** The first column, and all of it with the blank behind it; 0 where it is left out. */
  lineWidth = 0;
  lineColumn = 0;
  private labelWidth = 0;
  private labelColumn = 0;
  private offsetWidth = 0;
  private behind = 0;

  constructor(print: PageRepr, era: Era) {
    this.print = print;
    this.page = print.page;
    this.byLabel = era.targets === "labels";
  }

  /** From here on columns are so wide, 0 for one that is left out. `labels` is their number, where an era has them. */
  enter(lineWidth: number, labels: number, offsetWidth: number): void {
    this.lineWidth = lineWidth;
    this.lineColumn = lineWidth === 0 ? 0 : lineWidth + 1;
    this.labelWidth = 4 + (labels < 10 ? 1 : String(labels).length);
    this.labelColumn = this.byLabel ? this.labelWidth + 1 : 7;
    this.offsetWidth = offsetWidth;
    this.behind = !this.byLabel ? 1 : offsetWidth === 0 ? 4 : 7;
  }

  /** The first column of the first instruction of a source line; NO_LINE for none. */
  line(p: number, line: number): number {
    if (this.lineWidth === 0) return p;
    if (line >= 0) return column(this.page.bytes, p, this.lineWidth, line) + 1;
    return this.print.put(p, (line === NO_LINE ? NO_LINE_COLUMN : String(line)).padStart(this.lineWidth)) + 1;
  }

  /** The first column where it shows positions. */
  positions(p: number, text: string): number {
    return this.lineWidth === 0 ? p : this.print.put(p, text.padEnd(this.lineWidth)) + 1;
  }

  /** The columns behind the first; `label` is 0 for what is no target. */
  place(p: number, unit: number, label: number): number {
    if (label !== 0) this.target(p, label);
    const q = p + this.labelColumn;
    return (this.offsetWidth === 0 ? q : column(this.page.bytes, q, this.offsetWidth, 2 * unit)) + this.behind;
  }

  private target(p: number, label: number): void {
    const { bytes } = this.page;
    if (!this.byLabel) {
      bytes[p + 4] = bytes[p + 5] = GREATER;
      return;
    }
    const end = column(bytes, p, this.labelWidth - 1, label);
    bytes[end] = COLON;
    let before = end - 1;
    while (bytes[before] !== BLANK) before--;
    bytes[before] = L;
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
  const width = most >= 0 && most < 1000 ? MIN_LINE_WIDTH : Math.max(MIN_LINE_WIDTH, String(most).length);
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
