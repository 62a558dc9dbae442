/** The command as a process of its own, as it was built: pipes, standard input, exit status. */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { example, root } from "./call.js";

const bin = join(root, "packages/cli/bin/pyclab.js");
const built = existsSync(join(root, "packages/cli/dist/pyclab.cjs"));
if (!built) console.log("the command is not built (npm run build): its tests as a process are left out");

const run = (argv: readonly string[], input?: Uint8Array) =>
  spawnSync(process.execPath, [bin, ...argv], { encoding: "utf8", ...(input ? { input } : {}) });

describe.skipIf(!built)("as a process", () => {
  test("standard input", () => {
    const { status, stdout, stderr } = run(["dis", "-"], readFileSync(example));
    expect([status, stderr]).toEqual([0, ""]);
    expect(stdout).toBe(run(["dis", example]).stdout);
  });

  test("the exit status", () => {
    expect(run(["dis", example]).status).toBe(0);
    expect(run(["dis", example, "/nowhere.pyc"]).status).toBe(1);
    expect(run(["dsi", example]).status).toBe(2);
  });

  test("a reader that goes away ends it quietly", async () => {
    const inputs = Array.from({ length: 300 }, () => example);
    const child = spawn(process.execPath, [bin, "dissect", ...inputs], { stdio: ["ignore", "pipe", "pipe"] });
    let errors = "";
    child.stderr.on("data", (chunk) => {
      errors += chunk;
    });
    child.stdout.once("data", () => child.stdout.destroy());
    const status = await new Promise((done) => child.on("close", done));
    expect([status, errors]).toEqual([0, ""]);
  });

  test("a large output through a pipe is whole", () => {
    const inputs = Array.from({ length: 200 }, () => example);
    const { stdout } = spawnSync(process.execPath, [bin, "tree", "--json", ...inputs], {
      encoding: "utf8",
      maxBuffer: 1 << 28,
    });
    expect(stdout.trimEnd().split("\n")).toHaveLength(200);
  });
});
