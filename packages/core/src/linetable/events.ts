/** What line tables are made of, and the shape that their encoders have. */
import type { CodeObject } from "../code/index.js";
import type { Version } from "../version/index.js";
import { NO_LINE } from "./table.js";

/** From `offset` (in bytes of co_code) on, code stands here in the source; null for what is not known. */
export interface LineEvent {
  readonly offset: number;
  readonly line: number | null;
  /** Null with a line: the same line. Tables up to 3.10 say neither this nor columns. */
  readonly endLine: number | null;
  readonly column: number | null;
  readonly endColumn: number | null;
}

export interface LineContext {
  readonly version: Version;
  readonly firstlineno: number;
  /** Bytes of co_code. */
  readonly codeSize: number;
  /**
   * Where instructions begin, prefixes included, in order. 3.11 has an entry for each (`traits.locationEntries`); left
   * out, it gets one for each event.
   */
  readonly offsets?: ArrayLike<number> | undefined;
}

export interface LineEncoder {
  read(code: CodeObject): LineEvent[];
  encode(events: readonly LineEvent[], context: LineContext): Uint8Array | undefined;
}

export const optional = (n: number) => (n === NO_LINE ? null : n);

export const lineEvent = (offset: number, line: number | null): LineEvent => ({
  offset,
  line,
  endLine: null,
  column: null,
  endColumn: null,
});

/** Whether both stand in the same place. */
export function samePlace(a: LineEvent, b: LineEvent): boolean {
  return a.line === b.line && a.endLine === b.endLine && a.column === b.column && a.endColumn === b.endColumn;
}

/** Bytes that a table may have beyond a few for each event and code unit: lines further apart than any source has. */
const ROOM = 1 << 20;
const PER_EVENT = 64;

/** A table being written. `full` is set instead of growing beyond the events' due. */
export class TableBytes {
  full = false;
  private bytes = new Uint8Array(256);
  private length = 0;
  private readonly most: number;

  constructor(events: number, codeSize: number) {
    this.most = ROOM + events * PER_EVENT + codeSize * 4;
  }

  push(byte: number): void {
    if (this.length === this.bytes.length) {
      if (this.length >= this.most) {
        this.full = true;
        return;
      }
      const grown = new Uint8Array(2 * this.length);
      grown.set(this.bytes);
      this.bytes = grown;
    }
    this.bytes[this.length++] = byte;
  }

  /** `count` times the same two bytes. */
  pairs(count: number, first: number, second: number): void {
    for (let i = 0; i < count && !this.full; i++) {
      this.push(first);
      this.push(second);
    }
  }

  /** The table; undefined if it ran full. */
  done(): Uint8Array | undefined {
    return this.full ? undefined : this.bytes.slice(0, this.length);
  }
}
