/** `diff`: texts, forms, colours and the exit status. */
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { example, folder, pyclab } from "./call.js";

const golden = fileURLToPath(new URL("../../core/test/golden/diff/", import.meta.url));
const [old, young] = [join(golden, "3.12.old.pyc"), join(golden, "3.12.new.pyc")];

/** A copy with a change, beside the original: both below one folder, as `a.pyc` and `b.pyc`. */
function pair(change: (bytes: Uint8Array) => Uint8Array): [a: string, b: string] {
  const at = folder();
  const [a, b] = [join(at, "a.pyc"), join(at, "b.pyc")];
  copyFileSync(old, a);
  writeFileSync(b, change(new Uint8Array(readFileSync(old))));
  return [a, b];
}

/** Bytes behind the module: encoding alone. */
const trailing = (bytes: Uint8Array) => Uint8Array.from([...bytes, 0]);

test("0 and nothing at all for the same file", async () => {
  for (const options of [[], ["--content"], ["--brief"], ["--tolerant"], ["--python", "3.12"]])
    expect(await pyclab(["diff", ...options, old, old])).toEqual({ status: 0, out: "", err: "" });
});

test("1 and the differences, as the library has them", async () => {
  const { status, out, err } = await pyclab(["diff", old, young]);
  expect([status, err]).toEqual([1, ""]);
  const expected = readFileSync(join(golden, "3.12.diff"), "utf8").replaceAll("a.pyc", old).replaceAll("b.pyc", young);
  expect(out).toBe(expected);
});

test("less context, and more", async () => {
  const counts = ["0", "1", "1000"].map(async (context) => {
    const { out } = await pyclab(["diff", "--context", context, old, young]);
    return out.split("\n").filter((line) => /^ +\d+ +\d+ /.test(line)).length;
  });
  const [none = -1, one = -1, all = -1] = await Promise.all(counts);
  expect(none).toBe(0);
  expect(one).toBeGreaterThan(10);
  expect(all).toBeGreaterThan(one * 2);
});

test("encoding alone: 1, and 0 where the content is what counts", async () => {
  const files = pair(trailing);
  const whole = await pyclab(["diff", ...files]);
  expect([whole.status, whole.err]).toEqual([1, ""]);
  expect(whole.out.split("\n").slice(2)).toEqual([
    "encoding",
    " other bytes behind the module's object: offset 0x564",
    "",
  ]);
  expect(await pyclab(["diff", "--content", ...files])).toEqual({ status: 0, out: "", err: "" });
  const brief = await pyclab(["diff", "--brief", ...files]);
  expect(brief).toEqual({ status: 1, out: `Files ${files[0]} and ${files[1]} differ in encoding alone\n`, err: "" });
});

test("in one line", async () => {
  expect(await pyclab(["diff", "--brief", old, young])).toEqual({
    status: 1,
    out: `Files ${old} and ${young} differ\n`,
    err: "",
  });
});

test("as JSON, also where nothing differs", async () => {
  const { status, out } = await pyclab(["diff", "--json", old, young]);
  const record = JSON.parse(out);
  const expected = JSON.parse(readFileSync(join(golden, "3.12.json"), "utf8"));
  expect([status, out.split("\n").length]).toEqual([1, 2]);
  expect(record).toEqual({ ...expected, a: { ...expected.a, name: old }, b: { ...expected.b, name: young } });
  const same = await pyclab(["diff", "--json", old, old]);
  expect([same.status, JSON.parse(same.out).same]).toEqual([0, true]);
});

test("coloured on a terminal", async () => {
  const plain = (await pyclab(["diff", old, young])).out;
  const { out } = await pyclab(["diff", old, young], { terminal: true });
  expect(out).toContain("\x1b[31m-source_size 428\x1b[39m\n\x1b[32m+source_size 476\x1b[39m\n");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are what this takes out
  expect(out.replace(/\x1b\[\d+m/g, "")).toBe(plain);
  expect((await pyclab(["diff", old, young], { terminal: true, env: { NO_COLOR: "1" } })).out).toBe(plain);
});

test("two versions", async () => {
  const { status, out } = await pyclab(["diff", "--content", join(golden, "3.11.old.pyc"), old]);
  expect(status).toBe(1);
  expect(out.split("\n")[2]).toBe(" the versions differ: instructions are compared by name, encodings not at all");
});

test("into a file, which is none of the two", async () => {
  const [a, b] = pair(trailing);
  const output = join(a, "../out.diff");
  expect(await pyclab(["diff", "-o", output, a, b])).toEqual({ status: 1, out: "", err: "" });
  expect(readFileSync(output, "utf8")).toContain("encoding\n");
  for (const file of [a, b]) {
    const { status, err } = await pyclab(["diff", "-o", file, a, b]);
    expect([status, err]).toEqual([2, `pyclab: -o ${file} is the input itself\n`]);
  }
  await pyclab(["diff", "-o", `${join(a, "../diffs")}/`, a, b]);
  expect(readFileSync(join(a, "../diffs/a.diff.txt"), "utf8")).toContain("encoding\n");
});

test("2 for what cannot be compared: each file's fault in one line", async () => {
  const [a, b] = pair((bytes) => bytes.subarray(0, 500));
  const nowhere = join(a, "../nowhere.pyc");
  const cut = await pyclab(["diff", a, b]);
  expect([cut.status, cut.out]).toEqual([2, ""]);
  expect(cut.err).toMatch(/^\S*b\.pyc: offset 0x[0-9a-f]+: [^\n]+\n$/);
  expect(await pyclab(["diff", nowhere, b])).toMatchObject({
    status: 2,
    err: expect.stringMatching(/nowhere\.pyc: no such file or folder\n.*b\.pyc: offset/),
  });
  expect((await pyclab(["diff", a, join(a, "..")])).err).toMatch(/: is a folder\n$/);
  const tolerant = await pyclab(["diff", "--tolerant", a, b]);
  expect(tolerant.status).toBe(2);
  expect(tolerant.out).toMatch(/^--- /);
});

test.each([
  [["diff", old], "name a file, a folder, or - for standard input"],
  [["diff", old, old, old], "too many operands: pyclab diff A B"],
  [["diff", "-", "-"], "standard input can be one of the two only"],
  [["diff", "--json", "--brief", old, old], "--json and --brief are two forms: choose one"],
  [["diff", "--context", "some", old, old], "--context some: a number of instructions is wanted"],
  [["diff", "--python", "9.9", old, old], "9.9"],
])("wrong usage: %j", async (argv, what) => {
  const { status, out, err } = await pyclab(argv);
  expect([status, out]).toEqual([2, ""]);
  expect(err).toContain(what);
});

test("another file altogether", async () => {
  const { status, out } = await pyclab(["diff", example, young]);
  expect(status).toBe(1);
  expect(out.split("\n")[0]).toBe(`--- ${example}  Python 3.11`);
});
