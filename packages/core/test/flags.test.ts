/** The bits of co_flags: by version, in the fixtures, and as the interpreters name them. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { flagNames, unknownFlags } from "@pyclab/core/code";
import { readPyc } from "@pyclab/core/pyc";
import { versionNamed } from "@pyclab/core/version";
import { describe, expect, test } from "vitest";
import { codesOf } from "./linetable-code.js";
import { fixturesOf, fixtureVersions } from "./oracle.js";

const names = (python: string, flags: number) => flagNames(versionNamed(python), flags);

test.each<[string, number, string[]]>([
  ["1.3", 0xf, ["OPTIMIZED", "NEWLOCALS", "VARARGS", "VARKEYWORDS"]],
  ["2.1", 0x53, ["OPTIMIZED", "NEWLOCALS", "NESTED", "0x40"]],
  ["2.2", 0x3020, ["GENERATOR", "GENERATOR_ALLOWED", "FUTURE_DIVISION"]],
  ["2.5", 0x1040, ["NOFREE", "0x1000"]],
  [
    "2.7",
    0x3e000,
    ["DIVISION", "ABSOLUTE_IMPORT", "WITH_STATEMENT", "PRINT_FUNCTION", "UNICODE_LITERALS"].map((n) => `FUTURE_${n}`),
  ],
  ["3.7", 0x100200, ["ASYNC_GENERATOR", "FUTURE_ANNOTATIONS"]],
  ["3.8", 0x1100000, ["FUTURE_PRINT_FUNCTION", "FUTURE_ANNOTATIONS"]],
  ["3420", 0x100000, ["FUTURE_ANNOTATIONS"]],
  ["3.13", 0x6000000, ["NO_MONITORING_EVENTS", "0x4000000"]],
  ["3.14", 0xc000000, ["HAS_DOCSTRING", "METHOD"]],
  ["pypy3.9", 0x6000043, ["OPTIMIZED", "NEWLOCALS", "NOFREE", "KILL_DOCSTRING", "YIELD_INSIDE_TRY"]],
  ["3.12", -(2 ** 31), ["0x80000000"]],
])("%s: %i", (python, flags, expected) => {
  expect(names(python, flags)).toEqual(expected);
});

test("bits that mean nothing", () => {
  expect(unknownFlags(versionNamed("3.12"), 0x80000443)).toBe(0x80000400);
  expect(unknownFlags(versionNamed("0.9.8"), 3)).toBe(3);
});

test("no fixture has a bit without a name", () => {
  for (const sample of fixtureVersions().flatMap(fixturesOf))
    for (const code of codesOf(readPyc(sample.bytes)))
      expect([sample.version, sample.stem, unknownFlags(code.version, code.flags)]).toEqual([
        sample.version,
        sample.stem,
        0,
      ]);
});

const facts = new URL("../../../../shared/facts/", import.meta.url);
const files = (existsSync(facts) ? readdirSync(facts) : []).filter((name) => /^opcodes-3.*\.json$/.test(name));
if (files.length === 0) console.log("flags: no ../shared/facts, comparison with dis.COMPILER_FLAG_NAMES skipped");

describe.skipIf(files.length === 0)("dis.COMPILER_FLAG_NAMES", () => {
  test.each(files)("%s", (file) => {
    const { compiler_flags: flags } = JSON.parse(readFileSync(new URL(file, facts), "utf8"));
    const python = file.slice(8, -5);
    for (const [bit, name] of Object.entries(flags ?? {})) expect(names(python, Number(bit))).toEqual([name]);
  });
});
