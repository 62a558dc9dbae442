/** Magic numbers, their order, names and traits: against the list of known magic numbers and against real files. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FormatError, hex } from "../src/bytes/index.js";
import {
  finals,
  nearMagic,
  noteOf,
  positionOf,
  type Traits,
  type Version,
  versionNamed,
  versions,
  versionsOfMagic,
  versionsOfNumber,
} from "../src/version/index.js";
import { fixturesOf, fixtureVersions } from "./oracle.js";

const shared = new URL("../../../../shared/", import.meta.url);
const factsFile = new URL("facts/magics.json", shared);
const oracle = new URL("oracle/samples/", shared);

const bytesOf = (magic: string) => Uint8Array.from(magic.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
const cpythons = versions.filter((v) => v.lineage === "CPython");
const named = (v: Version) => `${v.lineage} ${v.python} ${v.magic}`;

/** The Pythons whose files are at hand, by the names of their folders. */
const PYTHONS =
  "0.9.8 0.9.9 1.0.1 1.0.2 1.1 1.2 1.3 1.4 1.5 1.6 2.0 2.1 2.2 2.3 2.4 2.5 2.6 2.7 3.0 3.1 3.2 3.3 3.4 3.5.1 3.5 3.6 3.7 3.8 3.9 3.10 3.11 3.12 3.13 3.14 3.15".split(
    " ",
  );

describe("the registry", () => {
  test("a row's bytes are its word and 0d 0a, from 1.3 on", () => {
    for (const v of versions) {
      expect(v.magic.length === 8 || v.lineage.endsWith("ircuitPython") || v.lineage === "MicroPython").toBe(true);
      const [low, high] = bytesOf(v.magic) as unknown as [number, number];
      expect([named(v), v.word]).toEqual([named(v), low | (high << 8)]);
      if (v.lineage === "CPython" && v.position >= positionOf(11913)) expect(v.magic.slice(4)).toBe("0d0a");
    }
  });

  test("every row says what wrote it, once", () => {
    for (const v of versions) expect([named(v), /^\S.*\S$/.test(v.release)]).toEqual([named(v), true]);
    expect(new Set(versions.map(named)).size).toBe(versions.length);
  });

  test("every note belongs to a row", () => {
    const source = readFileSync(new URL("../src/version/notes.ts", import.meta.url), "utf8");
    const text = source.slice(source.indexOf("`\n#"), source.lastIndexOf("`;"));
    const notes = text.split("\n").filter((line) => /^x?[\da-f]+ /.test(line));
    expect(versions.filter((v) => noteOf(v) !== "").length).toBe(notes.length);
    expect(noteOf(versionNamed("3.12"))).toBe("type parameters (PEP 695)");
    expect(noteOf(versionNamed("2.0"))).not.toBe("");
  });

  test("what is not parsed is not readable", () => {
    for (const v of versions) {
      if (v.lineage === "CPython") expect(v.readable).toBe(true);
      else if (v.lineage !== "PyPy") expect([named(v), v.readable]).toEqual([named(v), false]);
    }
    for (const python of ["2.7", "3.2", "3.3", "3.5", "3.6", "3.7", "3.8", "3.9", "3.10"])
      expect(versionNamed(`pypy${python}`).readable).toBe(true);
    expect(versionNamed("pypy3.11").readable).toBe(false);
  });

  test.skipIf(!existsSync(factsFile))("every known magic number is found", () => {
    interface Fact {
      readonly magic: number;
      readonly bytes_le: string;
      readonly impl: string;
      readonly version: string;
      readonly note: string;
      readonly final_release?: string;
    }
    const facts: readonly Fact[] = JSON.parse(readFileSync(factsFile, "utf8"));
    expect(facts.length).toBe(302);
    const minorOf = (text: string) => (text === "3000" ? "3.0" : (/^\d\.\d+/.exec(text)?.[0] ?? "?"));
    for (const fact of facts) {
      const lineage = fact.impl.replace("NetEase/", "");
      const found = versionsOfMagic(bytesOf(fact.bytes_le)).filter((v) => v.lineage === lineage);
      const row = `${fact.magic} ${fact.impl} ${fact.version}`;
      const wrong = found.filter((v) => !fact.bytes_le.endsWith("9900") && v.word !== fact.magic);
      expect([row, wrong]).toEqual([row, []]);
      const same = found.filter((v) => minorOf(v.python) === minorOf(fact.version));
      expect([row, same.length > 0]).toEqual([row, true]);
      if (fact.final_release) expect([row, same.some((v) => v.stage === "final")]).toEqual([row, true]);
      if (fact.note.includes("-U ")) expect(same.some((v) => v.stage === "unicode-literals")).toBe(true);
    }
  });
});

describe("the order", () => {
  test("is total: each row of CPython has a place of its own, and places rise", () => {
    expect(cpythons.map((v) => v.position)).toEqual(cpythons.map((_, i) => i));
    for (const v of cpythons) expect(positionOf(v.word)).toBeLessThanOrEqual(v.position);
    expect(() => positionOf(4711)).toThrow(RangeError);
    expect(() => positionOf(62218)).toThrow(RangeError);
  });

  test("rises with the numbers from 2.0 to 2.7 and from 3000 on", () => {
    const words = cpythons.map((v) => v.word);
    const break3 = words.indexOf(3000);
    const from2 = words.slice(words.indexOf(50823), break3);
    expect(from2).toEqual([...from2].sort((a, b) => a - b));
    expect(words.slice(break3)).toEqual([...new Set(words.slice(break3))].sort((a, b) => a - b));
  });

  test("another lineage has the place of the final that it follows", () => {
    expect(versionNamed("pypy3.9").position).toBe(versionNamed("3.9").position);
    expect(versionNamed("pypy2.7").position).toBe(versionNamed("2.7").position);
    for (const v of versions) if (v.python === "?") expect(v.position).toBe(-1);
  });

  test("the finals are every Python there is", () => {
    expect(finals.map((v) => v.python)).toEqual(PYTHONS);
    if (existsSync(oracle)) expect(readdirSync(oracle).sort()).toEqual([...PYTHONS].sort());
  });
});

describe("magic numbers", () => {
  test("every Python's files have a magic number of that Python's", () => {
    for (const folder of fixtureVersions()) {
      const python = folder.replace("pypy/", "");
      for (const { bytes } of fixturesOf(folder).slice(0, 3)) {
        const found = versionsOfMagic(bytes).filter((v) => v.lineage === (folder === python ? "CPython" : "PyPy"));
        expect([folder, found.map((v) => v.python)]).toEqual([folder, expect.arrayContaining([python])]);
      }
    }
  });

  test.skipIf(!existsSync(oracle))("so do all the others' files", () => {
    for (const python of readdirSync(oracle)) {
      const folder = new URL(`${python}/`, oracle);
      for (const file of readdirSync(folder).filter((name) => name.endsWith(".pyc"))) {
        const found = versionsOfMagic(readFileSync(new URL(file, folder)).subarray(0, 4));
        expect([file, found.map((v) => v.python)]).toEqual([file, expect.arrayContaining([python])]);
      }
    }
  });

  test.each([
    ["94949400", "0.9.8"],
    ["02999900", "1.0.1, 1.0.2"],
    ["03999900", "1.1, 1.2"],
    ["994e0d0a", "1.5, 1.6"],
    ["160d0d0a", "3.5.1"],
    ["170d0d0a", "3.5"],
    ["cb0d0d0a", "3.12, RustPython 3.13"],
    ["2b0e0d0a", "3.14, RustPython 3.14"],
    ["2c0e0d0a", "CPython-Meta 3.14"],
    ["2a530d0a", "GraalPy 3.11, GraalPy 3.12"],
    ["50010d0a", "PyPy 3.9"],
    ["cafebabe", "Jython ?"],
    ["cafe0d0a", "Jython 2.7"],
    ["4d060200", "MicroPython 3.4"],
    ["4d050b1f", "MicroPython 3.4"],
    ["43060000", "CircuitPython 3.4"],
    ["cb0d0d0b", ""],
    ["00000000", ""],
  ])("%s is %s", (magic, expected) => {
    const found = versionsOfMagic(bytesOf(`${magic}e300`));
    expect(found.map((v) => `${v.lineage} ${v.python}`.replace(/^CPython /, "")).join(", ")).toBe(expected);
  });

  test("fewer than four bytes are none", () => {
    expect(versionsOfMagic(bytesOf("cb0d0d"))).toEqual([]);
    expect(versionsOfMagic(bytesOf("4d06"))).toEqual([]);
  });

  test("by number or by hex", () => {
    expect(versionsOfNumber("3531").map((v) => v.lineage)).toEqual(["CPython", "RustPython"]);
    expect(versionsOfNumber("CB0D0D0A").map((v) => v.lineage)).toEqual(["CPython", "RustPython"]);
    expect(versionsOfNumber("39171").map((v) => v.python)).toEqual(["1.1", "1.2"]);
    expect(versionsOfNumber("4711")).toEqual([]);
  });
});

describe("damaged magic numbers", () => {
  const whole = versions.filter((v) => v.readable && v.magic.endsWith("0d0a"));
  const latin1 = (bytes: Uint8Array) => String.fromCharCode(...bytes);

  /** A text-mode transfer of a file's first bytes. */
  const transfers: Readonly<Record<string, (file: Uint8Array) => Uint8Array>> = {
    "CR LF became LF": (file) => Buffer.from(latin1(file).replaceAll("\r\n", "\n"), "latin1"),
    "LF became CR LF": (file) => Buffer.from(latin1(file).replaceAll("\n", "\r\n"), "latin1"),
    "CR became LF": (file) => Buffer.from(latin1(file).replaceAll("\r", "\n"), "latin1"),
    "LF became CR": (file) => Buffer.from(latin1(file).replaceAll("\n", "\r"), "latin1"),
    "written as UTF-8": (file) => Buffer.from(latin1(file), "utf8"),
  };

  test.each(Object.keys(transfers))("%s", (name) => {
    for (const v of whole) {
      const file = Buffer.from(`${v.magic}00000000`, "hex");
      const damaged = transfers[name]?.(file) as Uint8Array;
      if (file.equals(damaged) || versionsOfMagic(damaged).length > 0) continue;
      const sentence = nearMagic(damaged);
      // the numbers of a version lie so close that a damaged one may be like another's: then there are several names
      expect([named(v), sentence]).toEqual([named(v), expect.stringMatching(/^the .*(Python|PyPy) \d/)]);
      if (v.stage === "final" && v.lineage === "CPython" && !sentence?.includes("…"))
        expect([named(v), sentence]).toEqual([named(v), expect.stringContaining(v.python)]);
    }
  });

  test("sentences", () => {
    expect(nearMagic(bytesOf("cb0d0a0000"))).toBe(
      "the magic number of Python 3.12 after CR LF became LF: the rest of the file is damaged alike",
    );
    expect(nearMagic(bytesOf("cb0d0000"))).toBe(
      "the first two bytes are those of Python 3.12, but 00 00 follows, not 0d 0a",
    );
    expect(nearMagic(bytesOf("efbfbd0d0d0a"))).toContain("decoded as UTF-8");
  });

  test("a magic number is not near one, nor is anything at all", () => {
    for (const v of whole) expect(nearMagic(bytesOf(v.magic))).toBeUndefined();
    for (const other of ["00000000", "7f454c46", "504b0304", "696d706f7274", ""])
      expect(nearMagic(bytesOf(other))).toBeUndefined();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 14 }), (bytes) => {
        const sentence = nearMagic(bytes);
        if (sentence !== undefined) expect(versionsOfMagic(bytes).filter((v) => v.readable)).toEqual([]);
      }),
    );
  });
});

describe("names", () => {
  test("every final is found by its name, its magic number and its bytes", () => {
    for (const v of finals) {
      expect(versionNamed(v.python)).toBe(v);
      const first = versionsOfMagic(bytesOf(v.magic))[0] as Version;
      expect(versionNamed(v.magic)).toBe(first);
      expect(versionNamed(String(v.word))).toBe(first);
      expect(versionNamed(`python${v.python}`)).toBe(v);
    }
  });

  test("every readable version's key of opcodes is a name", () => {
    for (const v of versions) if (v.readable) expect(versionNamed(v.opcodes).opcodes).toBe(v.opcodes);
  });

  test.each([
    ["1.0", "1.0.1", 39170],
    ["1.0.2", "1.0.2", 39170],
    ["1.5.2", "1.5", 20121],
    ["1.6a2", "1.6", 20121],
    ["2.7.18", "2.7", 62211],
    ["2.5c2", "2.5", 62131],
    ["3.5", "3.5", 3351],
    ["3.5.0", "3.5.1", 3350],
    ["3.5.2", "3.5.1", 3350],
    ["3.5.3", "3.5", 3351],
    ["3.5.10", "3.5", 3351],
    ["3.5rc1", "3.5.1", 3350],
    ["3.7a1", "3.7", 3390],
    ["3.12.4", "3.12", 3531],
    ["3.12a7", "3.12", 3524],
    ["3.12.0a3", "3.12", 3512],
    ["3.12rc1", "3.12", 3531],
    ["3.16", "3.16", 3706],
    ["Python 3.8", "3.8", 3413],
    ["cpython-312", "3.12", 3531],
    ["312", "3.12", 3531],
    ["3530", "3.12", 3530],
    ["cb0d0d0a", "3.12", 3531],
    ["pypy2.7", "2.7", 62218],
    ["pypy3.9", "3.9", 336],
    ["pypy39", "3.9", 336],
    ["PyPy 3.10", "3.10", 384],
  ])("%s is %s with magic number %i", (name, python, word) => {
    const { python: gotPython, word: gotWord } = versionNamed(name);
    expect([gotPython, gotWord]).toEqual([python, word]);
  });

  const fault = (name: string): FormatError => {
    try {
      versionNamed(name);
    } catch (error) {
      if (error instanceof FormatError) return error;
    }
    throw new Error(`${name} was found`);
  };

  test.each([
    "",
    "4.0",
    "3.99",
    "2.8",
    "1.5.3",
    "3.12.x",
    "3.12.1a1",
    "pypy9",
    "pypy3.4",
    "4711",
    "cb0d0d0b",
    "latest",
  ])("%s is none", (name) => {
    const { code, expected } = fault(name);
    expect([code, expected]).toEqual(["unknown-version", expect.stringMatching(/^a name like (\S+, ){4}\S+$/)]);
  });

  test("the names that come nearest are listed", () => {
    expect(fault("3.99").expected).toContain("3.9");
    expect(fault("pypy9").expected).toContain("pypy3.9".slice(0, 5));
  });

  test("any text is a version or a FormatError", () => {
    const piece = fc.constantFrom("3", ".", "12", "pypy", "a", "rc", "-", "cpython", " ", "0", "99999999999999999999");
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(piece).map((parts) => parts.join("")),
        ),
        (name) => {
          try {
            expect(versions).toContain(versionNamed(name));
          } catch (error) {
            expect(error).toBeInstanceOf(FormatError);
          }
        },
      ),
    );
  });
});

describe("traits", () => {
  const readable = versions.filter((v) => v.readable);

  test("every trait has a value in every version", () => {
    const keys = Object.keys(versionNamed("3.12").traits).sort();
    for (const v of readable) {
      expect(Object.keys(v.traits).sort()).toEqual(keys);
      expect(Object.values(v.traits).every((value) => value !== undefined)).toBe(true);
      expect(v.traits).toBe(v.traits);
    }
  });

  /** The values each trait takes, in the order of CPython's versions. */
  function history<K extends keyof Traits>(trait: K): Traits[K][] {
    const values: Traits[K][] = [];
    for (const v of cpythons) if (values.at(-1) !== v.traits[trait]) values.push(v.traits[trait]);
    return values;
  }

  test("a trait that changed did not change back", () => {
    const forward = [
      "header",
      "marshalVersion",
      "typeCodes",
      "strings",
      "longs",
      "lines",
      "lineRanges",
      "exceptionTable",
      "encoding",
      "jumpUnit",
      "localsplus",
      "cellIndex",
      "listing",
      "escapes",
    ] as const;
    for (const trait of forward) {
      const values = history(trait);
      expect([trait, new Set(values).size]).toEqual([trait, values.length]);
    }
    expect(history("marshalVersion")).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  test("3.0 was begun before 2.6 and 2.7 came, and references came back in 3.4", () => {
    expect(history("floats")).toEqual(["12", "17", "shortest", "17", "shortest"]);
    expect(history("complexes")).toEqual(["plain", "star", "signed", "star", "signed"]);
    expect(history("references")).toEqual(["none", "interned", "none", "flag"]);
    expect(history("lineStarts")).toEqual(["summed", "stepwise", "summed", "bounded"]);
  });

  test("-U changes nothing else", () => {
    for (const v of versions) {
      if (v.stage !== "unicode-literals") continue;
      const plain = versionsOfNumber(String(v.word - 1))[0] as Version;
      expect([v.release, v.traits]).toEqual([`${plain.python} with -U`, plain.traits]);
    }
  });

  test.each([
    [
      "1.2",
      { header: "mtime", marshalVersion: 0, references: "none", lines: "set-lineno", floats: "12", escapes: "octal" },
    ],
    ["2.0", { header: "mtime", strings: "str8", longs: true, lines: "set-lineno", floats: "17", escapes: "octal" }],
    ["2.3", { lines: "lnotab-unsigned", lineStarts: "stepwise", references: "none", encoding: "bytes" }],
    ["2.7", { header: "mtime", marshalVersion: 2, references: "interned", strings: "str8", floats: "shortest" }],
    ["3.2", { header: "mtime", marshalVersion: 2, references: "none", strings: "bytes", longs: false }],
    ["3.3", { header: "mtime-size", references: "none" }],
    ["3.4", { header: "mtime-size", marshalVersion: 4, references: "flag", lines: "lnotab-unsigned" }],
    ["3.5", { encoding: "bytes", lines: "lnotab-unsigned" }],
    ["3.6", { header: "mtime-size", encoding: "words", jumpUnit: 1, lines: "lnotab-signed" }],
    ["3.7", { header: "flags", marshalVersion: 4, lines: "lnotab-signed" }],
    ["3.10", { header: "flags", lines: "linetable", jumpUnit: 2, exceptionTable: false, localsplus: false }],
    ["3493", { lines: "pep657-preview", exceptionTable: true, localsplus: true }],
    ["3.11", { lines: "locations", jumpUnit: 2, exceptionTable: true, localsplus: true, cellIndex: "localsplus" }],
    ["3.14", { marshalVersion: 5 }],
    ["3.15", { marshalVersion: 6 }],
    ["pypy2.7", { header: "mtime", references: "interned", codeAddress: false, encoding: "bytes" }],
    ["pypy3.2", { header: "mtime", codeNames: "utf8-bytes", references: "none", codeAddress: false }],
    ["pypy3.5", { header: "mtime-size", codeNames: "str", references: "flag", codeAddress: true }],
    ["pypy3.9", { header: "flags", lines: "lnotab-signed", references: "flag", encoding: "words", marshalVersion: 4 }],
    ["pypy3.10", { lines: "pypy-locations", jumpUnit: 2, exceptionTable: false }],
  ] as readonly (readonly [string, Partial<Traits>])[])("of %s", (name, expected) => {
    expect(versionNamed(name).traits).toMatchObject(expected);
  });

  /** The type codes that were seen in files of that Python, or that its marshal was asked for. */
  const seen: Readonly<Record<string, string>> = {
    "0.9.8": "CN[fils",
    "0.9.9": "CN[fils{",
    "1.0.1": "CN[fils{",
    "1.2": "(CNfils",
    "1.3": "(Ncfils",
    "1.4": "(.Ncfilsx",
    "1.5": "(.INcfilsx",
    "1.6a2": "(.INcfilsux",
    "2.2": "(.INcfilsux",
    "2.4": "(.INRcfilstux",
    "2.7": "(.0<>FINRSTc[fgilstuxy{",
    "3.1": "(.FINTcgilsuy",
    "3.2": "(.>FINTcgilsuy",
    "3.4": "().>AFNTZacgilrstuyz",
    "3.10": "().0<>AFINSTZc[afgilrstuxyz{",
    "3.13": "().0<>AFINSTZc[afgilrstuxyz{",
    "3.14": "().0<>AFINSTZc[afgilrstuxyz{:",
    "3.15": "().0<>AFINSTZc[afgilrstuxyz{:}",
    "pypy3.9": "().0<>AFINSTZc[afgilrstuxyz{",
  };
  test.each(Object.keys(seen))("type codes of %s", (name) => {
    const { typeCodes } = versionNamed(name).traits;
    expect([...(seen[name] as string)].filter((code) => !typeCodes.includes(code))).toEqual([]);
    expect(new Set(typeCodes).size).toBe(typeCodes.length);
  });

  test("type codes that a Python does not know", () => {
    const without: Readonly<Record<string, string>> = {
      "1.2": "c.xuSFTtRrgy<>",
      "1.3": "C.xuSFTtRrgy<>",
      "1.5": "CuSFTtRrgy<>",
      "2.3": "CtRrgy<>",
      "2.4": "Crgy<>)aAzZ",
      "2.7": "Cr)aAzZ:}",
      "3.3": "CtRr)aAzZ:}",
      "3.13": "CR:}",
      "3.14": "CR}",
    };
    for (const [name, codes] of Object.entries(without)) {
      const { typeCodes } = versionNamed(name).traits;
      expect([name, [...codes].filter((code) => typeCodes.includes(code))]).toEqual([name, []]);
    }
  });
});

test("magic numbers are printed as they are read", () => {
  for (const v of versions) expect(hex(bytesOf(v.magic))).toBe(v.magic);
});
