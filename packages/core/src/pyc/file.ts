/**
 * A `.pyc` as a whole: which Python wrote it and how sure that is, its header, the table of its nodes, its code
 * object, what is odd about it.
 */
import { FormatError, type Span } from "../bytes/index.js";
import { CodeObject } from "../code/index.js";
import { headerSize } from "../format/index.js";
import { isCode, type NodeTable, readNodes, Values } from "../marshal/index.js";
import type { Version } from "../version/index.js";
import { type Header, readHeader } from "./header.js";
import { type Certainty, identify } from "./identify.js";
import { type Warning, warningsOf } from "./warnings.js";

export interface PycOptions {
  /** The Python to read it as, whatever its magic number says: `3.11`, `pypy3.9`, `3495`. */
  readonly python?: string;
  /** The bytes are a marshalled object without a header; needs `python` or is tried against all versions. */
  readonly raw?: boolean;
  /**
   * The file's path. Where Pythons share a magic number and the body fits several (1.5 and 1.6a2 write the same bytes),
   * a folder or tag in it that names one of them decides; `certainty` says so.
   */
  readonly name?: string;
  /** Keep what can be read of a broken file; what was wrong is in `errors`. */
  readonly tolerant?: boolean;
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
  /** What is odd about it, though it was read; found anew at each call. */
  warnings(): readonly Warning[];
}

/**
 * Reads a `.pyc`.
 * @throws FormatError where it is none, or broken (unless `tolerant`)
 */
export function readPyc(bytes: Uint8Array, options: PycOptions = {}): Pyc {
  if (bytes.length === 0) throw new FormatError("empty", 0, "", "no bytes at all", "a .pyc file");
  const { version, certainty, headless } = identify(bytes, options);
  const header = headless ? undefined : readHeader(bytes, version);
  const start = headless ? 0 : headerSize(version);
  if (bytes.length < start && !options.tolerant) {
    throw new FormatError(
      "bad-header",
      bytes.length,
      "",
      "the file ends inside its header",
      `${start} bytes of header`,
    );
  }
  const table = readBody(bytes, Math.min(start, bytes.length), version, certainty, options);
  const values = new Values(table);
  const end = table.count === 0 ? Math.min(start, bytes.length) : (table.end[0] as number);
  const pyc: Pyc = {
    bytes,
    version,
    certainty,
    header,
    table,
    values,
    code: table.count > 0 && isCode(table.type[0] as number) ? new CodeObject(values, 0) : undefined,
    trailing: end < bytes.length ? { start: end, end: bytes.length } : undefined,
    errors: table.errors,
    warnings: () => warningsOf(pyc),
  };
  return pyc;
}

/** Reads the file's object; if that fails, the error names the lineages that share the magic number and are not read. */
function readBody(
  bytes: Uint8Array,
  at: number,
  version: Version,
  certainty: Certainty,
  options: PycOptions,
): NodeTable {
  try {
    return readNodes(bytes, at, version, options);
  } catch (error) {
    const others = certainty.candidates.filter((candidate) => !candidate.readable);
    if (!(error instanceof FormatError) || others.length === 0) throw error;
    const whose = others.map((other) => `${other.lineage} ${other.python}`).join(" or ");
    const what = `${error.what}, unless the file is of ${whose}, which writes the same magic number and is not read`;
    throw new FormatError(error.code, error.offset, error.path, what, error.expected);
  }
}
