/**
 * The CO_* bits of co_flags, by the magic numbers between which each had its meaning. Names are those that
 * `dis.COMPILER_FLAG_NAMES` and the headers give, without `CO_`; what `__future__` calls annotations is FUTURE_ANNOTATIONS.
 */
import { type Lineage, positionOf, type Version } from "../version/index.js";

type FlagRow = readonly [name: string, bit: number, since: number, until?: number];

const rows: readonly FlagRow[] = [
  ["OPTIMIZED", 0x1, 11913],
  ["NEWLOCALS", 0x2, 11913],
  ["VARARGS", 0x4, 11913],
  ["VARKEYWORDS", 0x8, 11913],
  ["NESTED", 0x10, 60202],
  ["GENERATOR", 0x20, 60717],
  ["NOFREE", 0x40, 62011],
  ["COROUTINE", 0x80, 3320],
  ["ITERABLE_COROUTINE", 0x100, 3320],
  ["ASYNC_GENERATOR", 0x200, 3360],
  ["GENERATOR_ALLOWED", 0x1000, 60717, 62071],
  ["NO_MONITORING_EVENTS", 0x2000000, 3550],
  ["HAS_DOCSTRING", 0x4000000, 3600],
  ["METHOD", 0x8000000, 3600],
  ...future("DIVISION", 0x2000, 60717),
  ...future("ABSOLUTE_IMPORT", 0x4000, 62071),
  ...future("WITH_STATEMENT", 0x8000, 62071),
  ...future("PRINT_FUNCTION", 0x10000, 62151),
  ...future("UNICODE_LITERALS", 0x20000, 62151),
  ...future("BARRY_AS_BDFL", 0x40000, 3141),
  ...future("GENERATOR_STOP", 0x80000, 3320),
  ...future("ANNOTATIONS", 0x100000, 3390),
];

/** Bits of another lineage only. PyPy before 3.9 has such bits too; which is not known well enough to say. */
const ofLineage: { readonly [L in Lineage]?: readonly FlagRow[] } = {
  PyPy: [
    ["KILL_DOCSTRING", 0x2000000, 3425],
    ["YIELD_INSIDE_TRY", 0x4000000, 3425],
  ],
};

/** 3.9a4 moved the futures up by four bits, and 3.8.2 did so too, between the two of which stand 3.9's first alphas. */
function future(name: string, bit: number, since: number): readonly FlagRow[] {
  return [
    [`FUTURE_${name}`, bit, since, 3413],
    [`FUTURE_${name}`, bit << 4, 3413, 3420],
    [`FUTURE_${name}`, bit, 3420, 3425],
    [`FUTURE_${name}`, bit << 4, 3425],
  ];
}

const known = new Map<string, readonly FlagRow[]>();

function flagsOf(version: Version): readonly FlagRow[] {
  const key = `${version.lineage} ${version.position}`;
  let found = known.get(key);
  if (!found) {
    const at = version.position;
    const own = ofLineage[version.lineage] ?? [];
    found = [...own, ...rows.filter(([, bit]) => !own.some((row) => row[1] === bit))]
      .filter(([, , since, until]) => positionOf(since) <= at && (until === undefined || at < positionOf(until)))
      .sort((a, b) => a[1] - b[1]);
    known.set(key, found);
  }
  return found;
}

/** Names of the bits that are set, lowest first: `["OPTIMIZED", "NEWLOCALS", "0x400"]`; one without a name as hex. */
export function flagNames(version: Version, flags: number): string[] {
  const names: string[] = [];
  const meanings = flagsOf(version);
  for (let bit = 1, left = flags >>> 0; left !== 0; bit *= 2) {
    if ((left & bit) === 0) continue;
    left = (left ^ bit) >>> 0;
    names.push(meanings.find((row) => row[1] === bit)?.[0] ?? `0x${bit.toString(16)}`);
  }
  return names;
}

/** The bits that are set and mean nothing in that version. */
export function unknownFlags(version: Version, flags: number): number {
  return flagsOf(version).reduce((left, row) => left & ~row[1], flags) >>> 0;
}

/** Fast locals that are parameters, those of * and ** included. */
export function parameterCount(version: Version, argcount: number, kwonlyargcount: number, flags: number): number {
  const star = (name: string) => Number((flags & flagBit(version, name)) !== 0);
  return argcount + kwonlyargcount + star("VARARGS") + star("VARKEYWORDS");
}

/** The bit of a name as `flagNames` gives it, 0 where that version has none of that name. */
export function flagBit(version: Version, name: string): number {
  return flagsOf(version).find((row) => row[0] === name)?.[1] ?? 0;
}
