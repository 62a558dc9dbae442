/** The node table and the values, against bytes written here by hand. */
import { FormatError } from "@pyclab/core/bytes";
import { children, MAX_DEPTH, type PyValue, readNodes, typeCodes, Values } from "@pyclab/core/marshal";
import { versionNamed } from "@pyclab/core/version";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fixturesOf, fixtureVersions } from "./oracle.js";

const v311 = versionNamed("3.11");
const v27 = versionNamed("2.7");
const v15 = versionNamed("1.5");

const bytes = (...parts: (string | number | number[])[]) =>
  Uint8Array.from(
    parts.flatMap((part) =>
      typeof part === "string" ? [...part].map((c) => c.charCodeAt(0)) : typeof part === "number" ? [part] : part,
    ),
  );
const i32 = (n: number) => [n & 255, (n >> 8) & 255, (n >> 16) & 255, (n >> 24) & 255];

function value(data: Uint8Array, version = v311): PyValue {
  const table = readNodes(data, 0, version);
  expect(table.end[0]).toBe(data.length);
  return new Values(table).of(0);
}

describe("values", () => {
  test.each<[string, Uint8Array, PyValue]>([
    ["None", bytes("N"), { kind: "None" }],
    ["True", bytes("T"), { kind: "bool", value: true }],
    ["Ellipsis", bytes("."), { kind: "Ellipsis" }],
    ["a negative int", bytes("i", i32(-2)), { kind: "int", value: -2 }],
    ["an int64", bytes("I", [0, 0, 0, 0, 1, 0, 0, 0]), { kind: "int", value: 2 ** 32 }],
    ["a long", bytes("l", i32(-3), [1, 0, 2, 0, 3, 0]), { kind: "int", value: -(1 + 2 * 2 ** 15 + 3 * 2 ** 30) }],
    ["zero as a long", bytes("l", i32(0)), { kind: "int", value: 0 }],
    ["-0.0", bytes("g", [0, 0, 0, 0, 0, 0, 0, 0x80]), { kind: "float", value: -0 }],
    ["ASCII", bytes("z", 2, "ab"), { kind: "str", value: "ab" }],
    ["a byte over 0x7f in ASCII is Latin-1, as CPython reads it", bytes("z", 1, 0xe9), { kind: "str", value: "é" }],
    ["UTF-8", bytes("u", i32(2), [0xc3, 0xa9]), { kind: "str", value: "é" }],
    ["a small tuple", bytes(")", 1, "N"), { kind: "tuple", items: [{ kind: "None" }] }],
    ["a list", bytes("[", i32(1), "T"), { kind: "list", items: [{ kind: "bool", value: true }] }],
    [
      "a dict",
      bytes("{", "N", "T", "0"),
      { kind: "dict", entries: [[{ kind: "None" }, { kind: "bool", value: true }]] },
    ],
    [
      "a slice",
      bytes(":", "N", "N", "N"),
      { kind: "slice", start: { kind: "None" }, stop: { kind: "None" }, step: { kind: "None" } },
    ],
  ])("%s", (_, data, expected) => expect(value(data)).toEqual(expected));

  test("integers of any size, as CPython writes their 15-bit digits", () => {
    fc.assert(
      fc.property(fc.bigInt(), (n) => {
        const digits: number[] = [];
        for (let rest = n < 0n ? -n : n; rest > 0n; rest >>= 15n) digits.push(Number(rest & 0x7fffn));
        const data = bytes(
          "l",
          i32(n < 0n ? -digits.length : digits.length),
          digits.flatMap((d) => [d & 255, d >> 8]),
        );
        const read = value(data);
        expect(read.kind === "int" && BigInt(read.value)).toBe(n);
      }),
    );
  });

  test("floats keep every bit, NaN payloads too", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), (bits) => {
        const data = new DataView(new ArrayBuffer(9));
        data.setUint8(0, 0x67);
        data.setBigUint64(1, bits, true);
        const read = value(new Uint8Array(data.buffer));
        expect(read.kind).toBe("float");
        if (read.kind !== "float") return;
        const back = new DataView(new ArrayBuffer(8));
        back.setFloat64(0, read.value);
        expect(read.bits ?? back.getBigUint64(0)).toBe(bits);
      }),
    );
  });

  test("floats as text, with the infinities of C libraries", () => {
    const float = (text: string) => value(bytes("f", text.length, text), v15);
    expect(float("0.10000000000000001")).toEqual({ kind: "float", value: 0.1 });
    expect(float("1e+300")).toEqual({ kind: "float", value: 1e300 });
    expect(float("-inf")).toEqual({ kind: "float", value: -Infinity });
    expect(float("nan")).toEqual({ kind: "float", value: NaN, bits: 0x7ff8000000000000n });
  });

  test("two surrogates that stand for themselves are not one character", () => {
    const read = value(bytes("u", i32(6), [0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80]));
    expect(read).toEqual({ kind: "str", value: "\ud83d\ude00", codePoints: [0xd83d, 0xde00] });
  });

  test("2.0 wrote lone surrogates without their first byte", () => {
    const v20 = versionNamed("2.0");
    expect(value(bytes("u", i32(4), "a", [0xa0, 0x80], "b"), v20)).toEqual({ kind: "str", value: "a\ud800b" });
    expect(() => value(bytes("u", i32(3), "a", [0xa0, 0x80]), v27)).toThrow(/UTF-8/);
  });

  test("a tuple that contains itself is a value", () => {
    const read = value(bytes(0xa9, 1, "r", i32(0)));
    expect(read.kind === "tuple" && read.items[0] === read).toBe(true);
  });

  test("a reference shares its target's value", () => {
    const read = value(bytes(")", 2, 0xfa, 1, "a", "r", i32(0)));
    expect(read.kind === "tuple" && read.items[0] === read.items[1]).toBe(true);
  });

  test("a chain of references is no matter of the host's stack, from whichever end it is asked for", () => {
    const links = 50_000;
    const chain = bytes(
      "(",
      i32(links),
      0xa9,
      0,
      [...Array(links - 1).keys()].flatMap((n) => [0xa9, 1, 0x72, ...i32(n)]),
    );
    const table = readNodes(chain, 0, v311);
    const last = table.count - 2;
    let depth = 0;
    for (let at = new Values(table).of(last); at.kind === "tuple" && at.items[0]; at = at.items[0]) depth++;
    expect(depth).toBe(links - 1);
  });

  test("a reference that the end of the file cuts off stands for nothing", () => {
    const table = readNodes(bytes(")", 2, 0xfa, 1, "a", "r", 0), 0, v311, { tolerant: true });
    const nothing = { kind: "tuple", items: [{ kind: "str", value: "a" }, { kind: "missing" }] };
    expect(new Values(table).of(0)).toEqual(nothing);
    const values = new Values(table);
    values.all();
    expect(values.of(0)).toEqual(nothing);
  });

  test("interned strings of 2.4 to 2.7", () => {
    const read = value(bytes("(", i32(2), "t", i32(1), "x", "R", i32(0)), v27);
    expect(read.kind === "tuple" && read.items[0] === read.items[1]).toBe(true);
  });

  test("what singletons have FLAG_REF does not enter the table", () => {
    const read = value(bytes(")", 3, "N".charCodeAt(0) | 0x80, 0xfa, 1, "a", "r", i32(0)));
    expect(read.kind === "tuple" && read.items[2]).toEqual({ kind: "str", value: "a" });
  });
});

describe("refusals", () => {
  const code = (data: Uint8Array, version = v311) => {
    try {
      readNodes(data, 0, version);
      return undefined;
    } catch (error) {
      if (error instanceof FormatError) return `${error.code} at ${error.offset} ${error.path}`.trim();
      throw error;
    }
  };
  test.each<[string, Uint8Array, string]>([
    [
      "a code object that refers to itself before it is whole",
      bytes(0xbe, i32(1), "r", i32(0)),
      "bad-reference at 6 [0]",
    ],
    ["a count of 2 billion", bytes("(", [0xff, 0xff, 0xff, 0x7f]), "too-long at 1"],
    ["a negative length", bytes("s", i32(-1)), "too-long at 1"],
    ["a key without a value", bytes("{", "N", "0"), "unexpected-null at 2 .value"],
    ["a NULL by itself", bytes("0"), "unexpected-null at 0"],
    ["an unnormalized long", bytes("l", i32(1), [0, 0]), "bad-digit at 5"],
    ["the end inside an int", bytes(")", 1, "i", [1, 2]), "truncated at 5 [0]"],
  ])("%s", (_, data, expected) => expect(code(data)).toBe(expected));

  test("nesting up to MAX_DEPTH is read, deeper is refused", () => {
    const nested = (depth: number) =>
      bytes(
        [...Array(depth)].flatMap(() => [0x29, 1]),
        "N",
      );
    expect(code(nested(MAX_DEPTH))).toBeUndefined();
    expect(code(nested(MAX_DEPTH + 1))).toMatch(/^too-deep/);
    expect(value(nested(MAX_DEPTH)).kind).toBe("tuple");
  });
});

describe("the table", () => {
  test("type codes are told apart by one byte", () => {
    expect(new Set(typeCodes.map((type) => type.code)).size).toBe(typeCodes.length);
  });

  test.each(fixtureVersions())(
    "%s: nodes nest, in file order, without gaps but a code object's integers",
    (version) => {
      for (const sample of fixturesOf(version).slice(0, 3)) {
        const from = headerOf(sample.bytes);
        const table = readNodes(sample.bytes, from, versionNamed(version.replace("/", "")));
        expect(table.end[0]).toBe(sample.bytes.length);
        for (let node = 0; node < table.count; node++) {
          let at = (table.start[node] as number) + 1;
          for (const child of children(table, node)) {
            expect(table.start[child]).toBeGreaterThanOrEqual(at);
            at = table.end[child] as number;
          }
          expect(table.end[node]).toBeGreaterThanOrEqual(at);
        }
      }
    },
  );

  test("random bytes give a table or a FormatError, and a table tolerantly", () => {
    const near = fc.oneof(
      fc.uint8Array({ maxLength: 60 }),
      fc
        .array(fc.constantFrom(..."NTi()s[{<>zr0cuZ:)\x01\x00\x02".split("").map((c) => c.charCodeAt(0))), {
          maxLength: 60,
        })
        .map((a) => Uint8Array.from(a)),
    );
    fc.assert(
      fc.property(near, fc.constantFrom(v15, v27, v311), (data, version) => {
        try {
          new Values(readNodes(data, 0, version)).all();
        } catch (error) {
          expect(error).toBeInstanceOf(FormatError);
        }
        const table = readNodes(data, 0, version, { tolerant: true });
        new Values(table).all();
        for (let node = 0; node < table.count; node++) expect(table.end[node]).toBeLessThanOrEqual(data.length);
      }),
      { numRuns: 5000 },
    );
  });
});

/** Where a fixture's object begins: the header's size by what its version is. */
function headerOf(data: Uint8Array): number {
  for (const size of [8, 12, 16]) if (((data[size] as number) & 0x5f) === 0x43) return size;
  throw new Error("no code object");
}
