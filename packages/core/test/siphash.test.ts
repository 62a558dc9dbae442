/** The source hash of hash-based files, against what `importlib.util.source_hash` of each Python said. */
import { sourceHash } from "@pyclab/core/pyc";
import { versionNamed, versions, writingOf } from "@pyclab/core/version";
import { expect, test } from "vitest";

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");
const ascii = (text: string) => new Uint8Array(Buffer.from(text));
const ALL_BYTES = Uint8Array.from({ length: 256 }, (_, i) => i);

test.each<[string, Uint8Array, string]>([
  ["3.7", ascii(""), "85ee0caabd83b6a7"],
  ["3.7", ascii("x = 1\n"), "20329d810db227ea"],
  ["3.7", ascii("print('12345678')"), "25227ef203a8d8d1"],
  ["3.7", ALL_BYTES, "878eca7d2048d523"],
  ["3.10", ascii(""), "8cc0cd2525e7fd27"],
  ["3.10", ascii("x = 1\n"), "d94aade28c8cbebf"],
  ["3.10", ascii("print('12345678')"), "981766de27f60abf"],
  ["3.10", ALL_BYTES, "4c2188c1c09a54c0"],
  ["3.11", ascii(""), "738d9cd5d5e87f73"],
  ["3.11", ascii("x = 1\n"), "4c0372aa93f75252"],
  ["3.11", ascii("print('12345678')"), "ee13300f2e2cd4cd"],
  ["3.11", ALL_BYTES, "1daf10aba04017be"],
  ["3.13", ascii(""), "27ec6d312f93b814"],
  ["3.13", ascii("x = 1\n"), "e786e2893651120e"],
  ["3.13", ascii("print('12345678')"), "2a3ecc48fa4186c7"],
  ["3.13", ALL_BYTES, "58e329a361564cd3"],
])("%s, case %#", (python, source, expected) => {
  expect(hex(sourceHash(source, versionNamed(python)))).toBe(expected);
});

test("3.11 took fewer rounds", () => {
  const rounds = (lineage: string) => [
    ...new Set(versions.filter((v) => v.lineage === lineage).map((v) => writingOf(v).sourceHash)),
  ];
  expect(rounds("CPython")).toEqual(["siphash-2-4", "siphash-1-3"]);
  expect(writingOf(versionNamed("3.10")).sourceHash).toBe("siphash-2-4");
  expect(writingOf(versionNamed("3.11")).sourceHash).toBe("siphash-1-3");
});
