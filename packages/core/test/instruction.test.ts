/** Instructions: every byte of co_code belongs to one row, prefixes add up, jumps lead where they say. */
import { codeAsLoaded, decode, type Instructions, jumpTarget, NO_TARGET } from "@pyclab/core/instruction";
import { OpargKind, opcodesOf } from "@pyclab/core/opcode";
import { type Version, versionNamed, versions } from "@pyclab/core/version";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { codeOf } from "./linetable-code.js";

const readable = versions.filter((version) => version.readable);
const anyVersion = fc.constantFrom(...readable);

/** Random bytes, with EXTENDED_ARG more often than chance would have it. */
const anyCode = (version: Version) => {
  const { extendedArg } = opcodesOf(version);
  const byte = fc.nat(255);
  return fc
    .array(extendedArg < 0 ? byte : fc.oneof({ weight: 4, arbitrary: byte }, fc.constant(extendedArg)), {
      maxLength: 60,
    })
    .map((bytes) => Uint8Array.from(bytes));
};
const anyCase = anyVersion.chain((version) => anyCode(version).map((code) => ({ version, code })));

/** The rows as values, none of the columns' further elements among them. */
const rowsOf = (rows: Instructions) =>
  Array.from({ length: rows.count }, (_, i) => ({
    offset: rows.offset[i] as number,
    opcode: rows.opcode[i] as number,
    oparg: (rows.oparg[i] as number) >>> 0,
    size: rows.size[i] as number,
    caches: rows.caches[i] as number,
    start: rows.start[i] as number,
  }));

describe("decoding", () => {
  test("covers each byte once", () => {
    fc.assert(
      fc.property(anyCase, ({ version, code }) => {
        let at = 0;
        for (const row of rowsOf(decode(code, version))) {
          expect(row.offset).toBe(at);
          expect(row.opcode).toBe(code[at]);
          expect(row.size).toBeGreaterThan(0);
          at += row.size + row.caches;
        }
        expect(at).toBe(code.length);
      }),
    );
  });

  test("adds prefixes to the next oparg, modulo 2**32", () => {
    fc.assert(
      fc.property(anyCase, ({ version, code }) => {
        const { extendedArg, haveArgument } = opcodesOf(version);
        const words = version.traits.encoding === "words";
        let high = 0n;
        let start = -1;
        for (const row of rowsOf(decode(code, version))) {
          let low = 0n;
          for (let k = row.size - 1; k > 0; k--) low = (low << 8n) | BigInt(code[row.offset + k] as number);
          const has = words || row.opcode >= haveArgument;
          expect(BigInt(row.oparg)).toBe(has ? BigInt.asUintN(32, high | low) : 0n);
          expect(row.start).toBe(start < 0 ? row.offset : start);
          if (row.opcode === extendedArg) {
            high = (high | low) << (words ? 8n : 16n);
            if (start < 0) start = row.offset;
          } else {
            high = 0n;
            start = -1;
          }
        }
      }),
    );
  });

  test("gives the same in columns that served before", () => {
    fc.assert(
      fc.property(anyCase, anyCase, (before, { version, code }) => {
        const columns = decode(before.code, before.version);
        expect(rowsOf(decode(code, version, columns))).toEqual(rowsOf(decode(code, version)));
      }),
    );
  });

  test.each([
    ["2.7", [100], 1, true],
    ["2.7", [100, 1, 0, 83], 2, false],
    ["2.7", [100, 1], 1, true],
    ["3.6", [100, 0, 83], 2, true],
    ["3.12", [], 0, false],
    ["3.12", [151, 0, 83], 2, true],
  ])("%s: %j is %i instructions, cut off: %s", (python, bytes, count, cutOff) => {
    const rows = decode(Uint8Array.from(bytes), versionNamed(python));
    expect([rows.count, rows.cutOff]).toEqual([count, cutOff]);
  });

  test("cache entries belong to the instruction before them, as far as there are any", () => {
    const version = versionNamed("3.12");
    const op = opcodesOf(version).number("LOAD_GLOBAL") as number;
    expect(rowsOf(decode(Uint8Array.from([op, 1, 0, 0, 0, 0, 0, 0, 0, 0, 83, 0]), version))).toMatchObject([
      { offset: 0, size: 2, caches: 8, oparg: 1 },
      { offset: 10, size: 2, caches: 0 },
    ]);
    expect(rowsOf(decode(Uint8Array.from([op, 1, 0, 0, 7]), version))).toMatchObject([{ size: 2, caches: 3 }]);
  });
});

describe("jumps", () => {
  test.each([
    ["jumpForward", 5, 10, 1, 15],
    ["jumpForward", 5, 10, 2, 20],
    ["jumpBackward", 5, 10, 2, 0],
    ["jumpBackward", 6, 10, 2, -2],
    ["jumpAbsolute", 7, 10, 2, 14],
    ["jumpAbsolute", -1, 10, 1, 0xffffffff],
    ["const", 5, 10, 1, NO_TARGET],
  ] as const)("%s %i, next %i, unit %i: %i", (kind, oparg, next, unit, target) => {
    expect(jumpTarget(OpargKind[kind], oparg, next, unit)).toBe(target);
  });
});

describe("what 2.3 makes of co_code as it reads it", () => {
  const { number } = opcodesOf(versionNamed("2.3"));
  const op = (name: string) => number(name) as number;
  const tuple = (...items: number[][]) => [0x28, items.length, 0, 0, 0, ...items.flat()];
  const one = [0x69, 1, 0, 0, 0];
  const zero = [0x69, 0, 0, 0, 0];
  const loaded = (python: string, ...code: number[]) => {
    const filler = new Array(8).fill(op("POP_TOP")); // nothing in the last seven bytes is rewritten
    const co = codeOf(python, { co_code: Uint8Array.from([...code, ...filler]), co_consts: tuple(one, zero) });
    return [...codeAsLoaded(co)].slice(0, code.length);
  };

  test("a jump to a jump goes where that one goes", () => {
    const there = [op("JUMP_ABSOLUTE"), 9, 0];
    expect(loaded("2.3", op("JUMP_ABSOLUTE"), 3, 0, ...there)).toEqual([op("JUMP_ABSOLUTE"), 9, 0, ...there]);
    expect(loaded("2.3", op("JUMP_FORWARD"), 0, 0, ...there)).toEqual([op("JUMP_ABSOLUTE"), 9, 0, ...there]);
    expect(loaded("2.3", op("JUMP_IF_FALSE"), 0, 0, ...there)).toEqual([op("JUMP_IF_FALSE"), 6, 0, ...there]);
  });
  test("but not backwards, if it is relative", () => {
    const code = [op("JUMP_IF_FALSE"), 0, 0, op("JUMP_ABSOLUTE"), 0, 0];
    expect(loaded("2.3", ...code)).toEqual(code);
  });
  test("the test of a constant that is true is jumped over", () => {
    const rest = [op("JUMP_IF_FALSE"), 4, 0, op("POP_TOP")];
    expect(loaded("2.3", op("LOAD_CONST"), 0, 0, ...rest)).toEqual([op("JUMP_FORWARD"), 4, 0, ...rest]);
    expect(loaded("2.3", op("LOAD_CONST"), 1, 0, ...rest)).toEqual([op("LOAD_CONST"), 1, 0, ...rest]);
  });
  test("nothing where there is an EXTENDED_ARG, and nothing in other versions", () => {
    const code = [op("JUMP_ABSOLUTE"), 3, 0, op("JUMP_ABSOLUTE"), 9, 0];
    expect(loaded("2.3", ...code, op("EXTENDED_ARG"), 0, 0).slice(0, 6)).toEqual(code);
    expect(loaded("2.4", ...code)).toEqual(code);
    expect(loaded("2.2", ...code)).toEqual(code);
  });
});
