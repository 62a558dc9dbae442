/**
 * Listings of random code against the interpreters of 2.7 and 3.6 to 3.10 that are installed (those of pyenv); skipped
 * where there are none.
 */
import { execFileSync } from "node:child_process";
import { listing, readPyc } from "@pyclab/core";
import { marker } from "@pyclab/core/dis";
import { OpargKind, opcodesOf } from "@pyclab/core/opcode";
import { versionNamed } from "@pyclab/core/version";
import { expect, test } from "vitest";
import { pythons as installed } from "./interpreters.js";
import { marshalled } from "./linetable-code.js";
import { listingDifference } from "./oracle.js";

const pythons = installed.filter(({ python }) => /^(2\.7|3\.([6-9]|10))$/.test(python));
if (pythons.length === 0) console.log("dis of 2.7 to 3.10: no interpreters, the comparison with them is skipped");

/** Lists marshalled code objects, one in hexadecimal per line; answers with a listing each, in hexadecimal too. */
const ASK = `
import binascii, dis, marshal, sys
try: from StringIO import StringIO
except ImportError: from io import StringIO
answers = []
stdout = sys.stdout
for line in sys.stdin.read().split():
    sys.stdout = StringIO()
    dis.dis(marshal.loads(binascii.unhexlify(line)))
    text = sys.stdout.getvalue()
    answers.append(binascii.hexlify(text.encode("utf-8")).decode("ascii"))
sys.stdout = stdout
sys.stdout.write("\\n".join(answers))
`;

/** The same numbers in every run. */
function generator(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const POOL = 48;

/** An oparg that means something: dis fails where one does not. */
function opargFor(kind: number, comparisons: number, random: (below: number) => number): number {
  switch (kind) {
    case OpargKind.const:
    case OpargKind.name:
    case OpargKind.local:
      return random(POOL);
    case OpargKind.free:
      return random(2 * POOL);
    case OpargKind.compare:
      return random(comparisons);
    default:
      return random(256);
  }
}

function randomCode(python: string, random: (below: number) => number): Uint8Array {
  const version = versionNamed(python);
  const { names, known, kind, haveArgument, extendedArg, compare } = opcodesOf(version);
  const usable = names.flatMap((_, op) => (known[op] === 1 && op !== extendedArg ? [op] : []));
  const words = version.traits.encoding === "words";
  const jumps = new Set<number>([OpargKind.jumpForward, OpargKind.jumpAbsolute]);
  const out: number[] = [];
  const put = (op: number, low: number, high: number) =>
    out.push(op, ...(words ? [low] : op < haveArgument ? [] : [low, high]));
  for (let i = random(random(20) === 0 ? 9000 : 120); i >= 0; i--) {
    const op = usable[random(usable.length)] as number;
    const isJump = jumps.has(kind[op] as number);
    if (random(isJump ? 3 : 20) === 0) put(extendedArg, isJump ? random(3) : 0, 0);
    put(op, opargFor(kind[op] as number, compare.length, random), isJump ? random(2) : 0);
  }
  return Uint8Array.from(out);
}

const u32 = (n: number) => [n & 255, (n >> 8) & 255, (n >> 16) & 255, n >>> 24];
const ascii = (text: string) => [...text].map((c) => c.charCodeAt(0));
const tuple = (items: readonly (readonly number[])[]) => [0x28, ...u32(items.length), ...items.flat()];

function randomCodeObject(python: string, random: (below: number) => number): Uint8Array {
  const old = versionNamed(python).traits.strings === "str8";
  const text = (value: string) => [old ? 0x73 : 0x61, ...u32(value.length), ...ascii(value)];
  const strings = (prefix: string) => tuple(Array.from({ length: POOL }, (_, i) => text(prefix + i)));
  const code = randomCode(python, random);
  const lines: number[] = [];
  for (let at = 0; at < code.length; at += lines[lines.length - 2] as number)
    lines.push(2 * (1 + random(9)), random(4) === 0 ? random(256) : random(20));
  return marshalled(versionNamed(python), {
    co_code: code,
    co_consts: strings('it\'s \\ "n" '),
    co_names: strings("name"),
    co_varnames: strings("local"),
    co_cellvars: strings("cell"),
    co_freevars: strings("free"),
    co_filename: text("random.py"),
    co_name: text("f"),
    co_firstlineno: [1, 9, 990, 99990][random(4)] as number,
    co_lnotab: Uint8Array.from(lines),
    co_linetable: Uint8Array.from(lines),
    co_stacksize: 1,
  });
}

test.skipIf(pythons.length === 0).each(pythons)("random code, as $python lists it", ({ python, path }) => {
  const random = generator(Number(python.slice(2)));
  const codes = Array.from({ length: 200 }, () => randomCodeObject(python, random));
  const input = codes.map((code) => Buffer.from(code).toString("hex")).join("\n");
  const answers = execFileSync(path, ["-c", ASK], { input, encoding: "utf8", maxBuffer: 1 << 30 }).split("\n");
  for (const [i, code] of codes.entries()) {
    const ours = listing(readPyc(code, { python, raw: true })).replaceAll(marker.target, "");
    const theirs = Buffer.from(answers[i] ?? "", "hex").toString();
    // An absolute jump's target is told only where there is none.
    const told = ours.replace(/^(.*(?:JUMP\w*ABSOLUTE|OR_POP|JUMP_IF_\w+|CONTINUE_LOOP) +\d+L?) \(to \d+L?\)$/gm, "$1");
    expect(listingDifference(theirs, python === "3.10" ? ours : told)).toBeUndefined();
  }
});
