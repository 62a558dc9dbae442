// Bundles the command into one file, and keeps what V8 makes of it.
//
// A verb's modules are evaluated when the verb is called: `import()` inside the bundle becomes a function that does so.
// It is CommonJS because Node starts that in several milliseconds less than a module. dist/pyclab.cache is the code that
// V8 has compiled once info and dis have run; bin/pyclab.js starts from it.
import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = fileURLToPath(new URL(".", import.meta.url));
const example = fileURLToPath(new URL("../../examples/misc_code.pyc", import.meta.url));

rmSync(`${here}dist`, { recursive: true, force: true });
await build({
  absWorkingDir: here,
  entryPoints: ["src/pyclab.ts"],
  outfile: "dist/pyclab.cjs",
  bundle: true,
  format: "cjs",
  platform: "node",
  target: "node20",
  charset: "ascii", // bin/pyclab.js reads it as Latin-1
  minify: true,
  logLevel: "warning",
});

const warmUp = `
  const script = require("./bin/pyclab.js");
  process.on("exit", () => require("node:fs").writeFileSync("dist/pyclab.cache", script.createCachedData()));
`;
const { status } = spawnSync(process.execPath, ["-e", warmUp, "pyclab", example], {
  cwd: here,
  stdio: ["ignore", "ignore", "inherit"],
});
process.exitCode = status ?? 1;
