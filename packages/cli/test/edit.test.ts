/** `pyclab edit` as a command: where it writes, what it refuses. */
import { copyFileSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readPyc } from "@pyclab/core";
import { describe, expect, test } from "vitest";
import { example, folder, pyclab, root } from "./call.js";

const read = (path: string) => readPyc(new Uint8Array(readFileSync(path)));

describe("where it writes", () => {
  test("a file of its own, the input as it was", async () => {
    const out = join(folder(), "b.pyc");
    const before = readFileSync(example);
    expect(await pyclab(["edit", "--set", "mtime=0", "-o", out, example])).toEqual({ status: 0, out: "", err: "" });
    expect(read(out).header?.mtime).toBe(0);
    expect(readFileSync(example)).toEqual(before);
  });

  test("the input's place only if that is asked for", async () => {
    const path = join(folder(), "a.pyc");
    copyFileSync(example, path);
    const plain = await pyclab(["edit", "--set", "mtime=0", "-o", path, path]);
    expect([plain.status, plain.err]).toEqual([1, expect.stringMatching(/is the input itself/)]);
    expect(await pyclab(["edit", "--set", "mtime=7", "--in-place", path])).toEqual({ status: 0, out: "", err: "" });
    expect(read(path).header?.mtime).toBe(7);
    expect(readdirSync(join(path, ".."))).toEqual(["a.pyc"]);
  });

  test("not a terminal", async () => {
    const { status, out, err } = await pyclab(["edit", "--set", "mtime=0", example], { terminal: true });
    expect([status, out, err]).toEqual([2, "", expect.stringMatching(/not for a terminal/)]);
  });

  test("not several files one behind the other", async () => {
    const { status, out, err } = await pyclab(["edit", "--set", "mtime=0", example, example]);
    expect([status, out, err]).toEqual([2, "", expect.stringMatching(/-o FOLDER\//)]);
  });

  test("nothing where an edit fails", async () => {
    const out = folder();
    const call = ["edit", "--set", "co_consts[99]=1", "-o", `${out}/`, example];
    expect(await pyclab(call)).toEqual({
      status: 1,
      out: "",
      err: `${example}: <module>.co_consts[99]: there are 4 entries, the first is [0]\n`,
    });
    expect(readdirSync(out)).toEqual([]);
  });
});

describe("what it does", () => {
  test("several changes at once", async () => {
    const out = join(folder(), "b.pyc");
    const source = join(root, "examples/misc_code.py");
    const changes = [
      ...["--form", "unchecked-hash", "--hash-source", source],
      ...["--filename", "^=/src/", "--set", "print_hello.co_consts[1]='Bye; bye '"],
      ...["--insert", "print_hello@2: LOAD_CONST 'a;b' ; POP_TOP", "--delete", "print_hello@0"],
    ];
    expect(await pyclab(["edit", ...changes, "-o", out, example])).toEqual({ status: 0, out: "", err: "" });
    expect(await pyclab(["verify", "--source", source, out])).toMatchObject({ status: 0 });
    const listing = (await pyclab(["dis", out])).out;
    expect(listing).toMatch(/print_hello at 0x\w+, file "\/src\/misc_code\.py"/);
    expect(listing).toMatch(/LOAD_CONST +3 \('a;b'\)\n +\d+ POP_TOP\n/);
    expect(listing).toMatch(/'Bye; bye '/);
  });
});

describe("wrong usage", () => {
  test.each<[string[], RegExp]>([
    [[], /say what to change/],
    [["--set", "mtime"], /write WHERE=VALUE/],
    [["--set", "mtime=soon"], /not an integer/],
    [["--set", "color=1"], /neither a header field/],
    [["--set", "source_hash=12"], /16 hex digits/],
    [["--form", "zip"], /the forms are timestamp, checked-hash, unchecked-hash/],
    [["--strip", "all"], /docstrings, lines, locals/],
    [["--insert", "f@2"], /write f@12: CODE/],
    [["--delete", "f@2: NOP"], /write f@12 or f@12-18/],
    [["--filename", "(=x"], /--filename \(=x: /],
    [["--hash-source", "nowhere.py"], /no such file/],
    [["--set", "mtime=0", "--in-place", "-o", "b.pyc"], /choose one/],
  ])("%j", async (options, said) => {
    const { status, err } = await pyclab(["edit", ...options, example]);
    // what depends on the file is told of the file
    expect([status === 1 || status === 2, err]).toEqual([true, expect.stringMatching(said)]);
  });
});
