/** Literals of the assembly language: what is written is read as the same object, of every kind, in every era. */
import { assemblyText, type CodeBlock, type Operand, parseAssembly } from "@pyclab/core/assembly";
import { TextError } from "@pyclab/core/bytes";
import { Plain, type PlainValue } from "@pyclab/core/marshal";
import { opcodesOf } from "@pyclab/core/opcode";
import { versionNamed } from "@pyclab/core/version";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { plains, programOfObject, shapeOf, tangled } from "./assembly-programs.js";

const eras = ["0.9.8", "1.5", "2.7", "pypy3.2", "3.6", "3.12", "3.15"];

/** What the text of a literal is read as. */
function read(literal: string, python = "3.12"): PlainValue {
  const { object } = parseAssembly(`.python ${python}\n.raw\n.object ${literal}\n`).program;
  if ("is" in object) throw new Error("a block");
  return object.value;
}

function written(value: PlainValue, python = "3.12"): string {
  const text = assemblyText(programOfObject(versionNamed(python), new Plain(value)));
  return text.slice(text.indexOf(".object ") + 8).trimEnd();
}

/** The first fault of a text. */
function fault(literal: string, python = "3.12"): string {
  try {
    read(literal, python);
  } catch (error) {
    if (error instanceof TextError) return error.message;
    throw error;
  }
  return "";
}

describe("written and read again", () => {
  test.each(eras)("any object of %s", (python) => {
    const version = versionNamed(python);
    fc.assert(
      fc.property(plains(version), (plain) => {
        const program = programOfObject(version, plain);
        const text = assemblyText(program);
        expect(shapeOf(parseAssembly(text).program)).toEqual(shapeOf(program));
        expect(assemblyText(parseAssembly(text).program)).toBe(text);
      }),
      { numRuns: 100 },
    );
  });

  test("objects in several places and in themselves", () => {
    const version = versionNamed("3.12");
    fc.assert(
      fc.property(tangled(version), (plain) => {
        const program = programOfObject(version, plain);
        const text = assemblyText(program);
        const again = parseAssembly(text).program;
        expect(assemblyText(again)).toBe(text);
        expect(identities(again.object as Plain)).toEqual(identities(plain));
      }),
      { numRuns: 150 },
    );
  });

  test("2000 containers in each other", () => {
    for (const kind of ["tuple", "list", "frozenset", "dict"] as const) {
      let plain = new Plain({ kind: "int", value: 1 });
      for (let i = 0; i < 2000; i++) plain = new Plain({ kind, items: kind === "dict" ? [plain, plain] : [plain] });
      const program = programOfObject(versionNamed("3.12"), plain);
      const text = assemblyText(program);
      expect(assemblyText(parseAssembly(text).program)).toBe(text);
    }
    expect(fault("(".repeat(2001))).toMatch(/more than 2000 containers/);
    expect(fault("[".repeat(100_000))).toMatch(/more than 2000 containers/);
  });

  test("what is long and in several places is written once, whatever it is", () => {
    const version = versionNamed("3.12");
    for (const value of [
      { kind: "str", value: "x".repeat(200) },
      { kind: "bytes", value: new Uint8Array(200) },
      { kind: "int", value: 1n << 2000n },
      { kind: "tuple", items: Array.from({ length: 50 }, () => new Plain({ kind: "None" })) },
    ] as const satisfies PlainValue[]) {
      const plain = new Plain(value);
      const name = (): Operand => ({ is: "name", name: plain, bits: 0 });
      const operands: Operand[] = [{ is: "constant", value: plain }, name(), { is: "constant", value: plain }, name()];
      const program = programOfObject(
        version,
        new Plain({ kind: "list", items: [plain, new Plain({ kind: "set", items: [plain] }), plain] }),
      );
      const block = parseAssembly(".python 3.12\n.code f\n.end\n").program.object as CodeBlock;
      const { number } = opcodesOf(version);
      for (const operand of operands)
        block.body.push({
          is: "instruction",
          opcode: number(operand.is === "name" ? "LOAD_NAME" : "LOAD_CONST") as number,
          operand,
          prefixes: 0,
          caches: undefined,
        });
      program.blocks.push(block);
      const text = assemblyText(program);
      expect(text.split("*o1").length - 1).toBe(6);
      const again = parseAssembly(text).program;
      expect(assemblyText(again)).toBe(text);
      const [first] = ((again.object as Plain).value as { items: Plain[] }).items;
      expect(first?.value).toEqual(value);
      for (const each of again.blocks[0]?.body ?? [])
        if (each.is === "instruction")
          expect(
            each.operand.is === "constant" ? each.operand.value : each.operand.is === "name" && each.operand.name,
          ).toBe(first);
    }
  });

  test("a container that is shared a thousand times is written once", () => {
    let plain = new Plain({ kind: "tuple", items: [new Plain({ kind: "int", value: 1 })] });
    for (let i = 0; i < 1000; i++) plain = new Plain({ kind: "tuple", items: [plain, plain] });
    const text = assemblyText(programOfObject(versionNamed("3.12"), plain));
    expect(text.length).toBeLessThan(20_000);
    expect(assemblyText(parseAssembly(text).program)).toBe(text);
  });
});

/** Containers and leaves in the order in which a walk first meets them, each item by its place in that order. */
function identities(root: Plain): unknown[] {
  const places = new Map<Plain, number>([[root, 0]]);
  const shapes: unknown[] = [];
  for (const plain of places.keys()) {
    const { value } = plain;
    if (!("items" in value)) shapes.push(value.kind);
    else
      shapes.push([
        value.kind,
        ...value.items.map((item) => {
          if (!("items" in item.value)) return item.value.kind;
          if (!places.has(item)) places.set(item, places.size);
          return places.get(item);
        }),
      ]);
  }
  return shapes;
}

describe("each kind", () => {
  const cases: [literal: string, value: PlainValue, python?: string][] = [
    ["None", { kind: "None" }],
    ["True", { kind: "bool", value: true }],
    ["Ellipsis", { kind: "Ellipsis" }],
    ["StopIteration", { kind: "StopIteration" }],
    ["NULL", { kind: "NULL" }],
    ["-5", { kind: "int", value: -5 }],
    ["9007199254740993", { kind: "int", value: 9007199254740993n }],
    ["10L", { kind: "long", value: 10 }, "2.7"],
    ["1.5", { kind: "float", value: 1.5 }],
    ["2.0", { kind: "float", value: 2 }],
    ["1e+300", { kind: "float", value: 1e300 }],
    ["5e-324", { kind: "float", value: 5e-324 }],
    ["-0.0", { kind: "float", value: -0 }],
    ["-inf", { kind: "float", value: -Infinity }],
    ["nan", { kind: "float", value: NaN, bits: 0x7ff8000000000000n }],
    ["nan(0x7ff8000000000001)", { kind: "float", value: NaN, bits: 0x7ff8000000000001n }],
    ["2j", { kind: "complex", real: { kind: "float", value: 0 }, imag: { kind: "float", value: 2 } }],
    ["-2j", { kind: "complex", real: { kind: "float", value: -0 }, imag: { kind: "float", value: -2 } }],
    ["complex(1.0, -0.0)", { kind: "complex", real: { kind: "float", value: 1 }, imag: { kind: "float", value: -0 } }],
    ["'it\\'s \"so\"'", { kind: "str", value: 'it\'s "so"' }],
    ['"it\'s"', { kind: "str", value: "it's" }],
    ["'\\n\\t\\\\\\x00\\x7f'", { kind: "str", value: "\n\t\\\0\x7f" }],
    ["'été'", { kind: "str", value: "été" }],
    ["'\\u202e\\u200b\\ufeff'", { kind: "str", value: "\u202e\u200b\ufeff" }],
    ["'\\ud800'", { kind: "str", value: "\ud800" }],
    ["'\\ud83d\\ude00'", { kind: "str", value: "\u{1f600}", codePoints: [0xd83d, 0xde00] }],
    ["'\u{1f600}'", { kind: "str", value: "\u{1f600}" }],
    ["b'\\x00a\\xff'", { kind: "bytes", value: Uint8Array.of(0, 97, 255) }],
    ["'\\x00a\\xff'", { kind: "bytes", value: Uint8Array.of(0, 97, 255) }, "2.7"],
    ["u'\\u20ac'".replace("\\u20ac", "€"), { kind: "str", value: "€" }, "2.7"],
    ["()", { kind: "tuple", items: [] }],
    ["set()", { kind: "set", items: [] }],
    ["frozenset()", { kind: "frozenset", items: [] }],
    ["{}", { kind: "dict", items: [] }],
    ["frozendict({})", { kind: "frozendict", items: [] }],
  ];

  test.each(cases)("%s", (literal, value, python) => {
    expect(read(literal, python)).toEqual(value);
    expect(written(value, python)).toBe(literal);
  });

  test("containers", () => {
    for (const literal of [
      "(1,)",
      "(1, (2,), [3], {4}, {5: 6}, frozenset({7}))",
      "frozendict({1: 2, (): []})",
      "slice(1, None, slice(2, 3, 4))",
    ])
      expect(written(read(literal))).toBe(literal);
  });

  test("other spellings", () => {
    for (const [other, literal] of [
      ["(1)", "1"],
      ["((1,))", "(1,)"],
      ["(1, 2,)", "(1, 2)"],
      ["(1,\n  # so\n  2,\n)", "(1, 2)"],
      ["(\n1\n)", "1"],
      ["0x1F", "31"],
      ["-0x10", "-16"],
      ["...", "Ellipsis"],
      ["1.", "1.0"],
      [".5e1", "5.0"],
      ["set([1])", "{1}"],
      ["frozenset([])", "frozenset()"],
      ["u'a'", "'a'"],
      ['"a"', "'a'"],
      ["x'64 00\n  53'", "b'd\\x00S'"],
      ["'\\101\\a'", "'A\\x07'"],
      ["complex(1, nan)", "complex(1.0, nan)"],
      ["[&a (1, *a)]", "[&o1 (1, *o1)]"],
      ["(*a, &a [1])", "(&o1 [1], *o1)"],
    ] as const)
      expect([other, written(read(other))]).toEqual([other, literal]);
  });

  test("integers of many digits", () => {
    const digits = `1${"0".repeat(3900)}`;
    expect(written(read(digits))).toBe(digits);
    const hex = `0x1${"0".repeat(100_000)}`;
    expect(written(read(hex))).toBe(hex);
    expect(fault("1".repeat(5001))).toMatch(/an integer of 5001 digits/);
  });

  test("what is none", () => {
    for (const [literal, message] of [
      ["foo", /"foo"; expected a literal; a string stands in quotes/],
      ["(1 2)", /"2"; expected "," or "\)"/],
      ["(1, 2", /the end of the line; expected "," or "\)"/],
      ["{1: 2, 3}", /"}"; expected ":"/],
      ["{1, 2: 3}", /":"; expected "," or "}"/],
      ["slice(1, 2)", /a slice of 2; expected three objects/],
      ["'abc", /does not end in its line; expected a closing '/],
      ["'\\q'", /"\\q"; expected one of Python's escapes/],
      ["b'\\u1234'", /"\\u"; expected \\x and two hex digits/],
      ["b'é'", /beyond ASCII/],
      ["10L", /this Python has no longs/],
      ["007", /a number without zeros before it/],
      ["1x", /"1x"; expected a number/],
      ["nan(0x1)", /the 64 bits of a NaN/],
      ["&a 1", ""],
      ["*a", /no object has the anchor a/],
      ["(&a [], &a [])", /a second object with the anchor a/],
      ["&a &b []", /a second anchor/],
      ["<code f>", /no code object here is labelled f/],
      ["x'1'", /expected two hex digits/],
      ["x'12", /the text ends in hex pairs/],
    ] as const)
      expect([literal, fault(literal)]).toEqual([literal, expect.stringMatching(message)]);
  });
});
