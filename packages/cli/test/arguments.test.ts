/** The command line: verbs, options, operands, and what is said of wrong ones. */
import { describe, expect, test } from "vitest";
import { parse } from "../src/arguments.js";
import { nearest } from "../src/nearest.js";
import { optionTable } from "../src/options.js";
import { verbs } from "../src/table.js";
import { pyclab } from "./call.js";

describe("parsing", () => {
  const summary = (argv: readonly string[]) => {
    const { verb, operands, options } = parse(argv);
    return [verb.name, operands, options];
  };
  test.each([
    [["a.pyc"], ["", ["a.pyc"], {}]],
    [
      ["dis", "a.pyc"],
      ["dis", ["a.pyc"], {}],
    ],
    [
      ["--python", "3.8", "dis", "a.pyc"],
      ["dis", ["a.pyc"], { python: "3.8" }],
    ],
    [
      ["dis", "-oout/", "a.pyc", "-"],
      ["dis", ["a.pyc", "-"], { output: "out/" }],
    ],
    [
      ["tree", "--output=x", "a", "b"],
      ["tree", ["a", "b"], { output: "x" }],
    ],
    [
      ["info", "--json", "--", "--json"],
      ["info", ["--json"], { json: true }],
    ],
    [
      ["--", "dis"],
      ["", ["dis"], {}],
    ],
    [["./dis"], ["", ["./dis"], {}]],
    [
      ["dis", "dis"],
      ["dis", ["dis"], {}],
    ],
    [["magic"], ["magic", [], {}]],
  ])("%j", (argv, expected) => expect(summary(argv)).toEqual(expected));
});

test.each([
  [["dsi", "a.pyc"], "there is no verb dsi; did you mean dis?"],
  [["dis", "--tolerent", "a.pyc"], "dis has no option --tolerent; did you mean --tolerant?"],
  [["dis", "--wide", "a.pyc"], "dis has no option --wide"],
  [["dis", "--no-exact", "a.pyc"], "--no-exact is for --asm"],
  [["dis", "--asm", "--show-caches", "a.pyc"], "--asm and --show-caches do not go together"],
  [["dis", "--json", "a.pyc"], "dis has no option --json"],
  [["dis", "-x", "a.pyc"], "dis has no option -x"],
  [["dis", "--__proto__", "a.pyc"], "dis has no option --__proto__"],
  [["dis", "--\x1b[2J", "a.pyc"], "dis has no option --\\x1b[2J"],
  [["dis", "a.pyc", "--python"], "--python needs a value: --python X.Y"],
  [["dis", "--raw=yes", "a.pyc"], "--raw takes no value"],
  [["dis"], "dis: name a file, a folder, or - for standard input"],
  [[], "name a file, a folder, or - for standard input"],
  [["layout"], "layout: usage: pyclab layout VERSION [VERSION]"],
  [["layout", "3.8", "3.9", "3.10"], "too many operands: pyclab layout VERSION [VERSION]"],
  [["layout", "3.99"], 'no Python is called "3.99"; expected a name like 3.9'],
  [["dis", "--python", "4", "a.pyc"], 'no Python is called "4"'],
  [["completions", "tcsh"], "completions are there for bash, zsh, fish"],
  [["dissect", "--hex", "--html", "a.pyc"], "--hex and --html are two forms"],
])("%j is wrong usage", async (argv, sentence) => {
  const { status, out, err } = await pyclab(argv);
  expect([status, out]).toEqual([2, ""]);
  expect(err).toContain(`pyclab: ${sentence}`);
  expect(err.trimEnd().split("\n")).toHaveLength(1);
});

test("did you mean", () => {
  expect(nearest("opcode", ["opcodes", "layout"])).toBe("opcodes");
  expect(nearest("tere", ["tree", "dis"])).toBe("tree");
  expect(nearest("xyz", ["dis", "tree"])).toBeUndefined();
  expect(nearest("sid", ["dis"])).toBeUndefined();
  expect(nearest("", ["dis"])).toBeUndefined();
});

describe("help", () => {
  test("of the whole names every verb", async () => {
    const { status, out, err } = await pyclab(["--help"]);
    expect([status, err]).toEqual([0, ""]);
    for (const verb of verbs) expect(out).toContain(verb.summary);
    expect(out).toMatch(/Exit status/);
  });

  test.each(verbs.map((verb) => [verb.name, verb] as const))(
    "of %s has its options and examples",
    async (name, verb) => {
      const { status, out } = await pyclab([name, "--help"]);
      expect(status).toBe(0);
      for (const option of verb.options) expect(out).toContain(`--${option}`);
      for (const [command] of verb.examples) expect(out).toContain(command);
      for (const line of out.split("\n")) expect(line.length).toBeLessThanOrEqual(110);
    },
  );

  test("examples parse", () => {
    for (const { examples, name } of verbs)
      for (const [command] of examples.filter(([line]) => line.startsWith("pyclab ")))
        expect(
          parse(
            command
              .replace(/ [<>].*/, "")
              .split(" ")
              .slice(1),
          ).verb.name,
        ).toBe(name);
  });

  test("the version", async () => {
    expect((await pyclab(["--version"])).out).toMatch(/^pyclab \d+\.\d+\.\d+\n$/);
  });

  test("colour is for terminals", async () => {
    const escapes = async (env: Record<string, string>, terminal: boolean) =>
      (await pyclab(["--help"], { env, terminal })).out.includes("\x1b[");
    expect(await escapes({}, false)).toBe(false);
    expect(await escapes({}, true)).toBe(true);
    expect(await escapes({ NO_COLOR: "1" }, true)).toBe(false);
    expect(await escapes({ NO_COLOR: "1", FORCE_COLOR: "1" }, true)).toBe(false);
    expect(await escapes({ FORCE_COLOR: "1" }, false)).toBe(true);
    expect(await escapes({ FORCE_COLOR: "0" }, true)).toBe(false);
    expect(await escapes({ TERM: "dumb" }, true)).toBe(false);
  });
});

test("short forms are unique", () => {
  const shorts = Object.values(optionTable).flatMap((row) => ("short" in row ? [row.short] : []));
  expect(new Set(shorts).size).toBe(shorts.length);
});
