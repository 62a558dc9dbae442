/** Encoding: objects by value to the bytes that each Python would write, and files to objects with what they chose. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { type Pyc, readPyc, tree } from "@pyclab/core";
import { FormatError } from "@pyclab/core/bytes";
import { codeLayout } from "@pyclab/core/format";
import {
  encode,
  Plain,
  type PlainValue,
  plainOf,
  readNodes,
  Values,
  WriteError,
  writeDraft,
} from "@pyclab/core/marshal";
import { canonicalize, writePyc } from "@pyclab/core/pyc";
import { versionNamed } from "@pyclab/core/version";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { changed, picker } from "./mutations.js";
import { fixturesOf, fixtureVersions } from "./oracle.js";

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");
const same = (a: Uint8Array, b: Uint8Array) => Buffer.compare(a, b) === 0;
const latin1 = (text: string) => new Uint8Array(Buffer.from(text, "latin1"));
const plain = (value: PlainValue, override?: Plain["override"]) => new Plain(value, override);
const int = (value: number | bigint) => plain({ kind: "int", value });
const str = (value: string) => plain({ kind: "str", value });
const bytes = (text: string) => plain({ kind: "bytes", value: latin1(text) });
const tuple = (...items: Plain[]) => plain({ kind: "tuple", items });
const list = (...items: Plain[]) => plain({ kind: "list", items });
const float = (value: number) => plain({ kind: "float", value });

/** The bytes of an object; FLAG_REF shows as the high bit of a type byte. */
const written = (root: Plain, python: string) => {
  const version = versionNamed(python);
  return Buffer.from(writeDraft(encode(root, version), version)).toString("latin1");
};

function body({ bytes, table }: Pyc): Uint8Array {
  return bytes.subarray(table.start[0], table.end[0]);
}

function exact(pyc: Pyc): Uint8Array {
  return writeDraft(encode(plainOf(pyc.values).root, pyc.version), pyc.version);
}

/** Whether two objects are equal, cycles and sharing included, without going over anything twice. */
function equal(a: Plain, b: Plain): boolean {
  const met = new Map<PlainValue, Set<PlainValue>>();
  const stack: [PlainValue, PlainValue][] = [[a.value, b.value]];
  for (let pair = stack.pop(); pair !== undefined; pair = stack.pop()) {
    const [x, y] = pair;
    if (x.kind !== y.kind) return false;
    const [left, right] = [x, y].map((value) =>
      "items" in value ? value.items : "objects" in value ? value.objects : undefined,
    );
    if (left === undefined || right === undefined) {
      if (leafText(x) !== leafText(y)) return false;
      continue;
    }
    const others = met.get(x) ?? new Set();
    met.set(x, others);
    if (others.has(y)) continue;
    others.add(y);
    if (left.length !== right.length) return false;
    if (x.kind === "code" && y.kind === "code" && x.integers.join() !== y.integers.join()) return false;
    for (const [i, item] of left.entries()) stack.push([item.value, (right[i] as Plain).value]);
  }
  return true;
}

function leafText(value: PlainValue): string {
  if (value.kind === "bytes") return hex(value.value);
  return JSON.stringify(value, (_, part) =>
    typeof part === "bigint" ? `${part}n` : Object.is(part, -0) ? "-0" : Number.isFinite(part) ? part : String(part),
  );
}

describe("type codes", () => {
  test.each<[string, string, Plain, string]>([
    ["None", "3.11", plain({ kind: "None" }), "N"],
    ["a bool", "2.3", plain({ kind: "bool", value: true }), "T"],
    ["an int", "3.11", int(-300), "i\xd4\xfe\xff\xff"],
    ["an int beyond 32 bits", "3.11", int(2 ** 31), "l\x03\0\0\0\0\0\0\0\x02\0"],
    ["an int beyond 32 bits", "2.7", int(2 ** 31), "I\0\0\0\x80\0\0\0\0"],
    ["an int beyond 32 bits", "3.2", int(-(2 ** 31) - 1), "I\xff\xff\xff\x7f\xff\xff\xff\xff"],
    ["an int beyond 64 bits", "3.2", int(-(2n ** 64n)), "l\xfb\xff\xff\xff\0\0\0\0\0\0\0\0\x10\0"],
    ["a long", "2.7", plain({ kind: "long", value: 1 }), "l\x01\0\0\0\x01\0"],
    ["no long", "2.7", plain({ kind: "long", value: 0 }), "l\0\0\0\0"],
    ["a float", "3.11", float(1.5), "g\0\0\0\0\0\0\xf8\x3f"],
    ["a float", "2.4", float(0.1), "f\x130.10000000000000001"],
    ["a float", "2.1", float(0.1), "f\x030.1"],
    ["a float", "2.4", float(1e16), "f\x1310000000000000000.0"],
    ["a float", "2.4", float(-1e17), "f\x06-1e+17"],
    ["a float that ends in a tie", "2.4", float(2 ** -25), "f\x162.9802322387695312e-08"],
    ["a float", "2.4", float(Number.NEGATIVE_INFINITY), "f\x04-inf"],
    [
      "a complex number",
      "2.4",
      plain({ kind: "complex", real: { kind: "float", value: -0 }, imag: { kind: "float", value: 2 } }),
      "x\x04-0.0\x032.0",
    ],
    ["bytes", "3.11", bytes("a b"), "s\x03\0\0\0a b"],
    ["an 8-bit string", "2.2", bytes("ab"), "s\x02\0\0\0ab"],
    ["an 8-bit string like a name", "2.7", bytes("ab"), "t\x02\0\0\0ab"],
    ["another 8-bit string", "2.7", bytes("a b"), "s\x03\0\0\0a b"],
    ["a unicode string", "2.7", str("é"), "u\x02\0\0\0\xc3\xa9"],
    ["a str", "3.3", str("ab"), "u\x02\0\0\0ab"],
    ["a str", "3.11", str("a b"), "z\x03a b"],
    ["a str like a name", "3.11", str("ab"), "\xda\x02ab"],
    ["a long str", "3.11", str(" ".repeat(256)), `a\0\x01\0\0${" ".repeat(256)}`],
    ["a long str like a name", "3.11", str("x".repeat(256)), `\xc1\0\x01\0\0${"x".repeat(256)}`],
    ["a str beyond ASCII", "3.11", str("\u20ac\u{1f600}"), "u\x07\0\0\0\xe2\x82\xac\xf0\x9f\x98\x80"],
    ["a lone surrogate", "3.11", str("\udc80"), "u\x03\0\0\0\xed\xb2\x80"],
    ["a lone surrogate", "2.1", str("\udc80"), "u\x02\0\0\0\xb2\x80"],
    [
      "two surrogates",
      "3.11",
      plain({ kind: "str", value: "\u{1f600}", codePoints: [0xd83d, 0xde00] }),
      "u\x06\0\0\0\xed\xa0\xbd\xed\xb8\x80",
    ],
    ["a tuple", "3.11", tuple(plain({ kind: "None" })), ")\x01N"],
    ["a tuple", "3.3", tuple(plain({ kind: "None" })), "(\x01\0\0\0N"],
    ["no tuple", "3.11", tuple(), "\xa9\0"],
    ["a list", "2.7", list(), "[\0\0\0\0"],
    ["a dict", "3.11", plain({ kind: "dict", items: [int(1000), int(2000)] }), "{i\xe8\x03\0\0i\xd0\x07\0\x000"],
    ["a frozenset", "3.11", plain({ kind: "frozenset", items: [] }), ">\0\0\0\0"],
    [
      "a slice",
      "3.14",
      plain({ kind: "slice", items: [int(1000), int(2000), plain({ kind: "None" })] }),
      ":i\xe8\x03\0\0i\xd0\x07\0\0N",
    ],
  ])("%s in %s: %#", (_, python, value, expected) => expect(written(value, python)).toBe(expected));

  test("a tuple of 256 has a count of 32 bits", () => {
    const none = () => plain({ kind: "None" });
    expect(written(tuple(...Array.from({ length: 256 }, none)), "3.11").slice(0, 5)).toBe("(\0\x01\0\0");
  });

  test("%.17g and %.12g read back", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true }), (x) => {
        const text = written(float(x), "2.4").slice(2);
        expect(Object.is(Number(text.replace("inf", "Infinity")), x)).toBe(true);
        expect(text).toMatch(/^-?(\d+\.\d+|\d(\.\d+)?e[-+]\d\d+|inf)$/);
      }),
    );
  });
});

describe("what is one object", () => {
  test("the same object twice is a reference, or written twice", () => {
    const inner = list(int(1000));
    expect(written(tuple(inner, inner), "3.11")).toBe(")\x02\xdb\x01\0\0\0i\xe8\x03\0\0r\0\0\0\0");
    const twice = "[\x01\0\0\0i\xe8\x03\0\0".repeat(2);
    expect(written(tuple(inner, inner), "3.3")).toBe(`(\x02\0\0\0${twice}`);
  });

  test("another occurrence of the same value is the same object", () => {
    const inner = list();
    const other = new Plain(inner.value, { type: 0xf2 });
    expect(written(tuple(inner, other), "3.11")).toBe(")\x02\xdb\0\0\0\0\xf2\0\0\0\0");
  });

  test("two equal lists are two", () => {
    expect(written(tuple(list(), list()), "3.11")).toBe(")\x02[\0\0\0\0[\0\0\0\0");
  });

  test("interned strings are one", () => {
    expect(written(tuple(str("ab"), str("ab")), "3.11")).toBe(")\x02\xda\x02abr\0\0\0\0");
    expect(written(tuple(bytes("ab"), bytes("ab")), "2.7")).toBe("(\x02\0\0\0t\x02\0\0\0abR\0\0\0\0");
    expect(written(tuple(bytes("ab"), bytes("ab")), "2.3")).toBe("(\x02\0\0\0s\x02\0\0\0abs\x02\0\0\0ab");
  });

  test("an object that contains itself", () => {
    const list: PlainValue = { kind: "list", items: [] };
    list.items.push(new Plain(list));
    expect(written(new Plain(list), "3.11")).toBe("\xdb\x01\0\0\0r\0\0\0\0");
    expect(() => written(new Plain(list), "3.3")).toThrow("contains itself");
    expect(() => written(new Plain(list), "2.7")).toThrow(WriteError);
  });

  test("objects that share so much that they could not be written out", () => {
    let shared = tuple(int(1000));
    for (let i = 0; i < 200; i++) shared = tuple(shared, shared);
    expect(written(shared, "3.11").length).toBe(2 + 200 * 7 + 6 - 1);
    expect(() => written(shared, "2.7")).toThrow("occur too often");
  });

  test("nesting beyond what can be read", () => {
    let deep = tuple();
    for (let i = 0; i < 3000; i++) deep = list(deep);
    expect(() => written(deep, "3.11")).toThrow("nested more than 2000 deep");
  });
});

describe("overrides", () => {
  test.each<[string, string, Plain, string]>([
    ["a type byte", "3.11", plain({ kind: "int", value: 1 }, { type: 0x6c }), "l\x01\0\0\0\x01\0"],
    ["a flag", "2.7", plain({ kind: "None" }, { type: 0xce }), "\xce"],
    ["content", "2.4", plain({ kind: "float", value: 1.5 }, { content: latin1("\x041.50") }), "f\x041.50"],
    ["the end of a dict", "3.11", plain({ kind: "dict", items: [], end: { type: 0xb0 } }), "{\xb0"],
    [
      "a reference by index",
      "3.11",
      tuple(str("ab"), str("cd"), plain({ kind: "str", value: "cd" }, { type: 0x72, index: 1 })),
      ")\x03\xda\x02ab\xda\x02cdr\x01\0\0\0",
    ],
    [
      "no reference",
      "3.11",
      tuple(str("ab"), plain({ kind: "str", value: "ab" }, { type: 0x75 })),
      ")\x02\xda\x02abu\x02\0\0\0ab",
    ],
  ])("%s", (_, python, value, expected) => expect(written(value, python)).toBe(expected));

  test.each<[string, Plain, string]>([
    ["a str as an int", plain({ kind: "str", value: "ab" }, { type: 0x69 }), 'type code "i" cannot hold this str'],
    ["a large int as i", plain({ kind: "int", value: 2 ** 40 }, { type: 0x69 }), 'type code "i" cannot hold this int'],
    ["€ as ASCII", plain({ kind: "str", value: "€" }, { type: 0x7a }), 'type code "z" cannot hold this str'],
    ["a reference to nothing", plain({ kind: "int", value: 1 }, { type: 0x72 }), "nothing equal"],
    [
      "an index of another value",
      tuple(str("ab"), str("cd"), plain({ kind: "int", value: 7 }, { type: 0x72, index: 1 })),
      "[2]: a reference to object 1, which is another value",
    ],
    ["an index of nothing", plain({ kind: "int", value: 1 }, { type: 0x72, index: 3 }), "object 3 of 0"],
  ])("%s is an error", (_, value, message) => {
    expect(() => written(value, "3.11")).toThrow(WriteError);
    expect(() => written(value, "3.11")).toThrow(message);
  });

  test("an error says where", () => {
    const wrong = () => plain({ kind: "int", value: 1 }, { type: 0x7a });
    expect(() => written(list(tuple(), tuple(tuple(), wrong())), "3.11")).toThrow("[1][1]: type code");
    const dict = plain({ kind: "dict", items: [str("a"), tuple(), str("b"), wrong()] });
    expect(() => written(tuple(dict), "3.11")).toThrow("[0][1].value: type code");
  });
});

describe("files", () => {
  test.each(fixtureVersions())("fixtures of %s: exactly, and as that Python would", (version) => {
    for (const { stem, bytes } of fixturesOf(version)) {
      const pyc = readPyc(bytes);
      expect([stem, same(exact(pyc), body(pyc))]).toEqual([stem, true]);
      const again = readPyc(writePyc(canonicalize(pyc)), { python: pythonOf(pyc) });
      expect([stem, tree(again)]).toEqual([stem, tree(pyc)]);
    }
  });

  /** How much of the fixtures the encoder would have written otherwise, in thousandths of all objects, at most. */
  const most = (version: string) => {
    if (version.startsWith("pypy")) return 80;
    const { references } = versionNamed(version).traits;
    if (references === "none") return 0;
    return references === "interned" ? 4 : known.has(version) ? 5 : 30;
  };
  /** Where a file tells which strings are shared. */
  const known = new Set(["3.11", "3.12", "3.13", "3.14", "3.15"]);

  test.each(fixtureVersions())("the encoder chooses as %s did", (version) => {
    let objects = 0;
    let different = 0;
    for (const { bytes } of fixturesOf(version)) {
      const { byNode } = plainOf(readPyc(bytes).values);
      objects += byNode.length;
      different += new Set(byNode.filter((plain) => plain.override !== undefined)).size;
    }
    expect((1000 * different) / objects).toBeLessThanOrEqual(most(version));
  });

  test("a choice that is not the encoder's is an override, and only that", () => {
    const pyc = readPyc(writePyc(canonicalize(readPyc((fixturesOf("3.12")[0] as { bytes: Uint8Array }).bytes))));
    expect(plainOf(pyc.values).byNode.filter((plain) => plain.override !== undefined)).toEqual([]);
  });

  test("every code object has its plain one", () => {
    const pyc = readPyc((fixturesOf("3.11")[0] as { bytes: Uint8Array }).bytes);
    const { root, byNode } = plainOf(pyc.values, { exact: false });
    expect(byNode[0]).toBe(root);
    expect(byNode.every((plain) => plain.override === undefined)).toBe(true);
    const { value } = byNode[pyc.code?.node ?? -1] as Plain;
    expect(value.kind === "code" && value.objects.length).toBe(codeLayout(pyc.version).objects.length);
  });

  const shared = new URL("../../../../shared/", import.meta.url);
  if (!existsSync(shared)) console.log("encode: no files of other Pythons' libraries, those tests are skipped");
  const below = (folder: string) => {
    const names = existsSync(shared) ? readdirSync(new URL(folder, shared), { recursive: true }) : [];
    return names
      .map(String)
      .filter((name) => name.endsWith(".pyc"))
      .sort();
  };

  test.skipIf(!existsSync(shared))("files of standard libraries, one of eight", () => {
    for (const [i, name] of below("oracle/stdlib/").entries()) {
      if (i % 8 !== 0) continue;
      const pyc = readPyc(new Uint8Array(readFileSync(new URL(`oracle/stdlib/${name}`, shared))));
      expect([name, same(exact(pyc), body(pyc))]).toEqual([name, true]);
    }
  });

  test.skipIf(!existsSync(shared))("hostile files that can be read", () => {
    for (const name of below("hostile/")) {
      let pyc: Pyc;
      try {
        pyc = readPyc(new Uint8Array(readFileSync(new URL(`hostile/${name}`, shared))));
      } catch (error) {
        expect(error).toBeInstanceOf(FormatError);
        continue;
      }
      expect([name, same(exact(pyc), body(pyc))]).toEqual([name, true]);
      const canonical = writePyc(canonicalize(pyc));
      expect(canonical.length).toBeLessThan(4 * pyc.bytes.length + 1000);
      const table = readNodes(canonical, pyc.table.start[0] as number, pyc.version);
      expect([name, equal(plainOf(pyc.values).root, plainOf(new Values(table)).root)]).toEqual([name, true]);
    }
  });

  const small = fixtureVersions()
    .flatMap((version) => fixturesOf(version))
    .filter(({ bytes }) => bytes.length < 3000);
  test("damaged and changed files that can be read: exactly, and by value", () => {
    fc.assert(
      fc.property(fc.constantFrom(...small), fc.integer(), (sample, seed) => {
        const pyc = changed(sample.bytes, picker(seed));
        if (!pyc) return;
        expect(same(exact(pyc), body(pyc))).toBe(true);
        const { root } = plainOf(pyc.values, { exact: false });
        let canonical: Uint8Array;
        try {
          canonical = writeDraft(encode(root, pyc.version), pyc.version);
        } catch (error) {
          expect(error).toBeInstanceOf(WriteError); // what contains itself, in a version without references
          return;
        }
        const table = readNodes(canonical, 0, pyc.version);
        expect(table.end[0]).toBe(canonical.length);
        expect(equal(root, plainOf(new Values(table), { exact: false }).root)).toBe(true);
      }),
      { numRuns: 800 },
    );
  });

  test("any object, in any version that has its types", () => {
    const { object } = fc.letrec<{ object: Plain; leaf: Plain }>((tie) => ({
      leaf: fc.oneof(
        fc.constant(plain({ kind: "None" })),
        fc.bigInt().map((n) => int(n >= -(2n ** 53n) && n <= 2n ** 53n ? Number(n) : n)),
        fc.integer().map(int),
        fc.double({ noNaN: true }).map(float),
        fc.string({ unit: "binary" }).map(str),
        fc.string({ maxLength: 2 }).map(str),
        fc.uint8Array().map((value) => plain({ kind: "bytes", value })),
      ),
      object: fc.oneof(
        { depthSize: "small", withCrossShrink: true },
        tie("leaf"),
        fc.array(tie("object"), { maxLength: 5 }).map((items) => tuple(...items)),
        fc.array(tie("object"), { maxLength: 5 }).map((items) => list(...items)),
        fc.array(tie("object"), { maxLength: 3 }).map((items) => plain({ kind: "frozenset", items })),
        fc.array(tie("object"), { maxLength: 4 }).map((items) => {
          return plain({ kind: "dict", items: items.length % 2 === 0 ? items : items.slice(1) });
        }),
      ),
    }));
    fc.assert(
      fc.property(object, fc.constantFrom("3.0", "3.3", "3.4", "3.8", "3.11", "3.14", "pypy3.9"), (root, python) => {
        const version = versionNamed(python);
        const out = writeDraft(encode(root, version), version);
        expect(equal(root, plainOf(new Values(readNodes(out, 0, version))).root)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

function pythonOf({ version }: Pyc): string {
  return version.lineage === "PyPy" ? `pypy${version.python}` : version.magic;
}
