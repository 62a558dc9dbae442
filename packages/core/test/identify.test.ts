/** Which Python wrote a file: by its magic number, by its body, by its name, and never by guessing. */
import { FormatError, readPyc } from "@pyclab/core";
import { finals } from "@pyclab/core/version";
import { describe, expect, test } from "vitest";
import { fixturesOf, fixtureVersions } from "./oracle.js";

const cpython = fixtureVersions().filter((version) => !version.startsWith("pypy"));
const headerSizes = [8, 12, 16];
const first = (version: string) => {
  const samples = fixturesOf(version);
  return samples.reduce((large, sample) => (sample.bytes.length > large.bytes.length ? sample : large));
};
const bodyOf = (bytes: Uint8Array) =>
  bytes.subarray(headerSizes.find((size) => ((bytes[size] as number) & 0x5f) === 0x43) as number);

describe("by the magic number", () => {
  test.each(cpython)("%s", (version) => {
    for (const { bytes, stem } of fixturesOf(version)) {
      const pyc = readPyc(bytes, { name: `${version}/${stem}.pyc` });
      expect(pyc.version.python).toBe(version === "3.5" ? "3.5" : version);
      expect(pyc.certainty.candidates).toContain(pyc.version);
    }
  });

  test("1.5 and 1.6a2 write the same bytes: it is said, and the file's name decides", () => {
    const { bytes } = fixturesOf("1.5")[0] as { bytes: Uint8Array };
    expect(readPyc(bytes).version.python).toBe("1.5");
    expect(readPyc(bytes).certainty.sure).toBe(false);
    expect(readPyc(bytes).certainty.candidates.map((each) => each.python)).toEqual(["1.5", "1.6"]);
    expect(readPyc(bytes, { name: "/usr/lib/python1.6/x.pyc" }).version.python).toBe("1.6");
    expect(readPyc(bytes, { name: "/usr/lib/python1.7/x.pyc" }).version.python).toBe("1.5");
  });

  test("1.1 and 1.2 share a number: a body with a function or a class tells them apart", () => {
    for (const version of ["1.1", "1.2"]) {
      const certainties = fixturesOf(version).map(({ bytes }) => readPyc(bytes));
      const told = certainties.filter((pyc) => pyc.certainty.sure);
      expect(told.length).toBeGreaterThan(certainties.length / 4);
      for (const pyc of told) expect(pyc.version.python).toBe(version);
      for (const pyc of certainties) expect(pyc.certainty.candidates.map((each) => each.python)).toContain(version);
    }
  });

  test("a name says nothing against a magic number", () => {
    const { bytes } = fixturesOf("3.8")[0] as { bytes: Uint8Array };
    expect(readPyc(bytes, { name: "3.9/x.cpython-39.pyc" }).version.python).toBe("3.8");
  });

  test("a lineage that shares the number is named in the error", () => {
    const bytes = Uint8Array.from([0xcb, 0x0d, 0x0d, 0x0a, ...Array(12).fill(0), 0x12, 0x34]);
    expect(() => readPyc(bytes)).toThrow(/RustPython/);
  });

  test("asked for, a version is read whatever the number", () => {
    const { bytes } = fixturesOf("3.11")[0] as { bytes: Uint8Array };
    const other = bytes.slice();
    other.set([1, 2, 3, 4]);
    expect(readPyc(other, { python: "3.11" }).version.python).toBe("3.11");
  });
});

describe("by the body", () => {
  test.each(cpython)("%s without its magic number: among the candidates, and never said to be sure", (version) => {
    const { bytes } = first(version);
    const blank = bytes.slice();
    blank.fill(0, 0, 4);
    const pyc = readPyc(blank);
    expect(pyc.certainty.sure).toBe(false);
    expect(pyc.certainty.candidates.map((each) => each.python)).toContain(version);
  });

  test.each(cpython)("%s without a header", (version) => {
    const body = bodyOf(first(version).bytes);
    const pyc = readPyc(body);
    expect(pyc.header).toBeUndefined();
    expect(pyc.certainty.candidates.map((each) => each.python)).toContain(version);
    expect(readPyc(body, { raw: true }).version).toBe(pyc.version);
  });

  test("few versions are left as candidates", () => {
    const left = cpython.map((version) => readPyc(bodyOf(first(version).bytes)).certainty.candidates.length);
    expect(left.filter((count) => count <= 3).length).toBeGreaterThanOrEqual((finals.length * 3) / 4);
  });

  test("what fits nothing is refused", () => {
    expect(() => readPyc(new TextEncoder().encode("#!/usr/bin/env python\nprint(1)\n"))).toThrow(FormatError);
  });
});
