/** Completion scripts: what they offer, and that the shells take them. */
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { optionsOf } from "../src/arguments.js";
import { shells, verbs } from "../src/table.js";
import { folder, pyclab } from "./call.js";

const has = (shell: string) => spawnSync(shell, ["-c", "true"]).status === 0;

async function script(shell: string): Promise<string> {
  const { status, out } = await pyclab(["completions", shell]);
  expect(status).toBe(0);
  return out;
}

test.each(shells)("%s: every verb and every option is there", async (shell) => {
  const out = await script(shell);
  for (const verb of verbs) {
    expect(out).toContain(verb.name);
    for (const option of optionsOf(verb)) expect(out).toContain(option);
  }
});

test.each(shells)("%s: the syntax is right", async (shell) => {
  const file = join(folder(), `pyclab.${shell}`);
  writeFileSync(file, await script(shell));
  if (!has(shell)) return;
  const { status, stderr } = spawnSync(shell, ["-n", file], { encoding: "utf8" });
  expect([status, stderr]).toEqual([0, ""]);
});

test.skipIf(!has("bash")).each([
  [
    ["pyclab", "d"],
    ["diff", "dis", "dissect"],
  ],
  [["pyclab", "dis", "--show-c"], ["--show-caches"]],
  [
    ["pyclab", "dis", "--python", "2."],
    ["2.0", "2.1", "2.2", "2.3", "2.4", "2.5", "2.6", "2.7"],
  ],
  [
    ["pyclab", "layout", "3.5"],
    ["3.5", "3.5.1"],
  ],
  [
    ["pyclab", "completions", ""],
    ["bash", "zsh", "fish"],
  ],
  [["pyclab", "--tol"], ["--tolerant"]],
])("bash completes %j", async (words, expected) => {
  const program = `${await script("bash")}
COMP_WORDS=(${words.map((word) => `'${word}'`).join(" ")}); COMP_CWORD=${words.length - 1}; _pyclab; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr } = spawnSync("bash", ["-c", program], { encoding: "utf8", cwd: folder() });
  expect(stderr).toBe("");
  expect(stdout.trim().split("\n").sort()).toEqual([...expected].sort());
});
