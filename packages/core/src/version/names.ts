/** Versions by name. */
import { FormatError } from "../bytes/index.js";
import { finals, type Version, versions, versionsOfNumber } from "./lookup.js";

/**
 * The version of that name: a Python (`3.12`, `3.12.4`, `3.5.1`, `1.0`), a pre-release (`3.12a7`, `3.12.0a7`: the last
 * magic number made by then), another lineage's (`pypy3.9`, `rustpython3.13`), the tag of a file name (`cpython-312`)
 * or a magic number (`3531`, `cb0d0d0a`).
 * @throws FormatError code `unknown-version`, with the names that come nearest
 */
export function versionNamed(name: string): Version {
  const plain = name
    .trim()
    .toLowerCase()
    .replace(/^(cpython|python|v)[ -]?(?=\d)/, "")
    .replace(/-/g, "");
  const found = ofCPython(plain) ?? ofLineage(plain) ?? versionsOfNumber(plain)[0] ?? ofTag(plain);
  if (found === undefined) throw unknown(name, plain);
  return found;
}

function ofCPython(name: string): Version | undefined {
  const [, minor, patch, stage, serial] = /^(\d\.\d+)(?:\.(\d+))?(?:(a|b|c|rc)(\d+))?$/.exec(name) ?? [];
  if (minor === undefined) return undefined;
  if (stage !== undefined) return patch === undefined || patch === "0" ? preRelease(minor, stage + serial) : undefined;
  // "3.5.1" is also the name of the row of 3.5.0 to 3.5.2: the patch decides between rows of one minor version.
  const exact = finals.find((v) => v.python === name);
  if (exact !== undefined) return exact;
  if (patch === undefined) {
    return (
      finals.find((v) => v.python.startsWith(`${minor}.`)) ??
      versions.findLast((v) => isCPython(v) && v.python === minor)
    );
  }
  return finals.find((v) => minorOf(v) === minor && covers(v, Number(patch)));
}

const isCPython = (v: Version) => v.lineage === "CPython" && v.stage !== "unicode-literals";

/** `3.5` for the row of 3.5.0 to 3.5.2; `1.0.1` is its own, for there is nothing else of 1.0. */
const minorOf = (v: Version) => (lastPatch(v) === undefined ? v.python : v.python.split(".").slice(0, 2).join("."));

/** The 2 of `1.5 to 1.5.2`, where the registry sets a bound. */
function lastPatch(v: Version): number | undefined {
  const bound = / to \d\.\d+\.(\d+)$/.exec(v.release)?.[1];
  return bound === undefined ? undefined : Number(bound);
}

const covers = (v: Version, patch: number) => patch <= (lastPatch(v) ?? Number.POSITIVE_INFINITY);

/** The last row of that minor version whose label is not after the given one. */
function preRelease(minor: string, label: string): Version | undefined {
  const at = labelRank(label);
  return versions.findLast((v) => {
    const own = isCPython(v) ? /^(\d\.\d+)((?:a|b|c|rc)\d+)/.exec(v.release) : null;
    return own !== null && own[1] === minor && labelRank(own[2] as string) <= at;
  });
}

const labelRank = (label: string) =>
  "abcr".indexOf(label.charAt(0).replace("r", "c")) * 1000 + Number(/\d+/.exec(label));

function ofLineage(name: string): Version | undefined {
  const [, lineage, python] = /^([a-z]+) ?(\d\.?\d+)/.exec(name) ?? [];
  if (lineage === undefined || python === undefined) return undefined;
  const dotted = python.includes(".") ? python : `${python.charAt(0)}.${python.slice(1)}`;
  const own = versions.filter((v) => v.lineage.toLowerCase().replace("-", "") === lineage && v.python === dotted);
  return own.findLast((v) => v.stage === "final") ?? own.at(-1);
}

/** `312`, what is left of the tag `cpython-312`. */
function ofTag(name: string): Version | undefined {
  return /^[23]\d{1,2}$/.test(name) ? ofCPython(`${name.charAt(0)}.${name.slice(1)}`) : undefined;
}

function unknown(name: string, plain: string): FormatError {
  const names = [...new Set(versions.filter((v) => v.python !== "?").map((v) => v.opcodes))];
  const shared = (other: string) => {
    let n = 0;
    while (n < other.length && other[n] === plain[n]) n++;
    return n;
  };
  const near = names.sort((a, b) => shared(b) - shared(a)).slice(0, 5);
  return new FormatError(
    "unknown-version",
    0,
    "",
    `no Python is called ${JSON.stringify(name)}`,
    `a name like ${near.join(", ")}`,
  );
}

/** A name by which `versionNamed` finds this very version: the shortest that a person would write. */
export function nameOf(version: Version): string {
  const { lineage, python, release, word, magic } = version;
  const plain = lineage === "CPython" ? python : lineage.toLowerCase() + python;
  return [plain, release.split(" ")[0] as string, String(word)].find((name) => isNamed(name, version)) ?? magic;
}

function isNamed(name: string, version: Version): boolean {
  try {
    return versionNamed(name) === version;
  } catch {
    return false;
  }
}
