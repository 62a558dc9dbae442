/** The notation read back: the inverse of what is printed, every construct, every fault. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { FormatError, forge, type Pyc, type PycOptions, readPyc } from "@pyclab/core";
import { faultLine, faultSentence, TextError, type TextFault } from "@pyclab/core/bytes";
import { dissect, errorCodes, notationText, warningCodes } from "@pyclab/core/notation";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fixturesOf, fixtureVersions } from "./oracle.js";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const read = (path: string) => new Uint8Array(readFileSync(path));
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");
const bytesOf = (text: string, fill?: string) => hex(forge(text, fill === undefined ? {} : { fill }).bytes);

/** What is told of a text, in order. */
function faultsOf(text: string): readonly TextFault[] {
  try {
    return forge(text).warnings;
  } catch (error) {
    if (error instanceof TextError) return error.faults;
    throw error;
  }
}
const codesOf = (text: string) => faultsOf(text).map(({ code }) => code);

/** The file, unless it is refused. */
function readable(bytes: Uint8Array, options: PycOptions): Pyc | undefined {
  try {
    return readPyc(bytes, options);
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}

const everyClaim = ["size", "offsets", "none"] as const;

/** What is wrong with a file's way into text and back, or "". */
function inverseFault(pyc: Pyc, claimed: readonly (typeof everyClaim)[number][] = ["offsets"]): string {
  const d = dissect(pyc);
  for (const claims of claimed) {
    const { bytes, warnings } = forge(notationText(d, { claims }));
    if (Buffer.compare(bytes, pyc.bytes) !== 0) return `claims ${claims}: other bytes`;
    if (warnings.length > 0) return `claims ${claims}: ${faultSentence(warnings[0] as TextFault)}`;
  }
  return "";
}

describe("what is printed reads back, without a warning", () => {
  test.each(fixtureVersions())("Python %s", (version) => {
    const faults = fixturesOf(version).map(({ stem, bytes }, i) => [
      stem,
      inverseFault(readPyc(bytes), i === 0 ? everyClaim : ["size"]),
    ]);
    expect(faults.filter(([, fault]) => fault !== "")).toEqual([]);
  });

  const oracle = `${root}../shared/oracle`;
  test.skipIf(!existsSync(oracle))("a file of every version and suite of the oracle", () => {
    const faults: string[] = [];
    for (const suite of ["stdlib", "samples", "probes", "pypy"]) {
      for (const version of readdirSync(`${oracle}/${suite}`)) {
        const folder = `${oracle}/${suite}/${version}`;
        const names = readdirSync(folder).filter((name) => name.endsWith(".pyc"));
        for (const name of names.slice(2, 3)) {
          const fault = inverseFault(readPyc(read(`${folder}/${name}`)));
          if (fault !== "") faults.push(`${suite} ${version} ${name}: ${fault}`);
        }
      }
    }
    expect(faults).toEqual([]);
  });

  const hostile = `${root}../shared/hostile`;
  test.skipIf(!existsSync(hostile))("files that break other tools", () => {
    for (const name of readdirSync(hostile).filter((file) => file.endsWith(".pyc"))) {
      const pyc = readable(read(`${hostile}/${name}`), { tolerant: true });
      if (pyc !== undefined) expect([name, inverseFault(pyc)]).toEqual([name, ""]);
    }
  });

  test.each(["2.0", "2.7", "3.8", "3.11", "3.14"])("%s with bytes changed", (version) => {
    const [sample] = fixturesOf(version).filter(({ bytes }) => bytes.length > 300);
    const bytes = sample?.bytes as Uint8Array;
    const change = fc.record({ at: fc.nat(bytes.length - 1), byte: fc.nat(255) });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 5 }), fc.boolean(), (changes, asked) => {
        const mutant = bytes.slice();
        for (const { at, byte } of changes) mutant[at] = byte;
        const pyc = readable(mutant, { tolerant: true, ...(asked ? { python: version } : {}) });
        if (pyc !== undefined) expect(inverseFault(pyc)).toBe("");
      }),
      { numRuns: 50 },
    );
  });

  test("any bytes at all", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 200 }),
        fc.constantFrom("1.2", "2.7", "3.12"),
        (bytes, python) => {
          const pyc = readable(bytes, { tolerant: true, raw: true, python });
          if (pyc !== undefined) expect(inverseFault(pyc)).toBe("");
        },
      ),
      { numRuns: 300 },
    );
  });
});

const payloads = `${root}../shared/reference/payloads`;
describe.skipIf(!existsSync(payloads))("the listings that the notation comes from", () => {
  test.each([
    ["naive20", 195],
    ["golf20", 130],
    ["system36", 168],
    ["polyglot36", 163],
  ])("%s forges unchanged into its %i bytes", (name, size) => {
    const text = readFileSync(`${payloads}/${name}.txt`, "utf8");
    const { bytes, warnings } = forge(text);
    expect(bytes.length).toBe(size);
    expect(hex(bytes)).toBe(hex(read(`${payloads}/${name}.pyc`)));
    expect(warnings.map((fault) => `${fault.line}: ${fault.code}: ${faultSentence(fault)}`)).toMatchSnapshot();
  });

  test("the polyglot has the hash that its author published", async () => {
    const { bytes } = forge(readFileSync(`${payloads}/polyglot36.txt`, "utf8"));
    const hash = await crypto.subtle.digest("SHA-256", bytes.slice().buffer);
    expect(hex(new Uint8Array(hash))).toBe("8541e6187e6230b71e3fc4e83be4f35c22cebcba9264791e5f27adc3afdd5e08");
  });
});

describe("constructs", () => {
  test.each([
    ["nothing", "", ""],
    ["hex pairs", "00 fF\tA0\r\n0d", "00ffa00d"],
    ["pairs without spaces", "640000 'i'00", "64000069" + "00"],
    ["a byte order mark", "\ufeff41", "41"],
    ["characters", "'c' '\\'' '\"' '\\x80' '\\\\' '\\n'", "632722805c0a"],
    ["FLAG_REF", "'c' | 0x80 'c'|128 'i' | FLAG_REF", "e3e3e9"],
    ["FLAG_REF on another line", "'c' // code\n  | 0x80", "e3"],
    ["FLAG_REF that is set", "'\\xe3' | 0x80", "e3"],
    ["strings", '"text" ""  "\'" "a""b"', "74657874276162"],
    ["escapes", String.raw`"\\\'\"\a\b\t\n\v\f\r\0\x00\xff\101\1018\377"`, "5c27220708090a0b0c0d0000ff41" + "4138ff"],
    ["code points", String.raw`"\u00fc\U0001f40d\ud800"`, "c3bcf09f908deda080"],
    ["characters that are not ASCII", '"ü€🐍"', "c3bce282acf09f908d"],
    ["groups", "( ( 4e ) () )", "4e"],
    ["comments", "41 // 42 ( \" '\n// 43\n44 //", "4144"],
    ["a comment that a carriage return ends", "41 // 42\r43", "4143"],
  ])("%s", (_, text, bytes) => {
    expect([bytesOf(text), codesOf(text)]).toEqual([bytes, []]);
  });

  test("free nibbles", () => {
    expect(bytesOf("xx 7x X0 XX 0x xx7x")).toBe("00700000000070");
    expect(bytesOf("xx 7x X0 0x xx7x", "f")).toBe("ff7ff00fff7f");
    expect(bytesOf("xx", "A")).toBe("aa");
    for (const fill of ["", "g", "00", "-"]) expect(() => forge("xx", { fill })).toThrow(RangeError);
  });

  test("& is read as |, with a warning that says so", () => {
    const { bytes, warnings } = forge("( 'c' & 0x80 )");
    expect(hex(bytes)).toBe("e3");
    expect(warnings).toEqual([
      {
        code: "flag-and",
        warning: true,
        line: 1,
        column: 3,
        length: 10,
        what: "'c' & 0x80 is read as 'c' | 0x80: FLAG_REF is set with |",
        expected: "",
      },
    ]);
  });

  test.each([
    ["to the end of the group", "( 's' auto32 \"te\" 00 'x' )", "73040000007465" + "0078"],
    ["comments between", "( 'z' // a type\n auto8 // a length\n \"ab\" )", "7a026162"],
    ["groups in it are counted too", "( 's' auto32 \"a\" ( 62 63 ) )", "7303000000616263"],
    ["of the group that follows", "'s' auto32 ( 41 42 ) 43", "7302000000414243"],
    ["of the group that follows, in a group", "( auto16 ( 41 42 ) auto8 ( 43 ) 44 )", "02004142014344"],
    ["nothing", "( 's' auto32 ) ( ')' auto8 )", "73000000002900"],
    ["items", "( '(' auto32 ( 'N' ) ( 'i' 01 00 00 00 ) )", "28020000004e6901000000"],
    ["items of a small tuple with FLAG_REF", "( ')' | 0x80 auto8 ( 'N' ) )", "a9014e"],
    ["items of a tuple in one", "( ')' auto8 ( ')' auto8 ( 'N' ) ( 'N' ) ) )", "290129024e4e"],
    ["digits", "( 'l' auto32 00 00 00 00 04 00 )", "6c03000000000000000400"],
    ["one in another", "( 's' auto32 ( auto8 ( 41 ) ) )", "73020000000141"],
  ])("counted lengths: %s", (_, text, bytes) => {
    expect([bytesOf(text), codesOf(text)]).toEqual([bytes, []]);
  });

  test("claims", () => {
    expect(codesOf("//@ size 3\n41 42 //@ offset 2\n( 43 //@ size 0x1\n) //@ offset 0x03")).toEqual([]);
    expect(codesOf("41 //@ offset 0\n( 41 //@ size 2\n)\n//@ size 3")).toEqual(Array(3).fill("unmet-claim"));
    expect(codesOf("( 's' auto32 \"abc\" //@ size 8\n)")).toEqual([]);
  });
});

describe("comments that are held against the bytes", () => {
  /** A module of 3.6 whose constants are the items, with a comment beside its first instruction. */
  const listing = (comment: string, items = "( 'i' 07 00 00 00 )", code = "64 00") => `
    33 0d 0d 0a 00 00 00 00 00 00 00 00
    (
      'c' 00 00 00 00 00 00 00 00 00 00 00 00 02 00 00 00 40 00 00 00
      ( 's' auto32
        ${code} // ${comment}
        53 00 )
      ( '(' auto32
 ${items} )
      ( ')' auto8 ( 'z' 01 "a" ) ( 'z' 01 "b" ) )
      ( ')' 00 ) ( ')' 00 ) ( ')' 00 ) ( 'z' 00 ) ( 'z' 00 ) 01 00 00 00 ( 's' 00 00 00 00 )
    )`;

  test.each([
    ["LOAD_CONST 0 (7)"],
    ["  2     >>    0 LOAD_CONST               0 (7)"],
    ["LOAD_CONST (seven)"],
    ["LOAD_CONST 0 (the answer, for now)"],
    ["LOAD_FAST would not do here"],
    ["POP_TOP, or so"],
    ["TODO"],
    ["CONSTANT 0"],
    ["co_flags"],
    ["Length"],
    ["ID: 5"],
  ])("%s may be right", (comment) => {
    expect(faultsOf(listing(comment))).toEqual([]);
  });

  test.each([
    ["LOAD_FAST 0 (7)", "comment-opcode"],
    ["0 LOAD_FAST", "comment-opcode"],
    ["LOAD_CONST 1 (7)", "comment-operand"],
    ["LOAD_CONST 0 (8)", "comment-operand"],
    ["LOAD_CONST ('7')", "comment-operand"],
    ["LOAD_CONST 0 (None)", "comment-operand"],
  ])("%s is wrong", (comment, code) => {
    expect(codesOf(listing(comment))).toEqual([code]);
  });

  test("names are wrong if they are another's", () => {
    const told = (comment: string) => codesOf(listing(comment, "", "65 00"));
    expect(told("LOAD_NAME 0 (a)")).toEqual([]);
    expect(told("LOAD_NAME 0 (the module)")).toEqual([]);
    expect(told("LOAD_NAME 0 (module)")).toEqual([]);
    expect(told("LOAD_NAME 0 (b)")).toEqual(["comment-operand"]);
  });

  test("free nibbles make no oparg wrong", () => {
    expect(codesOf(listing("LOAD_CONST 9", "", "64 0x"))).toEqual([]);
  });

  test("with a prefix the whole oparg is right, and so is the last byte", () => {
    const items = "( 'N' )".repeat(258);
    const told = (n: number) =>
      codesOf(listing("EXTENDED_ARG 1", items, `90 01 // EXTENDED_ARG 1\n 64 01 // LOAD_CONST ${n}\n 09 00`));
    expect([told(257), told(1)].map((codes) => codes.filter((code) => code === "comment-operand"))).toEqual([[], []]);
    expect(told(2)).toContain("comment-operand");
  });

  test("items are counted from 0 or from 1", () => {
    const told = (...ids: number[]) => codesOf(listing("", ids.map((id) => `( // ID: ${id}\n 'N' )\n`).join("")));
    expect([told(0, 1, 2), told(1, 2, 3), told(7, 8)]).toEqual([[], [], []]);
    expect([told(0, 1, 1), told(1, 3)]).toEqual([["comment-id"], ["comment-id"]]);
  });

  test("a text that is read as another version is believed", () => {
    const [sample] = fixturesOf("3.8");
    const text = notationText(dissect(readPyc(sample?.bytes as Uint8Array, { python: "3.7", tolerant: true })));
    expect(text).toContain("read as");
    expect(codesOf(text)).toEqual([]);
  });
});

describe("the specification", () => {
  const specification = readFileSync(`${root}docs/notation.md`, "utf8");

  test("its examples are read, and give what they say", () => {
    const examples = [...specification.matchAll(/```pycn read\n([\s\S]*?)```/g)].map(([, text = ""]) => text);
    expect(examples.length).toBeGreaterThan(5);
    for (const text of examples) {
      const said = [...text.matchAll(/=> ([\da-f ]+)$/gm)].map(([, bytes = ""]) => bytes.replaceAll(" ", "")).join("");
      expect([text, bytesOf(text), codesOf(text)]).toEqual([text, said, []]);
    }
    for (const [, text = ""] of specification.matchAll(/```pycn\n([\s\S]*?)```/g))
      if (!text.includes("//@ size")) expect(forge(text).warnings).toEqual([]);
  });

  test("it names every error and every warning", () => {
    const rows = (specification.split("## What is wrong with a text")[1] ?? "")
      .split("\n")
      .filter((line) => /^\| `/.test(line));
    const named = rows.flatMap((row) =>
      [...(row.split("|")[1] ?? "").matchAll(/`([a-z-]+)`/g)].map(([, code]) => code),
    );
    expect(named.sort()).toEqual([...errorCodes, ...warningCodes].sort());
  });
});

describe("malformed texts", () => {
  const folder = new URL("./bad/notation/", import.meta.url);
  const names = readdirSync(folder).filter((name) => name.endsWith(".pycn"));

  test("every code has one", () => {
    expect(names.map((name) => name.slice(0, -5))).toEqual([...errorCodes, ...warningCodes].sort());
  });

  test.each(names)("%s", async (name) => {
    const text = readFileSync(new URL(name, folder), "utf8");
    const code = name.slice(0, -5);
    const faults = faultsOf(text);
    expect(faults.map((fault) => fault.code)).toContain(code);
    for (const fault of faults) expect(fault.warning).toBe((warningCodes as readonly string[]).includes(fault.code));
    const told = faults.map((fault) => `${fault.code}: ${faultSentence(fault)}\n${faultLine(text, fault)}`).join("");
    await expect(told).toMatchFileSnapshot(fileURLToPath(new URL(`${code}.txt`, folder)));
  });

  test("all faults are told, a hundred at most", () => {
    expect(codesOf("4g 'ab' \"\\q\" | 0x80 ) 41 #")).toEqual([
      "bad-hex",
      "long-char",
      "bad-escape",
      "stray-flag",
      "extra-close",
      "unexpected",
    ]);
    expect(codesOf("zz ".repeat(1000))).toHaveLength(100);
    expect(codesOf("'c' & 0x80 ".repeat(1000))).toHaveLength(100);
  });

  test("what is around a fault does not matter: any text ends in bytes or in faults with places", () => {
    const piece = fc.constantFrom(
      ..."( ) ' \" \\ // //@ | & 0x80 auto8 auto32 size 12 41 4 x0 \n \t é 🐍 \ud800 's' '(' \"a\" \\x \\u12".split(
        " ",
      ),
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, fc.string({ maxLength: 3 })), { maxLength: 30 }), (pieces) => {
        const text = pieces.join(" ");
        for (const fault of faultsOf(text)) {
          const line = text.split("\n")[fault.line - 1];
          expect(line === undefined ? -1 : line.length).toBeGreaterThanOrEqual(fault.column - 1);
          expect(fault.length).toBeGreaterThan(0);
          expect(faultLine(text, fault)).toContain("^");
        }
      }),
      { numRuns: 1000 },
    );
  });
});
