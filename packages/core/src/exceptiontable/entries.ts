/**
 * co_exceptiontable (3.11): four numbers for each range of co_code with a handler: start, size, target, and depth times
 * two plus one if the offset of the raising instruction is pushed. Numbers are big-endian 6-bit varints (bit 6: more
 * follows) that count code units; the first byte of an entry has its high bit set, for searching.
 */
import type { Span } from "../bytes/index.js";
import type { CodeObject } from "../code/index.js";
import type { TableFault } from "../linetable/index.js";

export interface ExceptionEntry {
  /** The half-open range of co_code that the handler covers, in bytes. */
  readonly start: number;
  readonly end: number;
  /** Offset of the handler in co_code, in bytes. */
  readonly target: number;
  /** How many values stay on the stack. */
  readonly depth: number;
  /** Whether the offset of the instruction that raised is pushed too. */
  readonly lasti: boolean;
  /** The bytes of the table that say so, counted from its first. */
  readonly span: Span;
}

export interface ExceptionTable {
  readonly entries: readonly ExceptionEntry[];
  readonly faults: readonly TableFault[];
}

const NOTHING: ExceptionTable = { entries: [], faults: [] };

/** The entries that are complete, in order; none where the version has no such table. Never throws. */
export function exceptionEntries(code: CodeObject): readonly ExceptionEntry[] {
  return exceptionTable(code).entries;
}

/** The entries, and what is wrong with the table: cut off, marked wrongly, or pointing out of co_code. */
export function exceptionTable(code: CodeObject): ExceptionTable {
  const table = code.bytes("co_exceptiontable");
  return table.length === 0 ? NOTHING : read(table, code.code.length);
}

function read(table: Uint8Array, codeSize: number): ExceptionTable {
  const entries: ExceptionEntry[] = [];
  const faults: TableFault[] = [];
  const numbers = [0, 0, 0, 0];
  for (let i = 0; i < table.length; ) {
    const from = i;
    for (let k = 0; k < 4; k++) {
      const at = i;
      let value = 0;
      let byte = 64;
      while ((byte & 64) !== 0) {
        if (i === table.length) {
          faults.push({ start: from, end: i, what: "a cut-off entry" });
          return { entries, faults };
        }
        byte = table[i++] as number;
        value = value * 64 + (byte & 63);
      }
      if (value > 0x7fffffff) {
        faults.push({ start: at, end: i, what: "a number beyond 31 bits" });
        value = Math.min(value, Number.MAX_SAFE_INTEGER / 8);
      }
      numbers[k] = value;
    }
    const [start, size, target, rest] = numbers as [number, number, number, number];
    const entry = {
      start: start * 2,
      end: (start + size) * 2,
      target: target * 2,
      depth: Math.floor(rest / 2),
      lasti: rest % 2 === 1,
      span: { start: from, end: i },
    };
    entries.push(entry);
    const what = wrong(table, entry, codeSize);
    if (what !== "") faults.push({ ...entry.span, what });
  }
  return { entries, faults };
}

function wrong(table: Uint8Array, entry: ExceptionEntry, codeSize: number): string {
  const { span } = entry;
  if ((table[span.start] as number) < 0x80) return "an entry whose first byte is not marked as one";
  for (let i = span.start + 1; i < span.end; i++)
    if ((table[i] as number) >= 0x80) return "an entry with a byte that is marked as the first of one";
  if (entry.end > codeSize) return `a range that ends at ${entry.end}, past the ${codeSize} bytes of co_code`;
  if (entry.target >= codeSize) return `a handler at ${entry.target}, past the ${codeSize} bytes of co_code`;
  return "";
}
