// How fast it is, measured in one run against what this machine has: CPython's own marshal.loads, dis.dis and
// marshal.dumps on the same files, pycdas where it is on PATH, and a Node process that does nothing.
//
//   npm run bench [-- --rounds N] [--python 3.8,3.12,3.13] [--megabytes N]
//
// The files are that Python's own standard library, compiled by it. Ours and theirs are measured in turn; a figure is
// the median of the rounds, and a ratio is theirs divided by ours: larger is faster here.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { listing, readPyc, writePyc } from "@pyclab/core";
import { assemble, assemblyText, parseAssembly, programOf } from "@pyclab/core/assembly";

const { values: given } = parseArgs({
  options: {
    rounds: { type: "string", default: "5" },
    python: { type: "string", default: "3.8,3.12,3.13" },
    megabytes: { type: "string", default: "4" },
  },
});
const rounds = Number(given.rounds);
const limit = Number(given.megabytes) * 1e6;
const scratch = mkdtempSync(join(tmpdir(), "pyclab-bench-"));
const bin = fileURLToPath(new URL("../packages/cli/bin/pyclab.js", import.meta.url));
const example = fileURLToPath(new URL("../examples/misc_code.pyc", import.meta.url));

/** What runs inside the other interpreter: files to choose, then a figure per task, in seconds for all of them. */
const theirs = `
import dis, io, marshal, os, py_compile, sys, sysconfig, time
task, scratch, limit, header = sys.argv[1], sys.argv[2], float(sys.argv[3]), int(sys.argv[4])
if task == "choose":
    lib, total = sysconfig.get_paths()["stdlib"], 0
    for name in sorted(os.listdir(lib)):
        if not name.endswith(".py") or total > limit: continue
        out = os.path.join(scratch, name + "c")
        try: py_compile.compile(os.path.join(lib, name), cfile=out, dfile="lib/" + name, doraise=True)
        except Exception: continue
        total += os.path.getsize(out)
else:
    files = []
    for name in sorted(os.listdir(scratch)):
        with open(os.path.join(scratch, name), "rb") as f: files.append(f.read()[header:])
    clock = time.perf_counter
    codes = [marshal.loads(data) for data in files]
    if task in ("loads", "dumps"):
        work, inputs = (marshal.loads, files) if task == "loads" else (marshal.dumps, codes)
        best = []
        for _ in range(7):
            start = clock()
            for one in inputs: work(one)
            best.append(clock() - start)
        print(sorted(best)[3])
    else:
        start = clock()
        for code in codes: dis.dis(code, file=io.StringIO())
        print(clock() - start)
`;

function onPath(name) {
  for (const folder of (process.env.PATH ?? "").split(delimiter))
    if (existsSync(join(folder, name))) return join(folder, name);
  return undefined;
}

/** A Python of that version that answers: from PATH, or one that pyenv installed. */
function findPython(version) {
  const installed = join(process.env.PYENV_ROOT ?? join(homedir(), ".pyenv"), "versions");
  const ofPyenv = existsSync(installed) ? readdirSync(installed).filter((name) => name.startsWith(`${version}.`)) : [];
  const candidates = [...ofPyenv.map((name) => join(installed, name, "bin/python")), onPath(`python${version}`)];
  return candidates.find((path) => path && run(path, ["-c", "print('here')"])?.trim() === "here");
}

function run(command, args) {
  const { status, stdout } = spawnSync(command, args, { encoding: "utf8", maxBuffer: 1 << 28 });
  return status === 0 ? stdout : undefined;
}

const median = (numbers) => [...numbers].sort((a, b) => a - b)[numbers.length >> 1];
const ms = (seconds) => `${(seconds * 1000).toFixed(1)} ms`;

function row(what, ours, other, theirName) {
  console.log(
    `  ${what.padEnd(34)} ${ms(ours).padStart(10)}  ${theirName} ${ms(other).padStart(10)}  ${(other / ours).toFixed(2)} x`,
  );
}

/** Seconds that the work takes once, the median of a few after a warm-up of at least half a second. */
function seconds(work, times = 7) {
  const warm = performance.now() + 500;
  do work();
  while (performance.now() < warm);
  const found = [];
  for (let i = 0; i < times; i++) {
    const started = performance.now();
    work();
    found.push((performance.now() - started) / 1000);
  }
  return median(found);
}

function decodeAll(bytes) {
  readPyc(bytes).values.all();
}

function measure(version) {
  const python = findPython(version);
  if (!python) {
    console.log(`Python ${version}: not found, left out`);
    return;
  }
  const folder = mkdtempSync(join(scratch, "files-"));
  const ask = (task) => run(python, ["-c", theirs, task, folder, String(limit), "16"]);
  ask("choose");
  const names = readdirSync(folder).sort();
  const files = names.map((name) => new Uint8Array(readFileSync(join(folder, name))));
  const size = files.reduce((sum, bytes) => sum + bytes.length, 0);
  const release = run(python, ["-c", "import platform; print(platform.python_version())"])?.trim();
  console.log(`Python ${release}: ${files.length} files, ${(size / 1e6).toFixed(1)} MB`);
  const all = (work) => () => {
    for (const bytes of files) work(bytes);
  };
  const pycs = files.map((bytes) => readPyc(bytes));
  const found = { loads: [], dis: [], dumps: [], read: [], decode: [], list: [], write: [] };
  for (let round = 0; round < rounds; round++) {
    found.loads.push(Number(ask("loads")));
    found.read.push(seconds(all((bytes) => readPyc(bytes))));
    found.decode.push(seconds(all(decodeAll)));
    found.dis.push(Number(ask("dis")));
    found.list.push(
      seconds(
        all((bytes) => listing(readPyc(bytes))),
        3,
      ),
    );
    found.dumps.push(Number(ask("dumps")));
    found.write.push(
      seconds(() => {
        for (const pyc of pycs) writePyc(pyc);
      }),
    );
  }
  row("reading, checked and indexed", median(found.read), median(found.loads), "marshal.loads");
  row("reading, every value decoded", median(found.decode), median(found.loads), "marshal.loads");
  row("reading and listing", median(found.list), median(found.dis), "dis.dis      ");
  row("writing what was read", median(found.write), median(found.dumps), "marshal.dumps");
  assembling(pycs);
  against("pycdas", folder, names, files);
}

/** Bytes of files whose texts are assembled. */
const ASSEMBLED = 1e6;

/** The assembly of some of the files, printed, and assembled again. There is nothing else that does it to compare with. */
function assembling(pycs) {
  let size = 0;
  const some = pycs.filter(({ bytes }) => {
    size += bytes.length;
    return size < ASSEMBLED;
  });
  for (const exact of [true, false]) {
    const print = (pyc) => assemblyText(programOf(pyc, { exact }), { exact });
    const texts = some.map(print);
    const megabytes = texts.reduce((sum, text) => sum + text.length, 0) / 1e6;
    const printed = megabytes / seconds(() => some.map(print), 3);
    const built =
      megabytes / seconds(() => texts.map((text) => writePyc(assemble(parseAssembly(text).program).draft)), 3);
    const what = exact ? "exact" : "not exact";
    console.log(
      `  assembly, ${what}: ${megabytes.toFixed(1)} MB of text printed at ${printed.toFixed(1)} MB/s, assembled at ${built.toFixed(1)} MB/s`,
    );
  }
}

/** A listing by another program, one process for one file: its time less that of its smallest file. */
function against(program, folder, names, files) {
  const path = onPath(program);
  if (!path) {
    console.log(`  ${program} is not on PATH, left out`);
    return;
  }
  const bySize = names.map((name, i) => [name, files[i]]).sort((a, b) => b[1].length - a[1].length);
  const [[name, bytes]] = bySize;
  const smallest = join(folder, bySize.at(-1)[0]);
  const process = (file) => wall(path, [file]);
  const other = median(Array.from({ length: rounds }, () => process(join(folder, name)) - process(smallest)));
  row(
    `listing ${name}`,
    seconds(() => listing(readPyc(bytes)), 9),
    other,
    program,
  );
}

function wall(command, args) {
  const started = performance.now();
  spawnSync(command, args, { stdio: ["ignore", "ignore", "ignore"] });
  return (performance.now() - started) / 1000;
}

function wholeProcess() {
  const ours = [];
  const nothing = [];
  for (let i = 0; i < rounds * 4; i++) {
    ours.push(wall(process.execPath, [bin, "dis", example]));
    nothing.push(wall(process.execPath, ["-e", "0"]));
  }
  const [a, b] = [median(ours), median(nothing)];
  console.log(
    `Whole process\n  pyclab dis misc_code.pyc ${ms(a)}, node -e 0 ${ms(b)}: ${(a / b).toFixed(2)} times as long`,
  );
}

try {
  for (const version of given.python.split(",")) measure(version);
  wholeProcess();
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
