/** Listings up to 3.10: whole libraries against what those Pythons printed, and odd code of our own. */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type ListingOptions, listing, readPyc } from "@pyclab/core";
import { Repr } from "@pyclab/core/dis";
import { decode } from "@pyclab/core/instruction";
import { readNodes, Values } from "@pyclab/core/marshal";
import { opcodesOf } from "@pyclab/core/opcode";
import { versionNamed, versions } from "@pyclab/core/version";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Fields, marshalled } from "./linetable-code.js";
import { listingDifference, samplesIn } from "./oracle.js";

const old = "0.9.8 0.9.9 1.0.1 1.0.2 1.1 1.2 1.3 1.4 1.5 1.6 2.0 2.1 2.2 2.3 2.4 2.5 2.6 2.7".split(" ");
const pythons = [...old, ..."3.0 3.1 3.2 3.3 3.4 3.5.1 3.5 3.6 3.7 3.8 3.9 3.10".split(" ")];
const oracle = fileURLToPath(new URL("../../../../shared/oracle/", import.meta.url));
const there = existsSync(oracle);
if (!there) console.log("dis up to 3.10: no libraries here, skipped");

describe.skipIf(!there)("all files", () => {
  test.each(pythons)("of Python %s", (python) => {
    for (const suite of ["stdlib", "samples", "probes"]) {
      const folder = `${oracle}${suite}/${python}`;
      if (!existsSync(folder)) continue;
      for (const { stem, bytes, dis } of samplesIn(folder, python)) {
        if (!existsSync(`${folder}/${stem}.dis.txt.gz`)) continue; // its own dis failed
        const difference = listingDifference(dis(), listing(readPyc(bytes, { python })));
        expect(difference && `${suite} ${stem}: ${difference}`).toBeUndefined();
      }
    }
  });
});

const u32 = (n: number) => [n & 255, (n >> 8) & 255, (n >> 16) & 255, n >>> 24];
const ascii = (text: string) => [...text].map((c) => c.charCodeAt(0));
const s = (text: string) => [0x73, ...u32(text.length), ...ascii(text)];
const a = (text: string) => [0x61, ...u32(text.length), ...ascii(text)];
const tuple = (...items: readonly (readonly number[])[]) => [0x28, ...u32(items.length), ...items.flat()];
const NONE = [0x4e];
const reference = (index: number) => [0x72, ...u32(index)];

/** A name as that version's marshal writes it. */
const name = (python: string, text: string) => (versionNamed(python).traits.strings === "str8" ? s(text) : a(text));

function fieldsOf(python: string, fields: Fields): Fields {
  const names = (...texts: string[]) => tuple(...texts.map((text) => name(python, text)));
  return {
    co_consts: tuple(NONE, [0x69, 7, 0, 0, 0]),
    co_names: names("print", "x"),
    co_varnames: names("a", "b"),
    co_cellvars: names("cell"),
    co_freevars: names("free"),
    co_filename: name(python, "a.py"),
    co_name: name(python, "f"),
    co_firstlineno: 1,
    ...fields,
  };
}

function code(python: string, fields: Fields): number[] {
  return [...marshalled(versionNamed(python), fieldsOf(python, fields))];
}

const read = (python: string, bytes: readonly number[]) => readPyc(Uint8Array.from(bytes), { python, raw: true });
const list = (python: string, fields: Fields, options: ListingOptions = {}) =>
  listing(read(python, code(python, fields)), options);

/** Assembles `NAME oparg` lines; `.byte N` is a byte. */
function assemble(python: string, text: string): Uint8Array {
  const version = versionNamed(python);
  const { number, haveArgument } = opcodesOf(version);
  const out: number[] = [];
  for (const line of text.split(/\s*;\s*/)) {
    const [op, oparg] = line.split(" ") as [string, string?];
    const opcode = op === ".byte" ? Number(oparg) : number(op);
    if (opcode === undefined) throw new Error(`${python} has no ${op}`);
    const arg = Number(oparg ?? 0);
    out.push(opcode);
    if (op === ".byte") continue;
    if (version.traits.encoding === "words") out.push(arg & 255);
    else if (opcode >= haveArgument) out.push(arg & 255, arg >> 8);
  }
  return Uint8Array.from(out);
}

/** The columns from the opname on, of each line. */
const operations = (text: string) =>
  text
    .trimEnd()
    .split("\n")
    .map((line) =>
      line
        .replace(/^ *\d* *(>>)? *\d+ /, "")
        .replace(/ +/g, " ")
        .trimEnd(),
    );

describe("what opargs mean", () => {
  test.each([
    ["0.9.9", "LOAD_CONST 1; RESERVE_FAST 0; LOAD_FAST 1", "LOAD_CONST 1 (7);RESERVE_FAST 0 (None);LOAD_FAST 1"],
    ["1.4", "LOAD_FAST 1; COMPARE_OP 2", "LOAD_FAST 1 (b);COMPARE_OP 2"],
    ["1.5", "LOAD_FAST 1; COMPARE_OP 8", "LOAD_FAST 1 (b);COMPARE_OP 8 (is)"],
    ["2.1", "LOAD_CLOSURE 0; LOAD_DEREF 1", "LOAD_CLOSURE 0 (cell);LOAD_DEREF 1 (free)"],
    ["2.7", "EXTENDED_ARG 1; LOAD_CONST 1", "EXTENDED_ARG 1;LOAD_CONST 65537L (<no constant 65537>)"],
    ["3.0", "EXTENDED_ARG 0; LOAD_CONST 1", "EXTENDED_ARG 0;LOAD_CONST 1 (7)"],
    ["3.2", "CALL_FUNCTION 257", "CALL_FUNCTION 257"],
    ["3.5", "CALL_FUNCTION 513", "CALL_FUNCTION 513 (1 positional, 2 keyword pair)"],
    [
      "3.6",
      "CALL_FUNCTION 1; FORMAT_VALUE 6; MAKE_FUNCTION 9",
      "CALL_FUNCTION 1;FORMAT_VALUE 6 (repr, with format);MAKE_FUNCTION 9",
    ],
    ["3.8", "FORMAT_VALUE 0; MAKE_FUNCTION 9", "FORMAT_VALUE 0;MAKE_FUNCTION 9 (defaults, closure)"],
    ["3.9", "JUMP_ABSOLUTE 0; IS_OP 1", "JUMP_ABSOLUTE 0;IS_OP 1"],
    ["3.10", "NOP; JUMP_ABSOLUTE 1; JUMP_FORWARD 0; NOP", "NOP;JUMP_ABSOLUTE 1 (to 2);JUMP_FORWARD 0 (to 6);NOP"],
  ])("%s: %s", (python, text, lines) => {
    expect(operations(list(python, { co_code: assemble(python, text) }))).toEqual(lines.split(";"));
  });

  test("parentheses around an empty name, up to 3.3", () => {
    const fields = (python: string) => ({
      co_code: assemble(python, "LOAD_NAME 0"),
      co_names: tuple(name(python, "")),
    });
    expect(operations(list("3.3", fields("3.3")))).toEqual(["LOAD_NAME 0 ()"]);
    expect(operations(list("3.4", fields("3.4")))).toEqual(["LOAD_NAME 0"]);
  });
});

describe("what means nothing is marked", () => {
  test.each([
    [
      "2.7",
      "LOAD_CONST 9; LOAD_NAME 9; LOAD_FAST 9; LOAD_DEREF 9; COMPARE_OP 99",
      "LOAD_CONST 9 (<no constant 9>);LOAD_NAME 9 (<no name 9>);LOAD_FAST 9 (<no local 9>);LOAD_DEREF 9 (<no cell 9>);COMPARE_OP 99 (<no operand 99>)",
    ],
    [
      "2.7",
      "JUMP_FORWARD 500; JUMP_ABSOLUTE 1",
      "JUMP_FORWARD 500 (to 503 <no instruction>);JUMP_ABSOLUTE 1 (to 1 <no instruction>)",
    ],
    ["3.8", "JUMP_FORWARD 200; .byte 7; .byte 1", "JUMP_FORWARD 200 (to 202 <no instruction>);<7>"],
    [
      "3.8",
      "EXTENDED_ARG 255; EXTENDED_ARG 255; EXTENDED_ARG 255; JUMP_FORWARD 255",
      "EXTENDED_ARG 255;EXTENDED_ARG 65535;EXTENDED_ARG 16777215;JUMP_FORWARD 4294967295 (to 4294967303 <no instruction>)",
    ],
  ])("%s: %s", (python, text, lines) => {
    expect(operations(list(python, { co_code: assemble(python, text) }))).toEqual(lines.split(";"));
  });

  test("code that is cut off", () => {
    expect(list("2.7", { co_code: Uint8Array.from([100, 1]) })).toBe(
      "  1           0 LOAD_CONST               1 (7) <cut off>\n",
    );
    expect(list("2.7", { co_code: Uint8Array.from([1, 113]) })).toMatch(/1 JUMP_ABSOLUTE {12}0 <cut off>\n$/);
    expect(list("3.8", { co_code: Uint8Array.from([1, 0, 83]) })).toMatch(
      / 0 POP_TOP\n {14}2 RETURN_VALUE <cut off>\n$/,
    );
  });

  test("no code at all", () => {
    expect(list("2.7", { co_code: new Uint8Array(0) })).toBe("");
  });

  test("an object that is none of code, and the code objects in it", () => {
    const inner = code("3.8", { co_code: assemble("3.8", "RETURN_VALUE") });
    expect(listing(read("3.8", tuple(NONE, inner)))).toBe(
      '<no code object: (None, <code object f at 0x6, file "a.py", line 1>)>\n\n' +
        'Disassembly of <code object f at 0x6, file "a.py", line 1>:\n  1           0 RETURN_VALUE\n',
    );
    expect(listing(read("3.8", NONE))).toBe("<no code object: None>\n");
  });
});

describe("the columns", () => {
  const nops = (count: number) => new Uint8Array(2 * count).map((_, i) => (i & 1 ? 0 : 9));
  test("of lines and offsets grow from 3.7 on", () => {
    const fields = { co_code: nops(5002), co_firstlineno: 12345 };
    expect(list("3.7", fields)).toMatch(/^12345 {12}0 NOP\n {17}2 NOP\n/);
    expect(list("3.7", fields)).toMatch(/\n {13}10002 NOP\n$/);
    expect(list("3.6", fields)).toMatch(/^12345 {11}0 NOP\n {14}2 NOP\n/);
    expect(list("3.6", fields)).toMatch(/\n {11}10002 NOP\n$/);
  });
  test("of lines goes where none is known, in 3.10", () => {
    expect(list("3.10", { co_code: nops(1) })).toBe("          0 NOP\n");
  });
  test("have a line below zero, too", () => {
    expect(list("3.8", { co_code: nops(1), co_firstlineno: -7 })).toBe(" -7           0 NOP\n");
  });
  test("a listing longer than a page is all there", () => {
    const text = list("3.8", { co_code: nops(60000) });
    expect(text.length).toBeGreaterThan(1 << 20);
    expect(text.split("\n").slice(1, -1)).toEqual(
      Array.from({ length: 59999 }, (_, i) => `${" ".repeat(11)}${String(2 * i + 2).padStart(6)} NOP`),
    );
  });
});

describe("the source", () => {
  test("stands above what was made of it", () => {
    const source = "x = 1\ny\u001b[2J = 2\r\n";
    const fields = { co_code: assemble("3.8", "NOP; NOP; NOP"), co_lnotab: Uint8Array.from([2, 1, 2, 7]) };
    expect(list("3.8", fields, { source })).toBe(
      "# 1 | x = 1\n  1           0 NOP\n\n# 2 | y\\x1b[2J = 2\n  2           2 NOP\n\n  9           4 NOP\n",
    );
  });
  test("of a Python that tells its lines by SET_LINENO", () => {
    const fields = { co_code: assemble("1.4", "SET_LINENO 1; SET_LINENO 2") };
    expect(list("1.4", fields, { source: "a\nb" })).toBe(
      "# 1 | a\n          0 SET_LINENO          1\n\n# 2 | b\n          3 SET_LINENO          2\n",
    );
  });
});

describe("names", () => {
  test("that would harm a terminal are escaped, others are not", () => {
    const fields = (text: string) => ({
      co_code: assemble("3.8", "LOAD_NAME 0"),
      co_names: tuple([0x75, ...u32(Buffer.byteLength(text)), ...Buffer.from(text)]),
    });
    expect(operations(list("3.8", fields("naïve 名")))).toEqual(["LOAD_NAME 0 (naïve 名)"]);
    expect(operations(list("3.8", fields("a\n\u001b[2K\u202e")))).toEqual(["LOAD_NAME 0 (a\\n\\x1b[2K\\u202e)"]);
  });
  test("that are no strings", () => {
    expect(operations(list("3.8", { co_code: assemble("3.8", "LOAD_NAME 0"), co_names: tuple(tuple(NONE)) }))).toEqual([
      "LOAD_NAME 0 (<no string: (None,)>)",
    ]);
  });
});

describe("code objects", () => {
  const nested = (python: string, fields: Fields) =>
    list(python, { co_code: new Uint8Array(0), co_consts: tuple(code(python, fields)) }).split("\n")[1];

  test.each([
    ["0.9.8", 'Disassembly of <code object at 0x12, file "a.py", line 9>:'],
    ["0.9.9", 'Disassembly of <code object f at 0x12, file "a.py", line 9>:'],
    ["1.4", 'Disassembly of <code object f at 0x18, file "a.py", line 9>:'],
    ["2.7", 'Disassembly of <code object f at 0x25, file "a.py", line 1>:'],
    ["pypy2.7", "Disassembly of <code object f, file 'a.py', line 1>:"],
    ["pypy3.3", "Disassembly of <code object f, file 'a.py', line 1>:"],
    ["3.9", 'Disassembly of <code object f at 0x2d, file "a.py", line 1>:'],
  ])("%s: %s", (python, heading) => {
    expect(nested(python, { co_code: Uint8Array.from([127, 9, 0]) })?.replace(/0x[\da-f]+/, "0x")).toBe(
      heading.replace(/0x[\da-f]+/, "0x"),
    );
  });
  test("without a line, with a long name, with none", () => {
    expect(nested("3.8", { co_firstlineno: 0 })).toMatch(/, line -1>:$/);
    expect(nested("2.7", { co_name: s("n".repeat(200)), co_filename: s("f".repeat(400)) })).toMatch(
      /^Disassembly of <code object n{100} at 0x\w+, file "f{300}", line 1>:$/,
    );
    expect(nested("3.8", { co_name: a("n".repeat(400)) })).toMatch(/^Disassembly of <code object n{400} at /);
    expect(nested("1.0.1", { co_name: NONE })).toMatch(/^Disassembly of <code object \?\?\? at /);
  });

  test("that contain themselves are listed once", () => {
    // The inner one's constants are the tuple that it stands in.
    const inner = code("3.8", { co_code: assemble("3.8", "NOP"), co_consts: reference(0) });
    const text = list("3.8", { co_code: new Uint8Array(0), co_consts: [0xa8, ...u32(1), ...inner] });
    expect(text.split("\n").slice(3)).toEqual([
      "",
      expect.stringMatching(/^Disassembly of /),
      "<contains itself: see above>",
      "",
    ]);
  });

  test("that stand for many others end where the budget ends", () => {
    const flagged = (bytes: number[]) => [(bytes[0] as number) | 0x80, ...bytes.slice(1)];
    const twice = (depth: number, level: number): number[] =>
      flagged(
        code("3.8", {
          co_code: assemble("3.8", "NOP"),
          co_consts: depth === level ? tuple() : tuple(twice(depth, level + 1), reference(level + 1)),
        }),
      );
    const text = listing(read("3.8", twice(40, 0)), { budget: 10_000 });
    expect(text.length).toBeLessThan(11_000);
    expect(text).toMatch(
      /\n<left out: 0 instructions of this code object, \d+ nested code objects and all in them>\n$/,
    );
    expect(listing(read("3.8", twice(3, 0)))).not.toMatch(/left out/);
  });

  test("that outgrow the budget by themselves are cut", () => {
    const text = list("3.8", { co_code: new Uint8Array(2000).fill(9) }, { budget: 3000 });
    expect(text.length).toBeLessThan(3200);
    expect(text).toMatch(
      /\n<left out: \d+ instructions of this code object, 0 nested code objects and all in them>\n$/,
    );
  });
});

test("random fields, whatever the version: a line for each instruction, and no error", () => {
  const bytes = fc.uint8Array({ maxLength: 40 });
  const readable = versions.filter((version) => version.readable);
  fc.assert(
    fc.property(
      fc.constantFrom(...readable),
      bytes,
      bytes,
      bytes,
      fc.integer(),
      (version, co_code, lines, other, n) => {
        const fields = { co_code, co_lnotab: lines, co_linetable: lines, co_exceptiontable: other, co_firstlineno: n };
        const file = marshalled(version, { ...fields, co_localsplusnames: [0x4e], co_filename: [0x4e] });
        const table = readNodes(file, 0, version);
        const pyc = {
          ...readPyc(file, { python: "3.8", raw: true, tolerant: true }),
          table,
          values: new Values(table),
        };
        expect(listing(pyc).split("\n").length).toBeGreaterThan(decode(co_code, version).count);
      },
    ),
  );
});

describe("a constant on the page is its repr", () => {
  const marks = fc.constantFrom(..."'\"\\\n\t\r\0\u007f\u0080é€😀 ax");
  const text = fc.oneof(
    fc.string({ unit: marks }),
    fc.string({ unit: "binary" }),
    fc.string({ unit: marks, minLength: 300 }),
  );
  const utf8 = (value: string) => [...Buffer.from(value)];
  const leaf = (python: string) =>
    fc.oneof(
      text.map((t) => [0x75, ...u32(utf8(t).length), ...utf8(t)]),
      text.map((t) => [0x73, ...u32(utf8(t).length), ...utf8(t)]),
      fc.uint8Array({ maxLength: 20 }).map((bytes) => [0x73, ...u32(bytes.length), ...bytes]),
      fc.string({ maxLength: 20 }).map((t) => name(python, t)),
      fc.integer().map((n) => [0x69, ...u32(n)]),
      fc.constantFrom(NONE, [0x54], [0x46], [0x2e]),
    );
  test.each(["0.9.8", "1.5", "2.0", "2.1", "2.7", "3.0", "3.3", "3.8", "3.10"])("%s", (python) => {
    const any = fc.oneof(
      leaf(python),
      fc.array(leaf(python), { maxLength: 20 }).map((items) => tuple(...items)),
      fc.array(leaf(python), { maxLength: 3 }).map((items) => tuple(tuple(...items), NONE)),
    );
    const version = versionNamed(python);
    fc.assert(
      fc.property(any, (bytes) => {
        const repr = new Repr(new Values(readNodes(Uint8Array.from(bytes), 0, version)), 1 << 20).constant(0);
        const lines = list(python, {
          co_code: assemble(python, "LOAD_CONST 0; LOAD_CONST 1"),
          co_consts: tuple(bytes, NONE),
        });
        expect(
          lines
            .split("\n")
            .map((line) => line.replace(/^.*LOAD_CONST +\d /, "").trimEnd())
            .slice(0, 2),
        ).toEqual([`(${repr})`, "(None)"]);
      }),
    );
  });
});
