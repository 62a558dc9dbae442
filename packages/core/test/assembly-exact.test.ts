/** The assembly language, exactly: file → program → text → program → file is the same to the last byte. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { type Pyc, readPyc, writePyc } from "@pyclab/core";
import { assemble, assemblyText, type CodeBlock, parseAssembly, programOf } from "@pyclab/core/assembly";
import { FormatError, TextError } from "@pyclab/core/bytes";
import { codeObjects } from "@pyclab/core/code";
import { Plain } from "@pyclab/core/marshal";
import { versionNamed } from "@pyclab/core/version";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { changed, picker } from "./mutations.js";
import { fixturesOf, fixtureVersions } from "./oracle.js";

const rebuilt = (text: string) => writePyc(assemble(parseAssembly(text).program).draft);
const exactText = (pyc: Pyc) => assemblyText(programOf(pyc, { exact: true }));
const same = (a: Uint8Array, b: Uint8Array) => Buffer.compare(a, b) === 0;

/** Of the fixtures of a version, those at a place that its own place among the versions tells: a quarter of them. */
const some = (version: string, index: number) => fixturesOf(version).filter((_, i) => i % 4 === index % 4);

describe("fixtures", () => {
  test.each(fixtureVersions().map((version, i) => [version, i] as const))("of %s", (version, index) => {
    for (const { stem, bytes } of some(version, index)) {
      const pyc = readPyc(bytes, { name: `${version}/${stem}.pyc` });
      expect([stem, same(rebuilt(exactText(pyc)), bytes)]).toEqual([stem, true]);
    }
  });

  test("a program that no text was made of is assembled too", () => {
    for (const version of ["1.5", "2.7", "3.8", "3.12"])
      for (const { stem, bytes } of some(version, 0)) {
        const program = programOf(readPyc(bytes, { name: `${version}/${stem}.pyc` }), { exact: true });
        expect([stem, same(writePyc(assemble(program).draft), bytes)]).toEqual([stem, true]);
        expect([stem, same(writePyc(assemble(program).draft), bytes)]).toEqual([stem, true]);
      }
  });

  test("listing every pool changes nothing", () => {
    for (const version of ["1.1", "2.4", "3.6", "3.11", "3.14"])
      for (const { stem, bytes } of some(version, 1)) {
        const pyc = readPyc(bytes, { name: `${version}/${stem}.pyc` });
        const text = assemblyText(programOf(pyc, { exact: true, pools: "always" }));
        expect([stem, same(rebuilt(text), bytes)]).toEqual([stem, true]);
      }
  });
});

describe("other files", () => {
  const hostile = new URL("../../../../shared/hostile/", import.meta.url);
  const there = existsSync(hostile);
  if (!there) console.log("hostile files: not here, skipped");

  test.skipIf(!there)("hostile ones that can be read", () => {
    for (const name of readdirSync(hostile).filter((name) => name.endsWith(".pyc"))) {
      const bytes = new Uint8Array(readFileSync(new URL(name, hostile)));
      try {
        const text = exactText(readPyc(bytes));
        expect([name, text.length < 1 << 20, same(rebuilt(text), bytes)]).toEqual([name, true, true]);
      } catch (error) {
        expect([name, error]).toEqual([name, expect.any(FormatError)]);
      }
    }
  });

  const small = fixtureVersions()
    .flatMap((version) => fixturesOf(version))
    .filter(({ bytes }) => bytes.length < 3000);

  test("damaged and changed ones that can be read", () => {
    fc.assert(
      fc.property(fc.constantFrom(...small), fc.integer(), (sample, seed) => {
        const pyc = changed(sample.bytes, picker(seed));
        if (pyc === undefined) return;
        expect(same(rebuilt(exactText(pyc)), pyc.bytes)).toBe(true);
        expect(same(writePyc(assemble(programOf(pyc, { exact: true })).draft), pyc.bytes)).toBe(true);
      }),
      { numRuns: 400 },
    );
  });

  test("what is said without encodings is built, or told why not", () => {
    fc.assert(
      fc.property(fc.constantFrom(...small), fc.integer(), (sample, seed) => {
        const pyc = changed(sample.bytes, picker(seed));
        if (pyc === undefined) return;
        try {
          const text = assemblyText(programOf(pyc, { exact: false }));
          expect(readPyc(rebuilt(text)).version.magic).toBe(pyc.version.magic);
        } catch (error) {
          // what contains itself, where nothing can refer to it
          if (!(error instanceof TextError) || error.faults[0]?.code !== "unwritable") throw error;
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe("code objects that share what they hold", () => {
  const version = versionNamed("3.12");
  const text = `.python 3.12
.raw

.code <module>
    RETURN_CONST <code f>

    .code f
        .line 1 0:4
        LOAD_CONST 1234
        RETURN_VALUE
    .end
.end
`;

  /** A module with many code objects that have the very same instructions, names and tables. */
  function sharing(count: number, size: number): Pyc {
    const { program } = parseAssembly(text);
    assemble(program);
    const { object, blocks } = program.object as CodeBlock;
    const inner = (blocks[0] as CodeBlock).object;
    if (inner.value.kind !== "code" || object.value.kind !== "code") throw new Error("no code objects");
    const names = new Plain({ kind: "tuple", items: Array.from({ length: size }, (_, i) => str(`n${i}`)) });
    const code = new Plain({ kind: "bytes", value: new Uint8Array(2 * size).fill(9).fill(0, 1) });
    const table = new Plain({ kind: "bytes", value: new Uint8Array(size).fill(0xf8) });
    const { integers, objects } = inner.value;
    const copies = Array.from({ length: count }, (_, i) => {
      const own = [...objects];
      own[0] = code;
      own[2] = names;
      own[8] = table;
      own[6] = str(`f${i}`);
      return new Plain({ kind: "code", integers: [...integers], objects: own });
    });
    object.value.objects[1] = new Plain({ kind: "tuple", items: copies });
    object.value.objects[0] = new Plain({ kind: "bytes", value: Uint8Array.of(100, 0, 83, 0) });
    const plain = { ...program, object, blocks: [] };
    return readPyc(writePyc(assemble(plain).draft), { raw: true, python: version.python });
  }

  const str = (value: string) => new Plain({ kind: "str", value });

  test("are said within bounds, and exactly", () => {
    const pyc = sharing(2000, 5000);
    expect([...codeObjects(pyc.values)].length).toBe(2001);
    expect(pyc.bytes.length).toBeLessThan(500_000);
    const program = programOf(pyc, { exact: true });
    const printed = assemblyText(program);
    expect(printed.length).toBeLessThan(20 * pyc.bytes.length);
    expect(same(rebuilt(printed), pyc.bytes)).toBe(true);
  });
});
