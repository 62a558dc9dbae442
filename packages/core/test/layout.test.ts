/** Instructions put together: jumps reach their targets in the fewest bytes, and whatever is taken apart comes back. */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { codeObjects } from "@pyclab/core/code";
import { decode, jumpTarget, type LayoutProblem, layout, type Step, stepsOf } from "@pyclab/core/instruction";
import { OpargKind, opcodesOf } from "@pyclab/core/opcode";
import { readPyc } from "@pyclab/core/pyc";
import { type Version, versionNamed, versions } from "@pyclab/core/version";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fixturesOf, fixtureVersions, samplesIn } from "./oracle.js";

const readable = versions.filter((version) => version.readable);
const oracle = fileURLToPath(new URL("../../../../shared/oracle/stdlib/", import.meta.url));

const opcodeNamed = (version: Version, name: string) => opcodesOf(version).number(name) as number;

const step = (opcode: number, more: Partial<Step> = {}): Step => ({
  opcode,
  oparg: 0,
  target: -1,
  prefixes: 0,
  caches: undefined,
  bytes: undefined,
  ...more,
});

function made(python: string, ...steps: (readonly [name: string, more?: Partial<Step>])[]) {
  const version = versionNamed(python);
  const { code, offsets, problems } = layout(
    steps.map(([name, more]) => step(name === "" ? 0 : opcodeNamed(version, name), more)),
    version,
  );
  return { code: [...code], offsets: [...offsets], problems };
}

describe("layout", () => {
  test("byte code: an oparg of two bytes where the opcode has one", () => {
    expect(made("2.7", ["LOAD_CONST", { oparg: 258 }], ["POP_TOP"], ["LOAD_CONST", { oparg: 0x12345 }])).toEqual({
      code: [100, 2, 1, 1, 145, 1, 0, 100, 0x45, 0x23],
      offsets: [0, 3, 4, 10],
      problems: [],
    });
  });

  test("word code: prefixes as needed, or as told", () => {
    expect(made("3.9", ["LOAD_CONST", { oparg: 0x1234567 }], ["POP_TOP"], ["LOAD_CONST", { prefixes: 4 }])).toEqual({
      code: [144, 1, 144, 0x23, 144, 0x45, 100, 0x67, 1, 0, 144, 0, 144, 0, 144, 0, 144, 0, 100, 0],
      offsets: [0, 8, 10, 20],
      problems: [],
    });
  });

  test("cache entries follow, zero or as given", () => {
    const load = opcodeNamed(versionNamed("3.12"), "LOAD_GLOBAL");
    expect(made("3.12", ["LOAD_GLOBAL", { oparg: 1 }], ["LOAD_GLOBAL", { caches: Uint8Array.of(7, 8) }])).toEqual({
      code: [load, 1, 0, 0, 0, 0, 0, 0, 0, 0, load, 0, 7, 8],
      offsets: [0, 10, 14],
      problems: [],
    });
  });

  test("bytes stand for themselves, and can be jumped over and to", () => {
    const bytes = Uint8Array.of(1, 2, 3);
    expect(made("2.7", ["JUMP_FORWARD", { target: 2 }], ["", { bytes }], ["", { bytes }])).toEqual({
      code: [110, 3, 0, 1, 2, 3, 1, 2, 3],
      offsets: [0, 3, 6, 9],
      problems: [],
    });
  });

  test.each<[string, string, number, number[]]>([
    ["2.7", "JUMP_FORWARD", 2, [110, 1, 0, 1]],
    ["2.7", "JUMP_ABSOLUTE", 1, [113, 3, 0, 1]],
    ["3.9", "JUMP_ABSOLUTE", 2, [113, 4, 1, 0]],
    ["3.10", "JUMP_ABSOLUTE", 2, [113, 2, 1, 0]],
    ["3.11", "JUMP_BACKWARD", 0, [140, 1, 1, 0]],
    ["3.13", "JUMP_BACKWARD", 0, [77, 2, 0, 0, 32, 0]],
  ])("%s: %s to step %i", (python, name, target, code) => {
    expect(made(python, [name, { target }], ["POP_TOP"])).toMatchObject({ code, problems: [] });
  });

  test("a jump leads to the prefixes of its target", () => {
    const { code } = made("3.9", ["JUMP_FORWARD", { target: 2 }], ["POP_TOP"], ["LOAD_CONST", { oparg: 256 }]);
    expect(code).toEqual([110, 2, 1, 0, 144, 1, 100, 0]);
  });

  test("prefixes of jumps grow with what lies between, and only as far as they must", () => {
    const pops = (n: number) => Array.from({ length: n }, () => ["POP_TOP"] as const);
    const near = made("3.9", ["JUMP_FORWARD", { target: 128 }], ...pops(127));
    expect(near.code.slice(0, 4)).toEqual([110, 254, 1, 0]);
    const far = made("3.9", ["JUMP_FORWARD", { target: 129 }], ...pops(128));
    expect(far.code.slice(0, 6)).toEqual([144, 1, 110, 0, 1, 0]);
    // The first is short enough only as long as the second is.
    const two = made("3.9", ["JUMP_FORWARD", { target: 128 }], ["JUMP_FORWARD", { target: 130 }], ...pops(128));
    expect(two.code.slice(0, 8)).toEqual([144, 1, 110, 0, 144, 1, 110, 0]);
  });

  test.each<[string, string, Partial<Step>, string]>([
    ["2.7", "POP_TOP", { oparg: 1 }, "POP_TOP takes no operand"],
    ["2.7", "LOAD_CONST", { target: 0 }, "LOAD_CONST does not jump"],
    ["2.7", "JUMP_FORWARD", { target: 5 }, "there is no step 5"],
    ["2.7", "JUMP_FORWARD", { target: 0 }, "JUMP_FORWARD only jumps forward, and its target lies the other way"],
    ["3.12", "JUMP_BACKWARD", { target: 3 }, "JUMP_BACKWARD only jumps backward, and its target lies the other way"],
    ["3.12", "JUMP_FORWARD", { target: 2 }, "the target of JUMP_FORWARD is not a whole number of code units away"],
    ["1.5", "LOAD_CONST", { oparg: 65536 }, "65536 is no oparg: they go from 0 to 65535"],
    ["1.5", "LOAD_CONST", { prefixes: 1 }, "this Python has no EXTENDED_ARG"],
    ["3.12", "LOAD_CONST", { oparg: -1 }, "-1 is no oparg: they go from 0 to 4294967295"],
    ["3.12", "LOAD_CONST", { oparg: 2 ** 32 }, "4294967296 is no oparg: they go from 0 to 4294967295"],
  ])("%s: %s %j: %s", (python, name, more, what) => {
    const rest = [["", { bytes: Uint8Array.of(9) }], ["POP_TOP"]] as const;
    expect(made(python, [name, more], ...rest).problems).toEqual<LayoutProblem[]>([{ step: 0, what }]);
  });

  test("without EXTENDED_ARG a jump cannot go further than 65535", () => {
    const body = ["", { bytes: new Uint8Array(65536) }] as const;
    expect(made("1.5", ["JUMP_FORWARD", { target: 2 }], body).problems).toEqual([
      { step: 0, what: "65536 is no oparg: they go from 0 to 65535" },
    ]);
  });

  test("where prefixes come one after the other for too long, all are given that may be needed", () => {
    // Each jump spans the next, and is too long only once that one has a prefix: the last sets off one after the other.
    const version = versionNamed("3.9");
    const jump = opcodeNamed(version, "JUMP_FORWARD");
    const pop = opcodeNamed(version, "POP_TOP");
    const [gap, count] = [127, 1100];
    const steps = Array.from({ length: gap * count + 2 }, (_, i) =>
      i % gap === 0 ? step(jump, { target: Math.min(i + gap + 1, gap * count + 2) }) : step(pop),
    );
    steps.push(step(pop), ...Array.from({ length: 200 }, () => step(pop)));
    steps[gap * count] = step(jump, { target: steps.length });
    expectReached(steps, version);
  });
});

/** Every jump of a layout leads where it should. */
function expectReached(steps: readonly Step[], version: Version): void {
  const { code, offsets, problems } = layout(steps, version);
  expect(problems).toEqual([]);
  const { kind, extendedArg } = opcodesOf(version);
  const rows = decode(code, version);
  let k = 0;
  for (let row = 0; row < rows.count; row++) {
    const op = rows.opcode[row] as number;
    if (op === extendedArg) continue;
    const { target } = steps[k++] as Step;
    if (target < 0) continue;
    const next = (rows.offset[row] as number) + (rows.size[row] as number) + (rows.caches[row] as number);
    const to = jumpTarget(kind[op] as number, rows.oparg[row] as number, next, version.traits.jumpUnit);
    if (to !== offsets[target]) expect([row, to]).toEqual([row, offsets[target]]);
  }
  expect(k).toBe(steps.length);
}

/** Steps that jump to and fro over blocks of up to a few hundred bytes, where the version can. */
const anyJumps = fc.constantFrom(...readable).chain((version) => {
  const { kind, known, extendedArg } = opcodesOf(version);
  const pop = opcodeNamed(version, "POP_TOP");
  const of = (wanted: number) => [...kind.keys()].filter((op) => known[op] === 1 && kind[op] === wanted);
  const forward = of(OpargKind.jumpForward);
  const anywhere = of(OpargKind.jumpAbsolute);
  const backward = of(OpargKind.jumpBackward);
  const piece = fc.record({ size: fc.nat(90), to: fc.nat(), op: fc.nat() });
  return fc.array(piece, { maxLength: extendedArg < 0 ? 20 : 60 }).map((pieces) => {
    const starts: number[] = [];
    let n = 0;
    for (const { size } of pieces) {
      starts.push(n);
      n += size + 1;
    }
    const steps = pieces.flatMap(({ size, to, op }, i) => {
      const k = to % (pieces.length + 1);
      const ops = [...anywhere, ...(k > i ? forward : backward)];
      const jump = ops.length > 0 ? step(ops[op % ops.length] as number, { target: starts[k] ?? n }) : step(pop);
      return [jump, ...Array.from({ length: size }, () => step(pop))];
    });
    return { version, steps };
  });
});

test("jumps lead where they should, in every version", () => {
  fc.assert(
    fc.property(anyJumps, ({ version, steps }) => expectReached(steps, version)),
    { numRuns: 60 },
  );
});

test("no jump has a prefix that it could do without", () => {
  fc.assert(
    fc.property(anyJumps, ({ version, steps }) => {
      const { code } = layout(steps, version);
      const again = stepsOf(code, version).steps;
      expect(again.every(({ prefixes }) => prefixes === 0)).toBe(true);
    }),
    { numRuns: 60 },
  );
});

/** Random bytes, with EXTENDED_ARG, zeros and jumps more often than chance would have it. */
const anyCase = fc.constantFrom(...readable).chain((version) => {
  const { extendedArg, kind } = opcodesOf(version);
  const jumps = [...kind.keys()].filter(
    (op) => kind[op] === OpargKind.jumpForward || kind[op] === OpargKind.jumpAbsolute,
  );
  const byte = fc.oneof(
    fc.nat(255),
    fc.nat(12),
    fc.constantFrom(Math.max(extendedArg, 0), 0),
    fc.constantFrom(...jumps),
  );
  return fc.array(byte, { maxLength: 80 }).map((bytes) => ({ version, code: Uint8Array.from(bytes) }));
});

describe("steps", () => {
  test("are what layout makes the code of, whatever the bytes", () => {
    fc.assert(
      fc.property(anyCase, ({ version, code }) => {
        const { steps, offsets } = stepsOf(code, version);
        const again = layout(steps, version);
        expect(again.problems).toEqual([]);
        expect([...again.code]).toEqual([...code]);
        expect([...again.offsets]).toEqual([...offsets]);
      }),
      { numRuns: 3000 },
    );
  });

  const shown = (python: string, ...code: number[]) =>
    stepsOf(Uint8Array.from(code), versionNamed(python)).steps.map(
      ({ opcode, oparg, target, prefixes, caches, bytes }) =>
        bytes ? [...bytes] : { opcode, oparg, target, prefixes, ...(caches && { caches: [...caches] }) },
    );
  const plain = (opcode: number, oparg = 0, target = -1, prefixes = 0) => ({ opcode, oparg, target, prefixes });

  test("have a target where a step begins there", () => {
    expect(shown("3.9", 110, 2, 1, 0, 144, 1, 100, 0)).toEqual([plain(110, 2, 2), plain(1), plain(100, 256)]);
    expect(shown("3.9", 110, 4, 1, 0, 144, 1, 100, 0)).toEqual([plain(110, 4), plain(1), plain(100, 256)]);
    expect(shown("2.7", 113, 4, 0, 1)).toEqual([plain(113, 4, 2), plain(1)]);
    expect(shown("2.7", 113, 5, 0, 1)).toEqual([plain(113, 5), plain(1)]);
  });

  test("count prefixes that are not needed", () => {
    expect(shown("3.9", 144, 0, 144, 1, 100, 0)).toEqual([plain(100, 256, -1, 2)]);
    expect(shown("2.7", 145, 0, 0, 100, 1, 0)).toEqual([plain(100, 1, -1, 1)]);
  });

  test("are bytes where there is no saying it", () => {
    expect(shown("2.7", 145, 1, 0, 1)).toEqual([[145, 1, 0], plain(1)]); // a prefix of nothing
    expect(shown("2.7", 1, 100, 1)).toEqual([plain(1), [100, 1]]); // cut off
    expect(shown("3.9", 1, 0, 144, 1)).toEqual([plain(1), [144, 1]]);
    expect(shown("3.9", 144, 1, 100)).toEqual([[144, 1, 100]]);
    // bits beyond the 32 of an oparg
    expect(shown("3.9", 144, 1, 144, 0, 144, 0, 144, 0, 100, 5)).toEqual([[144, 1], plain(100, 5, -1, 3)]);
  });

  test("keep cache entries that are not zero, or fewer than there should be", () => {
    const load = opcodeNamed(versionNamed("3.12"), "LOAD_GLOBAL");
    expect(shown("3.12", load, 0, 0, 0, 0, 0, 0, 0, 9, 0)).toEqual([
      { ...plain(load), caches: [0, 0, 0, 0, 0, 0, 9, 0] },
    ]);
    expect(shown("3.12", load, 0, 0, 0)).toEqual([{ ...plain(load), caches: [0, 0] }]);
    expect(shown("3.12", load, 0, ...new Array(8).fill(0))).toEqual([plain(load)]);
  });

  test("count all prefixes where jumps need theirs only because of each other", () => {
    // Both jump to 256, which would be 252 without their prefixes.
    const body = new Array(248).fill(0).map((_, i) => (i % 2 === 0 ? 1 : 0));
    const code = [144, 1, 113, 0, 144, 1, 113, 0, ...body, 1, 0];
    const { steps } = stepsOf(Uint8Array.from(code), versionNamed("3.9"));
    expect(steps.slice(0, 2)).toMatchObject([
      { target: 126, prefixes: 1 },
      { target: 126, prefixes: 1 },
    ]);
    expect([...layout(steps, versionNamed("3.9")).code]).toEqual(code);
  });
});

describe.each(fixtureVersions())("the code of Python %s", (version) => {
  const more = `${oracle}${version}`;
  test("is made of its steps again, and no step is bytes", () => {
    const samples = [...fixturesOf(version), ...(existsSync(more) ? samplesIn(more, version) : [])];
    for (const sample of samples) {
      for (const co of codeObjects(readPyc(sample.bytes).values)) {
        const { steps, offsets } = stepsOf(co.code, co.version);
        const again = layout(steps, co.version);
        if (steps.some(({ bytes }) => bytes !== undefined)) throw new Error(`${sample.stem}: bytes in ${co.name}`);
        if (Buffer.compare(again.code, co.code) !== 0) throw new Error(`${sample.stem}: ${co.name} differs`);
        if (String(again.offsets) !== String(offsets)) throw new Error(`${sample.stem}: offsets of ${co.name} differ`);
      }
    }
  });
});
