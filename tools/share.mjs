// How much of what real Pythons wrote comes out the same from the assembly that leaves encodings out: every file is
// made a program as `dis --asm --no-exact` prints it, assembled again, and compared code object by code object.
//
//   npm run share -- --oracle DIR [--suite stdlib,samples] [--version 3.12,3.13] [--limit N] [--show N] [--markdown]
//
// DIR has a folder per suite with a folder per version with .pyc files in it. Two code objects are the same if each of
// their fields is: integers, and objects by their type codes and contents, references followed, FLAG_REF and whether a
// string is interned aside; nested code objects are compared for themselves. `inferred` counts those whose flags, pools,
// tables and stack size were all left out of the program and came out the same; `interned` those of the same that also
// intern the same strings.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { readPyc, writePyc } from "@pyclab/core";
import { assemble, assemblyText, parseAssembly, programOf } from "@pyclab/core/assembly";
import { CodeObject } from "@pyclab/core/code";
import { codeLayout } from "@pyclab/core/format";
import { children, FLAG_REF, isCode, NO_NODE, resolve } from "@pyclab/core/marshal";

const { values: given } = parseArgs({
  options: {
    oracle: { type: "string" },
    suite: { type: "string", default: "stdlib,samples,probes,pypy" },
    version: { type: "string" },
    limit: { type: "string" },
    show: { type: "string", default: "0" },
    markdown: { type: "boolean", default: false },
  },
});
if (given.oracle === undefined) throw new Error("--oracle DIR is needed");

/** Pairs of nodes that one code object is compared by, at most. */
const MOST = 1 << 20;

/** Type codes of interned strings, and of those that are not. */
const plainCodes = new Map(Object.entries({ Z: "z", A: "a", t: "u" }).map((pair) => pair.map((c) => c.charCodeAt(0))));

const [UNICODE, BYTES] = ["u", "s"].map((c) => c.charCodeAt(0));
const typeOf = (table, node) => table.type[node] & ~FLAG_REF;
/** Where 8-bit strings are what is interned, `t` is an interned `s`. */
const asPlain = (type, { version }) => {
  const code = plainCodes.get(type) ?? type;
  return code === UNICODE && type !== code && version.traits.strings === "str8" ? BYTES : code;
};

/** Whether two nodes mean the same in the same words; code objects in them are not looked into. */
function isSame(one, other, a, b, interned) {
  const waiting = [[a, b]];
  for (let left = MOST; waiting.length > 0 && left > 0; left--) {
    const [from, to] = waiting.pop();
    const x = resolve(one, from);
    const y = resolve(other, to);
    if (x === NO_NODE || y === NO_NODE) return x === y;
    const type = typeOf(one, x);
    if (interned && type !== typeOf(other, y)) return false;
    if (asPlain(type, one) !== asPlain(typeOf(other, y), other)) return false;
    if (isCode(type)) continue;
    const xs = children(one, x);
    const ys = children(other, y);
    if (xs.length !== ys.length) return false;
    if (xs.length === 0) {
      const own = one.bytes.subarray(one.start[x] + 1, one.end[x]);
      if (Buffer.compare(own, other.bytes.subarray(other.start[y] + 1, other.end[y])) !== 0) return false;
    }
    for (let i = 0; i < xs.length; i++) waiting.push([xs[i], ys[i]]);
  }
  return true;
}

/** The fields in which two code objects differ. */
function differences(one, other, interned) {
  const { fields } = codeLayout(one.version);
  const found = [];
  const xs = children(one.table, one.node);
  const ys = children(other.table, other.node);
  let object = 0;
  for (const { name, type } of fields) {
    if (type !== "object") {
      if (one.int(name) !== other.int(name)) found.push(name);
    } else {
      if (!isSame(one.table, other.table, xs[object], ys[object], interned)) found.push(name);
      object++;
    }
  }
  return found;
}

const codesOf = ({ table, values }) => {
  const codes = [];
  for (let node = 0; node < table.count; node++) if (isCode(table.type[node])) codes.push(new CodeObject(values, node));
  return codes;
};

const computed = new Set(
  (
    "co_consts co_names co_varnames co_code co_lnotab co_linetable co_exceptiontable co_stacksize co_flags " +
    "co_localsplusnames co_localspluskinds co_nlocals"
  ).split(" "),
);

function* blocksOf(blocks) {
  for (const block of blocks) {
    yield block;
    yield* blocksOf(block.blocks);
  }
}

/** What had to be said in the blocks of a program, in the order of the file. */
function saidIn({ object, blocks }) {
  return Array.from(blocksOf("is" in object ? [object] : blocks), ({ fields }) =>
    [...fields.keys()].filter((name) => computed.has(name)),
  );
}

const count = (map, keys) => {
  for (const key of keys) map.set(key, (map.get(key) ?? 0) + 1);
};
const listed = (map) =>
  [...map]
    .sort((a, b) => b[1] - a[1])
    .map(([name, number]) => `${name} ${number}`)
    .join(", ");
const percent = (part, all) => (all === 0 ? "–" : `${((100 * part) / all).toFixed(2)} %`);

function newRow() {
  return { all: 0, same: 0, inferred: 0, interned: 0, differ: new Map(), said: new Map() };
}

let shown = Number(given.show);

function compare(path, row) {
  const bytes = new Uint8Array(readFileSync(path));
  const pyc = readPyc(bytes, { name: path });
  const program = programOf(pyc, { exact: false });
  const said = saidIn(program);
  const again = readPyc(writePyc(assemble(parseAssembly(assemblyText(program)).program).draft), { name: path });
  const ours = codesOf(again);
  for (const [i, code] of codesOf(pyc).entries()) {
    row.all++;
    const found = ours[i] === undefined ? ["missing"] : differences(code, ours[i], false);
    count(row.differ, found);
    count(row.said, said[i] ?? []);
    if (found.length === 0) row.same++;
    if (found.length === 0 && differences(code, ours[i], true).length === 0) row.interned++;
    if (found.length === 0 && said[i]?.length === 0) row.inferred++;
    const what = [...found.map((name) => `${name} differs`), ...(said[i] ?? []).map((name) => `${name} said`)];
    if (what.length > 0 && shown > 0) {
      shown--;
      console.log(`${path}: ${code.qualname || code.name} (line ${code.firstlineno}): ${what.join(", ")}`);
    }
  }
}

const rows = new Map();
for (const suite of given.suite.split(",")) {
  const folder = join(given.oracle, suite);
  if (!existsSync(folder)) continue;
  for (const version of readdirSync(folder)) {
    if (given.version !== undefined && !given.version.split(",").includes(version)) continue;
    const name = suite === "pypy" ? `PyPy ${version}` : version;
    const row = rows.get(name) ?? newRow();
    rows.set(name, row);
    const files = readdirSync(join(folder, version)).filter((file) => file.endsWith(".pyc"));
    for (const file of files.slice(0, Number(given.limit ?? files.length))) compare(join(folder, version, file), row);
  }
}

const order = [...rows].sort(([a], [b]) => a.localeCompare(b, "en", { numeric: true }));
if (given.markdown)
  console.log("| Python | code objects | the same | all inferred | interned alike |\n|---|---:|---:|---:|---:|");
for (const [name, row] of order) {
  const figures = [
    name,
    row.all,
    percent(row.same, row.all),
    percent(row.inferred, row.all),
    percent(row.interned, row.all),
  ];
  if (given.markdown) console.log(`| ${figures.join(" | ")} |`);
  else {
    console.log(
      `${name.padEnd(9)} ${String(row.all).padStart(6)} code objects, same ${figures[2]}, inferred ${figures[3]}, interned ${figures[4]}`,
    );
    if (row.differ.size > 0) console.log(`  differ: ${listed(row.differ)}`);
    if (row.said.size > 0) console.log(`  said: ${listed(row.said)}`);
  }
}
