/** One malformed file per error code: each ends in its error, which says where and what was expected. */
import { readdirSync, readFileSync } from "node:fs";
import { FormatError, listing, readPyc } from "@pyclab/core";
import { expect, test } from "vitest";

const folder = new URL("./bad/", import.meta.url);
const names = readdirSync(folder).filter((name) => name.endsWith(".pyc"));
const read = (name: string) => new Uint8Array(readFileSync(new URL(name, folder)));

/** What reading and listing end in. */
function outcome(bytes: Uint8Array, options = {}): FormatError | undefined {
  try {
    listing(readPyc(bytes, options));
    return undefined;
  } catch (error) {
    if (error instanceof FormatError) return error;
    throw error;
  }
}

test("every error code of a file has a malformed file, but for a version that is asked for and unknown", () => {
  const source = readFileSync(new URL("../src/bytes/error.ts", import.meta.url), "utf8");
  const codes = [...source.matchAll(/^ {2}\| "([\w-]+)"/gm)].map((match) => match[1]);
  expect(codes.length).toBeGreaterThan(10);
  expect([...codes].sort()).toEqual([...names.map((name) => name.slice(0, -4)), "unknown-version"].sort());
});

test.each(names)("%s", (name) => {
  const error = outcome(read(name));
  expect(error?.code).toBe(name.slice(0, -4));
  expect(error?.message).toMatchSnapshot();
});

test("a Python that is not in the registry", () => {
  expect(outcome(read("truncated.pyc"), { python: "4.2" })?.code).toBe("unknown-version");
});

test.each(names)("%s, tolerantly: what was wrong is told, unless it is no file at all", (name) => {
  const error = outcome(read(name), { tolerant: true });
  if (error) expect(["empty", "unknown-magic", "foreign-magic"]).toContain(error.code);
  else expect(readPyc(read(name), { tolerant: true }).errors.length).toBeGreaterThan(0);
});
