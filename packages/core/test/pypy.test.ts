/**
 * PyPy. Listing and tree of the files that a real PyPy 3.9 wrote are held by `fixtures.test.ts`; here stand its opcode
 * numbers, the layouts that its sources tell of the versions that could not be run, and, where `pypy3` is on PATH, its
 * answers about modules of its own library.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { listing, readPyc, tree } from "@pyclab/core";
import { OpargKind, type OpargKindName, opcodesOf } from "@pyclab/core/opcode";
import { versionNamed, versions } from "@pyclab/core/version";
import { describe, expect, test } from "vitest";
import { listingDifference, samplesIn, treeDifference } from "./oracle.js";

const root = fileURLToPath(new URL("../../../", import.meta.url));

/** What `tools/pypy-oracle.py --opcodes` prints. */
interface Opcodes {
  readonly opmap: Readonly<Record<string, number>>;
  readonly magic: string;
  readonly HAVE_ARGUMENT: number;
  readonly EXTENDED_ARG: number;
  readonly cmp_op: readonly string[];
  readonly [list: `has${string}`]: readonly number[];
}

const lists: readonly (readonly [list: `has${string}`, kind: OpargKindName])[] = [
  ["hasconst", "const"],
  ["hasname", "name"],
  ["haslocal", "local"],
  ["hasfree", "free"],
  ["hasjrel", "jumpForward"],
  ["hasjabs", "jumpAbsolute"],
  ["hascompare", "compare"],
];

/** Holds our table of the version with this magic number against what that PyPy told. */
function holdOpcodes(told: Opcodes): void {
  const version = versions.find((v) => v.magic === told.magic);
  if (version === undefined) throw new Error(`no version has the magic number ${told.magic}`);
  const table = opcodesOf(version);
  const ours = Object.fromEntries(table.names.flatMap((name, n) => (table.known[n] === 1 ? [[name, n]] : [])));
  expect(ours).toEqual(told.opmap);
  expect([table.haveArgument, table.extendedArg]).toEqual([told.HAVE_ARGUMENT, told.EXTENDED_ARG]);
  expect(table.compare).toEqual(told.cmp_op);
  expect([...table.caches].some((count) => count !== 0)).toBe(false);
  for (const [list, kind] of lists) {
    const having = [...table.kind.keys()].filter((n) => table.known[n] === 1 && table.kind[n] === OpargKind[kind]);
    expect([list, having]).toEqual([list, [...(told[list] ?? [])].sort((a, b) => a - b)]);
  }
}

describe("opcodes", () => {
  test("3.9: numbers and kinds are what PyPy 7.3.11 told", () => {
    holdOpcodes(JSON.parse(readFileSync(`${root}fixtures/pypy/3.9/opcodes.json`, "utf8")));
  });

  // Read in PyPy's own opcode.py where not said otherwise.
  const told: readonly (readonly [version: string, names: string, absent: string])[] = [
    ["2.7", "201 LOOKUP_METHOD 202 CALL_METHOD 203 BUILD_LIST_FROM_ARG 204 JUMP_IF_NOT_DEBUG 94 LIST_APPEND", "148"],
    ["3.2", "201 LOOKUP_METHOD 202 CALL_METHOD 203 BUILD_LIST_FROM_ARG 204 JUMP_IF_NOT_DEBUG 69 STORE_LOCALS", "72"],
    ["3.3", "201 LOOKUP_METHOD 202 CALL_METHOD 72 YIELD_FROM 121 SETUP_EXCEPT 134 MAKE_CLOSURE", "148 205"],
    ["3.5", "155 FORMAT_VALUE 157 BUILD_STRING 148 LOAD_CLASSDEREF 202 CALL_METHOD 204 JUMP_IF_NOT_DEBUG", "156 160"],
    ["3.6", "134 MAKE_CLOSURE 140 CALL_FUNCTION_VAR 142 CALL_FUNCTION_VAR_KW 156 BUILD_CONST_KEY_MAP", "158 160"],
    [
      "3.7",
      "161 CALL_METHOD 201 LOOKUP_METHOD 203 BUILD_LIST_FROM_ARG 204 CALL_METHOD_KW 205 LOAD_REVDB_VAR",
      "160 202",
    ],
    ["3.8", "121 SETUP_EXCEPT 162 CALL_FINALLY 163 POP_FINALLY 201 LOOKUP_METHOD 204 CALL_METHOD_KW", "120 160 202"],
    ["3.10", "30 GET_LEN 99 ROT_N 119 RERAISE 120 SETUP_EXCEPT 152 MATCH_CLASS 164 LIST_EXTEND", "37 129 162 163 201"],
    [
      "3.11",
      "37 CHECK_EG_MATCH 87 POP_BLOCK 88 PREP_RERAISE_STAR 113 JUMP_ABSOLUTE 167 DICT_UPDATE",
      "0 36 129 151 171",
    ],
  ];
  test.each(told)("%s", (version, names, absent) => {
    const table = opcodesOf(versionNamed(`pypy${version}`));
    for (const [, n, name] of names.matchAll(/(\d+) (\w+)/g)) expect([n, table.names[Number(n)]]).toEqual([n, name]);
    for (const n of absent.split(" ")) expect([n, table.known[Number(n)]]).toEqual([n, 0]);
    const own = [...table.names.keys()].filter((n) => n > 200 && table.known[n] === 1);
    expect(own.length).toBeGreaterThan(2);
    for (const n of own) expect([table.names[n], table.effects[n]]).not.toEqual([table.names[n], ""]);
  });
});

// Files as PyPy's marshal would write them, put together by hand.
const i32 = (n: number): number[] => [n & 255, (n >> 8) & 255, (n >> 16) & 255, (n >> 24) & 255];
const ascii = (text: string): number[] => [...text].map((c) => c.charCodeAt(0));
const bytes = (content: readonly number[]): number[] => [0x73, ...i32(content.length), ...content];
const interned = (text: string): number[] => [0xda, text.length, ...ascii(text)]; // Z, with FLAG_REF
const marked = (text: string): number[] => bytes(ascii(text)); // a name up to 3.3
const tuple = (items: readonly (readonly number[])[]): number[] => [0x29, items.length, ...items.flat()];
const oldTuple = (items: readonly (readonly number[])[]): number[] => [0x28, ...i32(items.length), ...items.flat()];
const file = (word: number, header: number, ...body: readonly (readonly number[])[]): Uint8Array =>
  Uint8Array.from([word & 255, word >> 8, 13, 10, ...new Array<number>(header - 4).fill(0), ...body.flat()]);
const NONE = [0x4e];

interface Tree {
  readonly names: { readonly v: readonly { readonly v: string }[] };
  readonly [key: string]: unknown;
}
const treeOf = (data: Uint8Array): Tree => JSON.parse(tree(readPyc(data)));
const lines = (data: Uint8Array): string[] =>
  listing(readPyc(data))
    .trimEnd()
    .split("\n")
    .map((line) => line.trimEnd());

describe("layouts that the sources tell", () => {
  // a.b(c), in one- and three-byte instructions; up to 3.3 names are 's'. CALL_METHOD is in none of PyPy's hasnargs.
  const code = [101, 0, 0, 201, 1, 0, 101, 2, 0, 202, 1, 0, 1, 100, 0, 0, 83];
  const early = (word: number, header: number, name: typeof marked, group: typeof oldTuple) =>
    file(
      word,
      header,
      [0x63, ...[0, 0, 0, 3, 64].flatMap(i32), ...bytes(code), ...group([NONE])],
      [...group(["a", "b", "c"].map(name)), ...group([]), ...group([]), ...group([])],
      [...name("m.py"), ...name("<module>"), ...i32(1), ...bytes([])],
    );
  test.each([
    ["3.2", 48, 8, marked, oldTuple],
    ["3.3", 64, 12, marked, oldTuple],
    ["3.5", 112, 12, interned, tuple],
  ] as const)("%s", (_, word, header, name, group) => {
    const data = early(word, header, name, group);
    expect(lines(data)).toEqual([
      "  1           0 LOAD_NAME                0 (a)",
      "              3 LOOKUP_METHOD            1 (b)",
      "              6 LOAD_NAME                2 (c)",
      "              9 CALL_METHOD              1",
      "             12 POP_TOP",
      "             13 LOAD_CONST               0 (None)",
      "             16 RETURN_VALUE",
    ]);
    const { names, filename, name: module, lnotab } = treeOf(data);
    expect(names.v).toEqual(["a", "b", "c"].map((v) => ({ t: "str", v })));
    expect([filename, module, lnotab]).toEqual([{ t: "str", v: "m.py" }, { t: "str", v: "<module>" }, ""]);
  });

  // try: a.b(c=d) / except: pass, with jumps that count code units and a table that covers each instruction
  const words = [
    [120, 8, 101, 0, 160, 1, 101, 2, 100, 0, 204, 1, 1, 0],
    [87, 0, 110, 5, 1, 0, 1, 0, 1, 0, 89, 0, 110, 0, 100, 1, 83, 0],
  ].flat();
  const table = [
    [1, 0], // line 10, no columns
    [2, 5, 6, 0, 2, 5, 8, 0, 2, 11, 12, 0, 2, 0, 2, 5, 13, 1, 2, 0], // line 11
    [2, 0, 2, 0],
    [3, 1, 2, 0, 3, 0, 3, 0], // line 12
    [0x80, 1, 0], // line 137: a varint of two bytes
    [0], // none
    [1, 0, 1, 0],
  ].flat();
  const late = (word: number, qualname: readonly number[]) =>
    file(
      word,
      16,
      [0x63, ...[0, 0, 0, 0, 7, 64].flatMap(i32), ...bytes(words)],
      tuple([tuple([interned("c")]), NONE]),
      [...tuple(["a", "b", "d"].map(interned)), ...tuple([]), ...tuple([]), ...tuple([])],
      [...interned("m.py"), ...interned("<module>"), ...qualname, ...i32(10), ...bytes(table)],
    );
  const expected = [
    " 10           0 SETUP_EXCEPT             8 (to 18)",
    "",
    " 11           2 LOAD_NAME                0 (a)",
    "              4 LOAD_METHOD              1 (b)",
    "              6 LOAD_NAME                2 (d)",
    "              8 LOAD_CONST               0 (('c',))",
    "             10 CALL_METHOD_KW           1",
    "             12 POP_TOP",
    "             14 POP_BLOCK",
    "             16 JUMP_FORWARD             5 (to 28)",
    "",
    " 12     >>   18 POP_TOP",
    "             20 POP_TOP",
    "             22 POP_TOP",
    "",
    "137          24 POP_EXCEPT",
    "             26 JUMP_FORWARD             0 (to 28)",
    "",
    " 10     >>   28 LOAD_CONST               1 (None)",
    "             30 RETURN_VALUE",
  ];
  const read = [
    ["3.10", 384, []],
    ["3.11", 416, interned("<module>")],
  ] as const;
  test.each(read.filter(([version]) => versionNamed(`pypy${version}`).readable))("%s", (_, word, qualname) => {
    const data = late(word, qualname);
    expect(lines(data)).toEqual(expected);
    const got = treeOf(data);
    expect(got.linestarts).toEqual([
      [0, 10],
      [2, 11],
      [18, 12],
      [24, 137],
      [28, 10],
    ]);
    expect(got.lines).toEqual([
      [0, 2, 10],
      [2, 18, 11],
      [18, 24, 12],
      [24, 26, 137],
      [26, 28, null],
      [28, 32, 10],
    ]);
    expect(Buffer.from(String(got.linetable), "hex")).toEqual(Buffer.from(table));
    expect("exceptiontable" in got).toBe(false);
    expect("qualname" in got).toBe(qualname.length !== 0);
    if (qualname.length === 0) return;
    expect((got.positions as unknown[]).slice(0, 6)).toEqual([
      [10, null, null, null],
      [11, 11, 4, 5],
      [11, 11, 4, 7],
      [11, 11, 10, 11],
      [11, null, null, null],
      [11, 12, 4, 12],
    ]);
  });
});

const pypy = spawnSync("pypy3", ["-c", "import sys, sysconfig; print(sysconfig.get_paths()['stdlib'])"]);
const stdlib = pypy.status === 0 ? pypy.stdout.toString().trim() : undefined;

describe.runIf(stdlib !== undefined)("the pypy3 that is here", () => {
  const tool = (...args: string[]) => spawnSync("pypy3", [`${root}tools/pypy-oracle.py`, ...args]);

  test("numbers its opcodes as we do", () => {
    holdOpcodes(JSON.parse(tool("--opcodes").stdout.toString()));
  });

  test("lists and holds modules of its library as we do", () => {
    const modules = ["textwrap", "bdb", "contextlib", "dataclasses", "typing", "ast", "asyncio/streams", "pickletools"];
    const folder = mkdtempSync(join(tmpdir(), "pypy-"));
    try {
      tool(folder, ...modules.map((name) => join(stdlib as string, `${name}.py`)));
      const samples = samplesIn(folder, "pypy");
      expect(samples.length).toBeGreaterThan(modules.length / 2);
      for (const { stem, bytes, dis, tree: content } of samples) {
        const pyc = readPyc(bytes);
        expect([stem, listingDifference(dis(), listing(pyc))]).toEqual([stem, undefined]);
        expect([stem, treeDifference(content(), tree(pyc))]).toEqual([stem, undefined]);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
