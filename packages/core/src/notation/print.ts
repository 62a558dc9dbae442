/**
 * The notation: every byte of a file as text that a person can read and edit, and that reads back bit for bit. What it
 * means is in comments. docs/notation.md specifies it.
 *
 * The text grows with the file and with nothing else: a shared object is printed where it stands, a comment shows the
 * beginning of a long value, and deep groups stop being indented.
 */
import { NO_TARGET } from "../instruction/index.js";
import { type LineStarts, lineStarts, NO_LINE } from "../linetable/index.js";
import type { InstructionContent } from "./content.js";
import { Describer } from "./describe.js";
import { type Finding, findingsOf } from "./findings.js";
import { Kind } from "./kinds.js";
import type { Dissection } from "./rows.js";
import { gutter, isTextual, pair, pairsSource, quotedSource, shownText, stringBreak, typeSource } from "./source.js";
import { type Visitor, walk } from "./walk.js";

export interface NotationOptions {
  /** Which checked claims are made: the file's size (the default); also the offset of each code object; none. */
  readonly claims?: "size" | "offsets" | "none";
}

/** Column of comments, and the least room for what stands before one. */
const COMMENT = 40;
const ROOM = 28;
/** Levels of groups that are indented, four columns each. */
const INDENTED = 16;
/** Most characters, and bytes, of an object that stands on one line. */
const LINE = 64;
const LINE_BYTES = 60;
/** Bytes on a line of hex pairs, and on a line of a string. */
const PAIRS = 16;
const CHARS = 64;
/** Characters that are gathered before they are handed on. */
const PIECE = 1 << 13;

/**
 * The whole text. Of a file of many megabytes it may be longer than the host's strings can be; `writeNotation` has no
 * such limit.
 */
export function notationText(d: Dissection, options: NotationOptions = {}): string {
  const pieces: string[] = [];
  writeNotation(d, (piece) => pieces.push(piece), options);
  return pieces.join("");
}

/** Hands the text on in pieces of some thousand characters. */
export function writeNotation(d: Dissection, write: (piece: string) => void, options: NotationOptions = {}): void {
  new Printer(d, write, options).all();
}

/** The offset of an instruction in co_code, kept for those of most code objects. */
function place(kept: string[], mark: string, at: number): string {
  const made = kept[at];
  if (made !== undefined) return made;
  const text = `${mark}${String(at).padStart(4)}  `;
  if (at < KEPT) kept[at] = text;
  return text;
}
const KEPT = 4096;
const targeted: string[] = [];
const others: string[] = [];

class Printer implements Visitor {
  private readonly d: Dissection;
  private readonly write: (piece: string) => void;
  private readonly claims: "size" | "offsets" | "none";
  private readonly describe: Describer;
  /** Hex digits of an offset. */
  private readonly digits: number;
  private out = "";
  private level = 0;
  private indent = "";
  /** Columns from the indent to the comments. */
  private room = COMMENT;
  private readonly findings: readonly Finding[];
  /** Findings that have been told. */
  private told = 0;
  private content: InstructionContent | undefined;
  private targets = new Uint8Array(0);
  private starts: LineStarts | undefined;
  private nextStart = 0;

  constructor(d: Dissection, write: (piece: string) => void, options: NotationOptions) {
    this.d = d;
    this.write = write;
    this.claims = options.claims ?? "size";
    this.describe = new Describer(d);
    this.findings = findingsOf(d.pyc);
    this.digits = Math.max(4, d.pyc.bytes.length.toString(16).length);
  }

  all(): void {
    walk(this.d, this);
    this.findingsUpTo(Number.POSITIVE_INFINITY);
    if (this.claims !== "none") this.out += `//@ size ${this.d.pyc.bytes.length}\n`;
    this.flush(0);
  }

  /** Hands on what was gathered. Asking for a character has the host join a string of parts, whose parts it then frees. */
  private flush(least: number): void {
    if (this.out.length <= least || this.out.charCodeAt(0) === 0) return;
    this.write(this.out);
    this.out = "";
  }

  open(row: number): void {
    const { d, describe } = this;
    const node = d.node[row] as number;
    const isCode = describe.isCode(node);
    this.put("(", isCode ? `${describe.label(row)}  ${describe.brief.code(node)}` : describe.label(row));
    this.nest(1);
    if (isCode && this.claims === "offsets")
      this.out += `${this.indent}//@ offset ${this.offset(d.start[row] as number)}\n`;
  }

  close(): void {
    this.nest(-1);
    this.content = undefined;
    this.out += `${this.indent})\n`;
  }

  object(row: number, end: number): void {
    const { d, describe } = this;
    const from = d.start[row] as number;
    const to = d.end[row] as number;
    const source = to - from <= LINE_BYTES ? this.line(row, end) : "";
    if (source === "" || source.length > LINE) {
      this.open(row);
      for (let leaf = row + 1; leaf < end; leaf++) this.leaf(leaf);
      this.close();
      return;
    }
    this.findingsUpTo(to);
    const node = d.node[row] as number;
    this.put(source, `${this.offset(from)}  ${describe.label(row)}  ${describe.object(node)}`);
  }

  /** An object that has no others in it, on one line. */
  private line(row: number, end: number): string {
    const { kind, start, end: ends, pyc } = this.d;
    let source = "(";
    for (let leaf = row + 1; leaf < end; leaf++) {
      const from = start[leaf] as number;
      const to = ends[leaf] as number;
      if (kind[leaf] === Kind.type) source += ` ${typeSource(pyc.bytes[from] as number)}`;
      else if (kind[leaf] === Kind.text && isTextual(pyc.bytes, from, to))
        source += `  ${quotedSource(pyc.bytes, from, to)}`;
      else source += `  ${pairsSource(pyc.bytes, from, to)}`;
    }
    return `${source} )`;
  }

  leaf(row: number): void {
    const { kind, start, end, pyc } = this.d;
    const from = start[row] as number;
    const to = end[row] as number;
    this.findingsUpTo(to);
    const what = kind[row] as number;
    if (what === Kind.text || what === Kind.unread || (to - from > PAIRS && what !== Kind.cache)) {
      this.lines(row, from, to);
      return;
    }
    const source = what === Kind.type ? typeSource(pyc.bytes[from] as number) : pairsSource(pyc.bytes, from, to);
    this.put(source, `${this.offset(from)}  ${this.describe.leaf(row)}`);
  }

  /** A leaf of any length, broken into lines. */
  private lines(row: number, from: number, to: number): void {
    const { bytes } = this.d.pyc;
    const isText = this.d.kind[row] === Kind.text;
    const isUnread = this.d.kind[row] === Kind.unread;
    const quotes = isText && isTextual(bytes, from, to);
    let what = this.describe.leaf(row);
    for (let at = from; at < to; ) {
      const stop = isText ? stringBreak(bytes, at, to, quotes ? CHARS : PAIRS) : Math.min(to, at + PAIRS);
      const source = quotes ? quotedSource(bytes, at, stop) : pairsSource(bytes, at, stop);
      const said = quotes ? shownText(bytes, at, stop) : isText || isUnread ? gutter(bytes, at, stop) : "";
      const comment = [this.offset(at), what, said].filter((text) => text !== "").join("  ");
      this.put(source, comment);
      what = "";
      at = stop;
    }
  }

  instruction(row: number, end: number): void {
    const { d } = this;
    const from = d.start[row] as number;
    const to = d.end[end - 1] as number;
    this.findingsUpTo(to);
    const content = this.content ?? this.begin(row);
    const i = d.detail[row] as number;
    const at = content.list.offset[i] as number;
    this.lineAt(at);
    const where = this.targets[at] === 1 ? place(targeted, "  >> ", at) : place(others, "     ", at);
    this.put(pairsSource(d.pyc.bytes, from, to), this.offset(from) + where + this.describe.instruction(content, i));
  }

  /** Begins to print instructions: finds which are jumped to and where lines begin. */
  private begin(row: number): InstructionContent {
    const content = this.describe.instructionsOf(row);
    const { list, code } = content;
    const size = code.code.length;
    this.targets = new Uint8Array(size);
    for (let i = 0; i < list.count; i++) {
      const target = this.describe.operands.target(list, i);
      if (target !== NO_TARGET && target >= 0 && target < size) this.targets[target] = 1;
    }
    this.starts = lineStarts(code);
    this.nextStart = 0;
    this.content = content;
    return content;
  }

  /** An empty line and the number of the source's line, where one begins. */
  private lineAt(at: number): void {
    const { starts } = this;
    if (starts === undefined) return;
    const { offset, line, count } = starts;
    let begun = -1;
    while (this.nextStart < count && (offset[this.nextStart] as number) <= at) begun = this.nextStart++;
    if (begun < 0) return;
    const number = line[begun] as number;
    this.out += `\n${this.indent}// ${number === NO_LINE ? "no line" : `line ${number}`}\n`;
  }

  /** What is broken or odd up to an offset, a line each. */
  private findingsUpTo(end: number): void {
    for (; this.told < this.findings.length; this.told++) {
      const { offset, what, message } = this.findings[this.told] as Finding;
      if (offset >= end) return;
      this.out += `${this.indent}// ${what}: ${message}\n`;
    }
  }

  /** One line: what is read, and what it means. */
  private put(source: string, comment: string): void {
    const fits = source.length < this.room;
    const read = fits ? source.padEnd(this.room) : `${source}  `;
    this.out += `${this.indent + read}// ${comment}\n`;
    this.flush(PIECE);
  }

  /** A file offset, in as many digits as the file's size has. */
  private offset(at: number): string {
    if (this.digits === 4) return `0x${pair(at >> 8)}${pair(at)}`;
    return `0x${at.toString(16).padStart(this.digits, "0")}`;
  }

  private nest(step: 1 | -1): void {
    this.level += step;
    this.indent = "    ".repeat(Math.min(INDENTED, this.level));
    this.room = Math.max(ROOM, COMMENT - this.indent.length);
  }
}
