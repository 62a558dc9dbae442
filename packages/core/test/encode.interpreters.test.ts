/**
 * Files written anew as their Python would write them, against the interpreters of pyenv: each reads from them what it
 * reads from the files that it wrote itself.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readPyc } from "@pyclab/core";
import { headerSize } from "@pyclab/core/format";
import { canonicalize, writePyc } from "@pyclab/core/pyc";
import { versionNamed } from "@pyclab/core/version";
import { expect, test } from "vitest";
import { pythons } from "./interpreters.js";
import { fixturesOf } from "./oracle.js";

if (pythons.length === 0) console.log("encode: no interpreters, the comparison with them is skipped");

/** Prints the names of files that do not hold the same as those of the same name beside them. */
const COMPARE = `
import marshal, os, sys
folder, header = sys.argv[1], int(sys.argv[2])
def fields(code):
    names = [n for n in dir(code) if n.startswith("co_") and not callable(getattr(code, n))]
    return [(n, same(getattr(code, n))) for n in names]
def same(value):
    if hasattr(value, "co_code"): return fields(value)
    if isinstance(value, (tuple, list)): return [type(value).__name__] + [same(v) for v in value]
    if isinstance(value, frozenset): return sorted(repr(same(v)) for v in value)
    return type(value).__name__, repr(value)
def load(name):
    with open(os.path.join(folder, name), "rb") as f: return marshal.loads(f.read()[header:])
for name in sorted(os.listdir(folder)):
    if name.endswith(".own") and same(load(name)) != same(load(name[:-4])): print(name[:-4])
`;

test.skipIf(pythons.length === 0).each(pythons)("$python reads the same", ({ python, path }) => {
  const scratch = mkdtempSync(join(tmpdir(), "pyclab-encode-"));
  try {
    for (const { stem, bytes } of fixturesOf(python)) {
      writeFileSync(join(scratch, `${stem}.own`), bytes);
      writeFileSync(join(scratch, stem), writePyc(canonicalize(readPyc(bytes))));
    }
    const size = String(headerSize(versionNamed(python)));
    const { status, stdout, stderr } = spawnSync(path, ["-W", "ignore", "-c", COMPARE, scratch, size], {
      encoding: "utf8",
    });
    expect([status, stderr, stdout]).toEqual([0, "", ""]);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
});
