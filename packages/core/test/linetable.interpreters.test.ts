/** Random tables, read by us and by the interpreters that are installed (those of pyenv); skipped where there are none. */
import { execFileSync } from "node:child_process";
import { exceptionEntries, exceptionTable } from "@pyclab/core/exceptiontable";
import { lineStarts, lines, NO_LINE, positions } from "@pyclab/core/linetable";
import { expect, test } from "vitest";
import { pythons as installed } from "./interpreters.js";
import { codeOf } from "./linetable-code.js";

const pythons = installed.filter(({ python }) => /^(2\.7|3\.([6-9]|1\d))$/.test(python));
if (pythons.length === 0) console.log("linetable: no interpreters, the comparison with them is skipped");

interface Case {
  readonly table: number[];
  readonly size: number;
  readonly first: number;
}

const CASES = 400;

/** The same numbers in every run. */
function generator(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function cases(python: string): Case[] {
  const random = generator(python.length * 1000 + Number(python.split(".")[1]));
  return Array.from({ length: CASES }, () => {
    const table = Array.from({ length: random(24) }, () => (random(3) === 0 ? random(16) : random(256)));
    // What CPython reads behind the end of a table is chance: let it stop before.
    if (python === "3.10" && table.length > 0) table[(table.length - 1) & ~1] = 1 + random(255);
    else if (Number(python.split(".")[1]) > 10) table.push(...[0x80, 0, 0x80, 0, 0x80, 0, 0x80, 0]);
    return { table, size: 2 * random(60), first: random(4) === 0 ? 0 : random(1000) };
  });
}

const ASK = `
import dis, json, sys
def f(): pass
c = f.__code__
def make(table, size, first):
    table = bytes(bytearray(table))
    code = b"\\t\\0" * (size // 2)
    if sys.version_info >= (3, 10):
        return c.replace(co_code=code, co_linetable=table, co_firstlineno=first)
    if sys.version_info >= (3, 8):
        return c.replace(co_code=code, co_lnotab=table, co_firstlineno=first)
    counts = [0, 0, 0, 1, 0] if sys.version_info >= (3,) else [0, 0, 1, 0]
    return type(c)(*counts + [code, (), (), (), "f", "f", first, table, (), ()])
out = []
for case in json.loads(sys.stdin.read()):
    co = make(case["table"], case["size"], case["first"])
    answer = {"starts": list(dis.findlinestarts(co))}
    if sys.version_info >= (3, 10):
        answer["lines"] = list(co.co_lines())
    if sys.version_info >= (3, 11):
        answer["positions"] = list(co.co_positions())
        co = co.replace(co_exceptiontable=bytes(case["table"]))
        answer["exceptions"] = [(e.start, e.end, e.target, e.depth, e.lasti) for e in dis._parse_exception_table(co)]
    out.append(answer)
print(json.dumps(out))
`;

const none = (n: number | undefined) => (n === NO_LINE ? null : n);

function ours(python: string, { table, size, first }: Case) {
  const bytes = Uint8Array.from(table);
  const tables = { co_lnotab: bytes, co_linetable: bytes, co_exceptiontable: bytes };
  const code = codeOf(python, { ...tables, co_code: new Uint8Array(size), co_firstlineno: first });
  const starts = lineStarts(code);
  const ranges = lines(code);
  const units = positions(code);
  const rows = <T>(count: number, row: (i: number) => T) => Array.from({ length: count }, (_, i) => row(i));
  const huge = exceptionTable(code).faults.some((fault) => fault.what.startsWith("a number"));
  return {
    starts: rows(starts.count, (i) => [starts.offset[i], none(starts.line[i])]),
    ...(ranges && { lines: rows(ranges.count, (i) => [ranges.start[i], ranges.end[i], none(ranges.line[i])]) }),
    ...(units && {
      positions: rows(units.length / 4, (i) => [...units.subarray(4 * i, 4 * i + 4)].map(none)),
      exceptions: huge
        ? "beyond 31 bits"
        : exceptionEntries(code).map((e) => [e.start, e.end, e.target, e.depth, e.lasti]),
    }),
  };
}

test.skipIf(pythons.length === 0).each(pythons)("Python $python reads as we do", ({ python, path }) => {
  const asked = cases(python);
  const answers = JSON.parse(execFileSync(path, ["-c", ASK], { input: JSON.stringify(asked), encoding: "utf8" }));
  expect(answers.length).toBe(CASES);
  for (const [i, one] of asked.entries()) {
    const got = ours(python, one);
    const want = got.exceptions === "beyond 31 bits" ? { ...answers[i], exceptions: got.exceptions } : answers[i];
    expect({ ...one, ...got }).toEqual({ ...one, ...want });
  }
});
