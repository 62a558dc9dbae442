/** The source hash of random sources, against `importlib.util.source_hash` of the interpreters of pyenv from 3.7 on. */
import { spawnSync } from "node:child_process";
import { sourceHash } from "@pyclab/core/pyc";
import { versionNamed } from "@pyclab/core/version";
import { expect, test } from "vitest";
import { pythons } from "./interpreters.js";

/** Random sources of all small sizes and some larger, each with its hash, in hexadecimal; nothing before 3.7. */
const HASHES = `
import importlib.util, random
random.seed(7)
for size in list(range(70)) + [255, 256, 257, 1000, 4096]:
    source = bytes(random.getrandbits(8) for _ in range(size))
    print(source.hex() + " " + importlib.util.source_hash(source).hex())
`;

const found = pythons.flatMap(({ python, path }) => {
  const { status, stdout } = spawnSync(path, ["-c", HASHES], { encoding: "utf8" });
  return status === 0 ? [{ python, hashes: stdout.trimEnd().split("\n") }] : [];
});
if (found.length === 0) console.log("source hashes: no interpreters of 3.7 or later, the comparison is skipped");

test.skipIf(found.length === 0).each(found)("source hashes of $python", ({ python, hashes }) => {
  const version = versionNamed(python);
  for (const line of hashes) {
    const [source = "", hash] = line.split(" ");
    expect(Buffer.from(sourceHash(new Uint8Array(Buffer.from(source, "hex")), version)).toString("hex")).toBe(hash);
  }
  expect(hashes.length).toBe(75);
});
