/** Changes to files: what they do, what they leave as it was, and what is said of those that cannot be made. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { dissect, listing, readPyc, writePyc } from "@pyclab/core";
import { type CodeObject, codeObjects } from "@pyclab/core/code";
import { type Edits, edit, fieldAddress, instructionAddress, parseLiteral } from "@pyclab/core/edit";
import { lines } from "@pyclab/core/linetable";
import { Plain } from "@pyclab/core/marshal";
import { verify } from "@pyclab/core/verify";
import { versionNamed } from "@pyclab/core/version";
import { describe, expect, test } from "vitest";
import { fixturesOf, fixtureVersions } from "./oracle.js";

const example = new Uint8Array(
  readFileSync(fileURLToPath(new URL("../../../examples/misc_code.pyc", import.meta.url))),
);
const edited = (edits: Edits, bytes: Uint8Array = example) => readPyc(writePyc(edit(readPyc(bytes), edits)));
const functionOf = (pyc: ReturnType<typeof readPyc>) => [...codeObjects(pyc.values)][1] as CodeObject;
const literal = (text: string, python = "3.11") => parseLiteral(text, versionNamed(python));
const at = (text: string) => fieldAddress(text) as NonNullable<ReturnType<typeof fieldAddress>>;
const fixture = (name: string) =>
  new Uint8Array(readFileSync(fileURLToPath(new URL(`../../../fixtures/${name}`, import.meta.url))));

describe("addresses", () => {
  test.each([
    ["co_flags", { code: "", field: "co_flags", indices: [] }],
    ["f.co_consts[2]", { code: "f", field: "co_consts", indices: [2] }],
    ["A.f.<locals>.g.co_consts[2][0]", { code: "A.f.<locals>.g", field: "co_consts", indices: [2, 0] }],
    ["<lambda>#2.co_name", { code: "<lambda>#2", field: "co_name", indices: [] }],
    ["flags", undefined],
    ["f.co_consts[x]", undefined],
  ])("%s", (text, meant) => {
    expect(fieldAddress(text)).toEqual(meant);
  });

  test.each([
    ["f@12", { code: "f", from: 12, to: 12 }],
    ["@0x10-20", { code: "", from: 16, to: 20 }],
    ["f", undefined],
  ])("%s", (text, meant) => {
    expect(instructionAddress(text)).toEqual(meant);
  });
});

describe("nothing asked for", () => {
  test("every fixture stays as it was", () => {
    for (const python of fixtureVersions()) {
      for (const { bytes, stem } of fixturesOf(python))
        expect([stem, Buffer.compare(writePyc(edit(readPyc(bytes), {})), bytes)]).toEqual([stem, 0]);
    }
  });
});

describe("fields", () => {
  test("a constant, and only that", () => {
    const pyc = edited({ fields: [{ ...at("print_hello.co_consts[1]"), value: literal("'Bye '") }] });
    expect(listing(pyc)).toBe(listing(readPyc(example)).replace("'Hello '", "'Bye '").replaceAll("at 0x51", "at 0x51"));
  });

  test("one of several that are one object: the others keep the value that it had", () => {
    const before = readPyc(example);
    const module = before.code as CodeObject;
    expect(functionOf(before).filename).toBe(module.filename);
    const pyc = edited({ fields: [{ ...at("co_filename"), value: literal("'elsewhere.py'") }] });
    expect([pyc.code?.filename, functionOf(pyc).filename]).toEqual(["elsewhere.py", "misc_code.py"]);
    expect(verify(pyc)).toEqual([]);
  });

  test("an integer, within its width", () => {
    const pyc = edited({ fields: [{ ...at("print_hello.co_stacksize"), value: 9 }] });
    expect(functionOf(pyc).stacksize).toBe(9);
    expect(() => edited({ fields: [{ ...at("co_stacksize"), value: 2 ** 40 }] })).toThrow(/does not fit 32 bits/);
  });

  test.each<[string, number | string, RegExp]>([
    ["f.co_flags", 1, /there is no code object f; there are <module>, print_hello/],
    ["co_nlocals", 1, /have no such field; they have co_argcount/],
    ["co_consts[9]", "1", /<module>\.co_consts\[9\]: there are 4 entries/],
    ["co_consts[0][0]", "1", /co_consts\[0\] has no entries/],
    ["co_flags", "1", /co_flags is an integer/],
    ["co_name", 1, /co_name holds an object/],
  ])("%s = %s is refused", (where, value, said) => {
    const to = typeof value === "number" ? value : literal(value);
    expect(() => edited({ fields: [{ ...at(where), value: to }] })).toThrow(said);
  });

  test("a literal that is none is said to be none", () => {
    expect(() => literal("hello")).toThrow(/hello: "hello"; expected a literal/);
    expect(() => literal("<code f>")).toThrow();
  });
});

const some = ["0.9.8", "1.5", "2.4", "2.7", "3.8", "3.10", "3.11", "3.14"];
const found = (bytes: Uint8Array, python: string) => verify(readPyc(bytes, { python })).map(({ message }) => message);

describe("file names", () => {
  test.each(some)("all of all files of %s", (python) => {
    for (const { bytes } of fixturesOf(python)) {
      const pyc = edited({ filename: (old) => `/new/${old}` }, bytes);
      for (const { filename } of codeObjects(pyc.values)) expect(filename).toMatch(/^\/new\/[^/].*\.py$/);
      expect(found(pyc.bytes, python)).toEqual([]);
    }
  });
});

describe("file names that are not ASCII", () => {
  const bytes = (text: string) => Uint8Array.from(text, (c) => c.charCodeAt(0));
  const named = (name: Uint8Array, python: string, to: (old: string) => string) => {
    const file = fixturesOf(python)[0]?.bytes as Uint8Array;
    const value = new Plain({ kind: "bytes", value: name });
    const before = edited({ fields: [{ ...at("co_filename"), value }] }, file);
    return edited({ filename: to }, before.bytes).code?.bytes("co_filename");
  };

  test("stay in the encoding that they have", () => {
    const to = (old: string) => `${old}/ü`;
    expect(named(bytes("/\xc3\xa9.py"), "2.7", to)).toEqual(bytes("/\xc3\xa9.py/\xc3\xbc"));
    expect(named(bytes("/\xe9.py"), "2.7", to)).toEqual(bytes("/\xe9.py/\xfc"));
    expect(() => named(bytes("/\xe9.py"), "2.7", () => "€")).toThrow(/is no UTF-8, and its bytes cannot hold this/);
  });

  test("str: any, lone surrogates too", () => {
    const pyc = edited({ filename: () => "/\ud800€.py" }, fixturesOf("3.8")[0]?.bytes);
    expect(pyc.code?.filename).toBe("/\ud800€.py");
  });
});

describe("strip", () => {
  test.each(some)("docstrings, lines and locals of all files of %s", (python) => {
    for (const { bytes } of fixturesOf(python)) {
      const pyc = edited({ strip: ["docstrings", "lines", "locals"] }, bytes);
      expect(found(pyc.bytes, python)).toEqual([]);
      for (const code of codeObjects(pyc.values)) expect(new Set(lines(code)?.line)).not.toContain(1);
    }
  });

  test.each(["1.5", "2.4", "2.7", "3.6"])("the docstrings of %s are gone", (python) => {
    const bytes = fixture(`${python}/m_docstrings.pyc`);
    const texts = /(module|function|class|method) text/;
    expect(Buffer.from(bytes).toString("latin1")).toMatch(texts);
    expect(Buffer.from(edited({ strip: ["docstrings"] }, bytes).bytes).toString("latin1")).not.toMatch(texts);
  });
});

describe("header", () => {
  test("fields of its form", () => {
    expect(edited({ header: { mtime: 5, source_size: 7 } }).header).toMatchObject({
      mtime: 5,
      sourceSize: 7,
      flags: 0,
    });
    expect(() => edited({ header: { source_hash: new Uint8Array(8) } })).toThrow(/has no source_hash in this form/);
    expect(() => edited({ header: { source_size: 1 } }, fixture("2.7/m_empty.pyc"))).toThrow(/has no source_size/);
  });

  test("from one form to another and back", () => {
    const hashed = edited({ form: "checked-hash", hashSource: Uint8Array.from([1, 2, 3]) });
    expect(hashed.header).toMatchObject({ flags: 3, mtime: undefined });
    const unchecked = edited({ form: "unchecked-hash" }, hashed.bytes);
    expect(unchecked.header).toMatchObject({ flags: 1, sourceHash: hashed.header?.sourceHash });
    expect(edited({ form: "timestamp", header: { mtime: 3 } }, unchecked.bytes).header).toMatchObject({
      flags: 0,
      mtime: 3,
      sourceSize: 0,
    });
    expect(() => edited({ form: "checked-hash" }, fixture("3.6/m_empty.pyc"))).toThrow(/has no flags/);
  });

  test("8, 12 and 16 bytes", () => {
    const body = (bytes: Uint8Array, from: number) => Buffer.from(bytes.subarray(from)).toString("hex");
    const write = (bytes: Uint8Array, magic: string) => writePyc(edit(readPyc(bytes), { magic: versionNamed(magic) }));
    const old = fixture("3.2/m_empty.pyc");
    const twelve = write(old, "3.6");
    expect([twelve.length - old.length, body(twelve, 12)]).toEqual([4, body(old, 8)]);
    const sixteen = write(fixture("3.6/m_empty.pyc"), "3.7");
    expect(readPyc(sixteen, { python: "3.7" }).header?.fields.map(({ field }) => field.name)).toEqual([
      "magic",
      "flags",
      "mtime",
      "source_size",
    ]);
    expect(write(sixteen, "3.6")).toEqual(fixture("3.6/m_empty.pyc"));
  });
});

describe("instructions that cannot be put in", () => {
  const insert = (from: number, text: string) => () =>
    edited({ instructions: [{ do: "insert", code: "print_hello", from, to: from, text }] });

  test.each<[number, string, RegExp]>([
    [3, "NOP", /print_hello: no instruction begins at offset 3/],
    [2, "FOO", /FOO: FOO is not in 3\.11/],
    [2, "LOAD_DEREF x", /x is no cell or free variable here: name/],
    [2, "JUMP_FORWARD on", /there is no label on/],
    [2, "JUMP_FORWARD @0", /JUMP_FORWARD/],
    [2, ".line 3", /instructions and labels only/],
    [2, "BINARY_ADD", /use BINARY_OP \+/],
  ])("at %i: %s", (from, text, said) => {
    expect(insert(from, text)).toThrow(said);
  });

  test("the bytes of what is read are not changed", () => {
    const before = Uint8Array.from(example);
    insert(2, "NOP")();
    expect(example).toEqual(before);
    expect(dissect(readPyc(example)).count).toBeGreaterThan(0);
  });
});
