/**
 * The real interpreters that are here: those of pyenv, and CPython 3.14 and 3.15 as WebAssembly (Pyodide), which come
 * with the development dependencies. Each runs a `.pyc` and gives what it prints.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";

export interface Interpreter {
  /** 2.7, 3.13 */
  readonly python: string;
  /** What it prints on standard output, then, if it fails, the last line of its traceback. */
  readonly run: (pyc: Uint8Array) => Promise<string>;
}

const folder = `${homedir()}/.pyenv/versions`;

function installed(): Interpreter[] {
  return (existsSync(folder) ? readdirSync(folder) : [])
    .map((name) => ({ python: name.split(".").slice(0, 2).join("."), path: `${folder}/${name}/bin/python` }))
    .filter(({ path }) => existsSync(path))
    .map(({ python, path }) => ({ python, run: async (pyc) => runFile(path, pyc) }));
}

function runFile(python: string, pyc: Uint8Array): string {
  const scratch = mkdtempSync(join(tmpdir(), "pyclab-run-"));
  try {
    const file = join(scratch, "program.pyc");
    writeFileSync(file, pyc);
    const { stdout, stderr, signal } = spawnSync(python, [file], { encoding: "utf8", timeout: 20_000 });
    const fault = stderr.trimEnd().split("\n").at(-1) ?? "";
    return stdout + fault + (signal === null ? "" : ` [${signal}]`);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

interface Pyodide {
  readonly globals: { set(name: string, value: unknown): void };
  readonly runPython: (source: string) => unknown;
}

const RUN = `
import contextlib, io, marshal
_out = io.StringIO()
with contextlib.redirect_stdout(_out):
    try: exec(marshal.loads(bytes(_pyc)[16:]), {"__name__": "__main__"})
    except BaseException as _e: print(f"{type(_e).__name__}: {_e}", end="")
_out.getvalue()
`;

/** Loaded when first asked to run something, which takes seconds. */
function wasm(python: string, name: string): Interpreter {
  let loading: Promise<Pyodide> | undefined;
  return {
    python,
    async run(pyc) {
      loading ??= import(name).then(({ loadPyodide }) => loadPyodide() as Promise<Pyodide>);
      const pyodide = await loading;
      pyodide.globals.set("_pyc", pyc);
      return pyodide.runPython(RUN) as string;
    },
  };
}

export const interpreters: readonly Interpreter[] = [
  ...installed(),
  wasm("3.14", "pyodide-314"),
  wasm("3.15", "pyodide-315"),
];
