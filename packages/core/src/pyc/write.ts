/**
 * A `.pyc` as it shall be written: which Python, the header as bytes, the object as drafts, and what stands behind it.
 */
import { fieldSize, HASH_BASED, headerFields } from "../format/index.js";
import { type Draft, draftOf, encode, plainOf, Sink, WriteError, writeDraft, writeNodes } from "../marshal/index.js";
import type { Version } from "../version/index.js";
import type { Pyc } from "./file.js";
import { magicBytes } from "./magic.js";

export interface PycDraft {
  readonly version: Version;
  /** Absent: the file is a marshalled object alone. */
  readonly header: Uint8Array | undefined;
  readonly object: Draft;
  /** Bytes behind the object, which no Python reads. */
  readonly trailing: Uint8Array;
}

const NOTHING = new Uint8Array(0);

/**
 * A file that was read, as drafts; its bytes are shared, not copied.
 * @throws WriteError where it was not read whole
 */
export function draftPyc(pyc: Pyc): PycDraft {
  const { bytes, version, header, table, trailing } = pyc;
  return {
    version,
    header: header && bytes.subarray(0, table.start[0]),
    object: draftOf(table),
    trailing: trailing ? bytes.subarray(trailing.start, trailing.end) : NOTHING,
  };
}

/**
 * The bytes of a file, every choice of its writer honoured: of one that was read, the very bytes that were read.
 * @throws WriteError where it was not read whole, or its drafts are none that a reader would take
 */
export function writePyc(pyc: Pyc | PycDraft): Uint8Array {
  if ("table" in pyc) return rewritten(pyc);
  const { version, header = NOTHING, object, trailing } = pyc;
  const body = writeDraft(object, version);
  const out = new Uint8Array(header.length + body.length + trailing.length);
  out.set(header);
  out.set(body, header.length);
  out.set(trailing, header.length + body.length);
  return out;
}

function rewritten({ bytes, table, trailing }: Pyc): Uint8Array {
  if (table.count === 0) throw new WriteError("", "there is no object to write");
  const sink = new Sink(bytes.length);
  sink.copy(bytes, 0, table.start[0] as number);
  writeNodes(table, sink);
  if (trailing) sink.copy(bytes, trailing.start, trailing.end);
  return sink.finish();
}

/** The values of a header's fields, by the names that `headerFields` gives them; what is left out is 0. */
export interface HeaderValues {
  /** Four bytes, where it is not the version's own magic number. */
  readonly magic?: Uint8Array;
  /** Left out: hash-based if there is a `source_hash`, else 0. */
  readonly flags?: number;
  /** Seconds since 1970. */
  readonly mtime?: number;
  /** Bytes of the source; the header has the lowest 32 bits. */
  readonly source_size?: number;
  /** Eight bytes, as `sourceHash` gives them. */
  readonly source_hash?: Uint8Array;
}

/**
 * A header of 8, 12 or 16 bytes, in the form that the flags choose.
 * @throws WriteError for a value that this form has no field for, or that does not fit
 */
export function headerBytes(version: Version, values: HeaderValues = {}): Uint8Array {
  const hashed = values.source_hash === undefined ? 0 : HASH_BASED;
  const flags = values.flags ?? (version.traits.header === "flags" ? hashed : undefined);
  const fields = headerFields(version, ((flags ?? 0) & HASH_BASED) !== 0);
  const given: { readonly [field: string]: Uint8Array | number | undefined } = {
    ...values,
    ...(flags === undefined ? {} : { flags }),
    magic: values.magic ?? magicBytes(version),
  };
  for (const name of Object.keys(given))
    if (given[name] !== undefined && !fields.some((field) => field.name === name))
      throw new WriteError(`header.${name}`, `this form of the header of ${version.python} has no such field`);
  const sink = new Sink(16);
  for (const { name, type } of fields) put(sink, name, fieldSize[type], given[name] ?? 0);
  return sink.finish();
}

function put(sink: Sink, name: string, size: number, value: Uint8Array | number): void {
  if (typeof value === "number") {
    const limit = name === "source_size" ? Number.MAX_SAFE_INTEGER : 2 ** (8 * Math.min(size, 4));
    if (!Number.isInteger(value) || value < 0 || value >= limit)
      throw new WriteError(`header.${name}`, `${value} as an unsigned integer of ${8 * size} bits`);
    for (let i = 0; i < size; i += 4) sink.integer(i === 0 ? value % 2 ** 32 : 0, Math.min(size, 4));
  } else {
    if (value.length !== size) throw new WriteError(`header.${name}`, `${value.length} bytes, not ${size}`);
    sink.copy(value, 0, size);
  }
}

/**
 * The file as its Python would write it: the same objects, encoded by the version's own choices, and nothing behind
 * them. The header stays.
 * @throws WriteError where the file was not read whole, or an object contains itself and its Python has no references
 */
export function canonicalize(pyc: Pyc): PycDraft {
  const { bytes, version, header, table, values } = pyc;
  return {
    version,
    header: header && bytes.subarray(0, table.start[0]),
    object: encode(plainOf(values, { exact: false }).root, version),
    trailing: NOTHING,
  };
}
