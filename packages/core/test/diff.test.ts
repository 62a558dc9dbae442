/** Two files compared: nothing where nothing differs, one difference where one thing was changed, and no file too much. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { readPyc, tree } from "@pyclab/core";
import { codeLayout } from "@pyclab/core/format";
import { type Draft, FLAG_REF } from "@pyclab/core/marshal";
import { canonicalize, draftPyc, type Pyc, type PycDraft, type PycOptions, writePyc } from "@pyclab/core/pyc";
import { type Version, versionNamed } from "@pyclab/core/version";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compare } from "../src/diff/compare.js";
import { type Difference, diff, diffLines, diffRecord, isSame, sameContent } from "../src/diff/index.js";
import { module, sharing } from "./diff-modules.js";
import { fixturesOf, fixtureVersions } from "./oracle.js";

const golden = new URL("./golden/diff/", import.meta.url);
const names = { a: "a.pyc", b: "b.pyc" };

const textOf = (difference: Difference, options = {}) =>
  [...diffLines(difference, { names, ...options })].map(({ text }) => `${text}\n`).join("");
const linesOf = (difference: Difference) => textOf(difference, { context: 0 }).trimEnd().split("\n").slice(2);
const goldenFile = (name: string) => readPyc(new Uint8Array(readFileSync(new URL(`${name}.pyc`, golden))));
const kindsOf = (difference: Difference) => difference.encoding?.map(({ kind, count }) => `${kind} ${count}`);

/** How a file differs from what becomes of it when its drafts are changed. */
function changed(pyc: Pyc, change: (draft: PycDraft) => void): Difference {
  const draft = draftPyc(pyc);
  change(draft);
  return compare(pyc, readPyc(writePyc(draft)));
}

/** A field of a code object's draft. */
function field(code: Draft | undefined, name: string): Draft {
  const at = codeLayout(version).order.get(name) as number;
  return code?.items[at] as Draft;
}

const version: Version = versionNamed("3.12");
const old = goldenFile("3.12.old");
/** The draft of the function f of that file. */
const functionF = ({ object }: PycDraft) =>
  field(object, "co_consts").items.find((item) => (item.type & ~FLAG_REF) === 0x63) as Draft;

describe("nothing differs", () => {
  test.each(fixtureVersions())("%s: a file from itself, and in content from what its Python would write", (python) => {
    for (const { stem, bytes } of fixturesOf(python)) {
      const options: PycOptions = { name: `${python}/${stem}.pyc` };
      const pyc = readPyc(bytes, options);
      const self = compare(pyc, readPyc(bytes.slice(), options));
      if (!isSame(self)) expect(`${stem}: ${textOf(self)}`).toBe("");
      expect(isSame(diff(pyc, pyc))).toBe(true);
    }
  });

  test("no text, and a record that says so", () => {
    const difference = diff(old, old);
    expect(textOf(difference)).toBe("");
    expect(diffRecord(difference, names)).toMatchObject({ same: true, sameContent: true, changed: [], encoding: [] });
  });

  test.each(["2.7", "3.3", "3.6", "3.11", "3.14"])("%s: canonical files differ in encoding alone", (python) => {
    for (const { stem, bytes } of fixturesOf(python)) {
      const pyc = readPyc(bytes);
      const difference = compare(pyc, readPyc(writePyc(canonicalize(pyc))));
      if (!sameContent(difference)) expect(`${stem}: ${textOf(difference)}`).toBe("");
    }
  });
});

describe("golden files", () => {
  const versions = ["2.7", "3.6", "3.10", "3.11", "3.12", "3.13"];

  test.each(versions)("%s: one source and its next version", async (python) => {
    const difference = diff(goldenFile(`${python}.old`), goldenFile(`${python}.new`));
    await expect(textOf(difference)).toMatchFileSnapshot(`golden/diff/${python}.diff`);
  });

  test.each([
    ["2.7", "3.6"],
    ["3.10", "3.11"],
    ["3.12", "3.13"],
  ])("%s and %s compile one source", async (one, other) => {
    const difference = diff(goldenFile(`${one}.old`), goldenFile(`${other}.old`));
    await expect(textOf(difference, { context: 1 })).toMatchFileSnapshot(`golden/diff/${one}-${other}.diff`);
  });

  test("as a record", async () => {
    const difference = diff(goldenFile("3.12.old"), goldenFile("3.12.new"));
    const record = `${JSON.stringify(diffRecord(difference, names), null, 2)}\n`;
    await expect(record).toMatchFileSnapshot("golden/diff/3.12.json");
  });

  test("the other way round, what came is what went", () => {
    const turned = (text: string) =>
      text
        .split("\n")
        .map((line) => line.replace(/^[-+]/, (sign) => (sign === "-" ? "+" : "-")))
        .sort();
    for (const python of versions) {
      const [a, b] = [goldenFile(`${python}.old`), goldenFile(`${python}.new`)];
      const signed = (text: string) => turned(text).filter((line) => /^[-+] *(?:co_|source|\d)/.test(line));
      const plain = (text: string) =>
        text
          .split("\n")
          .filter((line) => /^[-+] *(?:co_|source|\d)/.test(line))
          .sort();
      // the columns of offsets change places
      const bare = (lines: string[]) => lines.map((line) => line.replace(/\s+\d*\s+(?=>>|\s)/, " ")).sort();
      expect(bare(signed(textOf(diff(b, a), { context: 0 })))).toEqual(bare(plain(textOf(diff(a, b), { context: 0 }))));
    }
  });
});

describe("one change of content", () => {
  const cases: readonly (readonly [name: string, change: (draft: PycDraft) => void, expected: RegExp[]])[] = [
    ["stack size", (draft) => set(functionF(draft), "co_stacksize", 9), [/^-co_stacksize 6$/, /^\+co_stacksize 9$/]],
    [
      "flags, with the names of those that only one side has",
      (draft) => set(functionF(draft), "co_flags", 0x23),
      [/^-co_flags 0x3$/, /^\+co_flags 0x23 \(GENERATOR\)$/],
    ],
    [
      "a constant, in the pool and where it is loaded",
      (draft) => text(field(draft.object, "co_consts").items[0], "duc"),
      [
        /^-co_consts\[0\] 'doc'$/,
        /^\+co_consts\[0\] 'duc'$/,
        /^@@/,
        /^- +2 +LOAD_CONST +'doc'$/,
        /^\+ +2 +LOAD_CONST +'duc'$/,
      ],
    ],
    [
      "the type of a constant alone",
      (draft) => kind(field(functionF(draft), "co_consts").items[2], 0x67, [0, 0, 0, 0, 0, 0, 0, 64]),
      [/^-co_consts\[2\] 2$/, /^\+co_consts\[2\] 2.0$/, /^@@/, /^- +38 +LOAD_CONST +2$/, /^\+ +38 +LOAD_CONST +2.0$/],
    ],
    [
      "where a jump goes",
      (draft) => byte(field(functionF(draft), "co_code"), 45, 5),
      [/^@@/, /^- +44 +POP_JUMP_IF_FALSE +to 58$/, /^\+ +44 +POP_JUMP_IF_FALSE +to 56$/],
    ],
    [
      "the file's name, which all code objects share",
      (draft) => text(field(draft.object, "co_filename"), "chance.py"),
      [/^-co_filename change.py$/, /^\+co_filename chance.py$/, /^ co_filename: the same in 6 other code objects$/],
    ],
    [
      "a line",
      (draft) => set(functionF(draft), "co_firstlineno", 5),
      [/^-co_firstlineno 4$/, /^\+co_firstlineno 5$/, /^ lines differ at \d+ instructions: 2 to \d+ by \+1 \(4 is 5\)/],
    ],
    [
      "a column",
      (draft) => byte(field(functionF(draft), "co_linetable"), 5, 0x1c),
      [/^ columns differ at 1 instruction, first at 4$/],
    ],
    [
      "a handler",
      (draft) => byte(field(functionF(draft), "co_exceptiontable"), 4, 2),
      [/^-handler \d+ to \d+: handler 156, depth 0$/, /^\+handler \d+ to \d+: handler 156, depth 1$/],
    ],
    [
      "the kind of a local",
      (draft) => byte(field(functionF(draft), "co_localspluskinds"), 2, 0x60),
      [/^-co_localsplusnames\[2\] i \(local\)$/, /^\+co_localsplusnames\[2\] i \(local, cell\)$/],
    ],
    [
      "a code that is no bytes",
      (draft) => kind(field(field(draft.object, "co_consts").items.filter(isCode)[2], "co_code"), 0x61),
      [/^-co_code b'/, /^\+co_code '/, /^@@/, /^- +0 +RESUME +0$/, /^- +2 +RETURN_CONST +1$/],
    ],
    [
      "a list in place of a tuple",
      (draft) => kind(field(functionF(draft), "co_names"), 0x5b),
      [/^-co_names tuple$/, /^\+co_names list$/],
    ],
  ];

  test.each(cases)("%s", (_, change, expected) => {
    const lines = linesOf(changed(old, change)).filter((line) => !/ offset 0x/.test(line));
    for (const [i, pattern] of expected.entries()) expect(lines[i] ?? "nothing more").toMatch(pattern);
    expect(lines.length).toBe(expected.length);
  });

  test("the header's fields", () => {
    const bytes = old.bytes.slice();
    bytes[4] = 2;
    bytes[8] = 0;
    const difference = diff(old, readPyc(bytes));
    expect(difference.header.map(({ field: name }) => name)).toEqual(["flags", "mtime"]);
    expect([difference.changed, difference.encoding]).toEqual([[], []]);
    expect(diff(old, readPyc(old.bytes.subarray(16), { python: "3.12", raw: true })).header.length).toBe(4);
  });

  test("constants in another order are encoding, but where the first is a docstring", () => {
    const swap = (code: Draft) => {
      const { items } = field(code, "co_consts");
      [items[0], items[1]] = [items[1] as Draft, items[0] as Draft];
      const { content } = field(code, "co_code");
      for (let i = 0; i < content.length; i += 2)
        if (content[i] === 100 && (content[i + 1] as number) < 2) content[i + 1] = 1 - (content[i + 1] as number);
    };
    const module = changed(old, ({ object }) => {
      field(object, "co_code").content = field(object, "co_code").content.slice();
      swap(object);
    });
    expect([sameContent(module), kindsOf(module)]).toEqual([true, ["constant-order 1"]]);
  });
});

describe("one change of encoding", () => {
  const cases: readonly (readonly [kinds: string[], change: (draft: PycDraft) => void])[] = [
    [["flag-ref 1"], (draft) => kind(field(draft.object, "co_linetable"), 0x73 | FLAG_REF)],
    [["type-code 1"], ({ object }) => kind(field(object, "co_names"), 0x28)],
    [["interning 1"], ({ object }) => kind(field(object, "co_consts").items[0], 0x7a | FLAG_REF)],
    [
      ["prefixes 1"],
      (draft) => {
        const code = field(functionF(draft), "co_code");
        // behind everything that jumps over it, so that no target moves
        code.content = Uint8Array.from([...code.content.slice(0, -2), 144, 0, ...code.content.slice(-2)]);
        const table = field(functionF(draft), "co_linetable");
        table.content = table.content.slice();
        table.content[lastEntry(table.content)] = (table.content[lastEntry(table.content)] as number) + 1;
      },
    ],
    [["caches 1"], (draft) => byte(field(functionF(draft), "co_code"), 33, 7)],
    [["unread-oparg 1"], (draft) => byte(field(functionF(draft), "co_code"), 29, 7)],
    [["trailing 1"], (draft) => Object.assign(draft, { trailing: Uint8Array.of(1) })],
    [
      ["set-order 1"],
      ({ object }) => {
        const method = field(field(object, "co_consts").items.filter(isCode)[1], "co_consts").items.find(isCode);
        const set = field(method, "co_consts").items.find((item) => (item.type & ~FLAG_REF) === 0x3e);
        set?.items.reverse();
      },
    ],
    [["exception-table 1"], (draft) => reencode(functionF(draft))],
  ];

  test.each(cases)("%s", (kinds, change) => {
    const difference = changed(old, change);
    expect(kindsOf(difference)).toEqual(kinds);
    expect([sameContent(difference), isSame(difference)]).toEqual([true, false]);
    expect(textOf(difference, { contentOnly: true })).toBe("");
    expect(textOf(difference)).toMatch(
      /^--- a\.pyc {2}Python 3\.12\n\+\+\+ b\.pyc {2}Python 3\.12\nencoding\n [^\n]+\n$/,
    );
    for (const { places } of difference.encoding ?? [])
      for (const { offset } of places) expect(offset.a).toBeLessThanOrEqual(old.bytes.length);
  });

  test("a reference in place of an object, and one to another object of the same value", () => {
    const pyc = readPyc(module(["()", "()", "r0", "r0"]));
    expect(kindsOf(compare(pyc, readPyc(module(["()", "()", "r1", "r0"]))))).toEqual(["reference-target 1"]);
    expect(kindsOf(compare(pyc, readPyc(module(["()", "r0", "r0", "r0"]))))).toEqual(["reference 1"]);
  });

  test("encodings of two versions are not compared", () => {
    const difference = diff(goldenFile("3.11.old"), goldenFile("3.12.old"));
    expect([difference.encoding, isSame(difference), sameContent(difference)]).toEqual([undefined, false, false]);
    expect(diffRecord(difference, names)).toMatchObject({ sameVersion: false });
  });
});

describe("values", () => {
  const differ = (a: string, b: string) => {
    const difference = compare(readPyc(module([a])), readPyc(module([b])));
    return difference.changed[0]?.pools.map((pool) => [...pool.a, ...pool.b].map(({ value }) => value));
  };

  test("by type and to the last bit", () => {
    expect(differ("i1", "T")).toEqual([["1", "True"]]);
    expect(differ("i0", "g0")).toEqual([["0", "0.0"]]);
    expect(differ("g0", "g-0")).toEqual([["0.0", "-0.0"]]);
    expect(differ("()", "[]")).toEqual([["()", "[]"]]);
    expect(differ("'a", "b'a")).toEqual([["'a'", "b'a'"]]);
    expect(differ("i1", "i1")).toBeUndefined();
  });

  test("text that is long is cut, and what could harm a terminal escaped", () => {
    expect(differ(`'${"x".repeat(200)}`, "'\x1b[2J")).toEqual([[`'${"x".repeat(64)}'... 136 more`, "'\\x1b[2J'"]]);
  });

  test("loops and shared tuples cost what their bytes cost", () => {
    const bomb = (depth: number, leaf: string) =>
      module([leaf, ...Array.from({ length: depth }, (_, i) => `(r${i},r${i})`)]);
    expect(isSame(compare(readPyc(bomb(60, "'x")), readPyc(bomb(60, "'x"))))).toBe(true);
    const difference = compare(readPyc(bomb(60, "'x")), readPyc(bomb(60, "'y")));
    expect(difference.changed[0]?.pools[0]?.a.length).toBe(61);
    expect(textOf(difference).length).toBeLessThan(30_000);
    const loop = (inner: string) => module([`((r0),${inner})`]);
    expect(isSame(compare(readPyc(loop("i1")), readPyc(loop("i1"))))).toBe(true);
    expect(sameContent(compare(readPyc(loop("i1")), readPyc(loop("i2"))))).toBe(false);
    // two loops that are built alike, and which of them is meant
    const two = (which: number) => module(["((r0),i1)", "((r2),i2)", `r${which}`]);
    expect(isSame(compare(readPyc(two(1)), readPyc(two(1))))).toBe(true);
    expect(sameContent(compare(readPyc(two(1)), readPyc(two(3))))).toBe(false);
  });
});

describe("no file is too much", () => {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what must not reach a terminal
  const HARMFUL = /[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]/u;

  test("one code for many code objects: what the budget leaves out is told, and does not count as the same", () => {
    const pair = [1, 3].map((step) => readPyc(sharing(300, 20_000, step))) as [Pyc, Pyc];
    const difference = compare(...pair);
    const left = difference.changed.filter(({ leftOut }) => leftOut).length;
    expect(left).toBeGreaterThan(200);
    expect(sameContent(difference)).toBe(false);
    const text = textOf(difference);
    expect(text).toContain("instructions and tables are not compared");
    expect(text.length).toBeLessThan(200 * pair[0].bytes.length);
    expect(isSame(diff(pair[0], pair[0]))).toBe(true);
  });

  const hostile = new URL("../../../../shared/hostile/", import.meta.url);
  test.skipIf(!existsSync(hostile))("hostile files", () => {
    const files = readdirSync(hostile)
      .filter((name) => name.endsWith(".pyc"))
      .flatMap((name) => readable(new Uint8Array(readFileSync(new URL(name, hostile))), { tolerant: true }));
    expect(files.length).toBeGreaterThan(25);
    for (const [i, a] of files.entries()) {
      expect(isSame(compare(a, a))).toBe(true);
      for (const b of [files[0], files[i - 1], files[(i + 7) % files.length]]) {
        if (b === undefined) continue;
        const text = textOf(compare(a, b));
        expect(text.length).toBeLessThan(1 << 16);
        expect(text.match(HARMFUL)).toBeNull();
      }
    }
  });

  const samples = fixtureVersions().flatMap((python) => fixturesOf(python).slice(0, 6));
  const mutation = fc.record({
    sample: fc.nat(samples.length - 1),
    edits: fc.array(fc.record({ at: fc.nat(), value: fc.nat(255), how: fc.constantFrom("set", "add", "drop") }), {
      minLength: 1,
      maxLength: 3,
    }),
    tolerant: fc.boolean(),
  });

  test("mutated files: the same only if the bytes are, the same content only if the trees are", () => {
    fc.assert(
      fc.property(mutation, ({ sample, edits, tolerant }) => {
        const { bytes, version: python, stem } = samples[sample] as (typeof samples)[number];
        const name = `${python}/${stem}.pyc`;
        let mutated = [...bytes];
        for (const { at, value, how } of edits) {
          const place = at % mutated.length;
          mutated = [
            ...mutated.slice(0, place),
            ...(how === "drop" ? [] : [value]),
            ...mutated.slice(how === "add" ? place : place + 1),
          ];
        }
        for (const b of readable(Uint8Array.from(mutated), { name, tolerant })) {
          const a = readPyc(bytes, { name });
          const difference = compare(a, b);
          const text = textOf(difference);
          expect(text.match(HARMFUL)).toBeNull();
          expect(JSON.stringify(diffRecord(difference, names)).length).toBeGreaterThan(0);
          const same = a.version === b.version && Buffer.from(bytes).equals(Buffer.from(mutated));
          expect([isSame(difference), text === ""]).toEqual([same, same]);
          const ordered = difference.encoding?.every(({ kind: each }) => !each.endsWith("-order")) ?? false;
          if (sameContent(difference) && ordered) expect(contentOf(b)).toEqual(contentOf(a));
        }
      }),
      { numRuns: 500 },
    );
  });
});

/** A file's tree without what may be encoded in several ways. */
function contentOf(pyc: Pyc): unknown {
  return JSON.parse(tree(pyc), (key, value) =>
    /^(?:code|lnotab|linetable|exceptiontable|linestarts|lines)$/.test(key) ? undefined : value,
  );
}

/** The file, if it can be read. */
function readable(bytes: Uint8Array, options: PycOptions): Pyc[] {
  try {
    return [readPyc(bytes, options)];
  } catch {
    return [];
  }
}

const isCode = (draft: Draft) => (draft.type & ~FLAG_REF) === 0x63;

function set(code: Draft, name: string, value: number): void {
  const integers = codeLayout(version).fields.filter(({ type }) => type !== "object");
  code.integers[integers.findIndex((each) => each.name === name)] = value;
}

function text(draft: Draft | undefined, value: string): void {
  const owner = draft?.target ?? draft;
  if (owner !== undefined) owner.content = Buffer.from(value);
}

function kind(draft: Draft | undefined, type: number, content?: readonly number[]): void {
  if (draft === undefined) return;
  draft.type = type;
  if (content !== undefined) draft.content = Uint8Array.from(content);
}

function byte(draft: Draft, at: number, value: number): void {
  draft.content = draft.content.slice();
  draft.content[at] = value;
}

/** Where the last entry of a table of locations begins. */
const lastEntry = (table: Uint8Array) => table.findLastIndex((each) => each >= 0x80);

/** Writes the first number of the exception table with a digit that says nothing. */
function reencode(code: Draft): void {
  const table = field(code, "co_exceptiontable");
  const [first = 0, ...rest] = table.content;
  table.content = Uint8Array.from([0xc0, first & 63, ...rest]);
}
