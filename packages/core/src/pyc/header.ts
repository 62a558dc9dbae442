/** The header: read by the fields that format/ declares, kept with the span of each. */
import { int32, type Span } from "../bytes/index.js";
import { type Field, fieldSize, HASH_BASED, headerFields } from "../format/index.js";
import type { Version } from "../version/index.js";

export interface HeaderField {
  readonly field: Field;
  readonly span: Span;
}

/** A header. A value is undefined where the form has no such field, or the file is cut off before it. */
export interface Header {
  readonly span: Span;
  readonly fields: readonly HeaderField[];
  /** PEP 552 flags. */
  readonly flags: number | undefined;
  /** Seconds since 1970, unsigned. */
  readonly mtime: number | undefined;
  /** Size of the source, modulo 2**32. */
  readonly sourceSize: number | undefined;
  /** SipHash of the source, 8 bytes as they stand. */
  readonly sourceHash: Uint8Array | undefined;
}

/** Reads as much of a header as there is. */
export function readHeader(bytes: Uint8Array, version: Version): Header {
  const flags = version.traits.header === "flags" && bytes.length >= 8 ? u32(bytes, 4) : undefined;
  const fields: HeaderField[] = [];
  let mtime: number | undefined;
  let sourceSize: number | undefined;
  let sourceHash: Uint8Array | undefined;
  let start = 0;
  for (const field of headerFields(version, flags !== undefined && (flags & HASH_BASED) !== 0)) {
    const end = start + fieldSize[field.type];
    if (end > bytes.length) break;
    if (field.name === "mtime") mtime = u32(bytes, start);
    else if (field.name === "source_size") sourceSize = u32(bytes, start);
    else if (field.name === "source_hash") sourceHash = bytes.subarray(start, end);
    fields.push({ field, span: { start, end } });
    start = end;
  }
  return { span: { start: 0, end: start }, fields, flags, mtime, sourceSize, sourceHash };
}

function u32(bytes: Uint8Array, at: number): number {
  return int32(bytes, at) >>> 0;
}
