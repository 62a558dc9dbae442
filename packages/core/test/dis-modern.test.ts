/** Listings of 3.11 to 3.15: whole libraries against what those Pythons printed, and odd code of our own. */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type ListingOptions, listing, readPyc } from "@pyclab/core";
import { opcodesOf } from "@pyclab/core/opcode";
import { versionNamed, versions } from "@pyclab/core/version";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Fields, marshalled } from "./linetable-code.js";
import { listingDifference, samplesIn } from "./oracle.js";

const pythons = ["3.11", "3.12", "3.13", "3.14", "3.15"];
const library = (python: string) =>
  fileURLToPath(new URL(`../../../../shared/oracle/stdlib/${python}`, import.meta.url));
const there = existsSync(library("3.11"));
if (!there) console.log("dis of 3.11 to 3.15: no libraries here, skipped");

describe.skipIf(!there)("a library", () => {
  test.each(pythons)("of Python %s", (python) => {
    for (const { stem, bytes, dis } of samplesIn(library(python), python)) {
      const difference = listingDifference(dis(), listing(readPyc(bytes)));
      expect(difference && `${stem}: ${difference}`).toBeUndefined();
    }
  });
});

/** Assembles `NAME oparg` lines; `.byte N` is a code unit that no name stands for. */
function assemble(python: string, text: string): Uint8Array {
  const { number, caches } = opcodesOf(versionNamed(python));
  const out: number[] = [];
  for (const line of text.trim().split(/\s*[\n;]\s*/)) {
    const [name, oparg] = line.split(" ") as [string, string?];
    const op = name.startsWith("<") ? Number(name.slice(1, -1)) : number(name);
    if (op === undefined) throw new Error(`${python} has no ${name}`);
    out.push(op, Number(oparg ?? 0) & 255, ...new Array(2 * (caches[op] as number)).fill(0));
  }
  return Uint8Array.from(out);
}

const ascii = (text: string) => [...text].map((c) => c.charCodeAt(0));
const names = (...texts: string[]) => [0x29, texts.length, ...texts.flatMap((t) => [0x7a, t.length, ...ascii(t)])];
/** The line table of a code object whose instructions have no line. */
const NO_LINES = Uint8Array.from([0xff]);

function list(python: string, fields: Fields, options: ListingOptions = {}): string {
  const bytes = marshalled(versionNamed(python), {
    co_names: names("print", "x"),
    co_localsplusnames: names("a", "b"),
    co_consts: [0x29, 2, 0x4e, 0xe9, 7, 0, 0, 0],
    co_linetable: NO_LINES,
    ...fields,
  });
  return listing(readPyc(bytes, { python, raw: true }), options);
}

/** The columns from the opname on, of each line. */
const operations = (text: string) =>
  text
    .trimEnd()
    .split("\n")
    .map((line) => line.replace(/^[ \d>]*(L\d+:)? */, "").replace(/ +/g, " "));

const pushes: readonly (readonly [python: string, code: string, lines: string])[] = [
  [
    "3.11",
    "LOAD_GLOBAL 3; LOAD_ATTR 1; KW_NAMES 1; IS_OP 1",
    "LOAD_GLOBAL 3 (NULL + x);LOAD_ATTR 1 (x);KW_NAMES 1;IS_OP 1",
  ],
  [
    "3.12",
    "LOAD_GLOBAL 3; LOAD_ATTR 3; LOAD_SUPER_ATTR 5",
    "LOAD_GLOBAL 3 (NULL + x);LOAD_ATTR 3 (NULL|self + x);LOAD_SUPER_ATTR 5 (NULL|self + x)",
  ],
  [
    "3.13",
    "LOAD_GLOBAL 3; LOAD_ATTR 3; COMPARE_OP 88",
    "LOAD_GLOBAL 3 (x + NULL);LOAD_ATTR 3 (x + NULL|self);COMPARE_OP 88 (bool(==))",
  ],
  [
    "3.12",
    "COMPARE_OP 40; FORMAT_VALUE 6; MAKE_FUNCTION 9",
    "COMPARE_OP 40 (==);FORMAT_VALUE 6 (repr, with format);MAKE_FUNCTION 9 (defaults, closure)",
  ],
  [
    "3.13",
    "IS_OP 1; CONTAINS_OP 0; SET_FUNCTION_ATTRIBUTE 8",
    "IS_OP 1;CONTAINS_OP 0;SET_FUNCTION_ATTRIBUTE 8 (closure)",
  ],
  [
    "3.14",
    "IS_OP 1; CONTAINS_OP 0; SET_FUNCTION_ATTRIBUTE 16",
    "IS_OP 1 (is not);CONTAINS_OP 0 (in);SET_FUNCTION_ATTRIBUTE 16 (annotate)",
  ],
  [
    "3.14",
    "LOAD_FAST_LOAD_FAST 16; LOAD_COMMON_CONSTANT 3; LOAD_SPECIAL 1",
    "LOAD_FAST_LOAD_FAST 16 (b, a);LOAD_COMMON_CONSTANT 3 (<built-in function all>);LOAD_SPECIAL 1 (__exit__)",
  ],
  [
    "3.15",
    "IMPORT_NAME 0; IMPORT_NAME 1; IMPORT_NAME 6",
    "IMPORT_NAME 0 (print);IMPORT_NAME 1 (print + lazy);IMPORT_NAME 6 (x + eager)",
  ],
  [
    "3.15",
    "LOAD_COMMON_CONSTANT 8; BINARY_OP 26; CALL_INTRINSIC_1 3",
    "LOAD_COMMON_CONSTANT 8 ('');BINARY_OP 26 ([]);CALL_INTRINSIC_1 3 (INTRINSIC_STOPITERATION_ERROR)",
  ],
];

describe("what an oparg means", () => {
  test.each(pushes)("%s: %s", (python, code, lines) => {
    expect(operations(list(python, { co_code: assemble(python, code) }))).toEqual(lines.split(";"));
  });
});

const wrong: readonly (readonly [python: string, code: string, lines: string])[] = [
  [
    "3.12",
    "LOAD_CONST 9; LOAD_NAME 9; LOAD_FAST 9; LOAD_DEREF 9",
    "LOAD_CONST 9 (<no constant 9>);LOAD_NAME 9 (<no name 9>);LOAD_FAST 9 (<no local 9>);LOAD_DEREF 9 (<no cell 9>)",
  ],
  [
    "3.13",
    "LOAD_GLOBAL 9; LOAD_FAST_LOAD_FAST 25; BINARY_OP 99",
    "LOAD_GLOBAL 9 (<no name 4> + NULL);LOAD_FAST_LOAD_FAST 25 (b, <no local 9>);BINARY_OP 99 (<no operand 99>)",
  ],
  [
    "3.12",
    "JUMP_FORWARD 200; JUMP_BACKWARD 9",
    "JUMP_FORWARD 200 (to 402 <no instruction>);JUMP_BACKWARD 9 (to -14 <no instruction>)",
  ],
  // Labels are numbered by where they are, those outside the code too.
  [
    "3.14",
    "JUMP_FORWARD 200; JUMP_BACKWARD 9; JUMP_FORWARD 0; NOP",
    "JUMP_FORWARD 200 (to L3 <no instruction>);JUMP_BACKWARD 9 (to L1 <no instruction>);JUMP_FORWARD 0 (to L2);NOP",
  ],
  // Into the cache entry behind LOAD_GLOBAL.
  ["3.12", "LOAD_GLOBAL 0; JUMP_BACKWARD 4", "LOAD_GLOBAL 0 (print);JUMP_BACKWARD 4 (to 4 <no instruction>)"],
  [
    "3.12",
    "<255> 7; EXTENDED_ARG 255; EXTENDED_ARG 255; EXTENDED_ARG 255; LOAD_CONST 255",
    "<255>;EXTENDED_ARG 255;EXTENDED_ARG 65535;EXTENDED_ARG 16777215;LOAD_CONST -1 (<no constant -1>)",
  ],
  // Specialised opcodes are shown as what they are, and read as what they stand for.
  ["3.11", "LOAD_ATTR_SLOT 1; BINARY_OP_ADD_INT 0", "LOAD_ATTR_SLOT 1 (x);BINARY_OP_ADD_INT 0 (+)"],
];

describe("what means nothing is marked", () => {
  test.each(wrong)("%s: %s", (python, code, lines) => {
    expect(operations(list(python, { co_code: assemble(python, code) }))).toEqual(lines.split(";"));
  });

  test("a code of odd length", () => {
    expect(list("3.12", { co_code: Uint8Array.from([9, 0, 83]) })).toBe(
      "          0 NOP\n          2 RETURN_VALUE <cut off>\n",
    );
  });

  test.each([
    ["3.12", "JUMP_FORWARD 0", 1, "JUMP_FORWARD 0 (to 2 <no instruction>) <cut off>"],
    ["3.13", "JUMP_FORWARD 0", 1, "JUMP_FORWARD 0 (to L1 <no instruction>) <cut off>"],
    ["3.13", "JUMP_BACKWARD 2", 3, "JUMP_BACKWARD 2 (to L1)"],
  ])("%s: %s, of which %i bytes are there, jumps from behind the whole of it", (python, code, size, line) => {
    expect(operations(list(python, { co_code: assemble(python, code).subarray(0, size) }))).toEqual([line]);
  });

  test("exception tables", () => {
    const fields = {
      co_code: assemble("3.12", "NOP; NOP"),
      co_exceptiontable: Uint8Array.from([0x80, 2, 1, 1, 0x81, 9, 40, 4]),
    };
    expect(list("3.12", fields)).toBe(
      "          0 NOP\n    >>    2 NOP\nExceptionTable:\n" +
        "  0 to 2 -> 2 [0] lasti\n  2 to 18 <no instruction> -> 80 <no instruction> [2]\n",
    );
    expect(list("3.13", { ...fields, co_code: assemble("3.13", "NOP; NOP") })).toBe(
      "  L1:     NOP\n  L2:     NOP\nExceptionTable:\n" +
        "  L1 to L3 -> L2 [0] lasti\n  L2 to L4 <no instruction> -> L5 <no instruction> [2]\n",
    );
  });
});

/** Lines 3 and 1000 with columns, no line, and line 0, a code unit each. */
const LINES = Uint8Array.from([0xf0, 3 << 1, 0, 5, 9, 0xf0, 0x4a, 0x1f, 2, 1, 1, 0xf8, 0xf0, 0x51, 0x1f, 0, 0, 3]);
const lined = (python: string) => ({ co_code: assemble(python, "NOP; NOP; NOP; NOP"), co_linetable: LINES });

describe("the first column", () => {
  test("3.12 leaves out what has no line", () => {
    expect(list("3.12", lined("3.12"))).toBe(
      "   3           0 NOP\n\n1000           2 NOP\n               4 NOP\n\n   0           6 NOP\n",
    );
  });
  test("3.13 says that there is none", () => {
    expect(list("3.13", lined("3.13"))).toBe(
      "   3           NOP\n\n1000           NOP\n\n  --           NOP\n\n   0           NOP\n",
    );
  });
  test("no line but 0 is none in 3.13", () => {
    const zero = { co_code: assemble("3.13", "NOP"), co_linetable: Uint8Array.from([0xd0, 0, 0]) };
    expect(list("3.13", zero)).toBe("          NOP\n");
    expect(list("3.12", { ...zero, co_code: assemble("3.12", "NOP") })).toBe("  0           0 NOP\n");
  });
  test("positions, in the layout of 3.14 for all", () => {
    expect(list("3.12", lined("3.12"), { showPositions: true })).toBe(
      "3:4-3:8                  0 NOP\n\n1000:0-1002:0            2 NOP\n" +
        "  --                     4 NOP\n\n0:?-0:2                  6 NOP\n",
    );
    expect(list("3.15", lined("3.15"), { showPositions: true })).toBe(
      "3:4-3:8                  NOP\n\n1000:0-1002:0            NOP\n\n" +
        "  --                     NOP\n\n0:?-0:2                  NOP\n",
    );
  });
  test("the source above each group", () => {
    const fields = { co_code: assemble("3.13", "NOP; NOP"), co_linetable: Uint8Array.from([0xd0, 0, 0, 0xd8, 0, 0]) };
    expect(list("3.13", { ...fields, co_firstlineno: 1 }, { source: "a = 1\nb = '\x1b'\n" })).toBe(
      "  1           NOP\n\n  2           NOP\n".replace(
        /^ *(\d)/gm,
        (line, n) => `# ${n} | ${n === "1" ? "a = 1" : "b = '\\x1b'"}\n${line}`,
      ),
    );
  });
});

describe("cache entries", () => {
  const code = (python: string, name: string) => assemble(python, name).map((byte, i) => (i > 1 ? i : byte));
  test("3.11 shows values behind specialised opcodes only", () => {
    expect(list("3.11", { co_code: code("3.11", "LOAD_GLOBAL 0") }, { showCaches: true })).toBe(
      "          0 LOAD_GLOBAL              0 (print)\n" +
        [2, 4, 6, 8, 10].map((at) => `${String(at).padStart(11)} CACHE                    0\n`).join(""),
    );
    expect(operations(list("3.11", { co_code: code("3.11", "LOAD_GLOBAL_BUILTIN 0") }, { showCaches: true }))).toEqual([
      "LOAD_GLOBAL_BUILTIN 0 (print)",
      `CACHE 0 (counter: ${0x302})`,
      `CACHE 0 (index: ${0x504})`,
      `CACHE 0 (module_keys_version: ${0x9080706})`,
      "CACHE 0",
      `CACHE 0 (builtin_keys_version: ${0xb0a})`,
    ]);
  });
  test("later ones always do", () => {
    const text = list("3.14", { co_code: code("3.14", "BINARY_OP 0") }, { showCaches: true, showOffsets: true });
    expect(text).toBe(
      "         0       BINARY_OP                0 (+)\n" +
        `         2       CACHE                    0 (counter: ${0x302})\n` +
        `         4       CACHE                    0 (descr: ${0x0b0a090807060504n})\n` +
        [6, 8, 10].map((at) => `${String(at).padStart(10)}       CACHE                    0\n`).join(""),
    );
  });
  test("cut off by the end of the code", () => {
    const cut = code("3.12", "LOAD_GLOBAL 0").subarray(0, 6);
    expect(operations(list("3.12", { co_code: cut }, { showCaches: true }))).toEqual([
      "LOAD_GLOBAL 0 (print)",
      `CACHE 0 (counter: ${0x302})`,
      `CACHE 0 (index: ${0x504})`,
    ]);
  });
});

test("a budget ends a listing with a count of what is left out", () => {
  const text = list("3.13", { co_code: assemble("3.13", "NOP;".repeat(999).slice(0, -1)) }, { budget: 3000 });
  const listed = text.match(/NOP/g)?.length ?? 0;
  expect(listed).toBeLessThan(400);
  expect(text).toContain(`${999 - listed} instructions`);
});

test("the same with and without what earlier listings left behind", () => {
  const fields = { co_code: assemble("3.13", "LOAD_NAME 0; LOAD_CONST 1; JUMP_FORWARD 0; NOP") };
  const first = list("3.13", fields);
  list("3.13", { ...fields, co_names: names("other"), co_consts: [0x29, 0] });
  list("3.12", { co_code: assemble("3.12", "LOAD_NAME 0; LOAD_CONST 1; JUMP_FORWARD 0; NOP") });
  expect(list("3.13", fields)).toBe(first);
});

/** Every magic number from 3.11's first alpha on, by its word. */
const words = versions
  .filter((v) => v.lineage === "CPython" && v.readable && pythons.includes(v.traits.listing))
  .map((v) => String(v.word));

test("any bytes are listed, in pre-releases too: each instruction once, each line ended", () => {
  const bytes = (most: number) => fc.uint8Array({ maxLength: most });
  const flag = fc.boolean();
  const options = fc.record({ showCaches: flag, showOffsets: flag, showPositions: flag });
  const fields = fc.record({ co_code: bytes(200), co_linetable: bytes(60), co_exceptiontable: bytes(40) });
  fc.assert(
    fc.property(fc.constantFrom(...words), fields, options, (word, some, shown) => {
      const text = list(word, { ...some, co_firstlineno: 1 }, shown);
      expect(text === "" || text.endsWith("\n")).toBe(true);
      const body = text.split(/^ExceptionTable:$/m)[0]?.split("\n") ?? [];
      const lines = body.filter((line) => line !== "" && !/ CACHE {20}/.test(line)).length;
      const { caches } = opcodesOf(versionNamed(word));
      let count = 0;
      for (let i = 0; i < some.co_code.length; count++) i += 2 + 2 * (caches[some.co_code[i] as number] as number);
      expect(lines).toBe(count);
    }),
    { numRuns: 1000 },
  );
});
