// Bundles the command into one file. A verb's modules are evaluated when the verb is called: `import()` inside the bundle
// becomes a function that does so. CommonJS, because Node starts it in several milliseconds less than a module.
import { chmodSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = fileURLToPath(new URL(".", import.meta.url));
rmSync(`${here}dist`, { recursive: true, force: true });
await build({
  absWorkingDir: here,
  entryPoints: ["src/pyclab.ts"],
  outfile: "dist/pyclab.cjs",
  bundle: true,
  format: "cjs",
  platform: "node",
  target: "node20",
  minify: true,
  logLevel: "warning",
});
chmodSync(`${here}bin/pyclab.js`, 0o755);
