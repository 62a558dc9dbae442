/**
 * The stack effects against every code object at hand: over all paths, each instruction is reached with one depth, nothing
 * is popped that is not there, and the greatest depth is never above co_stacksize.
 *
 * It may be below: compilers up to 3.7 sought an upper bound, later ones count before their last optimizations (folded
 * constants, unreachable code), and from 3.13 on co_stacksize is at least 1. What they counted is held too, by walking as
 * they did.
 */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { CodeObject } from "../src/code/index.js";
import { readPyc } from "../src/pyc/index.js";
import { countedDepth, habits, realDepth } from "./depth.js";
import { fixtureVersions, samplesIn } from "./oracle.js";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const shared = `${root}../shared/oracle/`;
if (!existsSync(shared)) console.log("opcode-depth: no ../shared/oracle, only the fixtures are walked");

/** Of all code objects; the fixtures alone were chosen for what is rare, and more of them were optimized afterwards. */
const EQUAL = existsSync(shared) ? 0.95 : 0.93;

/** `3.12`, `pypy/3.9`. */
const versions = fixtureVersions();

/** The fixtures are among the shared samples. */
function foldersOf(version: string): string[] {
  const folders = [`${shared}samples/${version}`, `${shared}stdlib/${version}`, `${shared}${version}`].filter(
    existsSync,
  );
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

interface Tally {
  equal: number;
  below: number;
  readonly above: string[];
}

function count(tally: Tally, name: string, depth: number, stacksize: number): void {
  if (depth === stacksize) tally.equal++;
  else if (depth < stacksize) tally.below++;
  else tally.above.push(`${name}: ${depth} > ${stacksize}`);
}

describe.each(versions)("Python %s", (version) => {
  test("depth over all paths", () => {
    const problems: string[] = [];
    const real: Tally = { equal: 0, below: 0, above: [] };
    const counted: Tally = { equal: 0, below: 0, above: [] };
    const habit = habits[version];
    for (const [name, code] of codesOf(version)) {
      const depth = realDepth(code);
      problems.push(...depth.problems.map((problem) => `${name}: ${problem}`));
      if (code.int("co_stacksize") === undefined) continue;
      count(real, name, depth.max, code.stacksize);
      if (habit) count(counted, name, countedDepth(code, habit), code.stacksize);
    }
    expect(problems).toEqual([]);
    expect(real.above).toEqual([]);
    const all = real.equal + real.below;
    // Of the same walk; the rest is what was optimized afterwards.
    if (habit) {
      expect(counted.equal / all).toBeGreaterThan(0.9);
      expect(counted.above.length).toBeLessThan(5);
    } else if (all > 0) expect(real.equal / all).toBeGreaterThan(EQUAL);
  });
});
