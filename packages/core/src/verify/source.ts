/**
 * Whether a file was compiled from a source, as importlib decides it: by the hash in the header, or by the time of the
 * source's last change and, where the header has it, its size. What a header does not tell is not taken for a match.
 */
import { hex } from "../bytes/index.js";
import { HASH_BASED } from "../format/index.js";
import { type Header, type Pyc, sourceHash } from "../pyc/index.js";

export interface SourceCheck {
  readonly verdict: "match" | "mismatch" | "cannot-tell";
  /** A sentence without its full stop. */
  readonly reason: string;
}

const match = (reason: string): SourceCheck => ({ verdict: "match", reason });
const mismatch = (reason: string): SourceCheck => ({ verdict: "mismatch", reason });
const cannotTell = (reason: string): SourceCheck => ({ verdict: "cannot-tell", reason });

/** Headers count modulo 2**32. */
const modulo = (value: number) => ((Math.floor(value) % 2 ** 32) + 2 ** 32) % 2 ** 32;

/**
 * Holds a file against its source.
 * @param source the source's bytes
 * @param mtime when the source was last changed, seconds since 1970; left out where that is not known
 */
export function verifySource(pyc: Pyc, source: Uint8Array, mtime?: number): SourceCheck {
  const { header } = pyc;
  if (header === undefined) return cannotTell("the file has no header that would tell its source");
  if (((header.flags ?? 0) & HASH_BASED) !== 0) return byHash(pyc, header, source);
  return byTime(header, source.length, mtime);
}

function byHash({ version }: Pyc, { sourceHash: told }: Header, source: Uint8Array): SourceCheck {
  if (told === undefined) return cannotTell("the header is cut off before the hash of the source");
  const found = sourceHash(source, version);
  const same = found.every((byte, i) => byte === told[i]);
  if (same) return match(`the source has the hash ${hex(told)} that the header tells`);
  return mismatch(`the source has the hash ${hex(found)}, and the header tells ${hex(told)}`);
}

function byTime(header: Header, size: number, mtime: number | undefined): SourceCheck {
  if (header.mtime === undefined)
    return cannotTell("the header is cut off before the time of the source's last change");
  const told = header.sourceSize;
  if (told !== undefined && told !== modulo(size))
    return mismatch(`the source has ${size} bytes, and the header tells ${told}`);
  const fits = told === undefined ? "the header tells no size" : "the size fits";
  if (mtime === undefined) return cannotTell(`${fits}, and when the source was last changed is not known`);
  if (header.mtime !== modulo(mtime))
    return mismatch(`the source was last changed at ${Math.floor(mtime)}, and the header tells ${header.mtime}`);
  if (told === undefined) return match(`the source was last changed at ${header.mtime}, as the header tells`);
  return match(`the source has ${told} bytes and was last changed at ${header.mtime}, as the header tells`);
}
