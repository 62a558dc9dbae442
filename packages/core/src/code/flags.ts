/** The CO_* bits of co_flags, with the magic numbers between which each had its meaning. */
import type { Version } from "../version/index.js";
import { positionOf } from "../version/index.js";

interface FlagRow {
  readonly bit: number;
  readonly name: string;
  readonly since: number;
  readonly until?: number;
}

const rows: readonly FlagRow[] = [
  { bit: 0x1, name: "OPTIMIZED", since: 11913 },
  { bit: 0x2, name: "NEWLOCALS", since: 11913 },
  { bit: 0x4, name: "VARARGS", since: 11913 },
  { bit: 0x8, name: "VARKEYWORDS", since: 20121 },
  { bit: 0x10, name: "NESTED", since: 60202 },
  { bit: 0x20, name: "GENERATOR", since: 60717 },
  { bit: 0x40, name: "NOFREE", since: 62061, until: 3450 },
  { bit: 0x80, name: "COROUTINE", since: 3330 },
  { bit: 0x100, name: "ITERABLE_COROUTINE", since: 3330 },
  { bit: 0x200, name: "ASYNC_GENERATOR", since: 3360 },
  { bit: 0x1000, name: "GENERATOR_ALLOWED", since: 60717, until: 3000 },
];
void rows;
void positionOf;
export function flagNames(_version: Version, flags: number): string[] {
  return [`0x${flags.toString(16)}`];
}
