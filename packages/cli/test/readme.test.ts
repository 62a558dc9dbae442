/** What README shows is what the command prints, and its library example runs. */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { pyclab, root } from "./call.js";

const readme = readFileSync(join(root, "README.md"), "utf8");
const blocks = [...readme.matchAll(/^```console\n\$ (.*)\n([\s\S]*?)^```/gm)];

/** Lines without what stands at their ends; a line `…` in README stands for any number of them. */
function shows(expected: string, got: string): boolean {
  const lines = (text: string) =>
    text
      .trimEnd()
      .split("\n")
      .map((line) => line.trimEnd());
  const [head = "", ...rest] = lines(expected).join("\n").split("\n…");
  const text = lines(got).join("\n");
  if (rest.length === 0) return text === head;
  return text.startsWith(head) && text.endsWith(rest.at(-1) ?? "");
}

describe("README", () => {
  test("has a tour", () => expect(blocks.length).toBeGreaterThan(5));

  test.each(
    blocks
      .filter(([, command]) => command?.startsWith("pyclab "))
      .map(([, command = "", text = ""]) => [command, text]),
  )("$ %s", async (command, text) => {
    const { status, out, err } = await pyclab(command.split(" ").slice(1));
    expect([status, err]).toEqual([0, ""]);
    if (!shows(text, out)) expect(out).toBe(text);
  });

  test.skipIf(!existsSync(join(root, "packages/core/dist")))("the library in ten lines", () => {
    const [, code = ""] = /^```js\n([\s\S]*?)^```/m.exec(readme) ?? [];
    const { stdout, stderr, status } = spawnSync(process.execPath, ["--input-type=module", "-e", code], {
      cwd: root,
      encoding: "utf8",
    });
    expect([status, stderr]).toEqual([0, ""]);
    expect(stdout).toContain("LOAD_GLOBAL              1 (NULL + print)");
  });
});
