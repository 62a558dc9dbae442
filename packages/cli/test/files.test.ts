/** Inputs and outputs: folders, loops, bounds, names, and files that are written whole or not at all. */
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { expand, readInput } from "../src/inputs.js";
import { destination, stem, writeOutput } from "../src/outputs.js";
import { folder } from "./call.js";

describe("inputs", () => {
  test("a folder is its .pyc and .pyo files, recursively, in order", () => {
    const top = folder();
    mkdirSync(join(top, "b/c"), { recursive: true });
    for (const name of ["z.pyc", "a.pyo", "a.py", "b/m.pyc", "b/c/n.pyc", "pyc"]) writeFileSync(join(top, name), "x");
    const names = (operands: string[]) => expand(operands).inputs.map((input) => input.name.replace(`${top}/`, ""));
    expect(names([top])).toEqual(["a.pyo", "z.pyc", "b/m.pyc", "b/c/n.pyc"]);
    expect(names([`${top}/`])).toEqual(names([top]));
    expect(names([join(top, "a.py"), "-"])).toEqual(["a.py", "-"]);
  });

  test("links that loop are not followed, links to files are", () => {
    const top = folder();
    mkdirSync(join(top, "b"));
    writeFileSync(join(top, "b/a.pyc"), "x");
    symlinkSync("..", join(top, "b/up"));
    symlinkSync("a.pyc", join(top, "b/link.pyc"));
    symlinkSync("nothing", join(top, "b/gone.pyc"));
    symlinkSync("self.pyc", join(top, "b/self.pyc"));
    const names = expand([top]).inputs.map((input) => input.name.slice(top.length + 1));
    expect(names).toEqual(["b/a.pyc", "b/gone.pyc", "b/link.pyc", "b/self.pyc"]);
    expect(() => readInput(join(top, "b/self.pyc"))).toThrow();
  });

  test("a folder without any is a fault, not nothing", () => {
    expect(expand([folder()]).inputs).toMatchObject([{ fault: "no .pyc or .pyo file in this folder" }]);
  });

  test("what is larger than the bound is refused, by its size or while it is read", () => {
    const file = join(folder(), "a.pyc");
    writeFileSync(file, new Uint8Array(100));
    expect(readInput(file).length).toBe(100);
    expect(readInput(file, 100).length).toBe(100);
    expect(() => readInput(file, 99)).toThrow("100 bytes are more than the 99 that are read");
    expect(() => readInput("/dev/zero", 200_000)).toThrow("more than the 200000 bytes that are read");
    expect(readInput("/dev/null").length).toBe(0);
  });
});

describe("outputs", () => {
  test.each([
    ["a.pyc", "a"],
    ["x/y/b.cpython-311.pyc", "b.cpython-311"],
    ["x/.pyc", ".pyc"],
    ["noext", "noext"],
    ["-", "stdin"],
  ])("the stem of %s is %s", (name, expected) => expect(stem(name)).toBe(expected));

  test("one input: PATH is the file; several, a trailing / or a folder that is there: a folder", () => {
    const top = folder();
    const file = (path: string, several: boolean) => destination(join(top, path), several).fileFor("in/a.pyc", ".x");
    expect(file("out", false)).toBe(join(top, "out"));
    expect(existsSync(join(top, "out"))).toBe(false);
    expect(file("made/", false)).toBe(join(top, "made/a.x"));
    expect(file("made", false)).toBe(join(top, "made/a.x"));
    expect(file("deep/er", true)).toBe(join(top, "deep/er/a.x"));
    expect(destination(undefined, true).fileFor("a", ".x")).toBeUndefined();
    expect(destination("-", true).fileFor("a", ".x")).toBeUndefined();
  });

  test("two inputs of one name do not overwrite each other", () => {
    const { fileFor } = destination(`${folder()}/`, true);
    expect(fileFor("a/m.pyc", ".x")).toMatch(/m\.x$/);
    expect(() => fileFor("b/m.pyo", ".x")).toThrow(/^not written: .*m\.x already holds the output for a\/m\.pyc$/);
    expect(fileFor("b/n.pyc", ".x")).toMatch(/n\.x$/);
  });

  test("an output that is the input is refused", () => {
    const top = folder();
    const file = join(top, "a.pyc");
    writeFileSync(file, "x");
    symlinkSync("a.pyc", join(top, "link"));
    for (const path of [file, join(top, "link")])
      expect(() => destination(path, false).fileFor(file, ".x")).toThrow(/is the input itself$/);
  });

  test("a file with several inputs is wrong usage", () => {
    const file = join(folder(), "f");
    writeFileSync(file, "kept");
    expect(() => destination(file, true)).toThrow(/cannot be a folder for the outputs/);
    expect(readFileSync(file, "utf8")).toBe("kept");
  });

  test("a file is written whole: nothing else is left, links and modes are kept", () => {
    const top = folder();
    const file = join(top, "a.txt");
    writeFileSync(file, "old", { mode: 0o600 });
    symlinkSync("a.txt", join(top, "link"));
    writeOutput(join(top, "link"), "new");
    expect(readFileSync(file, "utf8")).toBe("new");
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(top).sort()).toEqual(["a.txt", "link"]);
    mkdirSync(join(top, "d"));
    expect(() => writeOutput(join(top, "d/none/a"), "x")).toThrow();
    expect(readdirSync(join(top, "d"))).toEqual([]);
  });

  test("a device is written to, not replaced", () => {
    writeOutput("/dev/null", "x");
    expect(statSync("/dev/null").isCharacterDevice()).toBe(true);
  });
});
