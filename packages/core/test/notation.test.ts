/** Every byte in one region, and the notation of every file reads back as the file. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { FormatError, type Pyc, type PycOptions, readPyc } from "@pyclab/core";
import { safe } from "@pyclab/core/bytes";
import { type Dissection, dissect, hexdump, Kind, NO_ROW, notationText, writeNotation } from "@pyclab/core/notation";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { notationBytes } from "./notation-bytes.js";
import { fixturesOf, fixtureVersions } from "./oracle.js";

const here = fileURLToPath(new URL(".", import.meta.url));
const root = fileURLToPath(new URL("../../../", import.meta.url));
const read = (path: string) => new Uint8Array(readFileSync(path));

/** What is wrong with the regions of a file, or "". */
function regionFault({ pyc, count, kind, depth, start, end, parent }: Dissection): string {
  let at = 0;
  for (let row = 0; row < count; row++) {
    const up = parent[row] as number;
    const level = up === NO_ROW ? 0 : (depth[up] as number) + 1;
    if (depth[row] !== level) return `row ${row}: depth ${depth[row]}, its group's is ${level - 1}`;
    if (up !== NO_ROW && ((start[row] as number) < (start[up] as number) || (end[row] as number) > (end[up] as number)))
      return `row ${row}: out of its group`;
    if (start[row] !== at) return `row ${row}: begins at ${start[row]}, not at ${at}`;
    if (kind[row] === Kind.group) continue;
    if ((end[row] as number) <= at) return `row ${row}: ends at ${end[row]}, begins at ${at}`;
    at = end[row] as number;
  }
  return at === pyc.bytes.length ? "" : `ends at ${at} of ${pyc.bytes.length}`;
}

/** What is wrong with the notation of a file, or "". */
function textFault(d: Dissection): string {
  const text = notationText(d);
  const bytes = notationBytes(text);
  if (Buffer.compare(bytes, d.pyc.bytes) !== 0) return "reads back as other bytes";
  for (const line of text.split("\n")) if (safe(line) !== line) return `unsafe: ${JSON.stringify(line)}`;
  return "";
}

function faultOf(d: Dissection): string {
  return regionFault(d) || textFault(d);
}

/** The file, unless it is refused. */
function readable(bytes: Uint8Array, options: PycOptions): Pyc | undefined {
  try {
    return readPyc(bytes, options);
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}

describe("regions and notation of every fixture", () => {
  test.each(fixtureVersions())("Python %s", (version) => {
    const samples = fixturesOf(version);
    const faults = samples.map(({ stem, bytes }) => [stem, faultOf(dissect(readPyc(bytes)))]);
    expect(faults.filter(([, fault]) => fault !== "")).toEqual([]);
    for (const { bytes } of samples) {
      const { kind } = dissect(readPyc(bytes));
      expect([...kind].some((k) => k === Kind.broken || k === Kind.unread)).toBe(false);
    }
  });
});

const oracle = `${root}../shared/oracle`;
test.skipIf(!existsSync(oracle))("regions and notation of 8 files of every version of the oracle", () => {
  const faults: string[] = [];
  let files = 0;
  for (const suite of ["stdlib", "samples", "probes", "pypy"]) {
    for (const version of readdirSync(`${oracle}/${suite}`)) {
      const stems = readdirSync(`${oracle}/${suite}/${version}`).filter((name) => name.endsWith(".pyc"));
      for (const stem of stems.slice(0, 2)) {
        const fault = faultOf(dissect(readPyc(read(`${oracle}/${suite}/${version}/${stem}`))));
        if (fault !== "") faults.push(`${suite} ${version} ${stem}: ${fault}`);
        files++;
      }
    }
  }
  expect(faults).toEqual([]);
  expect(files).toBeGreaterThanOrEqual(200);
});

describe("what is broken", () => {
  const seeds = ["0.9.8", "1.5", "2.0", "2.7", "3.3", "3.8", "3.10", "3.11", "3.13", "3.15"].map((version) => {
    const [sample] = fixturesOf(version).filter(({ bytes }) => bytes.length > 300);
    return [version, sample?.bytes as Uint8Array] as const;
  });

  test.each(seeds)("%s cut off at any length", (version, bytes) => {
    for (let size = 1; size < Math.min(bytes.length, 1500); size += size < 300 ? 1 : 7) {
      const pyc = readable(bytes.slice(0, size), { tolerant: true, python: version });
      if (pyc !== undefined) expect([size, faultOf(dissect(pyc))]).toEqual([size, ""]);
    }
  });

  test.each(seeds)("%s with bytes changed", (version, bytes) => {
    const change = fc.record({ at: fc.nat(bytes.length - 1), byte: fc.nat(255) });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 5 }), fc.boolean(), (changes, tolerant) => {
        const mutant = bytes.slice();
        for (const { at, byte } of changes) mutant[at] = byte;
        const pyc = readable(mutant, { tolerant, python: version });
        if (pyc !== undefined) expect(faultOf(dissect(pyc))).toBe("");
      }),
      { numRuns: 150 },
    );
  });

  test("any bytes at all", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 200 }),
        fc.constantFrom("1.2", "2.7", "3.12"),
        (bytes, python) => {
          const pyc = readable(bytes, { tolerant: true, raw: true, python });
          if (pyc !== undefined) expect(faultOf(dissect(pyc))).toBe("");
        },
      ),
      { numRuns: 1000 },
    );
  });

  const hostile = `${root}../shared/hostile`;
  test.skipIf(!existsSync(hostile))("files that break other tools", () => {
    for (const name of readdirSync(hostile).filter((file) => file.endsWith(".pyc"))) {
      const pyc = readable(read(`${hostile}/${name}`), { tolerant: true });
      if (pyc !== undefined) expect([name, faultOf(dissect(pyc))]).toEqual([name, ""]);
    }
  });
});

describe("how long the notation gets", () => {
  const raw = (bytes: readonly number[]) =>
    dissect(readPyc(Uint8Array.from(bytes), { raw: true, python: "3.12", tolerant: true }));
  const perByte = (d: Dissection) => notationText(d).length / d.pyc.bytes.length;

  test("shared objects are printed once", () => {
    // 2000 times: a tuple of two references to the one before
    const bytes = [0x28, 0xd0, 0x07, 0, 0, 0xa9, 0];
    for (let n = 0; n < 1999; n++)
      bytes.push(0xa9, 2, ...[0x72, n & 255, n >> 8, 0, 0], ...[0x72, n & 255, n >> 8, 0, 0]);
    const d = raw(bytes);
    expect(d.pyc.errors).toEqual([]);
    expect(perByte(d)).toBeLessThan(60);
  });

  test("a long string that everybody refers to is shown in part", () => {
    const bytes = [0x28, 0xe9, 0x03, 0, 0, 0xf3, 0, 0x40, 0, 0, ...new Array(0x4000).fill(0x41)];
    for (let n = 0; n < 1000; n++) bytes.push(0x72, 0, 0, 0, 0);
    expect(perByte(raw(bytes))).toBeLessThan(80);
  });

  test("a name that stands for a great deal is shown in part", () => {
    // co_names holds a tuple that is 2**40 long when written out, and each of a thousand instructions names it
    const nested = [0xa9, 0];
    for (let n = 0; n < 40; n++) nested.push(0xa9, 2, 0x72, n, 0, 0, 0, 0x72, n, 0, 0, 0);
    const code = new Array(1000).fill([101, 0]).flat();
    const bytes = [0x28, 42, 0, 0, 0, ...nested, 0x63, ...new Array(20).fill(0), 0x73, 208, 7, 0, 0, ...code];
    bytes.push(0x29, 0, 0x29, 1, 0x72, 40, 0, 0, 0, 0x29, 0, 0x73, 0, 0, 0, 0, 0x7a, 0, 0x7a, 0, 0x7a, 0);
    bytes.push(0, 0, 0, 0, 0x73, 0, 0, 0, 0, 0x73, 0, 0, 0, 0);
    const d = raw(bytes);
    expect(d.pyc.errors).toEqual([]);
    expect(perByte(d)).toBeLessThan(150);
    expect(hexdump(d).length / bytes.length).toBeLessThan(150);
  });

  test("deep groups stop being indented", () => {
    const bytes = [...new Array(3000).fill([0x29, 1]).flat(), 0x4e];
    const text = notationText(raw(bytes));
    expect(Math.max(...text.split("\n").map((line) => line.search(/\S/)))).toBe(64);
  });
});

test("the text in pieces is the text", () => {
  const d = dissect(readPyc(read(`${root}examples/misc_code.pyc`)));
  const pieces: string[] = [];
  writeNotation(d, (piece) => pieces.push(piece));
  expect(pieces.join("")).toBe(notationText(d));
});

test("the examples of its specification are the language", () => {
  const blocks = [...readFileSync(`${root}docs/notation.md`, "utf8").matchAll(/```pycn\n([\s\S]*?)```/g)];
  expect(blocks.length).toBeGreaterThan(10);
  for (const [, block = ""] of blocks) expect(notationBytes(block).length).toBeGreaterThan(0);
});

test("claims", () => {
  const d = dissect(readPyc(read(`${root}examples/misc_code.pyc`)));
  const claims = (text: string) => text.split("\n").filter((line) => line.trim().startsWith("//@"));
  expect(claims(notationText(d))).toEqual([`//@ size ${d.pyc.bytes.length}`]);
  expect(claims(notationText(d, { claims: "none" }))).toEqual([]);
  expect(claims(notationText(d, { claims: "offsets" }))[0]).toBe("    //@ offset 0x0010");
});

describe("hexdump", () => {
  const d = dissect(readPyc(read(`${root}examples/misc_code.pyc`)));

  test("without colours it is the same text", () => {
    const coloured = hexdump(d, { color: true });
    expect(coloured).toContain("\x1b[");
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is left out
    const stripped = coloured.replace(/\x1b\[[\d;]*m/g, "").replace(/ +$/gm, "");
    expect(stripped).toBe(hexdump(d));
  });

  test.each([1, 7, 16, 32])("%i bytes in a row", (width) => {
    const rows = hexdump(d, { width })
      .split("\n")
      .filter((line) => /^[0-9a-f]{4} /.test(line));
    const pairs = rows.flatMap((row) =>
      row
        .slice(6, 6 + 3 * width + (width > 1 ? 1 : 0))
        .trim()
        .split(/ +/),
    );
    expect(Buffer.from(pairs.join(""), "hex")).toEqual(Buffer.from(d.pyc.bytes));
  });

  test("a name cannot forge a row", () => {
    const evil = Buffer.from("\n0000  00\x1b[2Kab\u202e");
    const bytes = Uint8Array.from([0x75, evil.length, 0, 0, 0, ...evil]);
    const text = hexdump(dissect(readPyc(bytes, { raw: true, python: "3.12" })));
    for (const line of text.split("\n")) expect(safe(line)).toBe(line);
  });
});

describe("golden files", () => {
  const goldens: readonly (readonly [name: string, path: string, options?: PycOptions])[] = [
    ["0.9.8-docstring", "fixtures/0.9.8/m_docstring.pyc"],
    ["2.0-latin1", "fixtures/2.0/c_latin1.pyc"],
    ["2.7-latin1", "fixtures/2.7/c_latin1.pyc"],
    ["3.6-docstring", "fixtures/3.6/m_docstring.pyc"],
    ["3.10-latin1", "fixtures/3.10/c_latin1.pyc"],
    ["3.11-print-hello", "examples/misc_code.pyc"],
    ["3.14-latin1", "fixtures/3.14/c_latin1.pyc"],
    ["truncated", "packages/core/test/bad/truncated.pyc", { tolerant: true }],
  ];
  test.each(goldens.map((golden) => ({ golden, name: golden[0] })))("$name.pycn", async ({ golden }) => {
    const [name, path, options] = golden;
    const d = dissect(readPyc(read(root + path), options));
    await expect(notationText(d)).toMatchFileSnapshot(`${here}golden/notation/${name}.pycn`);
  });

  test("3.11-print-hello.hex.txt", async () => {
    const d = dissect(readPyc(read(`${root}examples/misc_code.pyc`)));
    await expect(hexdump(d)).toMatchFileSnapshot(`${here}golden/notation/3.11-print-hello.hex.txt`);
    await expect(hexdump(d, { color: true })).toMatchFileSnapshot(`${here}golden/notation/3.11-print-hello.color.txt`);
  });
});
