/**
 * Which Python wrote a file: by its magic number, and where that is shared, unknown, zero or missing, by its body.
 *
 * The body is read as each version that it may be; how well it fits is counted in things that version would not have
 * written. The answer says how sure it is and why.
 */
import { FormatError } from "../bytes/index.js";
import { type CodeObject, codeObjects } from "../code/index.js";
import { headerSize } from "../format/index.js";
import { decode } from "../instruction/index.js";
import { isCode, type NodeTable, readNodes, Values } from "../marshal/index.js";
import { opcodesOf } from "../opcode/index.js";
import { finals, nearMagic, type Version, versionNamed, versionsOfMagic } from "../version/index.js";
import { effort, type OddityCode, oddities } from "./oddities.js";

/** How the version was found. */
export interface Certainty {
  readonly sure: boolean;
  /** One sentence. */
  readonly why: string;
  /** The versions that fit, the likeliest first. */
  readonly candidates: readonly Version[];
}

export interface Identity {
  readonly version: Version;
  readonly certainty: Certainty;
  /** Whether the file begins with its object, without a header. */
  readonly headless: boolean;
}

export interface IdentifyOptions {
  readonly python?: string;
  readonly raw?: boolean;
  readonly tolerant?: boolean;
  readonly name?: string;
}

/** @throws FormatError for a lineage that is not read, and where nothing fits */
export function identify(bytes: Uint8Array, options: IdentifyOptions): Identity {
  const headless = options.raw === true;
  if (options.python !== undefined) {
    const version = versionNamed(options.python);
    if (!version.readable) throw foreign([version], 0);
    return { version, headless, certainty: { sure: true, why: "as asked for", candidates: [version] } };
  }
  if (headless) return byBody(bytes, [0], "a marshalled object without a header", options);
  const named = versionsOfMagic(bytes.subarray(0, 4));
  const readable = named.filter((version) => version.readable);
  if (readable.length > 0) return byMagic(bytes, named, readable, options.name);
  if (named.length > 0) throw foreign(named, 0);
  const starts = bytes.length >= 8 ? [4] : [];
  if (isCode(bytes[0] ?? 0)) starts.unshift(0);
  return byBody(bytes, starts, unknownMagic(bytes), options);
}

function foreign(versions: readonly Version[], offset: number): FormatError {
  const whose = versions.map((v) => `${v.lineage} ${v.release}`).join(", or ");
  const what = `the magic number of ${whose}, whose files are recognised and not read`;
  return new FormatError("foreign-magic", offset, "", what, "");
}

function byMagic(
  bytes: Uint8Array,
  named: readonly Version[],
  readable: readonly Version[],
  fileName?: string,
): Identity {
  const word = (readable[0] as Version).word;
  if (readable.length === 1) return byMagicAlone(readable[0] as Version, named);
  const best = bestFits(
    readable.map((version) => ({ version, misfits: misfits(bytes, headerSize(version), version) })),
  );
  const names = named.map(label).join(" and ");
  const version = best[0] ?? (readable[0] as Version);
  if (best.length === 0) {
    // None fits: broken, or the other lineage's. Reading it as the first will tell where.
    const why = `magic number ${word}, which ${names} share; the body fits none of them`;
    return { version, headless: false, certainty: { sure: false, why, candidates: named } };
  }
  const told = best.length > 1 && fileName !== undefined ? best.find((each) => isNamedIn(fileName, each)) : undefined;
  if (told) {
    const why = `magic number ${word}, which ${names} share; the file's name says ${label(told)}, the body allows either`;
    return { version: told, headless: false, certainty: { sure: false, why, candidates: best } };
  }
  if (best.length > 1) {
    const why = `magic number ${word}, which ${names} share; nothing in the file tells ${best.map(label).join(" from ")}`;
    return { version, headless: false, certainty: { sure: false, why, candidates: best } };
  }
  const why = `magic number ${word}, which ${names} share; the body is ${label(version)}'s`;
  return { version, headless: false, certainty: { sure: true, why, candidates: best } };
}

/** What a magic number alone says, kept: most files need nothing else. */
const known = new Map<Version, Identity>();

function byMagicAlone(version: Version, named: readonly Version[]): Identity {
  let identity = known.get(version);
  if (identity === undefined) {
    const others = named.filter((each) => each !== version).map(label);
    const shared = others.length > 0 ? `, which ${others.join(" and ")} writes too, before a body of its own kind` : "";
    const certainty = { sure: true, why: `magic number ${version.word}${shared}`, candidates: named };
    identity = { version, headless: false, certainty };
    known.set(version, identity);
  }
  return identity;
}

/** Whether a path names the version, as a folder (`1.6`, `python1.6`, `Python-1.6`) or as PEP 3147's tag. */
function isNamedIn(fileName: string, version: Version): boolean {
  const python = version.python.replace(/\./g, "\\.");
  const tag = version.python.replace(/\./g, "");
  return new RegExp(`(^|[\\\\/])(python-?)?${python}[\\\\/]|\\.cpython-${tag}\\.`, "i").test(fileName);
}

function label(version: Version): string {
  return version.lineage === "CPython" ? version.python : `${version.lineage} ${version.python}`;
}

function unknownMagic(bytes: Uint8Array): string {
  const word = (bytes[0] ?? 0) | ((bytes[1] ?? 0) << 8);
  if (isCode(bytes[0] ?? 0)) return "no magic number";
  if (bytes[0] === 0 && bytes[1] === 0 && bytes[2] === 0 && bytes[3] === 0) return "a magic number of zero";
  return nearMagic(bytes) ?? `${word} is no magic number of any Python`;
}

interface Fit {
  readonly version: Version;
  readonly misfits: number;
  readonly headless?: boolean;
}

/** Tries the body against the final of every Python. `starts`: 0 for no header, 4 for one whose magic is no help. */
function byBody(bytes: Uint8Array, starts: readonly number[], what: string, options: IdentifyOptions): Identity {
  const fits: Fit[] = [];
  for (const version of [...finals].reverse()) {
    for (const start of starts) {
      const headless = start === 0;
      fits.push({ version, headless, misfits: misfits(bytes, headless ? 0 : headerSize(version), version) });
    }
  }
  const best = bestFits(fits);
  const version = best[0];
  if (version === undefined) {
    const expected = options.raw ? "a code object that some version's marshal reads" : "the magic number of a Python";
    const offset = options.raw ? 0 : Math.min(bytes.length, 0);
    throw new FormatError("unknown-magic", offset, "", `${what}, and the body fits no Python`, expected);
  }
  const headless = fits.some((fit) => fit.version === version && fit.headless === true && fit.misfits === least(fits));
  const others = best.slice(1).map(label).join(", ");
  const why =
    best.length === 1
      ? `${what}; the body fits ${label(version)} best`
      : `${what}; the body fits ${label(version)}, and as well ${others}`;
  return { version, headless, certainty: { sure: false, why, candidates: best } };
}

const least = (fits: readonly Fit[]) => fits.reduce((low, fit) => Math.min(low, fit.misfits), Number.POSITIVE_INFINITY);

/** The versions that fit with the fewest misfits, in their order; none where none can be read. */
function bestFits(fits: readonly Fit[]): Version[] {
  const low = least(fits);
  if (low === Number.POSITIVE_INFINITY) return [];
  return [...new Set(fits.filter((fit) => fit.misfits === low).map((fit) => fit.version))];
}

/** Oddities that a program's own Python does not write; the others may well stand in a sane file. */
const misfitting: ReadonlySet<OddityCode> = new Set<OddityCode>([
  "unknown-opcode",
  "internal-opcode",
  "index-out-of-range",
  "jump-out-of-code",
  "jump-into-instruction",
  "odd-code-length",
  "cut-off-instruction",
  "line-table",
  "exception-table",
  "field-type",
  "stacksize",
]);

/** Bytes that are looked into for each version: the first code objects tell enough. */
const SAMPLE = 1 << 18;

/** How much in the body that version would not have written; infinite where its marshal cannot read it. */
function misfits(bytes: Uint8Array, from: number, version: Version): number {
  const table = attempt(bytes, from, version);
  if (table === undefined || !isCode(table.type[0] as number)) return Number.POSITIVE_INFINITY;
  let count = 10 * table.anachronisms.size + ((table.end[0] as number) < bytes.length ? 5 : 0);
  if (table.refs.length === 0 && version.traits.references === "flag") count++;
  let left = SAMPLE;
  for (const code of codeObjects(new Values(table))) {
    left -= effort(code);
    if (left < 0 && code.node !== 0) break;
    for (const oddity of oddities(code)) if (misfitting.has(oddity.code)) count++;
    count += strayCaches(code.code, version) + (begins(code.code, version) ? 0 : 1);
    if (code.node !== 0 && !keepsDocstring(code)) count++;
  }
  return count;
}

function attempt(bytes: Uint8Array, from: number, version: Version): NodeTable | undefined {
  try {
    return readNodes(bytes, from, version);
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}

/** Cache entries where an instruction should be: their number differs between versions. */
function strayCaches(code: Uint8Array, version: Version): number {
  const cache = opcodesOf(version).number("CACHE");
  if (cache === undefined) return 0;
  const rows = decode(code, version);
  let count = 0;
  for (let i = 0; i < rows.count; i++) if (rows.opcode[i] === cache) count++;
  return count;
}

const openings = ["RESUME", "COPY_FREE_VARS", "MAKE_CELL", "RETURN_GENERATOR"];

/** Whether code begins as a compiler that writes RESUME lets it begin. */
function begins(code: Uint8Array, version: Version): boolean {
  const table = opcodesOf(version);
  if (table.number("RESUME") === undefined || code.length === 0) return true;
  return openings.includes(table.names[code[0] as number] as string);
}

/**
 * Whether constant 0 of a function or class body is what that Python puts there. 1.2 keeps it for the docstring or
 * None; in 1.1 a function has no string there, and a class body, which ends in LOAD_LOCALS, no None.
 */
function keepsDocstring(code: CodeObject): boolean {
  const { docstrings } = code.version.traits;
  if (docstrings === "untold") return true;
  const first = code.consts[0];
  const kind = first === undefined ? "none there" : code.values.of(first).kind;
  if (docstrings === "slot") return kind === "None" || kind === "bytes";
  const isClass = code.code.at(-2) === opcodesOf(code.version).number("LOAD_LOCALS");
  return kind !== (isClass ? "None" : "bytes");
}
