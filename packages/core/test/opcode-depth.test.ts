/**
 * The stack effects and the walks over them (`flow/`) against every code object at hand: each instruction is reached with
 * one depth, nothing is popped that is not there, and the greatest depth is never above co_stacksize. The stack size that
 * is computed is the compiler's very own; but for 2.4 to 3.6, which counted before their last optimizations, a few of
 * which (a folded sum, conditions that became jumps) cannot be told from the code that is left.
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

/** Versions that counted before their last optimizations, and PyPy, whose compiler is another. */
const APPROXIMATE = /^(2\.[4-7]|3\.[0-6]|pypy)/;
/** The least share of their code objects whose stack size is computed; the fixtures alone hold rarer code. */
const EQUAL = existsSync(shared) ? 0.985 : 0.94;

/** `3.12`, `pypy/3.9`. */
const versions = fixtureVersions();

/** The fixtures are among the shared samples. */
function foldersOf(version: string): string[] {
  const suites = ["samples", "stdlib"].map((suite) => `${shared}${suite}/${version}`);
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
    if (APPROXIMATE.test(version)) expect(different.length).toBeLessThanOrEqual(all * (1 - EQUAL));
    else expect(different).toEqual([]);
  });
});
