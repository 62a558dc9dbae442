/** `pyclab dis --asm` and `pyclab asm`: files out of texts out of files; what is told of texts that are none. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { example, folder, pyclab } from "./call.js";

/** A text in a folder of its own. */
function file(name: string, text: string): string {
  const path = join(folder(), name);
  writeFileSync(path, text);
  return path;
}

describe("dis --asm and asm", () => {
  test("make the same file again", async () => {
    const top = folder();
    expect((await pyclab(["dis", "--asm", "-o", `${top}/`, example])).status).toBe(0);
    const outcome = await pyclab(["asm", "-o", join(top, "new.pyc"), join(top, "misc_code.pyasm")]);
    expect(outcome).toEqual({ status: 0, out: "", err: "" });
    expect(readFileSync(join(top, "new.pyc"))).toEqual(readFileSync(example));
  });

  test("--no-exact says no encodings", async () => {
    const exact = await pyclab(["dis", "--asm", example]);
    const { status, out } = await pyclab(["dis", "--asm", "--no-exact", example]);
    expect(status).toBe(0);
    expect(out.length).toBeLessThanOrEqual(exact.out.length);
    expect(out).not.toMatch(/^\s*\.(?:as|content) /m);
    const top = folder();
    const path = file("a.pyasm", out);
    expect(await pyclab(["asm", "-o", join(top, "a.pyc"), path])).toEqual({ status: 0, out: "", err: "" });
    expect((await pyclab(["dis", join(top, "a.pyc")])).out.replace(/ at 0x\w+/g, "")).toBe(
      (await pyclab(["dis", example])).out.replace(/ at 0x\w+/g, ""),
    );
  });

  test("a folder of texts makes a folder of files", async () => {
    const top = folder();
    mkdirSync(join(top, "in"));
    for (const name of ["a", "b"])
      writeFileSync(join(top, "in", `${name}.pyasm`), ".python 3.12\n.code m\nRETURN_CONST None\n.end\n");
    expect((await pyclab(["asm", "-o", join(top, "out"), join(top, "in")])).status).toBe(0);
    expect(readFileSync(join(top, "out", "a.pyc"))).toEqual(readFileSync(join(top, "out", "b.pyc")));
  });

  test("--python for a text that names none, and for another than it names", async () => {
    const text = ".code m\nLOAD_CONST None\nRETURN_VALUE\n.end\n";
    const magic = async (path: string, python: string) => {
      const out = join(folder(), "a.pyc");
      const { status } = await pyclab(["asm", "--python", python, "-o", out, path]);
      return [status, status === 0 ? readFileSync(out).readUInt16LE() : 0];
    };
    expect(await magic(file("a.pyasm", text), "3.8")).toEqual([0, 3413]);
    expect(await magic(file("a.pyasm", `.python 3.12\n${text}`), "2.7")).toEqual([0, 62211]);
    const { status, err } = await pyclab(["asm", "--python", "9.9", file("a.pyasm", text)]);
    expect([status, err]).toEqual([2, expect.stringContaining("9.9")]);
  });

  test("faults are told with their line", async () => {
    const path = file("a.pyasm", ".python 3.12\n.code m\n    JUMP_FORWARD L7\n.end\n");
    const { status, out, err } = await pyclab(["asm", path]);
    expect([status, out]).toEqual([1, ""]);
    expect(err).toBe(
      `${path}:3:18: there is no label L7 in this code object\n  3 |     JUMP_FORWARD L7\n    |                  ^~\n`,
    );
  });

  test("a file that is cut off is not made a text of", async () => {
    const path = join(folder(), "a.pyc");
    writeFileSync(path, readFileSync(example).subarray(0, 100));
    const { status, out } = await pyclab(["dis", "--asm", path]);
    expect([status, out]).toEqual([1, ""]);
  });
});
