/**
 * A `.pyc` as it shall be written: which Python, the header as bytes, the object as drafts, and what stands behind it.
 */
import { type Draft, draftOf, Sink, WriteError, writeDraft, writeNodes } from "../marshal/index.js";
import type { Version } from "../version/index.js";
import type { Pyc } from "./file.js";

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
