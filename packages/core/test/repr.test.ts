/** repr of constants, in the words of each era. */
import { Repr } from "@pyclab/core/dis";
import { readNodes, Values } from "@pyclab/core/marshal";
import { versionNamed } from "@pyclab/core/version";
import fc from "fast-check";
import { describe, expect, test } from "vitest";

const BUDGET = 1 << 24;

/** repr of what these marshalled bytes mean to that Python. */
function repr(python: string, bytes: readonly number[], budget = BUDGET): string {
  const table = readNodes(Uint8Array.from(bytes), 0, versionNamed(python));
  return new Repr(new Values(table), budget).constant(0);
}

const ascii = (text: string) => [...text].map((c) => c.charCodeAt(0));
const u32 = (n: number) => [n & 255, (n >> 8) & 255, (n >> 16) & 255, n >>> 24];
const float64 = (x: number) => [...new Uint8Array(Float64Array.of(x).buffer)];
const float = (x: number) => [0x67, ...float64(x)];
const complex = (re: number, im: number) => [0x79, ...float64(re), ...float64(im)];
const s = (bytes: readonly number[]) => [0x73, ...u32(bytes.length), ...bytes];
const u = (text: string) => {
  const bytes = [...new TextEncoder().encode(text)];
  return [0x75, ...u32(bytes.length), ...bytes];
};
const items = (code: string, ...all: readonly (readonly number[])[]) => [
  code.charCodeAt(0),
  ...u32(all.length),
  ...all.flat(),
];
const int = (n: number) => [0x69, ...u32(n)];
const NONE = [0x4e];

describe("floats", () => {
  test.each([
    [0.1, "0.1", "0.10000000000000001", "0.1"],
    [1 / 3, "0.333333333333", "0.33333333333333331", "0.3333333333333333"],
    [Math.PI, "3.14159265359", "3.1415926535897931", "3.141592653589793"],
    [0, "0.0", "0.0", "0.0"],
    [-0, "-0.0", "-0.0", "-0.0"],
    [1, "1.0", "1.0", "1.0"],
    [100, "100.0", "100.0", "100.0"],
    [123456789012, "123456789012.0", "123456789012.0", "123456789012.0"],
    [1e12, "1e+12", "1000000000000.0", "1000000000000.0"],
    [1e16, "1e+16", "10000000000000000.0", "1e+16"],
    [1e17, "1e+17", "1e+17", "1e+17"],
    [1e22, "1e+22", "1e+22", "1e+22"],
    [1e-4, "0.0001", "0.0001", "0.0001"],
    [1e-5, "1e-05", "1.0000000000000001e-05", "1e-05"],
    [5e-324, "4.94065645841e-324", "4.9406564584124654e-324", "5e-324"],
    [1.7976931348623157e308, "1.79769313486e+308", "1.7976931348623157e+308", "1.7976931348623157e+308"],
    [2.5, "2.5", "2.5", "2.5"],
    // Ties, to even: the 17th digit, the 12th.
    [2 ** 50 + 0.25, "1.12589990684e+15", "1125899906842624.2", "1125899906842624.2"],
    [2 ** 50 + 0.75, "1.12589990684e+15", "1125899906842624.8", "1125899906842624.8"],
    [1234567890.125, "1234567890.12", "1234567890.125", "1234567890.125"],
    [1234567890.375, "1234567890.38", "1234567890.375", "1234567890.375"],
    [Number.POSITIVE_INFINITY, "inf", "inf", "inf"],
    [Number.NEGATIVE_INFINITY, "-inf", "-inf", "-inf"],
    [Number.NaN, "nan", "nan", "nan"],
  ])("%d: %s, %s, %s", (x, twelve, seventeen, shortest) => {
    expect([repr("1.5", float(x)), repr("2.6", float(x)), repr("3.8", float(x))]).toEqual([
      twelve,
      seventeen,
      shortest,
    ]);
    expect([repr("3.0", float(x)), repr("2.7", float(x))]).toEqual([seventeen, shortest]);
  });

  test("17 digits and the shortest read back as the same number", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (x) => {
        for (const python of ["2.6", "3.8"]) expect(Number(repr(python, float(x)))).toBe(x);
        const digits = repr("3.8", float(x))
          .replace(/e.*|\D/g, "")
          .replace(/^0+|0+$/g, "");
        expect(digits.length).toBeLessThanOrEqual(17);
      }),
    );
  });
});

describe("complex numbers", () => {
  test.each([
    [0, 1, "1j", "1j", "1j"],
    [0, -1.5, "-1.5j", "-1.5j", "-1.5j"],
    [1, 2, "(1+2j)", "(1+2j)", "(1+2j)"],
    [1, -2, "(1-2j)", "(1-2j)", "(1-2j)"],
    [-0, 1, "1j", "1j", "(-0+1j)"],
    [-0, -0, "-0j", "-0j", "(-0-0j)"],
    [1, Number.POSITIVE_INFINITY, "(1+infj)", "(1+inf*j)", "(1+infj)"],
    [0, Number.NEGATIVE_INFINITY, "-infj", "-inf*j", "-infj"],
    [Number.NaN, Number.NaN, "(nan+nanj)", "(nan+nan*j)", "(nan+nanj)"],
  ])("%d %d: %s, %s, %s", (re, im, plain, star, signed) => {
    const bytes = complex(re, im);
    expect([repr("2.5", bytes), repr("2.6", bytes), repr("3.8", bytes)]).toEqual([plain, star, signed]);
  });
});

describe("strings", () => {
  test.each([
    [ascii("it's"), `'it\\'s'`, `"it's"`, `"it's"`],
    [ascii(`say "hi"`), `'say "hi"'`, `'say "hi"'`, `'say "hi"'`],
    [ascii(`'"`), `'\\'"'`, `'\\'"'`, `'\\'"'`],
    [ascii("\\"), "'\\\\'", "'\\\\'", "'\\\\'"],
    [[9, 10, 13, 0, 7], "'\\011\\012\\015\\000\\007'", "'\\011\\012\\015\\000\\007'", "'\\t\\n\\r\\x00\\x07'"],
    [[0x7f, 0x80, 0xff], "'\\177\\200\\377'", "'\\177\\200\\377'", "'\\x7f\\x80\\xff'"],
  ])("bytes %j: %s, %s, %s", (bytes, single, octal, hex) => {
    expect([repr("0.9.8", s(bytes)), repr("2.0", s(bytes)), repr("2.7", s(bytes)), repr("3.8", s(bytes))]).toEqual([
      single,
      octal,
      hex,
      `b${hex}`,
    ]);
  });

  test.each([
    ["café", "u'caf\\351'", "u'caf\\xe9'", "u'caf\\xe9'", "'café'"],
    ["€", "u'\\u20AC'", "u'\\u20ac'", "u'\\u20ac'", "'€'"],
    ["😀", "u'\\uD83D\\uDE00'", "u'\\ud83d\\ude00'", "u'\\U0001f600'", "'😀'"],
    ["a\nb", "u'a\\012b'", "u'a\\nb'", "u'a\\nb'", "'a\\nb'"],
    ["it's é", `u"it's \\351"`, `u"it's \\xe9"`, `u"it's \\xe9"`, `"it's é"`],
    [
      "\u202e\u200b\u00a0",
      "u'\\u202E\\u200B\\240'",
      "u'\\u202e\\u200b\\xa0'",
      "u'\\u202e\\u200b\\xa0'",
      "'\\u202e\\u200b\\xa0'",
    ],
    ["\u{e0001}", "u'\\uDB40\\uDC01'", "u'\\udb40\\udc01'", "u'\\U000e0001'", "'\\U000e0001'"],
  ])("unicode %j", (text, octal, units, hex, printable) => {
    expect(["2.0", "2.1", "2.7", "3.8"].map((python) => repr(python, u(text)))).toEqual([octal, units, hex, printable]);
  });

  test("what is printable depends on the version's Unicode", () => {
    expect(repr("3.2", u("😀"))).toBe("'\\U0001f600'"); // of 6.1
    expect(repr("3.3", u("😀"))).toBe("'😀'");
    expect(repr("3.13", u("\u{1cc00}"))).toBe("'\\U0001cc00'"); // of 16.0
    expect(repr("3.14", u("\u{1cc00}"))).toBe("'\u{1cc00}'");
    expect(repr("3.15", u("\u{10ffff}\ue000"))).toBe("'\\U0010ffff\\ue000'");
  });

  test("two surrogates that are no pair", () => {
    const bytes = [0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80];
    expect(repr("3.8", [0x75, ...u32(6), ...bytes])).toBe("'\\ud83d\\ude00'");
    expect(repr("3.8", [0x75, ...u32(3), ...bytes.slice(0, 3)])).toBe("'\\ud83d'");
  });
});

describe("numbers and names", () => {
  test.each([
    ["3.8", int(-1), "-1"],
    ["2.7", [0x6c, 2, 0, 0, 0, 1, 0, 1, 0], "32769L"],
    ["3.8", [0x6c, 0xfe, 0xff, 0xff, 0xff, 1, 0, 1, 0], "-32769"],
    ["3.8", NONE, "None"],
    ["3.8", [0x54], "True"],
    ["3.8", [0x2e], "Ellipsis"],
    ["3.8", [0x53], "<class 'StopIteration'>"],
    ["2.7", [0x53], "<type 'exceptions.StopIteration'>"],
  ])("%s %j: %s", (python, bytes, text) => {
    expect(repr(python, bytes)).toBe(text);
  });

  test("an integer of 5,000 digits has them all", () => {
    const digits = Array.from({ length: 1108 }, () => [0xff, 0x7f]).flat();
    const value = 2n ** (15n * 1108n) - 1n;
    expect(repr("3.11", [0x6c, ...u32(1108), ...digits])).toBe(value.toString());
  });
  test("one of a million bits is told in hexadecimal, with a word", () => {
    const count = 70000;
    const digits = Array.from({ length: count }, () => [0xff, 0x7f]).flat();
    const text = repr("3.8", [0x6c, ...u32(-count), ...digits]);
    expect(text).toMatch(/^-0x[0-9a-f]+ <more than 100000 decimal digits>$/);
    expect(BigInt(text.slice(1, text.indexOf(" ")))).toBe(2n ** (15n * BigInt(count)) - 1n);
  });
});

describe("containers", () => {
  const one = int(1);
  test.each([
    ["3.8", items("("), "()"],
    ["3.8", items("(", one), "(1,)"],
    ["3.8", items("(", one, NONE), "(1, None)"],
    ["1.0.1", items("[", one, NONE), "[1, None]"],
    ["3.8", items(">", one), "frozenset({1})"],
    ["3.8", items(">"), "frozenset()"],
    ["2.7", items(">", one), "frozenset([1])"],
    ["2.7", items(">"), "frozenset([])"],
    ["3.8", items("<", one), "{1}"],
    ["3.8", items("<"), "set()"],
    ["2.7", items("<", one), "set([1])"],
    ["3.8", [0x7b, ...one, ...NONE, ...one, ...items("("), 0x30], "{1: None, 1: ()}"],
    ["0.9.9", [0x7b, ...s(ascii("a")), ...int(0), 0x30], "{'a': 0}"],
    ["3.15", [0x7d, ...one, ...NONE, 0x30], "frozendict({1: None})"],
    ["3.14", [0x3a, ...one, ...NONE, ...NONE], "slice(1, None, None)"],
  ])("%s %j: %s", (python, bytes, text) => {
    expect(repr(python, bytes)).toBe(text);
  });

  const self = [0x72, 0, 0, 0, 0];
  test.each([
    [[0xa8, 1, 0, 0, 0, ...self], "((...),)"],
    [[0xdb, 1, 0, 0, 0, ...self], "[[...]]"],
    [[0xfb, ...one, ...self, 0x30], "{1: {...}}"],
    [[0xa8, 2, 0, 0, 0, ...items("[", self), ...one], "([(...)], 1)"],
  ])("one that contains itself %j: %s", (bytes, text) => {
    expect(repr("3.8", bytes)).toBe(text);
  });

  test("the same twice is no such thing", () => {
    expect(repr("3.8", items("(", [0xa8, 1, 0, 0, 0, ...one], self))).toBe("((1,), (1,))");
  });

  /** Tuples of two that are the same, so deep: 2**depth empty ones. The outermost enters the references first. */
  const bomb = (depth: number, level = 0): number[] =>
    depth === level ? [0xa8, 0, 0, 0, 0] : [0xa8, 2, 0, 0, 0, ...bomb(depth, level + 1), 0x72, ...u32(level + 1)];

  test("shared references end where they outgrow their due", () => {
    const text = repr("3.8", bomb(60));
    expect(text.length).toBeLessThan(1 << 19);
    expect(text).toMatch(/ <the rest is left out>$/);
    expect(repr("3.8", bomb(3))).not.toMatch(/left out/);
  });
  test("and where the budget ends", () => {
    expect(repr("3.8", bomb(60), 1000).length).toBeLessThan(1200);
  });
  test("2,000 deep is no matter of the host's stack", () => {
    const deep = Array.from({ length: 1990 }, () => [0x29, 1]).flat();
    expect(repr("3.8", [...deep, 0x4e])).toBe(`${"(".repeat(1990)}None${",)".repeat(1990)}`);
  });
});
