/** What verify finds: nothing in real files, and each of many faults that are planted in them. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FormatError } from "../src/bytes/index.js";
import { readPyc } from "../src/pyc/index.js";
import { type RuleId, rules, verify } from "../src/verify/index.js";
import { faults } from "./faults.js";
import { fixturesOf, fixtureVersions } from "./oracle.js";
import { planted } from "./planting.js";

const root = fileURLToPath(new URL("../../../", import.meta.url));

/** What is found in it, read as that Python whatever the magic number says. */
const ids = (bytes: Uint8Array, python: string): RuleId[] => verify(readPyc(bytes, { python })).map(({ id }) => id);

describe("real files", () => {
  test.each(fixtureVersions())("%s: nothing is found", (version) => {
    const found = fixturesOf(version).flatMap(({ stem, bytes }) =>
      verify(readPyc(bytes, { name: `${version}/${stem}.pyc` })).map((one) => `${stem}: ${one.path}: ${one.message}`),
    );
    expect(found).toEqual([]);
  });
});

describe("planted faults", () => {
  const cases = faults.flatMap(([what, id, versions, plant]) =>
    versions.map((version) => [version, what, id, plant] as const),
  );
  test.each(cases)("Python %s: %s: %s", (version, _, id, plant) => {
    const bytes = planted(version, plant);
    if (bytes === undefined) throw new Error("no fixture has room for it");
    expect(ids(bytes, version)).toContain(id);
  });

  test("there are many, of every era", () => {
    expect(faults.length).toBeGreaterThan(60);
    expect(cases.length).toBeGreaterThan(250);
  });
});

describe("faults of the file as a whole", () => {
  const file = () => Uint8Array.from(fixturesOf("3.8")[0]?.bytes ?? []);
  const withMagic = (...magic: number[]) => {
    const bytes = file();
    bytes.set(magic);
    return bytes;
  };

  test("a magic number of nobody's", () => {
    expect(verify(readPyc(withMagic(0xfe, 0xff, 13, 10))).map(({ id }) => id)).toContain("unknown-magic");
  });
  test("another Python's magic number", () => expect(ids(withMagic(0x61, 13), "3.8")).toContain("wrong-magic"));
  test("an object that is no code object", () =>
    expect(ids(Uint8Array.of(...file().subarray(0, 16), 78), "3.8")).toEqual(["not-a-code-object"]));
  test("a file that is cut off", () => {
    const pyc = readPyc(file().subarray(0, 60), { tolerant: true });
    expect(verify(pyc).map(({ id }) => id)).toContain("unreadable");
  });
  test("opcodes whose numbers or effects are not known", () => {
    expect(ids(file(), "3439")).toEqual(expect.arrayContaining(["wrong-magic"]));
  });
});

describe("findings", () => {
  test("say where: the file offset, the path, a sentence", () => {
    const bytes = Uint8Array.from(fixturesOf("3.12").find(({ stem }) => stem === "m_docstring")?.bytes ?? []);
    bytes[4] = 4;
    expect(verify(readPyc(bytes))).toEqual([
      {
        id: "header-flags",
        severity: "error",
        offset: 4,
        path: "",
        message: "the header's flags have 0x4, which means nothing; importlib refuses such a file",
      },
    ]);
  });

  test("of a kind in one code object are told once, with their number", () => {
    const bytes = planted("3.12", (bed) => {
      const rows = bed.rowsOf("LOAD_NAME");
      for (const row of rows) bed.oparg(row, 250);
      return rows.length > 2;
    });
    const found = verify(readPyc(bytes as Uint8Array)).filter(({ id }) => id === "index-out-of-range");
    expect(found).toHaveLength(1);
    expect(found[0]?.message).toMatch(/^LOAD_NAME 250: there is none \(and \d+ more of the kind\)$/);
    expect(found[0]?.path).toBe("co_code");
  });
});

describe("hostile files", () => {
  test("whatever is changed, there is an answer within bounds", () => {
    const files = fixtureVersions().flatMap((version) => fixturesOf(version).slice(0, 4));
    const change = fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 }));
    fc.assert(
      fc.property(
        fc.constantFrom(...files),
        fc.array(change, { minLength: 1, maxLength: 12 }),
        ({ bytes }, changes) => {
          const changed = Uint8Array.from(bytes);
          for (const [at, value] of changes) changed[8 + (at % (changed.length - 8))] = value;
          try {
            const found = verify(readPyc(changed, { tolerant: true }));
            for (const { offset, message } of found) {
              expect(offset).toBeLessThanOrEqual(changed.length);
              expect(message).not.toMatch(/undefined|NaN|\n/);
            }
          } catch (error) {
            expect(error).toBeInstanceOf(FormatError);
          }
        },
      ),
      { numRuns: 400 },
    );
  });

  const hostile = `${root}../shared/hostile/`;
  test.skipIf(!existsSync(hostile))("the collection: something is found in each but the sound one", () => {
    /** Strange, but nothing that a Python stumbles over. */
    const sound = /^(00_ok|13_bigint_const|15_ref_dag_bomb_\d\d)\.pyc$/;
    for (const name of readdirSync(hostile).filter((name) => name.endsWith(".pyc"))) {
      const bytes = new Uint8Array(readFileSync(hostile + name));
      try {
        expect([name, verify(readPyc(bytes)).length > 0]).toEqual([name, !sound.test(name)]);
      } catch (error) {
        expect(error).toBeInstanceOf(FormatError);
      }
    }
  });
});

describe("rules", () => {
  test("docs/verify.md lists each with its sentence, and no other", () => {
    const text = readFileSync(`${root}docs/verify.md`, "utf8");
    const listed = [...text.matchAll(/^\| `([a-z-]+)` \| (\w+) \| (.*) \|$/gm)].map((row) => row.slice(1));
    expect(listed).toEqual(Object.entries(rules).map(([id, { severity, rule }]) => [id, severity, rule]));
  });
});
