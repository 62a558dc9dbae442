/** Exception tables: by hand, in the fixtures, at random. What interpreters read is in linetable.interpreters.test.ts. */
import { exceptionEntries, exceptionTable } from "@pyclab/core/exceptiontable";
import { readPyc } from "@pyclab/core/pyc";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { codeOf, codesOf } from "./linetable-code.js";
import { fixturesOf, fixtureVersions } from "./oracle.js";

const code = (table: readonly number[] | Uint8Array, size: number) =>
  codeOf("3.12", { co_exceptiontable: Uint8Array.from(table), co_code: new Uint8Array(size) });

describe("entries", () => {
  test("are four numbers each, big-endian, in code units", () => {
    expect(exceptionTable(code([0x81, 2, 5, 0x07, 0x80 | 0x41, 0, 0x41, 3, 0x42, 1, 0], 400))).toEqual({
      entries: [
        { start: 2, end: 6, target: 10, depth: 3, lasti: true, span: { start: 0, end: 4 } },
        { start: 128, end: 128 + 134, target: 258, depth: 0, lasti: false, span: { start: 4, end: 11 } },
      ],
      faults: [],
    });
  });

  test("there are none where the version has no table", () => {
    expect(exceptionEntries(codeOf("3.10", { co_linetable: Uint8Array.of(2, 0) }))).toEqual([]);
  });
});

test.each<[string, number[], number, number, string]>([
  ["cut off in a number", [0x81, 2, 5, 0x47], 20, 0, "a cut-off entry"],
  ["cut off between numbers", [0x81, 2, 5, 7, 0x81, 2], 20, 1, "a cut-off entry"],
  ["not marked", [1, 2, 5, 7], 20, 1, "an entry whose first byte is not marked as one"],
  ["marked twice", [0x81, 0x82, 5, 7], 20, 1, "an entry with a byte that is marked as the first of one"],
  ["a range too long", [0x81, 20, 5, 7], 20, 1, "a range that ends at 42, past the 20 bytes of co_code"],
  ["a handler outside", [0x81, 2, 10, 7], 20, 1, "a handler at 20, past the 20 bytes of co_code"],
  ["a huge number", [0xff, 127, 127, 127, 127, 63, 2, 1, 7], 20, 1, "a number beyond 31 bits"],
])("%s", (_, table, size, count, what) => {
  const { entries, faults } = exceptionTable(code(table, size));
  expect(entries.length).toBe(count);
  expect(faults[0]?.what).toBe(what);
});

test("whatever the bytes are, the entries tile the table up to where it is cut off", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (table) => {
      const { entries, faults } = exceptionTable(code(table, 20));
      let at = 0;
      for (const { span, start, end } of entries) {
        expect(span.start).toBe(at);
        expect(end).toBeGreaterThanOrEqual(start);
        at = span.end;
      }
      if (at < table.length) expect(faults.at(-1)).toEqual({ start: at, end: table.length, what: "a cut-off entry" });
    }),
  );
});

test("the tables of the fixtures have entries, and no faults", () => {
  let count = 0;
  for (const sample of fixtureVersions().flatMap(fixturesOf)) {
    for (const co of codesOf(readPyc(sample.bytes))) {
      const { entries, faults } = exceptionTable(co);
      expect(faults).toEqual([]);
      count += entries.length;
    }
  }
  expect(count).toBeGreaterThan(100);
});
