/** `magic`, `layout` and `opcodes` against what real interpreters said of themselves. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { fixturesOf, fixtureVersions } from "../../core/test/oracle.js";
import { pyclab, root } from "./call.js";

const facts = join(root, "../shared/facts");
const hasFacts = existsSync(facts);
if (!hasFacts) console.log("the interpreters' own opcode tables are not here: held against the fixtures alone");

type Row = Readonly<Record<string, string | number>>;

interface Tables {
  readonly sections: readonly { readonly name: string; readonly rows: readonly Row[] }[];
}

interface Comparison {
  readonly name: string;
  readonly added: readonly Row[];
  readonly removed: readonly Row[];
  readonly changed: readonly Row[];
}

async function json<T = Row>(argv: readonly string[]): Promise<T[]> {
  const { status, out, err } = await pyclab([...argv, "--json"]);
  expect([status, err]).toEqual([0, ""]);
  return out
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
}

describe("layout", () => {
  /** The names that a tree gives to what the layout calls otherwise. */
  const joined = ["localsplusnames", "localspluskinds"];
  const derived = ["nlocals", "varnames", "freevars", "cellvars"];
  const notFields = ["t", "lines", "linestarts", "positions"];

  test.each(fixtureVersions().filter((version) => /^\d/.test(version)))(
    "%s: the fields that its files have",
    async (version) => {
      const [sample] = fixturesOf(version);
      const keys = Object.keys(JSON.parse(sample?.tree() ?? "")).filter((key) => !notFields.includes(key));
      const [{ sections } = { sections: [] }] = await json<Tables>(["layout", version]);
      const fields = (sections.at(-1)?.rows ?? []).map((row) => String(row.field).replace(/^co_/, ""));
      const expected = fields.includes("localsplusnames")
        ? [...keys.filter((key) => !derived.includes(key)), ...joined]
        : keys;
      expect([...fields].sort()).toEqual(expected.sort());
      const size = sections[0]?.rows.reduce((sum, row) => sum + Number(row.size), 0) ?? 0;
      // the module's code object begins right behind the header
      expect(String.fromCharCode((sample?.bytes[size] ?? 0) & 0x7f).toLowerCase()).toBe("c");
    },
  );

  test("what changed", async () => {
    const [answer] = await json<{ from: Row; to: Row; sections: Comparison[] }>(["layout", "3.7", "3.8"]);
    expect([answer?.from.python, answer?.to.python]).toEqual(["3.7", "3.8"]);
    const code = answer?.sections.at(-1);
    expect([code?.name, code?.added.map((row) => row.field), code?.removed, code?.changed]).toEqual([
      "code object",
      ["co_posonlyargcount"],
      [],
      [],
    ]);
    expect((await pyclab(["layout", "3.8", "3.9"])).out).toBe("nothing changed from 3.8 to 3.9\n");
  });

  test("as text and as Markdown", async () => {
    expect((await pyclab(["layout", "1.5"])).out).toMatchSnapshot();
    expect((await pyclab(["layout", "3.10", "3.11"])).out).toMatchSnapshot();
    expect((await pyclab(["layout", "3.8", "--markdown"])).out).toMatchSnapshot();
  });
});

describe("magic", () => {
  interface Fact {
    readonly bytes_le: string;
    readonly impl: string;
    readonly version: string;
  }
  const known: Fact[] = hasFacts ? JSON.parse(readFileSync(join(facts, "magics.json"), "utf8")) : [];

  test.skipIf(!hasFacts)("every number, by its bytes", async () => {
    const missing: string[] = [];
    for (const { bytes_le, impl, version } of known) {
      const rows = await json(["magic", bytes_le]);
      const lineage = impl.split("/").at(-1);
      // the list calls 3.0's earliest pre-releases 3000, as they did themselves
      const minor = version === "3000" ? "3.0" : (/^\d+\.\d+/.exec(version)?.[0] ?? "?");
      const named = rows.some((row) => row.implementation === lineage && `${row.python}.`.startsWith(`${minor}.`));
      if (!named)
        missing.push(
          `${bytes_le}: ${impl} ${version}, got ${JSON.stringify(rows.map((row) => [row.implementation, row.python]))}`,
        );
    }
    expect(missing).toEqual([]);
  });

  test("a number in each form is the same number", async () => {
    const forms = await Promise.all(
      ["3495", "168627623", "0xda7", "a70d0d0a", "A7 0D 0D 0A"].map((form) => json(["magic", form])),
    );
    for (const [first] of forms)
      expect([first?.python, first?.number, first?.bytes]).toEqual(["3.11", 3495, "a70d0d0a"]);
  });

  test("a version, a file, the whole registry", async () => {
    const ofVersion = await json(["magic", "3.11"]);
    expect(ofVersion.length).toBeGreaterThan(40);
    expect(new Set(ofVersion.map((row) => row.python))).toEqual(new Set(["3.11"]));
    const [ofFile] = await json(["magic", join(root, "examples/misc_code.pyc")]);
    expect([ofFile?.python, ofFile?.implementation]).toEqual(["3.11", "CPython"]);
    const all = await json(["magic"]);
    expect(all.length).toBeGreaterThan(250);
    expect((await pyclab(["magic", "--markdown"])).out.split("\n").filter((line) => line.startsWith("| ")).length).toBe(
      all.length + 1,
    );
  });

  test("a number that nobody had fails with a word", async () => {
    const { status, out, err } = await pyclab(["magic", "12345", "3495"]);
    expect(status).toBe(1);
    expect(err).toBe("12345: no Python is known to have had this magic number\n");
    expect(out).toContain("3.11");
  });
});

describe("opcodes", () => {
  const tables = hasFacts ? readdirSync(facts).flatMap((name) => /^opcodes-(.*)\.json$/.exec(name)?.[1] ?? []) : [];

  test.each(tables)("%s: numbers and names are its own", async (version) => {
    const fact = JSON.parse(readFileSync(join(facts, `opcodes-${version}.json`), "utf8"));
    const limit = fact.MIN_INSTRUMENTED_OPCODE ?? 256;
    const special = new Set<string>(fact.specialized_instructions ?? []);
    const own = Object.entries<number>(fact.opmap).filter(([name, number]) => number < limit && !special.has(name));
    const [{ sections } = { sections: [] }] = await json<Tables>(["opcodes", version]);
    const ours = new Map(sections[0]?.rows.map((row) => [String(row.name), Number(row.number)]));
    expect(own.filter(([name, number]) => ours.get(name) !== number)).toEqual([]);
    // a few that its `dis` has no name for are in its interpreter: they may not take another's number
    const names = new Map(Object.entries<number>(fact.opmap).map(([name, number]) => [number, name]));
    expect([...ours].filter(([name, number]) => (names.get(number) ?? name) !== name)).toEqual([]);
  });

  test("what changed, as text", async () => {
    expect((await pyclab(["opcodes", "2.3", "2.4"])).out).toMatchSnapshot();
    expect((await pyclab(["opcodes", "1.5"])).out).toMatchSnapshot();
  });
});
