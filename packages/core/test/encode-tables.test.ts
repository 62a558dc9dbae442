/** Line and exception tables made of what they say: by hand, at random, and again from those that compilers wrote. */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type CodeObject, codeObjects } from "@pyclab/core/code";
import { encodeExceptions, exceptionEntries } from "@pyclab/core/exceptiontable";
import { stepsOf } from "@pyclab/core/instruction";
import { encodeLines, type LineEvent, linesOfSetLineno, readEvents } from "@pyclab/core/linetable";
import { readPyc } from "@pyclab/core/pyc";
import { type Version, versionNamed } from "@pyclab/core/version";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { codeOf } from "./linetable-code.js";
import { fixturesOf, fixtureVersions, samplesIn } from "./oracle.js";

const oracle = fileURLToPath(new URL("../../../../shared/oracle/", import.meta.url));

/** An event, its columns and end line where they are given. */
const at = (offset: number, line: number | null, ...more: (number | null)[]): LineEvent => {
  const [column = null, endColumn = null, endLine = null] = more;
  return { offset, line, endLine, column, endColumn };
};

function encoded(python: string, codeSize: number, events: readonly LineEvent[], more = {}): number[] | undefined {
  const table = encodeLines(events, { version: versionNamed(python), firstlineno: 10, codeSize, ...more });
  return table && [...table];
}

describe("co_lnotab", () => {
  test("an event is an entry, also on the line of the one before", () => {
    expect(encoded("2.7", 20, [at(6, 12), at(9, 12), at(9, 13)])).toEqual([6, 2, 3, 0, 0, 1]);
    expect(encoded("2.7", 20, [at(0, 12), at(9, 12)])).toEqual([0, 2, 9, 0]);
  });

  test("that the code begins on its first line is no entry", () => {
    expect(encoded("2.7", 20, [at(0, 10), at(6, 11)])).toEqual([6, 1]);
  });

  test.each<[string, string, number, number, number[]]>([
    ["both at once", "2.0", 300, 303, [255, 255, 45, 38]],
    ["offset, then line", "2.2", 300, 303, [255, 0, 45, 255, 0, 38]],
    ["offset, then line", "2.7", 300, 303, [255, 0, 45, 255, 0, 38]],
    ["multiples of the most", "2.4", 510, 520, [255, 0, 255, 255, 0, 255]],
    ["multiples of the most", "2.5", 510, 520, [255, 0, 255, 0, 0, 255, 0, 255, 0, 0]],
    ["exactly the most", "2.5", 255, 265, [255, 255]],
    ["signed", "3.6", 4, 140, [4, 127, 0, 3]],
    ["signed, a multiple", "3.6", 4, 264, [4, 127, 0, 127, 0, 0]],
    ["signed, a multiple", "pypy3.9", 4, 264, [4, 127, 0, 127]],
    ["backward", "3.6", 4, 7, [4, 253]],
    ["far backward", "3.9", 4, -260, [4, 128, 0, 128, 0, 242]],
  ])("%s: %s", (_, python, offset, line, table) => {
    expect(encoded(python, 600, [at(offset, line)])).toEqual(table);
  });

  test("what it cannot say", () => {
    expect(encoded("3.5", 20, [at(6, 9)])).toBeUndefined();
    expect(encoded("3.9", 20, [at(6, null)])).toBeUndefined();
    expect(encoded("3.9", 20, [at(6, 9), at(4, 10)])).toBeUndefined();
    expect(encoded("3.9", 20, [at(26, 9)])).toBeUndefined();
    expect(encoded("3.9", 20, [at(2, 2 ** 40)])).toBeUndefined();
    expect(encoded("2.0", 20, [at(2, 2 ** 40)])).toBeUndefined();
    expect(encoded("3.9", 20, [at(2, 1.5)])).toBeUndefined();
  });

  test("the pairs of an entry are one event, if they would be split like that again", () => {
    const read = (python: string, table: number[]) =>
      readEvents(
        codeOf(python, { co_lnotab: Uint8Array.from(table), co_code: new Uint8Array(999), co_firstlineno: 10 }),
      ).map(({ offset, line }) => [offset, line]);
    expect(read("3.6", [255, 0, 45, 127, 0, 5, 2, 1])).toEqual([
      [300, 142],
      [302, 143],
    ]);
    expect(read("3.6", [4, 127, 0, 127])).toEqual([
      [4, 137],
      [4, 264],
    ]);
    expect(read("pypy3.9", [4, 127, 0, 127])).toEqual([[4, 264]]);
    expect(read("2.0", [255, 3, 45, 0, 1, 1])).toEqual([
      [300, 13],
      [301, 14],
    ]);
  });
});

describe("SET_LINENO", () => {
  const lines = (python: string, ...code: number[]) => {
    const found = linesOfSetLineno(Uint8Array.from(code), versionNamed(python));
    return found && { ...found, lnotab: [...found.lnotab] };
  };
  const pops = (n: number) => new Array(n).fill(1);

  test("says what lnotab says, from the first on that is not 0", () => {
    expect(lines("1.5", 127, 0, 0, 127, 5, 0, 1, 127, 6, 1)).toEqual({ firstlineno: 5, lnotab: [7, 255, 0, 2] });
    expect(lines("2.1", 127, 0, 0, 127, 5, 0, 1, 127, 6, 1)).toEqual({ firstlineno: 5, lnotab: [7, 255, 0, 2] });
    expect(lines("2.0", 127, 5, 0, ...pops(297), 127, 8, 0)).toEqual({ firstlineno: 5, lnotab: [255, 3, 45, 0] });
    expect(lines("2.1", 127, 5, 0, ...pops(297), 127, 8, 0)).toEqual({ firstlineno: 5, lnotab: [255, 0, 45, 3] });
    expect(lines("2.0", 127, 5, 0, 127, 3, 0)).toEqual({ firstlineno: 5, lnotab: [3, 254] });
    expect(lines("2.0", 127, 5, 0, 143, 1, 0, 127, 0, 0)).toMatchObject({ firstlineno: 5 });
  });

  test("there is nothing to say without it, or without co_lnotab", () => {
    expect(lines("1.5", 1, 1)).toBeUndefined();
    expect(lines("1.4", 127, 5, 0)).toBeUndefined();
    expect(lines("2.3", 127, 5, 0)).toBeUndefined();
  });
});

describe("3.10's table", () => {
  test("has an entry where the line changes", () => {
    expect(encoded("3.10", 20, [at(0, 10), at(4, 10), at(6, 12), at(10, null), at(14, 11)])).toEqual([
      6, 0, 4, 2, 4, 128, 6, 255,
    ]);
  });

  test("approaches far lines before, and long ranges behind", () => {
    expect(encoded("3.10", 514, [at(2, 10 + 300)])).toEqual([2, 0, 0, 127, 0, 127, 254, 46, 254, 0, 4, 0]);
    expect(encoded("3.10", 4, [at(2, 10 - 127)])).toBeUndefined(); // a line below 0
    expect(encoded("3.10", 4, [at(0, 400), at(2, 10)])).toEqual([
      0, 127, 0, 127, 0, 127, 2, 9, 0, 129, 0, 129, 0, 129, 2, 247,
    ]);
    expect(encoded("3.10", 510, [at(0, null)])).toEqual([254, 128, 254, 128, 2, 128]);
  });

  test("what stands before the first event is on the first line", () => {
    expect(encoded("3.10", 6, [at(4, 11)])).toEqual([4, 0, 2, 1]);
    expect(encoded("3.10", 6, [])).toEqual([6, 0]);
  });
});

describe("locations", () => {
  test("every form", () => {
    const form = (n: number, units: number) => 0x80 | (n << 3) | (units - 1);
    expect(encoded("3.12", 2, [at(0, 10, 21, 24)])).toEqual([form(2, 1), 0x53]);
    expect(encoded("3.12", 4, [at(0, 11, 7, 9)])).toEqual([form(11, 2), 7, 9]);
    expect(encoded("3.12", 4, [at(0, 10, 9, 7)])).toEqual([form(10, 2), 9, 7]);
    expect(encoded("3.12", 2, [at(0, 10, 80, 81)])).toEqual([form(10, 1), 80, 81]);
    expect(encoded("3.12", 2, [at(0, 13, 0, 1)])).toEqual([form(14, 1), 6, 0, 1, 2]);
    expect(encoded("3.12", 2, [at(0, 5, 0, 200, 8)])).toEqual([form(14, 1), 11, 3, 1, 64 | 9, 3]);
    expect(encoded("3.12", 2, [at(0, 9)])).toEqual([form(13, 1), 3]);
    expect(encoded("3.12", 2, [at(0, 9, null, null, 10)])).toEqual([form(14, 1), 3, 1, 0, 0]);
    expect(encoded("3.12", 2, [at(0, null)])).toEqual([form(15, 1)]);
  });

  test("8 code units at most, and neighbours in one place are one", () => {
    expect(encoded("3.12", 40, [at(0, 11, 1, 2), at(2, 11, 1, 2)])).toEqual([
      0x80 | (11 << 3) | 7,
      1,
      2,
      0x80 | 7,
      0x11,
      0x80 | 3,
      0x11,
    ]);
  });

  test("a line ends on itself where nothing else is said, and without columns there is no half of them", () => {
    const same = [at(0, 10), at(2, 10, null, null, 10), at(4, 10, 3, null), at(6, 10, null, 3)];
    expect(encoded("3.12", 8, same)).toEqual([0x80 | (13 << 3) | 3, 0]);
    expect(encoded("3.12", 4, [at(0, null), at(2, null, 1, 2, 3)])).toEqual([0xf9]);
  });

  test("3.11 has an entry for each instruction", () => {
    const offsets = [0, 2, 22, 24];
    const events = [at(0, 11, 1, 2)];
    const table = [0x80 | (11 << 3), 1, 2, 0x87, 0x11, 0x81, 0x11, 0x80, 0x11];
    expect(encoded("3.11", 24, events, { offsets })).toEqual(table);
    expect(encoded("3.12", 24, events, { offsets })).toEqual([0x80 | (11 << 3) | 7, 1, 2, 0x83, 0x11]);
  });

  test("what stands before the first event is on the first line", () => {
    expect(encoded("3.12", 4, [at(2, null)])).toEqual([0x80 | (13 << 3), 0, 0xf8]);
    expect(encoded("3.12", 4, [])).toEqual([0x80 | (13 << 3) | 1, 0]);
    expect(encoded("3.12", 0, [])).toEqual([]);
  });

  test.each([
    [at(1, 11)],
    [at(0, 10, 1, 2, 9)],
    [at(0, -1)],
    [at(0, 1.5)],
    [at(0, 2 ** 31)],
    [at(0, 10, -1, 2)],
    [at(0, 10, 1, 2 ** 31)],
    [at(0, Number.NaN)],
  ])("cannot say %j", (event) => {
    expect(encoded("3.12", 4, [event])).toBeUndefined();
  });
});

test("PyPy's table has an entry for each code unit", () => {
  expect(encoded("pypy3.10", 8, [at(0, 10, 4, 7), at(2, null), at(4, 140)])).toEqual([
    1, 5, 8, 0, 0, 0x83, 1, 0, 0x83, 1, 0,
  ]);
  expect(encoded("pypy3.10", 2, [at(0, 9)])).toBeUndefined();
  expect(encoded("pypy3.10", 2, [at(0, 10, 4, 255)])).toBeUndefined();
});

const kinds = ["1.5", "2.0", "2.3", "2.7", "3.7", "3.9", "3.10", "3459", "3.11", "3.12", "3.13", "pypy3.9", "pypy3.10"];
const oddLine = fc.oneof(fc.integer(), fc.integer({ min: 0, max: 900 }), fc.double(), fc.constant(null));
const oddEvent = fc.record({
  offset: fc.oneof(fc.nat(50), fc.integer(), fc.double()),
  line: oddLine,
  endLine: oddLine,
  column: oddLine,
  endColumn: oddLine,
});

test("odd events never throw, and lines never fill the memory", () => {
  fc.assert(
    fc.property(fc.constantFrom(...kinds), fc.array(oddEvent, { maxLength: 6 }), fc.nat(60), (python, events, size) => {
      const sorted = events.every(({ offset }) => Number.isInteger(offset))
        ? events.toSorted((a, b) => a.offset - b.offset)
        : events;
      const table = encoded(python, size, sorted);
      expect(table === undefined || table.length < 3_000_000).toBe(true);
    }),
    { numRuns: 300 },
  );
});

/** Events as a compiler has them: at instructions of two bytes, on lines that only a signed table lets go back. */
const anyEvents = (signed: boolean) =>
  fc
    .array(
      fc.record({
        units: fc.oneof(fc.integer({ min: 1, max: 9 }), fc.nat(400)),
        lines: fc.integer({ min: signed ? -700 : 0, max: 700 }),
      }),
      {
        maxLength: 12,
      },
    )
    .map((steps) => {
      let [offset, line] = [0, 20_000];
      const events = steps.map(({ units, lines }) => {
        offset += 2 * units;
        line += lines;
        return at(offset, line);
      });
      return { events, codeSize: offset + 2 };
    });

test.each(["1.5", "2.0", "2.2", "2.4", "2.7", "3.5", "3.6", "3.9", "pypy3.9", "3.10", "3.12", "pypy3.10"])(
  "%s: what is written is read again",
  (python) => {
    const version = versionNamed(python);
    const { lines } = version.traits;
    const table = fieldOf(version);
    fc.assert(
      fc.property(anyEvents(lines !== "set-lineno" && lines !== "lnotab-unsigned"), ({ events, codeSize }) => {
        const firstlineno = 20_000 - (python.startsWith("pypy3.10") ? 9000 : 0);
        const context = { version, firstlineno, codeSize };
        const bytes = encodeLines(events, context) as Uint8Array;
        const co = codeOf(python, { [table]: bytes, co_code: new Uint8Array(codeSize), co_firstlineno: firstlineno });
        const again = readEvents(co);
        expect([...(encodeLines(again, context) as Uint8Array)]).toEqual([...bytes]);
        const lineAt = (all: readonly LineEvent[], offset: number) =>
          all.findLast((event) => event.offset <= offset)?.line ?? firstlineno;
        for (const { offset } of events) expect(lineAt(again, offset)).toBe(lineAt(events, offset));
      }),
      { numRuns: 150 },
    );
  },
);

describe("exceptions", () => {
  test("are four numbers, in as few bytes as they take", () => {
    const table = encodeExceptions([
      { start: 2, end: 6, target: 10, depth: 3, lasti: true },
      { start: 128, end: 128 + 134, target: 258, depth: 0, lasti: false },
    ]);
    expect([...(table ?? [])]).toEqual([0x81, 2, 5, 7, 0x80 | 0x41, 0, 0x41, 3, 0x42, 1, 0]);
  });

  test("what no table can say", () => {
    const good = { start: 2, end: 6, target: 10, depth: 3, lasti: true };
    const bad = [{ start: 1 }, { end: 0 }, { target: -2 }, { depth: 0.3 }, { depth: 2 ** 31 }, { target: Number.NaN }];
    for (const more of bad) expect(encodeExceptions([{ ...good, ...more }])).toBeUndefined();
  });

  test("come back as they were", () => {
    const number = fc.oneof(fc.nat(100), fc.nat(0x7fffffff));
    const entry = fc
      .record({ start: number, size: number, target: number, depth: fc.nat(1000), lasti: fc.boolean() })
      .map(({ start, size, target, ...rest }) => ({
        start: 2 * start,
        end: 2 * (start + size),
        target: 2 * target,
        ...rest,
      }));
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 8 }), (entries) => {
        const co = codeOf("3.12", { co_exceptiontable: encodeExceptions(entries) as Uint8Array });
        expect(exceptionEntries(co).map(({ span, ...rest }) => rest)).toEqual(entries);
      }),
    );
  });
});

const fieldOf = ({ traits }: Version) =>
  traits.lines === "set-lineno" || traits.lines.startsWith("lnotab") ? "co_lnotab" : "co_linetable";

/** What is not made again of a code object's tables; "" if all is. */
function lost(co: CodeObject): string {
  const { offsets } = stepsOf(co.code, co.version);
  const events = readEvents(co);
  const { version, firstlineno } = co;
  const table = co.bytes(fieldOf(version));
  const made = encodeLines(events, { version, firstlineno, codeSize: co.code.length, offsets });
  if (made === undefined || Buffer.compare(made, table) !== 0) return "lines";
  const starts = new Set(offsets);
  if (!events.every(({ offset }) => starts.has(offset))) return "an event within an instruction";
  const told = linesOfSetLineno(co.code, version);
  if (told && (told.firstlineno !== firstlineno || Buffer.compare(told.lnotab, table) !== 0)) return "SET_LINENO";
  const exceptions = encodeExceptions(exceptionEntries(co));
  return exceptions && Buffer.compare(exceptions, co.bytes("co_exceptiontable")) === 0 ? "" : "exceptions";
}

describe.each(fixtureVersions())("the tables of Python %s", (version) => {
  const folders = [`stdlib/${version}`, `samples/${version}`].map((folder) => oracle + folder).filter(existsSync);
  test("are made again from what they say, every one", () => {
    let count = 0;
    for (const sample of [...fixturesOf(version), ...folders.flatMap((folder) => samplesIn(folder, version))]) {
      for (const co of codeObjects(readPyc(sample.bytes).values)) {
        const what = lost(co);
        if (what !== "") throw new Error(`${sample.stem}, ${co.name} at ${co.offset}: ${what}`);
        count++;
      }
    }
    expect(count).toBeGreaterThan(10);
  });
});
