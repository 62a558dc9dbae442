/**
 * What a listing style is, and what it writes into.
 *
 * A style lists one code object the way one era of dis.py does. It writes on the page of `Listing.direct`, which it
 * hands on with `flush` when it has no ROOM; it compares what is on the page with `Listing.left` line by line and ends
 * with `Listing.cut` as soon as that is more. The walk over nested code objects, the budget and the texts of names and
 * constants are not a style's business.
 */
import type { CodeObject } from "../code/index.js";
import { decode, type Instructions } from "../instruction/index.js";
import type { Values } from "../marshal/index.js";
import type { Version } from "../version/index.js";
import { Elements } from "./elements.js";
import type { Page } from "./page.js";
import { PageRepr } from "./page-repr.js";
import { Repr } from "./repr.js";
import { returnScratch, takeScratch } from "./scratch.js";
import { Spans } from "./spans.js";

export interface ListingOptions {
  /** List inline CACHE entries, in the versions that have them. */
  readonly showCaches?: boolean;
  /** Print offsets where that version's dis would not. */
  readonly showOffsets?: boolean;
  /** Print source positions where that version has them. */
  readonly showPositions?: boolean;
  /** Text of the source: the line that a group of instructions comes from is printed above it. */
  readonly source?: string;
  /** Most characters that are written; what is left out beyond them is said. Default: 4 Mi + 64 × the file's size. */
  readonly budget?: number;
}

/** Text that is rather copied to the page than handed on by itself. */
const SHORT = 0x4000;

/** Writes one code object's listing, each line ended by a line feed. */
export type Style = (out: Listing, code: CodeObject) => void;

export class Listing {
  readonly options: ListingOptions;
  readonly version: Version;
  readonly elements: Elements;
  /** Texts of names, constants and code objects, as that Python prints them. */
  readonly repr: Repr;
  /** What a style writes with, on the page. */
  readonly direct: PageRepr;
  /** Whether there is a source to show; a style need not ask `sourceLine` otherwise. */
  readonly hasSource: boolean;
  /** Characters that may still be written, on the page or after it. */
  left: number;
  /** Instructions that were left out of the code object that outgrew `left`. */
  leftOut = 0;
  private readonly parts: string[] = [];
  private readonly source: readonly string[];
  private readonly scratch = takeScratch();
  private readonly page: Page;

  constructor(values: Values, options: ListingOptions, budget: number) {
    const { table } = values;
    const { scratch } = this;
    this.version = table.version;
    this.elements = new Elements(table, scratch.zeros32(table.count), scratch.elements);
    this.repr = new Repr(values, budget, this.elements);
    this.page = scratch.page;
    const spans = new Spans(table, scratch.zeros8(table.count));
    this.direct = new PageRepr(this.page, this.repr, spans, (text) => this.write(text));
    this.options = options;
    this.hasSource = options.source !== undefined;
    this.source = options.source === undefined ? [] : options.source.split(/\r\n|\r|\n/);
    this.left = budget;
  }

  /** Hands on what stands on the page. */
  flush(): void {
    if (this.page.length === 0) return;
    this.left -= this.page.length;
    this.parts.push(this.page.take());
  }

  /** Writes text of any length. */
  write(text: string): void {
    if (text.length < SHORT) this.page.put(text);
    else {
      this.flush();
      this.parts.push(text);
      this.left -= text.length;
    }
  }

  /** Writes the repr of a code object. */
  writeCode(node: number): void {
    const end = this.direct.code(this.page.length, node);
    if (end < 0) this.write(this.repr.code(node));
    else this.page.length = end;
  }

  /** Ends the listing of a code object that outgrew `left`; so many `instructions` of it are not listed. */
  cut(instructions: number): void {
    this.flush();
    this.left = Math.min(this.left, 0);
    this.leftOut = instructions;
  }

  /** Whether nothing more may be written. */
  get isFull(): boolean {
    return this.left <= this.page.length;
  }

  /** The source's line of that number, marked as such and ended by a line feed; "" where the source has none. */
  sourceLine(line: number): string {
    const text = this.source[line - 1];
    return text === undefined ? "" : `# ${line} | ${this.repr.safe(text)}\n`;
  }

  /** The instructions of co_code. Valid until the next call. */
  decode(code: Uint8Array): Instructions {
    const { scratch } = this;
    scratch.rows = decode(code, this.version, scratch.rows);
    return scratch.rows;
  }

  /** A flag, 0, for each offset in a code of that length and for its end. Valid until the next call. */
  marks(length: number): Uint8Array {
    const { scratch } = this;
    if (scratch.marks.length <= length) scratch.marks = new Uint8Array(2 * length + 1);
    else scratch.marks.fill(0, 0, length + 1);
    return scratch.marks;
  }

  /** All that is written. Nothing may be written after it. */
  text(): string {
    this.flush();
    this.scratch.elements = this.elements.nodes;
    returnScratch(this.scratch);
    return this.parts.join("");
  }
}
