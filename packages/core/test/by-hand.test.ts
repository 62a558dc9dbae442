/**
 * Programs written by hand in the assembly language, for every minor version: each text in `by-hand/PROGRAM/` is named
 * by the versions that it is for and names none itself. All are assembled; where the real interpreter is here, it runs
 * them.
 */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { listing, readPyc, writePyc } from "@pyclab/core";
import { assemble, parseAssembly } from "@pyclab/core/assembly";
import { verify } from "@pyclab/core/verify";
import { finals } from "@pyclab/core/version";
import { describe, expect, test } from "vitest";
import { interpreters } from "./interpreters.js";

const folder = fileURLToPath(new URL("by-hand/", import.meta.url));
const printed: Readonly<Record<string, string>> = {
  hello: "Hello, world!\n",
  loop: "0\n1\n2\n3\n4\n",
  closure: "7\n",
  finally: "finally\ncaught\n",
  generator: "0\n1\n2\n",
};
/** The first Python that has generators; the others all have all. */
const since: Readonly<Record<string, string>> = { generator: "2.2" };

const order = finals.filter(({ lineage }) => lineage === "CPython").map(({ python }) => python);

/** `2.5-2.7` → the finals from one to the other. */
function pythonsOf(range: string): string[] {
  const [first = "", last = first] = range.split("-");
  expect([range, order.includes(first), order.includes(last)]).toEqual([range, true, true]);
  return order.slice(order.indexOf(first), order.lastIndexOf(last) + 1);
}

const texts = Object.keys(printed).flatMap((program) =>
  readdirSync(folder + program).flatMap((file) =>
    pythonsOf(file.replace(/\.pyasm$/, "")).map((python) => ({ program, python, path: `${folder}${program}/${file}` })),
  ),
);

function built(path: string, python: string): Uint8Array {
  const { program } = parseAssembly(readFileSync(path, "utf8"), { python });
  return writePyc(assemble(program).draft);
}

describe("written by hand", () => {
  test("every program is there for every version that can have it", () => {
    for (const program of Object.keys(printed)) {
      const there = new Set(texts.filter((text) => text.program === program).map(({ python }) => python));
      const wanted = order.slice(Math.max(0, order.indexOf(since[program] ?? "")));
      expect([program, wanted.filter((python) => !there.has(python))]).toEqual([program, []]);
    }
  });

  test.each(texts)("$program for $python is assembled", ({ path, python }) => {
    const pyc = readPyc(built(path, python), { python });
    expect(pyc.version.python).toBe(python);
    expect(verify(pyc)).toEqual([]);
    expect(listing(pyc).length).toBeGreaterThan(0);
  });

  test.each(interpreters)("$python prints what it should", { timeout: 300_000 }, async ({ python, run }) => {
    for (const { program, path } of texts.filter((text) => text.python === python))
      expect([program, await run(built(path, python))]).toEqual([program, printed[program]]);
  });
});
