/** What is odd about a file is told, and looking for it is bounded. */
import { readPyc } from "@pyclab/core";
import { describe, expect, test } from "vitest";
import { fixturesOf, fixtureVersions } from "./oracle.js";

const i32 = (n: number) => [n & 255, (n >> 8) & 255, (n >> 16) & 255, n >>> 24];
const chars = (text: string) => [...text].map((c) => c.charCodeAt(0));
const ref = (index: number) => [0x72, ...i32(index)];
const empty = [0x29, 0];

/** A code object of 3.8. */
const code38 = (co_code: number[], consts: number[], lnotab: number[]) => [
  ...[0x63, ...Array(24).fill(0)],
  ...[...co_code, ...consts, ...empty, ...empty, ...empty, ...empty],
  ...[0x7a, 1, ...chars("f"), 0x7a, 1, ...chars("f"), ...i32(1), ...lnotab],
];
const pyc38 = (module: number[]) => Uint8Array.from([0x55, 0x0d, 0x0d, 0x0a, ...Array(12).fill(0), ...module]);
const codes = (bytes: Uint8Array) =>
  readPyc(bytes)
    .warnings()
    .map((warning) => warning.code);

describe("warnings", () => {
  test.each(fixtureVersions())("%s: what its own compiler wrote is not odd", (version) => {
    const found = fixturesOf(version).flatMap(({ bytes, stem }) =>
      readPyc(bytes, { name: `${version}/${stem}` })
        .warnings()
        .filter((warning) => warning.code !== "uncertain-version")
        .map((warning) => `${stem}: ${warning.path}: ${warning.message}`),
    );
    expect(found).toEqual([]);
  });

  test("a jump into an instruction, an index that is none, a path to where it is", () => {
    const inner = code38([0x73, ...i32(4), 113, 1, 100, 9], [0x29, 0], [0x73, ...i32(0)]);
    const pyc = readPyc(pyc38(code38([0x73, ...i32(2), 83, 0], [0x29, 1, ...inner], [0x73, ...i32(0)])));
    expect(pyc.warnings().map(({ code, path }) => `${code} ${path}`)).toEqual([
      "jump-into-instruction co_consts[0]",
      "index-out-of-range co_consts[0]",
    ]);
  });

  test("code objects that share a large table are looked into only so far", () => {
    const size = 20_000;
    const shared = [
      0xf3,
      ...i32(size),
      ...Array(size)
        .fill(0)
        .map((_, i) => (i % 2 === 0 ? 9 : 0)),
    ];
    const many = Array.from({ length: 200 }, () => code38(ref(0), [0x29, 0], ref(0))).flat();
    const module = code38(shared, [0x28, ...i32(200), ...many], [0x73, ...i32(0)]);
    expect(codes(pyc38(module))).toContain("not-looked-into");
  });
});
