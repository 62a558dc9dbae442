/** The content as JSON. That the fixtures' trees are what their Pythons said is held in fixtures.test.ts. */
import { existsSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { readPyc, type TreeOptions, tree } from "@pyclab/core/pyc";
import { versionNamed } from "@pyclab/core/version";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Fields, marshalled } from "./linetable-code.js";
import { fixturesOf, fixtureVersions, samplesIn, treeDifference } from "./oracle.js";

const i32 = (n: number) => [n & 255, (n >> 8) & 255, (n >> 16) & 255, (n >> 24) & 255];

const bytes = (...parts: (string | number | readonly number[] | Uint8Array)[]) =>
  parts.flatMap((part) =>
    typeof part === "string" ? [...part].map((c) => c.charCodeAt(0)) : typeof part === "number" ? [part] : [...part],
  );

function text(
  content: readonly number[] | Uint8Array,
  python = "3.12",
  options: TreeOptions = {},
  tolerant = false,
): string {
  return tree(readPyc(Uint8Array.from(content), { raw: true, python, tolerant }), options);
}

const long = (digits: number, digit: number) =>
  bytes("l", i32(digits), ...Array.from({ length: digits }, () => [digit & 255, digit >> 8]));

describe("values", () => {
  test.each<[string, number[], string]>([
    [
      "constants",
      bytes("(", i32(5), "NTF.S"),
      '{"t":"tuple","v":[{"t":"None"},{"t":"bool","v":true},{"t":"bool","v":false},{"t":"Ellipsis"},{"t":"StopIteration"}]}',
    ],
    ["int", bytes("i", i32(-7)), '{"t":"int","v":"-7"}'],
    ["a long of two digits", long(2, 1), '{"t":"int","v":"32769"}'],
    ["-0.0", bytes("g", [0, 0, 0, 0, 0, 0, 0, 0x80]), '{"t":"float","bits":"8000000000000000"}'],
    ["a NaN with a payload", bytes("g", [1, 2, 3, 0, 0, 0, 0xf4, 0x7f]), '{"t":"float","bits":"7ff4000000030201"}'],
    [
      "complex",
      bytes("y", [0, 0, 0, 0, 0, 0, 0xf0, 0x3f], [0, 0, 0, 0, 0, 0, 0, 0xc0]),
      '{"t":"complex","re":"3ff0000000000000","im":"c000000000000000"}',
    ],
    ["bytes", bytes("s", i32(3), [0, 0xab, 0xff]), '{"t":"bytes","v":"00abff"}'],
    ["quotes and backslashes", bytes("z", 4, "a\"\\'"), '{"t":"str","v":"a\\"\\\\\'"}'],
    ["a line feed and an escape", bytes("z", 2, "\n\x1b"), '{"t":"str","v":"\\n\\u001b"}'],
    [
      "C1 controls and bidi marks",
      bytes("u", i32(5), [0xc2, 0x9b, 0xe2, 0x80, 0xae]),
      '{"t":"str","v":"\\u009b\\u202e"}',
    ],
    ["a character beyond 16 bits", bytes("u", i32(4), [0xf0, 0x9f, 0x98, 0x80]), '{"t":"str","v":"😀"}'],
    ["a tag character", bytes("u", i32(4), [0xf3, 0xa0, 0x80, 0x81]), '{"t":"str","v":"\\udb40\\udc01"}'],
    ["a lone surrogate", bytes("u", i32(4), "a", [0xed, 0xb2, 0x80]), '{"t":"str","v":"a\\udc80"}'],
    [
      "a pair in two characters",
      bytes("u", i32(6), [0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80]),
      '{"t":"str","v":"\\ud83d\\ude00"}',
    ],
    [
      "list and set",
      bytes("[", i32(2), "<", i32(1), "N", ">", i32(0)),
      '{"t":"list","v":[{"t":"set","v":[{"t":"None"}]},{"t":"frozenset","v":[]}]}',
    ],
    [
      "dict",
      bytes("{NTF.0"),
      '{"t":"dict","v":[[{"t":"None"},{"t":"bool","v":true}],[{"t":"bool","v":false},{"t":"Ellipsis"}]]}',
    ],
    ["an empty dict", bytes("{0"), '{"t":"dict","v":[]}'],
    ["frozendict", bytes("}N.0"), '{"t":"frozendict","v":[[{"t":"None"},{"t":"Ellipsis"}]]}'],
    ["slice", bytes(":N", "i", i32(1), "N"), '{"t":"slice","v":[{"t":"None"},{"t":"int","v":"1"},{"t":"None"}]}'],
  ])("%s", (_, content, expected) => {
    expect(text(content)).toBe(expected);
  });

  test("what references mean is written out again", () => {
    expect(text(bytes(")", 3, [0x80 | 0x7a, 1], "a", "r", i32(0), "r", i32(0)))).toBe(
      `{"t":"tuple","v":[${Array.from({ length: 3 }, () => '{"t":"str","v":"a"}').join()}]}`,
    );
  });

  test("8-bit strings and longs of Python 2", () => {
    expect(text(bytes("(", i32(3), "t", i32(1), "a", "R", i32(0), "l", i32(1), [5, 0]), "2.7")).toBe(
      '{"t":"tuple","v":[{"t":"bytes","v":"61"},{"t":"bytes","v":"61"},{"t":"long","v":"5"}]}',
    );
  });

  test("an int of more than 4000 digits is hexadecimal", () => {
    const hex = (json: string) => (JSON.parse(json).hex as string | undefined)?.replace(/^-?0x/, "");
    const decimal = (json: string) => JSON.parse(json).v as string;
    expect(decimal(text(long(885, 32767))).length).toBe(3997);
    const digits = (n: bigint) =>
      Array.from({ length: 886 }, (_, i) => [
        Number((n >> BigInt(15 * i)) & 255n),
        Number((n >> BigInt(15 * i + 8)) & 127n),
      ]);
    const exact = (n: bigint) => text(bytes("l", i32(886), ...digits(n)));
    expect(decimal(exact(10n ** 4000n - 1n))).toBe("9".repeat(4000));
    expect(hex(exact(10n ** 4000n))).toBe((10n ** 4000n).toString(16));
    expect(hex(text(long(886, 32767)))).toBe((2n ** (15n * 886n) - 1n).toString(16));
    expect(text(bytes("l", i32(-900), ...Array.from({ length: 900 }, () => [1, 0])))).toMatch(
      /"hex":"-0x2000400080010002/,
    );
  });
});

describe("code objects", () => {
  const code = (python: string, fields: Fields) => JSON.parse(text(marshalled(versionNamed(python), fields), python));
  const names = (...all: string[]) => bytes(")", all.length, ...all.flatMap((name) => ["z", name.length, name]));
  const strings = (...all: string[]) => ({ t: "tuple", v: all.map((v) => ({ t: "str", v })) });

  test("the kinds of fast locals make the lists of names", () => {
    const got = code("3.12", {
      co_localsplusnames: names("a", "b", "c", "hidden"),
      co_localspluskinds: Uint8Array.of(0x20, 0x60, 0x80, 0x30),
      co_consts: bytes(")", 0),
    });
    expect(got.nlocals).toBe(3);
    expect(got.varnames).toEqual(strings("a", "b", "hidden"));
    expect(got.cellvars).toEqual(strings("b"));
    expect(got.freevars).toEqual(strings("c"));
    expect(got).not.toHaveProperty("localsplusnames");
  });

  test("every field of the record is there, and no other", () => {
    expect(Object.keys(code("0.9.8", {})).sort()).toEqual(["code", "consts", "filename", "linestarts", "names", "t"]);
    expect(Object.keys(code("3.4", {}))).toEqual(expect.arrayContaining(["kwonlyargcount", "lnotab", "cellvars"]));
    expect(code("3.10", { co_linetable: Uint8Array.of(2, 5), co_firstlineno: 1 })).toMatchObject({
      linetable: "0205",
      lines: [[0, 2, 6]],
    });
    expect(code("3459", {})).toMatchObject({ endlinetable: "", columntable: "" });
  });

  test("names that PyPy 3.3 writes as bytes are str", () => {
    const s = (name: string) => bytes("s", i32(name.length), name);
    const got = code("pypy3.3", { co_name: Uint8Array.of(0xc3, 0xa9), co_names: bytes("(", i32(2), s("a"), s("b")) });
    expect(got.name).toEqual({ t: "str", v: "é" });
    expect(got.names).toEqual(strings("a", "b"));
    expect(code("3.3", { co_name: Uint8Array.of(0x61) }).name).toEqual({ t: "bytes", v: "61" });
  });

  test("code objects that share a large line table cost no more than the budget", () => {
    const table = Uint8Array.from({ length: 30_000 }, (_, i) => (i % 2 === 0 ? 0x80 : 0));
    const of = (fields: Fields) => marshalled(versionNamed("3.12"), fields);
    const first = bytes([0x80 | 0x73], i32(table.length), table);
    const codes = Array.from({ length: 200 }, (_, i) => [
      ...of({ co_linetable: i === 0 ? first : bytes("r", i32(0)) }),
    ]);
    const got = text(bytes("(", i32(codes.length), ...codes), "3.12", { budget: 2_000_000 });
    expect(got.length).toBeLessThan(2_500_000);
    expect(got).toContain('"omitted"');
    JSON.parse(got);
  });
});

describe("never without end", () => {
  const shared = 0x80;

  test("a container in itself", () => {
    expect(text(bytes([shared | 0x5b], i32(2), "N", "r", i32(0)))).toBe(
      '{"t":"list","v":[{"t":"None"},{"t":"recursive"}]}',
    );
  });

  /** A tuple of tuples, each of which holds the one before twice. */
  const doubling = (n: number) =>
    bytes(
      ")",
      n,
      [shared | 0x29, 0],
      ...Array.from({ length: n - 1 }, (_, i) => bytes([shared | 0x29, 2], "r", i32(i), "r", i32(i))),
    );

  test("tuples that double in size stop at the budget", () => {
    const got = text(doubling(60), "3.12", { budget: 10_000 });
    expect(got.length).toBeLessThan(20_000);
    expect(got).toContain('{"t":"omitted","why":"the budget for output is used up"}');
    JSON.parse(got);
  });

  test("nesting made of references stops at the depth that marshal has", () => {
    const n = 50_000;
    const chain = Array.from({ length: n - 1 }, (_, i) => bytes([shared | 0x29, 1], "r", i32(i)));
    const all = bytes("(", i32(n), [shared | 0x29, 0], ...chain);
    const fields = { co_localspluskinds: all, co_filename: bytes("r", i32(n - 1)) }; // the kinds are not in the tree
    const got = text(marshalled(versionNamed("3.12"), fields));
    expect(got).toContain('{"t":"omitted","why":"nested deeper than 2000"}');
    expect(got.length).toBeLessThan(50_000);
  });

  test("what is cut off is missing", () => {
    expect(text(bytes("(", i32(3), "N", "{NT", "z", 9, "a"), "3.12", {}, true)).toBe(
      '{"t":"tuple","v":[{"t":"None"},{"t":"dict","v":[[{"t":"None"},{"t":"bool","v":true}],[{"t":"missing"},{"t":"missing"}]]},{"t":"missing"}]}',
    );
  });
});

test("a broken file's tree is JSON all the same, and within the budget", () => {
  const files = fixtureVersions().flatMap((version) => fixturesOf(version).slice(0, 2));
  const budget = 100_000;
  fc.assert(
    fc.property(
      fc.constantFrom(...files),
      fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 6 }),
      fc.nat(),
      ({ bytes: original, version }, changes, cut) => {
        const broken = original.slice(0, original.length - (cut % 3 === 0 ? cut % original.length : 0));
        for (const [at, byte] of changes) broken[16 + (at % Math.max(1, broken.length - 16))] = byte;
        const python = version.replace("pypy/", "pypy");
        let got: string;
        try {
          got = tree(readPyc(broken, { python, tolerant: true }), { budget });
        } catch (error) {
          expect(error).toHaveProperty("offset");
          return;
        }
        JSON.parse(got);
        expect(got.length).toBeLessThan(2 * budget + 16 * original.length);
      },
    ),
    { numRuns: 400 },
  );
});

const library = fileURLToPath(new URL("../../../../shared/oracle/stdlib/", import.meta.url));
const folders = existsSync(library) ? readdirSync(library) : [];
if (folders.length === 0) console.log("tree: no ../shared/oracle, comparison with libraries skipped");

test.skipIf(folders.length === 0).each(folders)("modules of the library of Python %s", (version) => {
  for (const sample of samplesIn(library + version, version).slice(0, 3))
    expect([sample.stem, treeDifference(sample.tree(), tree(readPyc(sample.bytes, { python: version })))]).toEqual([
      sample.stem,
      undefined,
    ]);
});
