/** Random constants as the interpreters that are installed print them (those of pyenv); skipped where there are none. */
import { execFileSync } from "node:child_process";
import { Repr } from "@pyclab/core/dis";
import { readNodes, Values } from "@pyclab/core/marshal";
import { versionNamed } from "@pyclab/core/version";
import { expect, test } from "vitest";

if (pythons.length === 0) console.log("repr: no interpreters, the comparison with them is skipped");

/** Makes values, the same in every run; prints each marshalled, in hexadecimal, and its repr as UTF-8, likewise. */
const MAKE = `
import binascii, marshal, random, struct, sys
random.seed(7)
old = sys.version_info[0] < 3
character = unichr if old else chr
def number():
    return random.choice([
        lambda: random.randrange(-300, 300),
        lambda: random.getrandbits(random.randrange(1, 200)),
        lambda: -random.getrandbits(64),
        lambda: struct.unpack("<d", struct.pack("<Q", random.getrandbits(64)))[0],
        lambda: random.uniform(-1e6, 1e6),
        lambda: random.randrange(-1000, 1000) / 8.0,
        lambda: float(random.getrandbits(60)),
        lambda: 10.0 ** random.randrange(-20, 25),
        lambda: random.choice([0.0, -0.0, float("inf"), -float("inf"), float("nan")]),
        lambda: complex(random.choice([0.0, -0.0, 1.5, float("nan")]), random.choice([0.0, -0.0, 2.0, -float("inf")])),
    ])()
def text():
    highest = random.choice([0x7f, 0x7f, 0x100, 0x3000, 0xd800, 0xd800 if old else 0x110000])
    return u"".join(character(random.randrange(highest)) for _ in range(random.randrange(12)))
def string():
    quotes = [u"'", u'"', u"\\\\", u"\\n", u"\\t", u"x"]
    return random.choice([
        text,
        lambda: u"".join(random.choice(quotes) for _ in range(random.randrange(6))),
        lambda: bytes(bytearray(random.randrange(256) for _ in range(random.randrange(12)))),
        lambda: bytes(bytearray(random.choice(b"'\\"ab") if not old else ord(random.choice("'\\"ab")) for _ in range(5))),
    ])()
def value(depth=0):
    if depth > 3 or random.random() < 0.6:
        return random.choice([number, number, string, string, lambda: random.choice([None, True, False, Ellipsis])])()
    items = [value(depth + 1) for _ in range(random.randrange(4))]
    return random.choice([tuple, tuple, list, lambda items: {0: items}, lambda items: frozenset(items[:0]),
        lambda items: set([1])])(items)
for _ in range(3000):
    made = value()
    shown = repr(made)
    if not old: shown = shown.encode("utf-8")
    for line in (marshal.dumps(made), shown):
        sys.stdout.write(binascii.hexlify(line).decode("ascii") + "\\n")
`;

import { pythons } from "./interpreters.js";

test.skipIf(pythons.length === 0).each(pythons)("3,000 constants of $python", ({ python, path }) => {
  const lines = execFileSync(path, ["-c", MAKE], { encoding: "utf8", maxBuffer: 1 << 28 })
    .trim()
    .split("\n");
  const version = versionNamed(python);
  for (let i = 0; i + 1 < lines.length; i += 2) {
    const bytes = new Uint8Array(Buffer.from(lines[i] as string, "hex"));
    const ours = new Repr(new Values(readNodes(bytes, 0, version)), 1 << 24).constant(0);
    expect(ours).toBe(Buffer.from(lines[i + 1] as string, "hex").toString());
  }
});
