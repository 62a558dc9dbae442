/**
 * A `.pyc` as a whole: which Python wrote it and how sure that is, its header, the table of its nodes, its code
 * object, what is odd about it.
 */
import { FormatError, type Span } from "../bytes/index.js";
import { CodeObject } from "../code/index.js";
import { headerSize } from "../format/index.js";
import { FLAG_REF, type NodeTable, readNodes, Values } from "../marshal/index.js";
import { type Version, versionNamed, versionsOfMagic } from "../version/index.js";
import { type Header, readHeader } from "./header.js";

export interface PycOptions {
  /** The Python to read it as, whatever its magic number says: `3.11`, `pypy3.9`, `3495`. */
  readonly python?: string;
  /** The bytes are a marshalled object without a header; needs `python` or is tried against all versions. */
  readonly raw?: boolean;
  /** Keep what can be read of a broken file; what was wrong is in `errors`. */
  readonly tolerant?: boolean;
}

/** How the version was found. */
export interface Certainty {
  readonly sure: boolean;
  /** One sentence. */
  readonly why: string;
  /** The versions that fit, the likeliest first. */
  readonly candidates: readonly Version[];
}

export interface Pyc {
  readonly bytes: Uint8Array;
  readonly version: Version;
  readonly certainty: Certainty;
  /** Absent in a raw blob, and where the file has none. */
  readonly header: Header | undefined;
  readonly table: NodeTable;
  readonly values: Values;
  /** The module's code object, or undefined where the file's object is something else. */
  readonly code: CodeObject | undefined;
  /** Bytes behind the module's object. */
  readonly trailing: Span | undefined;
  /** What was wrong (tolerant reading only). */
  readonly errors: readonly FormatError[];
}

/**
 * Reads a `.pyc`.
 * @throws FormatError where it is none, or broken (unless `tolerant`)
 */
export function readPyc(bytes: Uint8Array, options: PycOptions = {}): Pyc {
  if (bytes.length === 0) throw new FormatError("empty", 0, "", "no bytes at all", "a .pyc file");
  const version =
    options.python !== undefined ? versionNamed(options.python) : (versionsOfMagic(bytes.subarray(0, 4))[0] as Version);
  const header = options.raw ? undefined : readHeader(bytes, version);
  const table = readNodes(bytes, header ? headerSize(version) : 0, version, options);
  const values = new Values(table);
  const code = (table.type[0] as number) & ~FLAG_REF;
  const end = table.end[0] as number;
  return {
    bytes,
    version,
    certainty: { sure: true, why: "", candidates: [version] },
    header,
    table,
    values,
    code: code === 0x63 || code === 0x43 ? new CodeObject(values, 0) : undefined,
    trailing: end < bytes.length ? { start: end, end: bytes.length } : undefined,
    errors: table.errors,
  };
}
