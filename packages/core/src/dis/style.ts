/**
 * What a listing style is, and what it writes into.
 *
 * A style lists one code object the way one era of dis.py does. It builds its text as one string and hands it to
 * `Listing.write`; while it builds, it compares the text's length with `Listing.left` and hands it to `Listing.cut`
 * as soon as it is longer. The walk over nested code objects, the budget and the texts of names and constants are
 * not a style's business.
 */
import type { CodeObject } from "../code/index.js";
import { decode, type Instructions } from "../instruction/index.js";
import type { NodeTable } from "../marshal/index.js";
import type { Version } from "../version/index.js";
import type { Repr } from "./repr.js";

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

/** Writes one code object's listing, each line ended by a line feed. */
export type Style = (out: Listing, code: CodeObject) => void;

export class Listing {
  readonly options: ListingOptions;
  readonly version: Version;
  /** Texts of names, constants and code objects, as that Python prints them. */
  readonly repr: Repr;
  /** Whether there is a source to show; a style need not ask `sourceLine` otherwise. */
  readonly hasSource: boolean;
  /** Characters that may still be written. */
  left: number;
  /** Instructions that were left out of the code object that outgrew `left`. */
  leftOut = 0;
  private readonly parts: string[] = [];
  private readonly source: readonly string[];
  private rows: Instructions | undefined;
  private flags = new Uint8Array(256);

  constructor(table: NodeTable, repr: Repr, options: ListingOptions, budget: number) {
    this.version = table.version;
    this.repr = repr;
    this.options = options;
    this.hasSource = options.source !== undefined;
    this.source = options.source === undefined ? [] : options.source.split(/\r\n|\r|\n/);
    this.left = budget;
  }

  /** Writes text, best in long pieces that are `flat`. */
  write(text: string): void {
    this.parts.push(text);
    this.left -= text.length;
  }

  /** Writes the text of a code object that outgrew `left`; so many `instructions` of it are not listed. */
  cut(text: string, instructions: number): void {
    this.write(text);
    this.left = Math.min(this.left, 0);
    this.leftOut = instructions;
  }

  /** The source's line of that number, marked as such and ended by a line feed; "" where the source has none. */
  sourceLine(line: number): string {
    const text = this.source[line - 1];
    return text === undefined ? "" : `# ${line} | ${this.repr.safe(text)}\n`;
  }

  /** The instructions of co_code. Valid until the next call. */
  decode(code: Uint8Array): Instructions {
    this.rows = decode(code, this.version, this.rows);
    return this.rows;
  }

  /** A flag, 0, for each offset in a code of that length and for its end. Valid until the next call. */
  marks(length: number): Uint8Array {
    if (this.flags.length <= length) this.flags = new Uint8Array(2 * length + 1);
    else this.flags.fill(0, 0, length + 1);
    return this.flags;
  }

  text(): string {
    return this.parts.join("");
  }
}
