/** The margin of a line up to 3.10: `line     >> offset`, text that repeats from one code object to the next. */
import type { LineStarts } from "../linetable/index.js";
import type { Era } from "./eras.js";
import { flat } from "./flat.js";

/** Offsets and lines below this have their text kept. */
const KEPT = 8192;
/** So many widths are kept; a file that has more of them begins anew. */
const KEPT_WIDTHS = 32;

const LINE_WIDTH = 3;
const OFFSET_WIDTH = 4;

/** An array that is dense from the beginning: one that grows by leaps is a hash table to some engines. */
const room = () => new Array<string | undefined>(KEPT).fill(undefined);

export class Margin {
  readonly lineWidth: number;
  /** What stands before an offset, by offset: on most lines; on those that a jump leads to. */
  readonly plain = room();
  readonly labelled = room();
  /** By twice the line, and 1 for a label: the line's column and what stands before the offset. */
  private readonly lines = room();
  private readonly offsets = room();
  private readonly offsetWidth: number;
  private readonly blank: string;

  constructor(lineWidth: number, offsetWidth: number) {
    this.lineWidth = lineWidth;
    this.offsetWidth = offsetWidth;
    this.blank = " ".repeat(lineWidth === 0 ? 0 : lineWidth + 1);
  }

  /** The margin of an instruction that begins no line. */
  make(offset: number, label: boolean): string {
    const text = flat(this.blank + (label ? LABEL : NO_LABEL) + this.offset(offset));
    if (offset < KEPT) (label ? this.labelled : this.plain)[offset] = text;
    return text;
  }

  /** The first column of an instruction that begins this line, and what stands before its offset. */
  line(line: number, label: boolean): string {
    const key = label ? 2 * line + 1 : 2 * line;
    return this.lines[key] ?? this.makeLine(line, label, key);
  }

  private makeLine(line: number, label: boolean, key: number): string {
    const text = flat(`${String(line).padStart(this.lineWidth)} ${label ? LABEL : NO_LABEL}`);
    if (key >= 0 && key < KEPT) this.lines[key] = text;
    return text;
  }

  /** The column of an offset. */
  offset(offset: number): string {
    return this.offsets[offset] ?? this.makeOffset(offset);
  }

  private makeOffset(offset: number): string {
    const text = String(offset).padStart(this.offsetWidth);
    if (offset < KEPT) this.offsets[offset] = text;
    return text;
  }
}

const LABEL = "    >> ";
const NO_LABEL = "       ";

const margins = new Map<number, Margin>();

/** The margin of a code object of that length. From 3.7 on its columns grow, and one that says nothing is left out. */
export function marginOf(era: Era, { count, line }: LineStarts, length: number): Margin {
  let lineWidth = era.lineColumn ? LINE_WIDTH : 0;
  let offsetWidth = OFFSET_WIDTH;
  if (era.grows) {
    let most = 0;
    for (let i = 0; i < count; i++) most = Math.max(most, line[i] as number);
    lineWidth = count === 0 ? 0 : Math.max(LINE_WIDTH, String(most).length);
    offsetWidth = Math.max(OFFSET_WIDTH, String(length - 2).length);
  }
  const key = lineWidth * 32 + offsetWidth;
  let margin = margins.get(key);
  if (margin === undefined) {
    if (margins.size === KEPT_WIDTHS) margins.clear();
    margin = new Margin(lineWidth, offsetWidth);
    margins.set(key, margin);
  }
  return margin;
}
