// Everything that must hold: the build, the types, the format, and the tests, those in a browser included.
//
//   npm test [-- ARGUMENTS FOR VITEST]
//
// The browser is a Chromium: PYCLAB_CHROMIUM, or one that is installed, or one that can be installed. Where none can
// be had, PYCLAB_NO_BROWSER=1 leaves its tests out.
import { spawnSync } from "node:child_process";
import { accessSync, constants, existsSync } from "node:fs";
import { delimiter, join } from "node:path";

const root = new URL("..", import.meta.url).pathname;
const bin = (name) => join(root, "node_modules/.bin", name);

function run(what, command, args, env = {}) {
  const started = Date.now();
  const { status } = spawnSync(command, args, {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, ...env },
  });
  if (status !== 0) {
    console.error(`${what}: failed`);
    process.exit(1);
  }
  console.log(`${what}: ${((Date.now() - started) / 1000).toFixed(1)} s`);
}

function onPath(name) {
  for (const folder of (process.env.PATH ?? "").split(delimiter)) {
    const file = join(folder, name);
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {
      // not there
    }
  }
  return undefined;
}

async function findChromium() {
  if (process.env.PYCLAB_CHROMIUM) return process.env.PYCLAB_CHROMIUM;
  for (const name of ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]) {
    const found = onPath(name);
    if (found) return found;
  }
  const { chromium } = await import("playwright-core");
  const own = chromium.executablePath();
  return own && existsSync(own) ? own : undefined;
}

/** Debian's package where this process may install it, else the download that playwright-core knows. */
function installChromium() {
  const quiet = { stdio: "ignore", timeout: 600_000 };
  if (process.getuid?.() === 0 && onPath("apt-get")) {
    console.log("installing chromium with apt-get");
    const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
    spawnSync("apt-get", ["update"], { ...quiet, env });
    const { status } = spawnSync("apt-get", ["install", "-y", "--no-install-recommends", "chromium"], {
      ...quiet,
      env,
    });
    if (status === 0) return;
  }
  console.log("installing chromium with playwright-core");
  spawnSync(bin("playwright-core"), ["install", "chromium"], quiet);
}

async function chromium() {
  if (process.env.PYCLAB_NO_BROWSER === "1") {
    console.log("browser tests are left out: PYCLAB_NO_BROWSER=1");
    return {};
  }
  let found = await findChromium();
  if (!found) {
    installChromium();
    found = await findChromium();
  }
  if (found) return { PYCLAB_CHROMIUM: found };
  console.error(
    "no Chromium was found and none could be installed: install one, name it in PYCLAB_CHROMIUM, " +
      "or set PYCLAB_NO_BROWSER=1 to leave the browser tests out",
  );
  process.exit(1);
}

const env = await chromium();
run("build", bin("tsc"), ["-b", "packages/core"]);
run("bundle", process.execPath, ["packages/cli/build.mjs"]);
run("types of the tests", bin("tsc"), ["-p", "tsconfig.test.json"]);
run("types of the command", bin("tsc"), ["-p", "packages/cli"]);
run("format and lint", bin("biome"), ["check", "."]);
run("tests", bin("vitest"), ["run", ...process.argv.slice(2)], env);
