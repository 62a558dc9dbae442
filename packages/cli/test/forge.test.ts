/** `pyclab forge`: texts in, files out; where they go, what is told, and the exit status. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { main } from "../src/main.js";
import { example, folder, pyclab, root } from "./call.js";

/** A folder with texts in it. */
function texts(files: Readonly<Record<string, string | Uint8Array>>): string {
  const top = folder();
  mkdirSync(join(top, "sub"));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(top, name), text);
  return top;
}

describe("one text", () => {
  test("what dissect prints is the file again", async () => {
    const top = folder();
    expect((await pyclab(["dissect", "-o", `${top}/`, example])).status).toBe(0);
    const outcome = await pyclab(["forge", "-o", join(top, "new.pyc"), join(top, "misc_code.pycn")]);
    expect(outcome).toEqual({ status: 0, out: "", err: "" });
    expect(readFileSync(join(top, "new.pyc"))).toEqual(readFileSync(example));
  });

  test("without -o the bytes go to standard output", async () => {
    const top = texts({ "a.pycn": "ff 00 'i' | 0x80" });
    const chunks: Uint8Array[] = [];
    const status = await main(["forge", join(top, "a.pycn")], {
      out: (bytes) => chunks.push(bytes as Uint8Array),
      err: () => {},
      outIsTerminal: false,
      errIsTerminal: false,
      env: {},
    });
    expect([status, Buffer.concat(chunks).toString("hex")]).toEqual([0, "ff00e9"]);
  });

  test("a terminal gets no bytes, unless asked for", async () => {
    const top = texts({ "a.pycn": "41" });
    const { status, out, err } = await pyclab(["forge", join(top, "a.pycn")], { terminal: true });
    expect([status, out]).toEqual([2, ""]);
    expect(err).toMatch(/^pyclab: a .pyc file is not for a terminal.*\n$/);
    expect((await pyclab(["forge", "-o", "-", join(top, "a.pycn")], { terminal: true })).out).toBe("A");
  });

  test("--fill", async () => {
    const top = texts({ "a.pycn": "4x" });
    const forge = (...argv: string[]) => pyclab(["forge", join(top, "a.pycn"), ...argv]);
    expect([(await forge()).out, (await forge("--fill", "A")).out]).toEqual(["@", "J"]);
    const { status, err } = await forge("--fill", "10");
    expect([status, err]).toEqual([2, "pyclab: --fill takes one hex digit, 0 to f: --fill 9\n"]);
  });

  test("a byte order mark and Windows line ends are no matter", async () => {
    const top = texts({ "a.pycn": "\ufeff41 // one\r\n42 // two\r\n" });
    expect(await pyclab(["forge", join(top, "a.pycn")])).toEqual({ status: 0, out: "AB", err: "" });
  });
});

describe("several", () => {
  const good = { "a.pycn": "41", "sub/b.cpython-311.pycn": "42", "c.txt": "no notation" };

  test("a folder's .pycn texts, by their stems", async () => {
    const to = join(folder(), "new");
    expect(await pyclab(["forge", "-o", to, texts(good)])).toEqual({ status: 0, out: "", err: "" });
    expect(readdirSync(to).sort()).toEqual(["a.pyc", "b.cpython-311.pyc"]);
  });

  test("need a folder", async () => {
    for (const argv of [[], ["-o", "-"]]) {
      const { status, err } = await pyclab(["forge", texts(good), ...argv]);
      expect([status, err]).toEqual([
        2,
        "pyclab: several inputs make several files: name a folder for them with -o FOLDER/\n",
      ]);
    }
  });

  test("one fails, the rest is done", async () => {
    const top = texts({ ...good, "bad.pycn": "41 4g\n\n  ( 42" });
    const to = join(folder(), "new");
    const { status, err } = await pyclab(["forge", "-o", to, top, "/nowhere/x.pycn"]);
    expect(status).toBe(1);
    expect(readdirSync(to).sort()).toEqual(["a.pyc", "b.cpython-311.pyc"]);
    expect(err).toBe(
      `${top}/bad.pycn:1:4: 4g is no hex pair; expected hex pairs, 'c', "text", ( or )\n` +
        "  1 | 41 4g\n    |    ^~\n" +
        `${top}/bad.pycn:3:3: a group that is not closed; expected )\n` +
        "  3 |   ( 42\n    |   ^\n" +
        "/nowhere/x.pycn: no such file or folder\n",
    );
  });

  test("a folder without texts", async () => {
    const top = folder();
    const { status, err } = await pyclab(["forge", "-o", `${top}/new/`, top]);
    expect([status, err]).toEqual([1, `${top}: no .pycn file in this folder\n`]);
  });
});

describe("what is told", () => {
  test("warnings are marked, and the file is written", async () => {
    const top = texts({ "a.pycn": "'c' & 0x80" });
    const { status, out, err } = await pyclab(["forge", "-o", join(top, "a.pyc"), join(top, "a.pycn")]);
    expect([status, out]).toEqual([0, ""]);
    expect(err).toBe(
      `${top}/a.pycn:1:1: warning: 'c' & 0x80 is read as 'c' | 0x80: FLAG_REF is set with |\n` +
        "  1 | 'c' & 0x80\n    | ^~~~~~~~~~\n",
    );
    expect(readFileSync(join(top, "a.pyc"))).toEqual(Buffer.of(0xe3));
  });

  test.each([
    [
      "a Latin-1 text",
      Buffer.from("41 // ok\n42 // \xfcber", "latin1"),
      ":2:7: the byte 0xfc at offset 15 is not UTF-8",
    ],
    ["a .pyc file", readFileSync(example), ":1:1: the byte 0xa7 at offset 0 is not UTF-8"],
    [
      "a surrogate",
      Buffer.from("41 // \u{1f40d} \xed\xa0\x80".replace("\u{1f40d}", "x"), "latin1"),
      ":1:9: the byte 0xed",
    ],
    ["half a character", Buffer.of(0x22, 0xc3), ":1:2: the byte 0xc3 at offset 1 is not UTF-8"],
  ])("%s is no text", async (_, bytes, what) => {
    const top = texts({ "a.pycn": bytes });
    const { status, out, err } = await pyclab(["forge", join(top, "a.pycn")]);
    expect([status, out]).toEqual([1, ""]);
    expect(err.startsWith(`${top}/a.pycn${what}`)).toBe(true);
    expect(err).toMatch(/; expected a text in UTF-8\n.*\n +\| +\^\n$/);
  });

  test("names and texts are shown without what moves a terminal", async () => {
    const top = texts({ "a\x1b[2K.pycn": "41 \x1b[2K \u202e" });
    const { err } = await pyclab(["forge", join(top, "a\x1b[2K.pycn")]);
    expect(err).not.toMatch(/[^\n\x20-\x7e\ufffd]/);
  });

  test("an output that is the input is refused", async () => {
    const top = texts({ "a.pycn": "41" });
    const file = join(top, "a.pycn");
    const { status, err } = await pyclab(["forge", "-o", file, file]);
    expect([status, err]).toEqual([1, `${file}: ${file} is the input itself\n`]);
    expect(readFileSync(file, "utf8")).toBe("41");
  });
});

test("every fixture of a version there and back, by folders", async () => {
  const top = folder();
  await pyclab(["dissect", "-o", join(top, "texts"), join(root, "fixtures/3.6")]);
  const outcome = await pyclab(["forge", "-o", join(top, "files"), join(top, "texts")]);
  expect(outcome).toEqual({ status: 0, out: "", err: "" });
  for (const name of readdirSync(join(top, "files")))
    expect(readFileSync(join(top, "files", name))).toEqual(readFileSync(join(root, "fixtures/3.6", name)));
});
