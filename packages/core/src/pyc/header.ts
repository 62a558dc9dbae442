/** The header: read by the fields that format/ declares, kept with the span of each. */
import type { Span } from "../bytes/index.js";
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
  const u32 = (at: number) =>
    ((bytes[at] as number) |
      ((bytes[at + 1] as number) << 8) |
      ((bytes[at + 2] as number) << 16) |
      ((bytes[at + 3] as number) << 24)) >>>
    0;
  const flags = version.traits.header === "flags" && bytes.length >= 8 ? u32(4) : undefined;
  const fields: HeaderField[] = [];
  let pos = 0;
  for (const field of headerFields(version, flags !== undefined && (flags & HASH_BASED) !== 0)) {
    const end = pos + fieldSize[field.type];
    if (end > bytes.length) break;
    fields.push({ field, span: { start: pos, end } });
    pos = end;
  }
  const at = (name: string) => fields.find((f) => f.field.name === name)?.span.start;
  const number = (name: string) => {
    const start = at(name);
    return start === undefined ? undefined : u32(start);
  };
  const hash = at("source_hash");
  return {
    span: { start: 0, end: pos },
    fields,
    flags,
    mtime: number("mtime"),
    sourceSize: number("source_size"),
    sourceHash: hash === undefined ? undefined : bytes.subarray(hash, hash + 8),
  };
}
