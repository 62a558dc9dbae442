/**
 * The real interpreters that are here: those of pyenv, and CPython 3.14 and 3.15 as WebAssembly (Pyodide), which come
 * with the development dependencies. Each runs a `.pyc` and gives what it prints.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";

export interface Interpreter {
  /** 2.7, 3.13 */
  readonly python: string;
  /** What it prints on standard output, then, if it fails, the last line of its traceback. */
  readonly run: (pyc: Uint8Array) => Promise<string>;
  /** What it compiles a source to; the file name in it is `program.py`. */
  readonly compile: (source: string) => Promise<Uint8Array>;
}

const folder = `${homedir()}/.pyenv/versions`;

/** Those of pyenv, for tests that start them with programs of their own. */
export const pythons: readonly { readonly python: string; readonly path: string }[] = (
  existsSync(folder) ? readdirSync(folder) : []
)
  .map((name) => ({ python: name.split(".").slice(0, 2).join("."), path: `${folder}/${name}/bin/python` }))
  .filter(({ path }) => existsSync(path));

function installed(): Interpreter[] {
  return pythons.map(({ python, path }) => ({
    python,
    run: async (pyc) => inFolder((scratch) => runFile(path, scratch, pyc)),
    compile: async (source) => inFolder((scratch) => compileFile(path, scratch, source)),
  }));
}

function inFolder<T>(use: (scratch: string) => T): T {
  const scratch = mkdtempSync(join(tmpdir(), "pyclab-run-"));
  try {
    return use(scratch);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function runFile(python: string, scratch: string, pyc: Uint8Array): string {
  const file = join(scratch, "program.pyc");
  writeFileSync(file, pyc);
  const { stdout, stderr, signal } = spawnSync(python, [file], { encoding: "utf8", timeout: 20_000 });
  const fault = stderr.trimEnd().split("\n").at(-1) ?? "";
  return stdout + fault + (signal === null ? "" : ` [${signal}]`);
}

function compileFile(python: string, scratch: string, source: string): Uint8Array {
  const [file, out] = [join(scratch, "program.py"), join(scratch, "out.pyc")];
  writeFileSync(file, source);
  const script = "import py_compile, sys; py_compile.compile(sys.argv[1], sys.argv[2], 'program.py', doraise=True)";
  const { status, stderr } = spawnSync(python, ["-c", script, file, out], { encoding: "utf8", timeout: 20_000 });
  if (status !== 0) throw new Error(stderr);
  return new Uint8Array(readFileSync(out));
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

const COMPILE = `
import importlib._bootstrap_external as _external
bytes(_external._code_to_timestamp_pyc(compile(_source, "program.py", "exec")))
`;

/** Loaded when first asked to run something, which takes seconds. */
function wasm(python: string, name: string): Interpreter {
  let loading: Promise<Pyodide> | undefined;
  const load = () => {
    loading ??= import(name).then(({ loadPyodide }) => loadPyodide() as Promise<Pyodide>);
    return loading;
  };
  return {
    python,
    async run(pyc) {
      const pyodide = await load();
      pyodide.globals.set("_pyc", pyc);
      return pyodide.runPython(RUN) as string;
    },
    async compile(source) {
      const pyodide = await load();
      pyodide.globals.set("_source", source);
      return (pyodide.runPython(COMPILE) as { toJs(): Uint8Array }).toJs();
    },
  };
}

export const interpreters: readonly Interpreter[] = [
  ...installed(),
  wasm("3.14", "pyodide-314"),
  wasm("3.15", "pyodide-315"),
];
