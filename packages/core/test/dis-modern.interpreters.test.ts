/**
 * Listings with every option, of the fixtures and of random code, against the interpreters of 3.11 to 3.13 that are
 * installed (those of pyenv); skipped where there are none.
 */
import { execFileSync } from "node:child_process";
import { type ListingOptions, listing, readPyc } from "@pyclab/core";
import { marker } from "@pyclab/core/dis";
import { OpargKind, opcodesOf } from "@pyclab/core/opcode";
import { versionNamed } from "@pyclab/core/version";
import { expect, test } from "vitest";
import { pythons as installed } from "./interpreters.js";
import { marshalled } from "./linetable-code.js";
import { fixturesOf, listingDifference } from "./oracle.js";

const pythons = installed.filter(({ python }) => /^3\.1[123]$/.test(python));
if (pythons.length === 0) console.log("dis of 3.11 to 3.13: no interpreters, the comparison with them is skipped");

/** The options that the version's dis has, as it spells them and as we do. */
function optionsOf(python: string): { theirs: object; ours: ListingOptions }[] {
  const all = [
    { theirs: { show_caches: true }, ours: { showCaches: true } },
    { theirs: { show_offsets: true }, ours: { showOffsets: true } },
    { theirs: { show_caches: true, show_offsets: true }, ours: { showCaches: true, showOffsets: true } },
  ];
  return python === "3.13" ? all : all.slice(0, 1);
}

/** Lists marshalled code objects (hex) with each of the options; what comes back is a list of texts per code object. */
const ASK = `
import dis, io, json, marshal, sys
asked = json.load(sys.stdin)
def text(code, options):
    out = io.StringIO()
    dis.dis(code, file=out, **options)
    return out.getvalue()
codes = [marshal.loads(bytes.fromhex(code)) for code in asked["codes"]]
sys.stdout.buffer.write(json.dumps([[text(code, o) for o in asked["options"]] for code in codes]).encode())
`;

function ask(path: string, codes: readonly Uint8Array[], options: readonly object[]): string[][] {
  const input = JSON.stringify({ codes: codes.map((code) => Buffer.from(code).toString("hex")), options });
  return JSON.parse(execFileSync(path, ["-c", ASK], { input, encoding: "utf8", maxBuffer: 1 << 30 }));
}

test.skipIf(pythons.length === 0).each(pythons)("fixtures of $python, with its options", ({ python, path }) => {
  const samples = fixturesOf(python);
  const options = optionsOf(python);
  const answers = ask(
    path,
    samples.map(({ bytes }) => bytes.subarray(16)),
    options.map(({ theirs }) => theirs),
  );
  for (const [i, { stem, bytes }] of samples.entries()) {
    for (const [k, { ours }] of options.entries()) {
      const difference = listingDifference(answers[i]?.[k] ?? "", listing(readPyc(bytes), ours));
      expect(difference && `${stem} ${JSON.stringify(ours)}: ${difference}`).toBeUndefined();
    }
  }
});

/** The same numbers in every run. */
function generator(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const POOL = 64;
const EXCLUDED = new Set(["ENTER_EXECUTOR", "EXTENDED_ARG"]);

/** An oparg that means something: dis fails where one does not. */
function opargFor(kind: number, python: string, random: (below: number) => number): number {
  const table = opcodesOf(versionNamed(python));
  switch (kind) {
    case OpargKind.compare:
      return random(6);
    case OpargKind.compareShift4:
      return (random(6) << 4) | random(16);
    case OpargKind.compareShift5:
      return (random(6) << 5) | random(32);
    case OpargKind.binaryOp:
      return random(table.binaryOps.length);
    case OpargKind.intrinsic1:
      return random(table.intrinsics1.length);
    case OpargKind.intrinsic2:
      return random(table.intrinsics2.length);
    case OpargKind.convert:
      return random(4);
    case OpargKind.globalNull:
    case OpargKind.attrMethod:
      return random(2 * POOL);
    case OpargKind.superAttr:
      return random(4 * POOL);
    case OpargKind.localPair:
      return random(16 * 16);
    case OpargKind.const:
    case OpargKind.name:
    case OpargKind.local:
    case OpargKind.free:
      return random(POOL);
    default:
      return random(256);
  }
}

function randomCode(python: string, random: (below: number) => number): Uint8Array {
  const table = opcodesOf(versionNamed(python));
  const usable = table.names.flatMap((name, op) => (table.known[op] === 1 && !EXCLUDED.has(name) ? [op] : []));
  const jumps = new Set<number>([OpargKind.jumpForward, OpargKind.jumpBackward]);
  const out: number[] = [];
  for (let i = random(120); i >= 0; i--) {
    const op = usable[random(usable.length)] as number;
    const kind = table.kind[op] as number;
    if (jumps.has(kind) && random(3) === 0) out.push(table.extendedArg, random(2));
    out.push(op, opargFor(kind, python, random), ...new Array(2 * (table.caches[op] as number)).fill(0));
  }
  return Uint8Array.from(out);
}

const ascii = (text: string) => [...text].map((c) => c.charCodeAt(0));
const shortAscii = (text: string) => [0x7a, text.length, ...ascii(text)];
const tuple = (items: readonly number[][]) => [0x29, items.length, ...items.flat()];
const strings = (prefix: string) => tuple(Array.from({ length: POOL }, (_, i) => shortAscii(prefix + i)));

function randomCodeObject(python: string, random: (below: number) => number): Uint8Array {
  const code = randomCode(python, random);
  const lines: number[] = [];
  for (let units = code.length / 2; units > 0; ) {
    const size = Math.min(units, 1 + random(8));
    const form = [10, 11, 12, 15][random(4)] as number;
    lines.push(0x80 | (form << 3) | (size - 1), ...(form === 15 ? [] : [random(128), random(128)]));
    units -= size;
  }
  const ranges = Array.from({ length: random(4) }, () => [0x80 | random(64), random(4), random(64), random(8)]);
  return marshalled(versionNamed(python), {
    co_code: code,
    co_consts: strings("constant"),
    co_names: strings("name"),
    co_localsplusnames: strings("local"),
    co_localspluskinds: new Uint8Array(POOL).fill(0x20),
    co_filename: shortAscii("random.py"),
    co_name: shortAscii("f"),
    co_qualname: shortAscii("f"),
    co_firstlineno: [0, 1, 9, 990, 99990][random(5)] as number,
    co_linetable: Uint8Array.from(lines),
    co_exceptiontable: Uint8Array.from(ranges.flat()),
    co_stacksize: 1,
  });
}

test.skipIf(pythons.length === 0).each(pythons)("random code, as $python lists it", ({ python, path }) => {
  const random = generator(Number(python.slice(2)));
  const codes = Array.from({ length: 150 }, () => randomCodeObject(python, random));
  const options = [{ theirs: {}, ours: {} }, ...optionsOf(python)];
  const answers = ask(
    path,
    codes,
    options.map(({ theirs }) => theirs),
  );
  for (const [i, code] of codes.entries()) {
    for (const [k, { ours }] of options.entries()) {
      const text = listing(readPyc(code, { python, raw: true }), ours).replaceAll(marker.target, "");
      expect(listingDifference(answers[i]?.[k] ?? "", text)).toBeUndefined();
    }
  }
});
