/**
 * Inferred pools: what of the fixtures has to be said outright, the parts by hand, and that no instructions make
 * inference fail.
 */
import { type CodeBlock, programOf } from "@pyclab/core/assembly";
import { Plain, type PlainValue } from "@pyclab/core/marshal";
import { readPyc } from "@pyclab/core/pyc";
import { finals } from "@pyclab/core/version";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { opcodesOf } from "../src/opcode/index.js";
import type { PoolBlock, PoolStep, PoolUse } from "../src/pools/block.js";
import { dictOrder, stringHash } from "../src/pools/dict.js";
import { PoolKeys } from "../src/pools/keys.js";
import { docstringOf, inferPools } from "../src/pools/pools.js";
import { fixturesOf, fixtureVersions } from "./oracle.js";

const int = (value: number) => new Plain({ kind: "int", value });
const str = (value: string) => new Plain({ kind: "str", value });
const tuple = (...items: Plain[]) => new Plain({ kind: "tuple", items });

const pools = ["co_consts", "co_names", "co_varnames"] as const;

/** What is said of pools in a block and those inside it: `main/f co_consts`. */
function said(block: CodeBlock, path: string): string[] {
  const here = pools.filter((pool) => block.fields.has(pool)).map((pool) => `${path} ${pool}`);
  return [...here, ...block.blocks.flatMap((inner) => said(inner, `${path}/${inner.label}`))];
}

describe("fixtures", () => {
  test.each(fixtureVersions())("%s: which pools are not as inferred", (version) => {
    const out: string[] = [];
    for (const { stem, bytes } of fixturesOf(version)) {
      const { object } = programOf(readPyc(bytes, { name: `${stem}.pyc` }), { exact: false });
      if ("is" in object) out.push(...said(object, stem));
    }
    expect(out).toMatchSnapshot();
  });
});

const versionOf = (python: string) => {
  const version = finals.find((final) => final.python === python);
  if (version === undefined) throw new Error(python);
  return version;
};

type Line = readonly [opname: string, ...rest: (Plain | number)[]];

/** A block of instructions by name; a Plain is an entry of the pool that the opcode uses, a number its oparg. */
function blockOf(python: string, lines: readonly Line[], more: Partial<PoolBlock> = {}): PoolBlock {
  const version = versionOf(python);
  const { number } = opcodesOf(version);
  const steps = lines.map(([opname, ...rest], i): PoolStep => {
    const pool = opname.includes("CONST") ? "co_consts" : opname.includes("FAST") ? "co_varnames" : "co_names";
    const uses = rest.filter((part) => part instanceof Plain).map((value): PoolUse => ({ pool, value }));
    const oparg = rest.find((part) => typeof part === "number") ?? 0;
    return { opcode: number(opname) as number, oparg, uses, target: -1, line: i, column: -1, endColumn: -1 };
  });
  const none = { docstring: undefined, parameters: [], cellvars: [], freevars: [], handlers: [] };
  return { version, name: "f", flags: 3, firstlineno: 1, ...none, steps, ...more };
}

const shown = ({ value }: Plain): unknown =>
  value.kind === "tuple" ? value.items.map(shown) : "value" in value ? value.value : value.kind;
const constants = (block: PoolBlock) => inferPools(block).co_consts.map(shown);

describe("constants", () => {
  const negative: Line[] = [
    ["LOAD_CONST", int(-1)],
    ["RETURN_VALUE"],
    ["LOAD_CONST", new Plain({ kind: "None" })],
    ["RETURN_VALUE"],
  ];

  test("of a minus are its operand and its value, as each Python folded it", () => {
    expect(constants(blockOf("2.7", negative))).toEqual(["None", -1]);
    expect(constants(blockOf("3.6", negative))).toEqual(["None", 1, -1]);
    expect(constants(blockOf("3.8", negative))).toEqual(["None", -1]);
    expect(constants(blockOf("3.14", negative))).toEqual([1, "None", -1]);
  });

  test("that were folded are there each time, or once", () => {
    const twice: Line[] = [
      ["LOAD_CONST", tuple(int(1), int(2))],
      ["POP_TOP"],
      ["LOAD_CONST", tuple(int(1), int(2))],
      ["RETURN_VALUE"],
    ];
    expect(inferPools(blockOf("3.6", twice)).indices).toEqual([[3], [], [4], []]);
    expect(constants(blockOf("3.6", twice))).toEqual(["None", 1, 2, [1, 2], [1, 2]]);
    expect(constants(blockOf("3.8", twice))).toEqual(["None", [1, 2]]);
  });

  test("begin with the docstring, and with None where there is none", () => {
    const body: Line[] = [["LOAD_CONST", int(300)], ["RETURN_VALUE"]];
    expect(constants(blockOf("3.8", body, { docstring: str("text") }))).toEqual(["text", 300]);
    expect(constants(blockOf("3.8", body))).toEqual(["None", 300]);
    expect(constants(blockOf("3.14", body))).toEqual([300]);
    expect(docstringOf(blockOf("3.8", body), [str("text"), int(300)])?.value).toEqual(str("text").value);
    expect(docstringOf(blockOf("3.14", body), [str("text"), int(300)])).toBeUndefined();
  });

  test("of a lambda and a class", () => {
    const body: Line[] = [["LOAD_CONST", int(300)], ["RETURN_VALUE"]];
    expect(constants(blockOf("2.6", body, { name: "<lambda>" }))).toEqual([300]);
    expect(constants(blockOf("2.7", body, { name: "<lambda>" }))).toEqual(["None", 300]);
    expect(constants(blockOf("3.8", body, { name: "C", flags: 0 }))).toEqual([300]);
  });
});

describe("names", () => {
  test("None was one, up to 3.3", () => {
    const body: Line[] = [
      ["LOAD_GLOBAL", str("f")],
      ["LOAD_CONST", new Plain({ kind: "None" })],
      ["CALL_FUNCTION", 1],
      ["RETURN_VALUE"],
    ];
    expect(inferPools(blockOf("3.2", body)).co_names.map(shown)).toEqual(["f", "None"]);
    expect(inferPools(blockOf("3.4", body)).co_names.map(shown)).toEqual(["f"]);
  });

  test("of locals whose stores were swapped", () => {
    const body: Line[] = [
      ["LOAD_CONST", int(1)],
      ["LOAD_CONST", int(2)],
      ["STORE_FAST", str("b")],
      ["STORE_FAST", str("a")],
    ];
    expect(inferPools(blockOf("3.12", body)).co_varnames.map(shown)).toEqual(["a", "b"]);
    expect(inferPools(blockOf("3.9", body)).co_varnames.map(shown)).toEqual(["b", "a"]);
  });
});

// Asked of 2.7, whose dicts are those of 2.3.
test("dicts of Python 2", () => {
  expect(stringHash("self") >>> 0).toBe(810423210);
  expect(stringHash("value") >>> 0).toBe(3456818542);
  const keys = "einfo context etype evalue etb types pyver date head indent frames records".split(" ");
  expect(dictOrder(keys, "dict-2.3").join(" ")).toBe(
    "head date records evalue frames etb pyver context etype indent einfo types",
  );
  expect(dictOrder("abcdefghijkl", "dict-2.3").join("")).toBe("acbedgfihkjl");
  for (const style of ["dict-2.1", "dict-2.2", "dict-2.3"] as const) {
    const names = Array.from({ length: 500 }, (_, i) => `name${i}`);
    expect(dictOrder(names, style).sort()).toEqual([...names].sort());
  }
});

describe("keys", () => {
  test("differ by type and value", () => {
    const keys = new PoolKeys();
    const values: PlainValue[] = [
      { kind: "int", value: 1 },
      { kind: "long", value: 1 },
      { kind: "float", value: 1 },
      { kind: "bool", value: true },
      { kind: "float", value: 0 },
      { kind: "float", value: -0 },
      { kind: "str", value: "1" },
      { kind: "bytes", value: Uint8Array.of(0x31) },
      { kind: "tuple", items: [int(1)] },
      { kind: "tuple", items: [new Plain({ kind: "bool", value: true })] },
      { kind: "code", integers: [], objects: [] },
      { kind: "code", integers: [], objects: [] },
    ];
    expect(new Set(values.map((value) => keys.of(new Plain(value)))).size).toBe(values.length);
    expect(keys.of(tuple(int(1), str("a")))).toBe(keys.of(tuple(int(1), str("a"))));
    expect(keys.of(new Plain({ kind: "bytes", value: Buffer.from("1") }))).toBe(
      keys.of(new Plain({ kind: "bytes", value: Uint8Array.of(0x31) })),
    );
  });

  test("of what is shared without end are found once, of what contains itself by identity", () => {
    const keys = new PoolKeys();
    let shared = tuple();
    for (let i = 0; i < 100; i++) shared = tuple(shared, shared);
    const again = tuple();
    (again.value as { items: Plain[] }).items.push(again);
    expect(keys.of(shared)).toBe(keys.of(shared));
    expect(keys.of(again)).toBe(keys.of(again));
    // Folding would take it apart as often as it is shared.
    const block = blockOf("3.6", [["LOAD_CONST", shared], ["LOAD_CONST", again], ["RETURN_VALUE"]]);
    expect(inferPools(block).indices[0]).toHaveLength(1);
  });
});

const values = [int(1), int(-5), str("a"), str("b"), new Plain({ kind: "None" }), tuple(int(1), int(2))];
const arbitraryStep = fc.record({
  opcode: fc.nat(255),
  oparg: fc.oneof(fc.nat(5), fc.nat(2 ** 31)),
  uses: fc.array(fc.record({ pool: fc.constantFrom(...pools), value: fc.constantFrom(...values) }), { maxLength: 2 }),
  target: fc.integer({ min: -1, max: 30 }),
  line: fc.integer({ min: -1, max: 6 }),
  column: fc.integer({ min: -1, max: 12 }),
  endColumn: fc.integer({ min: -1, max: 12 }),
});

test("whatever the instructions are, each use has an equal entry at its index", () => {
  const blocks = fc.record({
    version: fc.constantFrom(...finals),
    name: fc.constantFrom("f", "<module>", "<lambda>", "<listcomp>"),
    flags: fc.nat(0x7f),
    parameters: fc.subarray([str("a"), str("p")]),
    docstring: fc.constantFrom(undefined, str("text")),
    cellvars: fc.subarray([str("b")]),
    freevars: fc.subarray([str("c")]),
    firstlineno: fc.nat(3),
    steps: fc.array(arbitraryStep, { maxLength: 30 }),
    handlers: fc.array(fc.record({ start: fc.nat(30), end: fc.nat(30), target: fc.nat(30) }), { maxLength: 4 }),
  });
  fc.assert(
    fc.property(blocks, (block) => {
      const got = inferPools(block);
      const keys = new PoolKeys();
      for (const [i, { uses }] of block.steps.entries()) {
        for (const [k, { pool, value }] of uses.entries()) {
          const index = got.indices[i]?.[k] ?? Number.NaN;
          if (index === -1 && pool === "co_varnames") continue;
          expect(keys.of(got[pool][index] as Plain)).toBe(keys.of(value));
        }
      }
    }),
  );
});
