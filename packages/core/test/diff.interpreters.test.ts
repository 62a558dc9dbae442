/** What real Pythons make of a source and of the same with one small change: that change is told, and nothing else. */
import { readPyc } from "@pyclab/core";
import { type Difference, diff, diffLines } from "@pyclab/core/diff";
import { expect, test } from "vitest";
import { type Interpreter, interpreters as pythons } from "./interpreters.js";

const source = `
def f(items, scale=2):
    total = 0
    for item in items:
        if item in ('a', 'b'):
            total = total + scale
        else:
            total = total - 1
    try:
        return [total for _ in items]
    finally:
        print(total)

class C:
    def method(self):
        return lambda x: (x, self)
`;

async function difference(python: Interpreter, changed: string): Promise<Difference> {
  const [a, b] = [await python.compile(source), await python.compile(changed)];
  return diff(readPyc(a), readPyc(b));
}

/** What a shift of lines changes; from 3.13 on a class body loads its line. */
const ofPlaces = /^.(?:mtime|source_size|co_firstlineno|co_consts\[\d+\] 1\d$| LOAD_(?:CONST|SMALL_INT) 1\d$)/;

/** The lines that are not in both, numbers of lines apart. */
const signed = (of: Difference) =>
  [...diffLines(of, { names: { a: "a", b: "b" } })]
    .filter(({ kind }) => kind === "removed" || kind === "added")
    .map(({ text }) => text.replace(/\s+/g, " ").replace(/^([-+]) \d+/, "$1"))
    .filter((text) => !ofPlaces.test(text));

test.each(pythons)("$python", async (python) => {
  const same = await difference(python, source);
  expect([same.changed, same.added, same.removed, same.moved, same.encoding]).toEqual([[], [], [], [], []]);

  // lines alone: nothing but numbers of lines
  const lines = await difference(python, `\n\n\n${source}`);
  expect(signed(lines)).toEqual([]);
  expect(lines.changed.length).toBeGreaterThan(4);
  for (const { lines: moved } of lines.changed)
    for (const { line } of moved?.ranges ?? []) expect((line.b ?? 0) - (line.a ?? 0)).toBe(3);

  // a constant
  const constant = await difference(python, source.replace("total - 1", "total - 7"));
  const ofF = constant.changed.find(({ a }) => a.qualname === "f");
  expect(ofF?.instructions?.hunks.length).toBe(1);
  expect(constant.changed.length).toBe(1);
  expect(signed(constant).at(-1)).toMatch(/^\+.* 7$/);

  // a statement more, in a loop and a try block: no jump and no handler counts as another
  const statement = await difference(python, source.replace("        if item", "        print(item)\n        if item"));
  expect([statement.added, statement.removed, statement.moved]).toEqual([[], [], []]);
  const [hunks] = statement.changed.filter(({ a }) => a.qualname === "f");
  expect(hunks?.exceptions).toBeUndefined();
  expect(signed(statement).filter((text) => text.startsWith("-"))).toEqual([]);
  expect(signed(statement).length).toBeGreaterThan(1);

  // a function that has another name, and one more beside it
  const renamed = await difference(python, source.replace("def f(", "def other(new): return new\n\ndef g("));
  expect(renamed.added.map(({ qualname }) => qualname)).toEqual(["other"]);
  expect(renamed.moved.map(({ a, b }) => [a.qualname, b.qualname])[0]).toEqual(["f", "g"]);
  expect(renamed.removed).toEqual([]);
});
