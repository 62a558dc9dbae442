/** The verbs that read files: what they write where, what fails, and the exit status. */
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { example, folder, pyclab, root } from "./call.js";

const fixture = (version: string, stem: string) => join(root, "fixtures", version, `${stem}.pyc`);

/** A folder with two good files and a bad one. */
function mixed(): string {
  const top = folder();
  mkdirSync(join(top, "sub"));
  cpSync(example, join(top, "one.pyc"));
  writeFileSync(join(top, "bad.pyc"), readFileSync(example).subarray(0, 100));
  cpSync(example, join(top, "sub/two.pyc"));
  return top;
}

describe("one file", () => {
  test("the bare form is info, then dis", async () => {
    const bare = await pyclab([example]);
    const info = await pyclab(["info", example]);
    const dis = await pyclab(["dis", example]);
    expect([bare.status, bare.err]).toEqual([0, ""]);
    expect(bare.out).toBe(`${info.out}\n${dis.out}`);
    expect(dis.out).toMatchSnapshot();
    expect(info.out).toMatchSnapshot();
  });

  test("info as JSON is one line", async () => {
    const { out } = await pyclab(["info", "--json", example]);
    expect(out.trimEnd()).not.toContain("\n");
    expect({ ...JSON.parse(out), name: "misc_code.pyc" }).toMatchSnapshot();
  });

  test("tree is JSON", async () => {
    const { out } = await pyclab(["tree", example]);
    expect(JSON.parse(out)).toMatchObject({ t: "code", argcount: 0, consts: expect.anything() });
  });

  test.each([[[]], [["--hex"]], [["--html"]]])("dissect %j writes something", async (options) => {
    const { status, out, err } = await pyclab(["dissect", ...options, example]);
    expect([status, err]).toEqual([0, ""]);
    expect(out.length).toBeGreaterThan(1000);
    expect(out.endsWith("\n")).toBe(true);
    expect(out).not.toContain("\x1b");
  });

  test("the hexdump is coloured where colour is wanted", async () => {
    const { out } = await pyclab(["dissect", "--hex", example], { env: { FORCE_COLOR: "1" } });
    expect(out).toContain("\x1b[");
  });

  test("--raw and --python", async () => {
    const file = join(folder(), "body");
    writeFileSync(file, readFileSync(example).subarray(16));
    const raw = await pyclab(["dis", "--raw", "--python", "3.11", file]);
    expect([raw.status, raw.err]).toEqual([0, ""]);
    expect(raw.out).toContain("LOAD_GLOBAL              1 (NULL + print)");
  });

  test("--show-caches shows them", async () => {
    expect((await pyclab(["dis", "--show-caches", example])).out).toMatch(/ CACHE /);
    expect((await pyclab(["dis", example])).out).not.toMatch(/ CACHE /);
  });

  test("a source that is not there is wrong usage", async () => {
    const { status, err } = await pyclab(["dis", "--source", "/nowhere/a.py", example]);
    expect([status, err]).toEqual([2, "pyclab: --source /nowhere/a.py: no such file or folder\n"]);
  });
});

describe("several", () => {
  test("on standard output each begins with its name; what fails is one line, the rest is done", async () => {
    const top = mixed();
    const { status, out, err } = await pyclab(["dis", top]);
    expect(status).toBe(1);
    expect(out.match(/^==> .* <==$/gm)).toEqual([`==> ${top}/one.pyc <==`, `==> ${top}/sub/two.pyc <==`]);
    expect(err).toMatch(new RegExp(`^${top}/bad.pyc: offset 0x[0-9a-f]+: [^\n]+\n$`));
  });

  test("into a folder: stem and extension", async () => {
    const top = mixed();
    const to = join(folder(), "new");
    const { status, out } = await pyclab(["tree", "-o", to, top]);
    expect([status, out]).toEqual([1, ""]);
    expect(readdirSync(to).sort()).toEqual(["one.tree.json", "two.tree.json"]);
  });

  test.each([
    ["dis", [], ".dis.txt"],
    ["tree", [], ".tree.json"],
    ["dissect", [], ".pycn"],
    ["dissect", ["--hex"], ".hex.txt"],
    ["dissect", ["--html"], ".html"],
    ["info", [], ".info.txt"],
    ["info", ["--json"], ".info.json"],
  ])("%s %j writes %s", async (verb, options, extension) => {
    const to = folder();
    expect(await pyclab([verb, ...options, "-o", `${to}/`, example])).toEqual({ status: 0, out: "", err: "" });
    expect(readdirSync(to)).toEqual([`misc_code${extension}`]);
  });

  test("--json has a line for each, failures too, and no heads", async () => {
    const { status, out } = await pyclab(["info", "--json", mixed()]);
    expect(status).toBe(1);
    const lines = out
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines.map((line) => "error" in line)).toEqual([true, false, false]);
    expect(lines[0].error).toMatchObject({ code: "truncated", offset: expect.any(Number) });
  });

  test("two of one name: the first is kept, the second told", async () => {
    const top = folder();
    for (const [name, version] of [
      ["a", "2.7"],
      ["b", "3.8"],
    ] as const) {
      mkdirSync(join(top, name));
      cpSync(fixture(version, "m_empty"), join(top, name, "m.pyc"));
    }
    const to = join(top, "out");
    const { status, err } = await pyclab(["dis", "-o", to, join(top, "a"), join(top, "b")]);
    expect(status).toBe(1);
    expect(err).toBe(`${top}/b/m.pyc: not written: ${to}/m.dis.txt already holds the output for ${top}/a/m.pyc\n`);
    expect(readdirSync(to)).toEqual(["m.dis.txt"]);
  });

  test("an output in a folder that is not there fails, and leaves nothing", async () => {
    const top = folder();
    const { status, err } = await pyclab(["dis", "-o", join(top, "none/out"), example]);
    expect([status, err]).toEqual([1, `${example}: no such file or folder\n`]);
    expect(readdirSync(top)).toEqual([]);
  });

  test("a batch of hundreds shows how far it is on a terminal only", async () => {
    const to = folder();
    const inputs = [join(root, "fixtures/3.8"), join(root, "fixtures/3.9")];
    const quiet = await pyclab(["tree", "-o", join(to, "a"), inputs[0] as string]);
    expect([quiet.status, quiet.err]).toEqual([0, ""]);
    expect(readdirSync(join(to, "a")).length).toBeGreaterThan(20);
  });
});

describe("failures", () => {
  test.each([
    ["nothing at all", new Uint8Array(0), "empty"],
    ["a text", new TextEncoder().encode("#!/usr/bin/env python\nprint(1)\n"), "unknown-magic"],
    ["half a header", Uint8Array.of(0xa7, 0x0d, 0x0d, 0x0a, 0), "bad-header"],
  ])("%s", async (_, bytes, code) => {
    const file = join(folder(), "a.pyc");
    writeFileSync(file, bytes);
    const { status, out, err } = await pyclab(["info", "--json", file]);
    expect(status).toBe(1);
    expect(JSON.parse(out).error.code).toBe(code);
    expect(err).toMatch(new RegExp(`^${file}: offset 0x0: [^\n]+\n$|^${file}: offset 0x[0-9a-f]+: [^\n]+\n$`));
  });

  test("a file that is not there", async () => {
    const { status, err } = await pyclab(["info", "/nowhere/a.pyc"]);
    expect([status, err]).toEqual([1, "/nowhere/a.pyc: no such file or folder\n"]);
  });

  test("names are shown without what moves a terminal", async () => {
    const { err } = await pyclab(["info", "/nowhere/\x1b[2Ja\nb\u202e.pyc"]);
    expect(err).toBe("/nowhere/\\x1b[2Ja\\nb\\u202e.pyc: no such file or folder\n");
  });

  test("--tolerant shows what can be read, and still says what is wrong", async () => {
    const file = join(folder(), "a.pyc");
    writeFileSync(file, readFileSync(example).subarray(0, -30));
    const { status, out, err } = await pyclab(["info", "--tolerant", file]);
    expect(status).toBe(1);
    expect(out).toContain("<module>");
    expect(err).toMatch(/^[^\n]*a\.pyc: offset 0x[0-9a-f]+: [^\n]+\n/);
    expect((await pyclab(["info", file])).out).toBe("");
  });

  test("an output that is the input is refused, and the input is as it was", async () => {
    const file = join(folder(), "a.pyc");
    cpSync(example, file);
    const { status, err } = await pyclab(["dis", "-o", file, file]);
    expect([status, err]).toEqual([1, `${file}: ${file} is the input itself\n`]);
    expect(readFileSync(file)).toEqual(readFileSync(example));
  });
});
