/**
 * The stack effects and the walks over them (`flow/`) against every code object at hand: each instruction is reached with
 * one depth, nothing is popped that is not there, and the greatest depth is never above co_stacksize. From 3.10 on the
 * stack size that is computed is the compiler's very own.
 *
 * Before, it may be below: what compilers counted before their last optimizations (folded constants, unreachable code)
 * cannot be found again. Where their count saw more than there is, it may be above, too, in a few.
 */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { CodeObject } from "../src/code/index.js";
import { bodyOf, stackSize } from "../src/flow/index.js";
import { readPyc } from "../src/pyc/index.js";
import { fixtureVersions, samplesIn } from "./oracle.js";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const shared = `${root}../shared/oracle/`;
if (!existsSync(shared)) console.log("opcode-depth: no ../shared/oracle, only the fixtures are walked");

/** Versions whose stack size is computed exactly; and the least share of code objects for which it is elsewhere. */
const EXACT = /^3\.1\d$/;
const EQUAL = existsSync(shared) ? 0.95 : 0.9;

/** `3.12`, `pypy/3.9`. */
const versions = fixtureVersions();

/** The fixtures are among the shared samples. */
function foldersOf(version: string): string[] {
  const suites = ["samples", "stdlib", "probes"].map((suite) => `${shared}${suite}/${version}`);
  const folders = [...suites, `${shared}${version}`].filter(existsSync);
  return folders.length > 0 ? folders : [`${root}fixtures/${version}`];
}

function* codesOf(version: string): Generator<[name: string, code: CodeObject]> {
  for (const folder of foldersOf(version)) {
    for (const { stem, bytes } of samplesIn(folder, version)) {
      const pyc = readPyc(bytes, { python: version.replace("/", "") });
      const pending = pyc.code ? [pyc.code] : [];
      for (let code = pending.pop(); code !== undefined; code = pending.pop()) {
        pending.push(...code.nested.map((node) => new CodeObject(pyc.values, node)));
        yield [`${stem} ${code.name} ${code.offset}`, code];
      }
    }
  }
}

describe.each(versions)("Python %s", (version) => {
  test("depth over all paths, and the stack size", () => {
    const problems: string[] = [];
    const above: string[] = [];
    const different: string[] = [];
    let all = 0;
    for (const [name, code] of codesOf(version)) {
      const found = stackSize(bodyOf(code));
      problems.push(...found.problems.map(({ offset, message }) => `${name}: ${offset}: ${message}`));
      const told = code.int("co_stacksize");
      if (told === undefined) continue;
      all++;
      if (found.max > told) above.push(`${name}: ${found.max} > ${told}`);
      if (found.size !== told) different.push(`${name}: ${found.size}, not ${told}`);
    }
    expect(problems).toEqual([]);
    expect(above).toEqual([]);
    if (EXACT.test(version)) expect(different).toEqual([]);
    else expect(different.length).toBeLessThanOrEqual(all * (1 - EQUAL));
  });
});
