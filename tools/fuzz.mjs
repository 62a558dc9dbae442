// Damaged files, thousands a second: each must end in a result or a FormatError, within a second.
//
//   npm run fuzz -- [--seconds N] [--count N] [--seed S]    random mutations and cuts of the fixtures
//   npm run fuzz -- --cuts [--files N]                      N files (200), cut at every length
//   npm run fuzz -- --rebuild [--count N] …                 what can be read is written again, in four ways: from what
//                                                           was read, from drafts, through the notation, through the
//                                                           assembly; each must give the very bytes
//                   [--from FOLDER]                         the .pyc files below FOLDER instead of the fixtures
//
// Input number I of seed S is always the same bytes. What fails is saved in a temporary folder, with the number in its
// name. Two threads work; this one watches that neither hangs.
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";

const SLOW = 1000; // ms: an input that takes longer is a failure
const HUNG = 20_000; // ms: and after this its thread is ended
const THREADS = 2;
const SAVED = 3; // failures that look alike are saved up to this many times

// --- the inputs -------------------------------------------------------------------------------------------------

function corpus(from) {
  return readdirSync(from, { recursive: true })
    .filter((name) => name.endsWith(".pyc"))
    .sort()
    .map((name) => ({ name, bytes: new Uint8Array(readFileSync(join(from, name))) }))
    .filter(({ bytes }) => bytes.length < 100_000);
}

/** Numbers from a seed (a 32-bit mix of two words), the same on every machine. */
function random(seed, index) {
  let a = (Math.imul(seed, 0x9e3779b1) ^ Math.imul(index + 1, 0x85ebca6b)) >>> 0;
  return (below) => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = Math.imul(a ^ (a >>> 15), a | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

const telling = [0, 1, 2, 0x7f, 0x80, 0xff, 0x7fffffff, 0x80000000, 0xffffffff, 0x10000];
const types = Uint8Array.from("0NFTS.iIfgxylstRuaAzZ()[{}<>:CcrcsN()r", (c) => c.charCodeAt(0));

const mutations = [
  (bytes, pick) => {
    bytes[pick(bytes.length)] ^= 1 << pick(8);
    return bytes;
  },
  (bytes, pick) => {
    bytes[pick(bytes.length)] = pick(256);
    return bytes;
  },
  (bytes, pick) => {
    bytes[pick(bytes.length)] = types[pick(types.length)] | (pick(2) << 7);
    return bytes;
  },
  (bytes, pick) => {
    const value = telling[pick(telling.length)] + pick(3) - 1;
    const at = pick(bytes.length);
    for (let i = 0; i < 4 && at + i < bytes.length; i++) bytes[at + i] = value >>> (8 * i);
    return bytes;
  },
  (bytes, pick) => bytes.slice(0, 1 + pick(bytes.length)),
  (bytes, pick) => {
    const at = pick(bytes.length);
    const length = 1 + pick(16);
    return concat(bytes.subarray(0, at), bytes.subarray(at + length));
  },
  (bytes, pick) => {
    const at = pick(bytes.length);
    const from = pick(bytes.length);
    return concat(bytes.subarray(0, at), bytes.subarray(from, from + 1 + pick(64)), bytes.subarray(at));
  },
];

function concat(...parts) {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out.length ? out : Uint8Array.of(0);
}

/** Input number `index`: bytes and how they are read. Where files are rebuilt the damage is small: most can be read. */
function mutated(files, seed, index, rebuild) {
  const pick = random(seed, index);
  const { name, bytes } = files[pick(files.length)];
  let out = bytes.slice();
  const rounds = 1 + pick(rebuild ? 2 : 6);
  const kinds = rebuild ? 3 : mutations.length;
  for (let i = 0; i < rounds; i++) out = mutations[pick(kinds)](out, pick);
  const options = rebuild ? {} : pick(4) === 0 ? { tolerant: true } : pick(32) === 0 ? { raw: true } : {};
  return { name, bytes: out, options };
}

/** The cuts of `count` files, spread evenly over all: every length of each, as it is and tolerantly. */
function cuts(files, count) {
  const step = Math.max(1, files.length / count);
  const chosen = Array.from({ length: Math.min(count, files.length) }, (_, i) => files[Math.floor(i * step)]);
  const starts = [0];
  for (const { bytes } of chosen) starts.push(starts.at(-1) + bytes.length);
  return {
    total: 2 * starts.at(-1),
    files: chosen.length,
    input(running) {
      const index = running >> 1;
      let i = 0;
      while (starts[i + 1] <= index) i++;
      return {
        name: chosen[i].name,
        bytes: chosen[i].bytes.subarray(0, index - starts[i]),
        options: { tolerant: (running & 1) === 1 },
      };
    },
  };
}

function inputs({ from, seed, cut, rebuild }) {
  const files = corpus(from);
  if (cut) return cuts(files, cut);
  const input = (index) => mutated(files, seed, index, rebuild);
  return { total: Number.POSITIVE_INFINITY, files: files.length, input };
}

// --- the work ---------------------------------------------------------------------------------------------------

/** What became of an input: `read`, or `read, with errors` (tolerant), or a FormatError's code. */
function outcome(core, { bytes, options }) {
  try {
    const pyc = core.readPyc(bytes, options);
    core.listing(pyc);
    core.tree(pyc);
    const dissection = core.dissect(pyc);
    pyc.warnings();
    core.verify(pyc);
    if (bytes.length % 4 === 0) {
      core.notationText(dissection);
      core.hexdump(dissection, { color: true });
      core.htmlPage(dissection, { title: "" });
    }
    return pyc.errors.length ? "read, with errors" : "read";
  } catch (error) {
    if (error instanceof core.FormatError) return error.code;
    throw error;
  }
}

/** The ways to write a file again; each gives its bytes. */
const rebuildings = {
  "what was read": (core, pyc) => core.writePyc(pyc),
  drafts: (core, pyc) => core.writePyc(core.draftPyc(pyc)),
  notation: (core, pyc) => core.forge(core.notationText(core.dissect(pyc))).bytes,
  assembly(core, pyc) {
    const { program } = core.parseAssembly(core.assemblyText(core.programOf(pyc, { exact: true })));
    return core.writePyc(core.assemble(program).draft);
  },
};

/** As `outcome`: `rebuilt`, or the FormatError that reading ends in. */
function rebuilt(core, { bytes, options }) {
  let pyc;
  try {
    pyc = core.readPyc(bytes, options);
  } catch (error) {
    if (error instanceof core.FormatError) return error.code;
    throw error;
  }
  for (const [way, write] of Object.entries(rebuildings)) {
    const made = write(core, pyc);
    if (Buffer.compare(made, bytes) !== 0) throw new Error(`other bytes through ${way}`);
  }
  return "rebuilt";
}

async function work() {
  const rooms = ["", "/notation", "/assembly", "/pyc", "/verify", "/diff"];
  const core = Object.assign({}, ...(await Promise.all(rooms.map((room) => import(`@pyclab/core${room}`)))));
  const { thread, shared, until, count, ...which } = workerData;
  const { total, input } = inputs(which);
  const end = Math.min(total, count);
  const at = new Float64Array(shared);
  const found = {};
  for (let index = thread; index < end && Date.now() < until; index += THREADS) {
    at[thread * 2] = index;
    at[thread * 2 + 1] = Date.now();
    const one = input(index);
    const started = performance.now();
    let what;
    try {
      what = which.rebuild ? rebuilt(core, one) : outcome(core, one);
    } catch (error) {
      what = "EXCEPTION";
      parentPort.postMessage({ failure: { index, what: error?.stack ?? String(error) } });
    }
    const took = performance.now() - started;
    if (took > SLOW) parentPort.postMessage({ failure: { index, what: `slow: ${took.toFixed(0)} ms` } });
    found[what] = (found[what] ?? 0) + 1;
  }
  at[thread * 2 + 1] = 0;
  parentPort.postMessage({ found });
}

async function watch() {
  const { values } = parseArgs({
    options: {
      seconds: { type: "string", default: "30" },
      count: { type: "string" },
      seed: { type: "string", default: "1" },
      cuts: { type: "boolean" },
      files: { type: "string", default: "200" },
      rebuild: { type: "boolean", default: false },
      from: { type: "string", default: fileURLToPath(new URL("../fixtures", import.meta.url)) },
    },
  });
  const limited = values.cuts || values.count !== undefined;
  const which = {
    from: values.from,
    seed: Number(values.seed),
    cut: values.cuts ? Number(values.files) : 0,
    rebuild: values.rebuild,
  };
  const shared = new SharedArrayBuffer(16 * THREADS);
  const at = new Float64Array(shared);
  const until = limited ? Number.POSITIVE_INFINITY : Date.now() + Number(values.seconds) * 1000;
  const count = values.count === undefined ? Number.POSITIVE_INFINITY : Number(values.count);
  const all = inputs(which);
  const started = Date.now();
  const totals = {};
  let folder;
  let failures = 0;

  const seen = new Map();
  const save = (index, what) => {
    failures++;
    const kind = what.split("\n").slice(0, 2).join().replace(/\d+/g, "");
    const before = seen.get(kind) ?? 0;
    seen.set(kind, before + 1);
    if (before >= SAVED) return;
    folder ??= mkdtempSync(join(tmpdir(), "pyclab-fuzz-"));
    const { name, bytes, options } = all.input(index);
    const file = join(folder, `${values.cuts ? "cut" : `seed${values.seed}`}-${index}.pyc`);
    writeFileSync(file, bytes);
    console.log(`${file} (from ${name}, ${JSON.stringify(options)}): ${what}`);
  };

  await Promise.all(
    Array.from({ length: THREADS }, (_, thread) => {
      const worker = new Worker(new URL(import.meta.url), { workerData: { thread, shared, until, count, ...which } });
      return new Promise((done) => {
        const timer = setInterval(() => {
          const since = at[thread * 2 + 1];
          if (!since || Date.now() - since < HUNG) return;
          save(at[thread * 2], `hangs: ended after ${HUNG} ms`);
          worker.terminate();
        }, 500);
        worker.on("message", ({ failure, found }) => {
          if (failure) save(failure.index, failure.what);
          for (const [what, times] of Object.entries(found ?? {})) totals[what] = (totals[what] ?? 0) + times;
        });
        worker.on("error", (error) => save(at[thread * 2], `the thread ended: ${error.message}`));
        worker.on("exit", () => {
          clearInterval(timer);
          done();
        });
      });
    }),
  );

  const sum = Object.values(totals).reduce((a, b) => a + b, 0);
  const seconds = (Date.now() - started) / 1000;
  for (const [what, times] of Object.entries(totals).sort((a, b) => b[1] - a[1]))
    console.log(`${String(times).padStart(9)}  ${what}`);
  console.log(
    `${String(sum).padStart(9)}  inputs from ${all.files} files in ${seconds.toFixed(0)} s, ${values.cuts ? "cuts" : `seed ${values.seed}`}`,
  );
  for (const [kind, times] of seen) console.log(`${String(times).padStart(9)}  FAILED: ${kind}`);
  console.log(failures ? `${failures} failures, the first of each kind saved in ${folder}` : "no failures");
  if (failures || !sum) process.exitCode = 1;
}

if (isMainThread) await watch();
else await work();
