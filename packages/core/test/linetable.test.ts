/** Line tables: written by hand, taken from the fixtures, and at random. */
import type { CodeObject } from "@pyclab/core/code";
import { entries, lineStarts, lines, NO_LINE, positions } from "@pyclab/core/linetable";
import { readPyc } from "@pyclab/core/pyc";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { codeOf, codesOf } from "./linetable-code.js";
import { fixturesOf, fixtureVersions } from "./oracle.js";

const none = (n: number | undefined) => (n === NO_LINE ? null : n);

function starts(code: CodeObject) {
  const { count, offset, line } = lineStarts(code);
  return Array.from({ length: count }, (_, i) => [offset[i], none(line[i])]);
}

function ranges(code: CodeObject) {
  const found = lines(code);
  if (!found) return undefined;
  return Array.from({ length: found.count }, (_, i) => [found.start[i], found.end[i], none(found.line[i])]);
}

function places(code: CodeObject) {
  const found = positions(code);
  if (!found) return undefined;
  return Array.from({ length: found.length / 4 }, (_, i) => [...found.subarray(4 * i, 4 * i + 4)].map(none));
}

const field = (python: string) =>
  ["3.10", "3.11", "3.12", "3.13", "3.14", "3.15"].includes(python) ? "co_linetable" : "co_lnotab";

function code(python: string, table: readonly number[], size: number, first = 1): CodeObject {
  return codeOf(python, {
    [field(python)]: Uint8Array.from(table),
    co_code: new Uint8Array(size).fill(9),
    co_firstlineno: first,
  });
}

describe("co_lnotab", () => {
  test("pairs at one offset add up", () => {
    expect(starts(code("2.7", [6, 255, 0, 45, 3, 1], 20))).toEqual([
      [0, 1],
      [6, 301],
      [9, 302],
    ]);
  });

  test("2.3 shows each pair of a long jump, at the instruction after", () => {
    expect(starts(code("2.3", [6, 255, 0, 45, 6, 1], 20))).toEqual([
      [0, 1],
      [6, 256],
      [7, 301],
      [12, 302],
    ]);
  });

  test("the line's increment is signed from 3.6 on", () => {
    expect(starts(code("3.5", [2, 5, 2, 254], 10))).toEqual([
      [0, 1],
      [2, 6],
      [4, 260],
    ]);
    expect(starts(code("3.6", [2, 5, 2, 254], 10))).toEqual([
      [0, 1],
      [2, 6],
      [4, 4],
    ]);
  });

  test("3.8 ends where the code ends", () => {
    expect(starts(code("3.7", [2, 1, 8, 1], 10))).toEqual([
      [0, 1],
      [2, 2],
      [10, 3],
    ]);
    expect(starts(code("3.8", [2, 1, 8, 1], 10))).toEqual([
      [0, 1],
      [2, 2],
    ]);
  });

  test("there are no ranges and positions", () => {
    expect(lines(code("3.9", [2, 1], 10))).toBeUndefined();
    expect(positions(code("3.9", [2, 1], 10))).toBeUndefined();
  });
});

test("SET_LINENO tells the line where there is no table", () => {
  const co = codeOf("1.4", { co_code: Uint8Array.from([127, 5, 0, 1, 100, 0, 0, 127, 6, 1]) });
  expect(starts(co)).toEqual([
    [0, 5],
    [7, 262],
  ]);
});

describe("3.10's table", () => {
  test("-128 is no line, and ranges of nothing only add to the line", () => {
    const co = code("3.10", [4, 0, 0, 127, 2, 10, 6, 0x80, 2, 1], 14);
    expect(ranges(co)).toEqual([
      [0, 4, 1],
      [4, 6, 138],
      [6, 12, null],
      [12, 14, 139],
    ]);
    expect(starts(co)).toEqual([
      [0, 1],
      [4, 138],
      [12, 139],
    ]);
    expect(entries(co).faults).toEqual([]);
  });

  test("faults are told", () => {
    expect(entries(code("3.10", [2, 1, 0, 3, 9], 10)).faults).toEqual([
      { start: 4, end: 5, what: "half a pair at the end of co_linetable" },
      { start: 2, end: 4, what: "the last range has no bytes" },
      { start: 0, end: 5, what: "co_linetable covers 2 bytes of 10" },
    ]);
  });
});

describe("locations", () => {
  // short form 2, column 16 + 5 … + 3; one line further; a long one; no columns; none
  const table = [0x80 | (2 << 3), 0x53, 0x80 | (11 << 3) | 1, 7, 9, 0xf0, 0x41, 0x02, 0x03, 0x01, 0x02, 0xe8, 3, 0xf9];

  test("every form", () => {
    const co = code("3.12", table, 14, 10);
    expect(places(co)).toEqual([
      [10, 10, 21, 24],
      [11, 11, 7, 9],
      [11, 11, 7, 9],
      [-53, -50, 0, 1],
      [-54, -54, null, null],
      [null, null, null, null],
      [null, null, null, null],
    ]);
    expect(
      entries(co).entries.map((entry) => [entry.kind, entry.start, entry.end, entry.size, none(entry.lineDelta)]),
    ).toEqual([
      ["short", 0, 2, 2, 0],
      ["one-line", 2, 5, 4, 1],
      ["long", 5, 11, 2, -64],
      ["no-columns", 11, 13, 2, -1],
      ["none", 13, 14, 4, null],
    ]);
    expect(entries(co).faults).toEqual([]);
  });

  test("each entry is a range in 3.11, neighbours on one line are one in 3.12, and 3.13 starts lines that are None", () => {
    const twice = [0xe8, 0, 0xe8, 0, 0xf8, 0xe8, 2];
    expect(ranges(code("3.11", twice, 8))).toEqual([
      [0, 2, 1],
      [2, 4, 1],
      [4, 6, null],
      [6, 8, 2],
    ]);
    expect(ranges(code("3.12", twice, 8))).toEqual([
      [0, 4, 1],
      [4, 6, null],
      [6, 8, 2],
    ]);
    expect(starts(code("3.12", twice, 8))).toEqual([
      [0, 1],
      [6, 2],
    ]);
    expect(starts(code("3.13", twice, 8))).toEqual([
      [0, 1],
      [4, null],
      [6, 2],
    ]);
  });

  test("faults are told", () => {
    expect(entries(code("3.13", [5, 0x80, 1, 2, 0xe8, 0x80, 1], 8)).faults).toEqual([
      { start: 0, end: 1, what: "bytes that begin no entry" },
      { start: 3, end: 4, what: "1 surplus bytes in an entry" },
      { start: 4, end: 5, what: "a cut-off entry" },
      { start: 0, end: 7, what: "co_linetable covers 18 bytes of 8" },
    ]);
  });
});

test("PyPy's table has an entry for each code unit", () => {
  const table = [1, 5, 8, 0, 0, 0x81, 1, 0, 3, 1, 2];
  const co = codeOf("pypy3.10", {
    co_linetable: Uint8Array.from(table),
    co_code: new Uint8Array(6),
    co_firstlineno: 3,
  });
  expect(places(co)).toEqual([
    [3, 3, 4, 7],
    [null, null, null, null],
    [131, null, null, null],
  ]);
  expect(ranges(co)).toEqual([
    [0, 2, 3],
    [2, 4, null],
    [4, 6, 131],
  ]);
  expect(entries(co).faults).toEqual([{ start: 8, end: 11, what: "a cut-off entry" }]);
});

const kinds = ["1.5", "2.3", "2.7", "3.7", "3.9", "3.10", "3459", "3.11", "3.12", "3.13", "pypy3.10"];

test("whatever the bytes are, the entries tile the table and what they cover begins where the one before ends", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...kinds),
      fc.uint8Array({ maxLength: 60 }),
      fc.uint8Array({ maxLength: 40 }),
      fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
      (python, bytes, instructions, first) => {
        const table = { co_lnotab: bytes, co_linetable: bytes };
        const co = codeOf(python, { ...table, co_code: instructions, co_firstlineno: first & 0x7fff });
        lineStarts(co);
        lines(co);
        positions(co);
        const found = entries(co);
        let [at, offset] = [0, 0];
        for (const entry of found.entries) {
          expect([entry.start, entry.offset]).toEqual([at, offset]);
          expect(entry.end).toBeGreaterThan(at);
          at = entry.end;
          offset += entry.size;
        }
        if (at < bytes.length) expect(found.faults.some((fault) => fault.end === bytes.length)).toBe(true);
        else expect(at).toBe(bytes.length);
        for (const fault of found.faults) expect(fault.start <= fault.end && fault.end <= bytes.length).toBe(true);
      },
    ),
    { numRuns: 500 },
  );
});

describe.each(fixtureVersions())("the tables of Python %s", (version) => {
  const codes = fixturesOf(version).flatMap((sample) => [...codesOf(readPyc(sample.bytes))]);

  test("have no faults", () => {
    expect(codes.flatMap((co) => entries(co).faults)).toEqual([]);
  });

  test("say the same entry by entry and code unit by code unit", () => {
    for (const co of codes) {
      const units = positions(co);
      if (!units) continue;
      const each = entries(co).entries.flatMap((entry) =>
        Array.from({ length: entry.size / 2 }, () => [entry.line, entry.endLine, entry.column, entry.endColumn]),
      );
      expect(each.flat()).toEqual([...units]);
    }
  });

  test("say what SET_LINENO says", () => {
    for (const co of codes) {
      if (co.version.traits.lines !== "set-lineno") continue;
      const bytes = co.code;
      const { count, offset, line } = lineStarts(co);
      for (let i = 0, k = 0; i < bytes.length; i += (bytes[i] as number) >= 90 ? 3 : 1) {
        while (k + 1 < count && (offset[k + 1] as number) <= i) k++;
        const told = bytes[i] === 127 ? (bytes[i + 1] as number) | ((bytes[i + 2] as number) << 8) : 0;
        if (told > 0) expect([i, line[k]]).toEqual([i, told]); // a module begins with SET_LINENO 0
      }
    }
  });
});
