/** `pyclab verify`: the report, the exit status, and the source that a file is held against. */
import { utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readPyc } from "@pyclab/core";
import { sourceHash } from "@pyclab/core/pyc";
import { describe, expect, test } from "vitest";
import { fixturesOf } from "../../core/test/oracle.js";
import { example, folder, pyclab } from "./call.js";

const fixture = (version: string, stem = "m_docstring") =>
  Uint8Array.from(fixturesOf(version).find((sample) => sample.stem === stem)?.bytes ?? []);

/** A file of a folder of its own, with these bytes. */
function put(bytes: Uint8Array, name = "a.pyc"): string {
  const path = join(folder(), name);
  writeFileSync(path, bytes);
  return path;
}

describe("the report", () => {
  test("of a sound file", async () => {
    expect(await pyclab(["verify", example])).toEqual({ status: 0, out: `${example}: ok\n`, err: "" });
  });

  test("of a file with faults: a line each, and their number", async () => {
    const bytes = fixture("3.12");
    bytes[4] = 4;
    const path = put(Uint8Array.of(...bytes, 0));
    const { status, out, err } = await pyclab(["verify", path]);
    expect([status, err]).toEqual([1, ""]);
    expect(out).toBe(
      [
        `${path}: offset 0x4: [header-flags] the header's flags have 0x4, which means nothing; importlib refuses such a file`,
        `${path}: offset 0x${bytes.length.toString(16)}: [trailing-bytes] 1 bytes behind the module's object, which no Python reads`,
        `${path}: 2 findings`,
        "",
      ].join("\n"),
    );
  });

  test("of several: each is named, and one that is broken fails them", async () => {
    const sound = put(fixture("2.7"));
    const broken = put(fixture("3.8").subarray(0, 30));
    const { status, out, err } = await pyclab(["verify", sound, broken]);
    expect([status, out]).toEqual([1, `${sound}: ok\n`]);
    expect(err).toMatch(/^[^\n]*a\.pyc: offset 0x[0-9a-f]+: [^\n]+\n$/);
  });

  test("as JSON", async () => {
    const path = put(Uint8Array.of(...fixture("3.8"), 0));
    const { status, out } = await pyclab(["verify", "--json", path, example]);
    expect(status).toBe(1);
    const [first, second] = out
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(first).toMatchObject({
      name: path,
      ok: false,
      findings: [{ id: "trailing-bytes", severity: "warning", path: "" }],
    });
    expect(second).toEqual({ name: example, ok: true, findings: [] });
  });

  test("of a bare object, which needs no header", async () => {
    const path = put(fixture("3.8").subarray(16));
    expect((await pyclab(["verify", "--raw", "--python", "3.8", path])).out).toBe(`${path}: ok\n`);
    expect((await pyclab(["verify", path])).out).toContain("[no-header]");
  });
});

describe("the source", () => {
  const text = Buffer.from("print('source')\n");
  const MTIME = 1_600_000_000;

  /** A file with that header before a module, and its source, last changed at MTIME. */
  function pair(version: string, header: readonly number[]): { pyc: string; source: string } {
    const bytes = fixture(version);
    bytes.set(header, 4);
    const pyc = put(bytes);
    const source = put(text, "a.py");
    utimesSync(source, MTIME, MTIME + 0.75);
    return { pyc, source };
  }
  const word = (n: number) => [n & 255, (n >> 8) & 255, (n >> 16) & 255, (n >>> 24) & 255];
  const check = async ({ pyc, source }: { pyc: string; source: string }) => {
    const { status, out } = await pyclab(["verify", "--source", source, pyc]);
    const [line = ""] = out.split("\n").filter((line) => line.startsWith(`${pyc}: source: `));
    return [status, line.slice(`${pyc}: source: `.length)];
  };

  test.each([
    [
      "3.8",
      [...word(0), ...word(MTIME), ...word(16)],
      0,
      /^match: the source has 16 bytes and was last changed at 1600000000/,
    ],
    [
      "3.8",
      [...word(0), ...word(MTIME), ...word(17)],
      1,
      /^mismatch: the source has 16 bytes, and the header tells 17$/,
    ],
    ["3.8", [...word(0), ...word(MTIME + 1), ...word(16)], 1, /^mismatch: the source was last changed at 1600000000, /],
    ["3.6", [...word(MTIME), ...word(16)], 0, /^match: /],
    ["3.6", [...word(MTIME), ...word(15)], 1, /^mismatch: /],
    ["2.7", word(MTIME), 0, /^match: the source was last changed at 1600000000, as the header tells$/],
    ["2.7", word(MTIME - 1), 1, /^mismatch: /],
    ["1.5", word(MTIME), 0, /^match: /],
  ] as const)("%s: by time and size: %j", async (version, header, status, line) => {
    expect(await check(pair(version, header))).toEqual([status, expect.stringMatching(line)]);
  });

  test.each(["3.8", "3.12", "3.15"])("%s: by hash", async (version) => {
    const hash = sourceHash(text, readPyc(fixture(version)).version);
    expect(await check(pair(version, [...word(3), ...hash]))).toEqual([0, expect.stringMatching(/^match: /)]);
    hash[7] = (hash[7] as number) ^ 1;
    expect(await check(pair(version, [...word(3), ...hash]))).toEqual([1, expect.stringMatching(/^mismatch: /)]);
  });

  test("cannot tell is no success", async () => {
    const bare = { pyc: put(fixture("3.8").subarray(16)), source: put(text, "a.py") };
    const { status, out } = await pyclab(["verify", "--raw", "--python", "3.8", "--source", bare.source, bare.pyc]);
    expect([status, out]).toEqual([
      1,
      `${bare.pyc}: source: cannot tell: the file has no header that would tell its source\n`,
    ]);
  });

  test("is in the JSON", async () => {
    const { pyc, source } = pair("2.7", word(MTIME));
    const { out } = await pyclab(["verify", "--json", "--source", source, pyc]);
    expect(JSON.parse(out)).toMatchObject({ ok: true, source: { verdict: "match" } });
  });

  test("is for one input, and must be there", async () => {
    expect(await pyclab(["verify", "--source", example, example, example])).toMatchObject({ status: 2 });
    expect(await pyclab(["verify", "--source", "/nowhere/a.py", example])).toMatchObject({ status: 2 });
  });
});
