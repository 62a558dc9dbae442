/** Flow: where control goes, how deep the stack is, and the stack size before there is a code object. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CodeObject } from "../src/code/index.js";
import {
  type Body,
  bodyOf,
  graphOf,
  INSIDE,
  NO_ROW,
  OUTSIDE,
  PAST_END,
  rangeRows,
  reachable,
  rowAt,
  stackDepths,
  stackSize,
  tupleDepth,
} from "../src/flow/index.js";
import { opcodesOf } from "../src/opcode/index.js";
import { readPyc } from "../src/pyc/index.js";
import { versionNamed } from "../src/version/index.js";
import { fixturesOf } from "./oracle.js";

type Line = readonly [name: string, oparg?: number];

/** The bytes of instructions, with as many zero cache entries as each has. */
function assembled(python: string, lines: readonly Line[]): Body {
  const version = versionNamed(python);
  const { number, haveArgument, caches } = opcodesOf(version);
  const words = version.traits.encoding === "words";
  const code = lines.flatMap(([name, oparg = 0]) => {
    const opcode = number(name) as number;
    if (!words) return opcode < haveArgument ? [opcode] : [opcode, oparg & 255, oparg >> 8];
    return [opcode, oparg, ...new Array<number>(2 * (caches[opcode] as number)).fill(0)];
  });
  return { version, code: Uint8Array.from(code) };
}

describe("the graph", () => {
  test("rows, successors, and what is no row", () => {
    const {
      next,
      jump,
      rowAt: at,
    } = graphOf(
      assembled("2.7", [
        ["LOAD_FAST"],
        ["POP_JUMP_IF_FALSE", 9],
        ["LOAD_FAST"],
        ["RETURN_VALUE"],
        ["JUMP_FORWARD", 100],
      ]),
    );
    expect([...next]).toEqual([1, 2, 3, NO_ROW, NO_ROW]);
    expect([...jump]).toEqual([NO_ROW, 3, NO_ROW, NO_ROW, OUTSIDE]);
    expect([at[0], at[1], at[3], at[13]]).toEqual([0, INSIDE, 1, PAST_END]);
    expect(rowAt({ rowAt: at }, -3)).toBe(OUTSIDE);
  });

  test("the last instruction goes past the end, a jump may go into an instruction", () => {
    const { next, jump } = graphOf(assembled("3.8", [["POP_JUMP_IF_FALSE", 3], ["NOP"]]));
    expect([...next]).toEqual([1, PAST_END]);
    expect([...jump]).toEqual([INSIDE, NO_ROW]);
  });

  test("cache entries belong to the instruction before them", () => {
    const { next, jump, rows } = graphOf(
      assembled("3.12", [["LOAD_GLOBAL"], ["FOR_ITER", 0], ["END_FOR"], ["RETURN_VALUE"]]),
    );
    expect([...next]).toEqual([1, 2, 3, NO_ROW]);
    expect(jump[1]).toBe(2);
    expect(rows.caches[0]).toBe(8);
  });

  test("what is reached: not code behind a return, but handlers of what is reached", () => {
    const body = assembled("3.12", [["LOAD_CONST"], ["RETURN_VALUE"], ["NOP"], ["NOP"], ["RERAISE"]]);
    const exceptions = [
      { start: 0, end: 2, target: 8, depth: 0, lasti: false },
      { start: 0, end: 4, target: 6, depth: 0, lasti: false },
    ];
    const graph = graphOf({ ...body, exceptions });
    expect([...rangeRows(graph)]).toEqual([0, 1, NO_ROW, NO_ROW, NO_ROW]);
    expect([...reachable(graph)]).toEqual([1, 1, 0, 1, 1]);
    expect([...reachable(graphOf(body))]).toEqual([1, 1, 0, 0, 0]);
  });
});

describe("depths", () => {
  const found = (python: string, lines: readonly Line[], exceptions: Body["exceptions"] = []) => {
    const { before, max, problems } = stackDepths({ ...assembled(python, lines), exceptions });
    return { before: [...before], max, problems: problems.map(({ kind, offset }) => `${kind} ${offset}`) };
  };

  test("on the way and at the end", () => {
    expect(found("3.8", [["LOAD_CONST"], ["LOAD_CONST"], ["BINARY_ADD"], ["RETURN_VALUE"]])).toEqual({
      before: [0, 1, 2, 1],
      max: 2,
      problems: [],
    });
  });
  test("by the oparg", () => {
    const { max } = found("3.8", [["LOAD_CONST"], ["UNPACK_SEQUENCE", 200], ["BUILD_TUPLE", 200], ["RETURN_VALUE"]]);
    expect(max).toBe(200);
  });
  test("underflow", () => {
    expect(found("3.8", [["LOAD_CONST"], ["BINARY_ADD"], ["RETURN_VALUE"]]).problems).toEqual(["underflow 2"]);
  });
  test("paths that do not agree", () => {
    const lines: Line[] = [["LOAD_CONST"], ["POP_JUMP_IF_FALSE", 6], ["LOAD_CONST"], ["LOAD_CONST"], ["RETURN_VALUE"]];
    expect(found("3.8", lines).problems).toEqual(["uneven 6"]);
  });
  test("running off the end, jumping out", () => {
    expect(found("3.8", [["NOP"]]).problems).toEqual(["past-end 0"]);
    expect(found("3.8", [["JUMP_FORWARD", 9]]).problems).toEqual(["out-of-code 0"]);
    expect(found("3.8", [["JUMP_ABSOLUTE", 1]]).problems).toEqual(["into-instruction 0"]);
  });
  test("blocks", () => {
    expect(found("2.7", [["POP_BLOCK"], ["LOAD_CONST"], ["RETURN_VALUE"]]).problems).toEqual(["no-block 0"]);
    const nest = (deep: number): Line[] => [
      ...Array.from({ length: deep }, (): Line => ["SETUP_LOOP", 3 * (deep - 1)]),
      ["LOAD_CONST"],
      ["RETURN_VALUE"],
    ];
    expect(found("2.7", nest(20)).problems.filter((one) => one.startsWith("too-many"))).toEqual([]);
    expect(found("2.7", nest(21)).problems.filter((one) => one.startsWith("too-many"))).toEqual(["too-many-blocks 60"]);
  });
  test("handlers of the exception table begin with what stays and the exception", () => {
    const lines: Line[] = [["LOAD_CONST"], ["LOAD_CONST"], ["RETURN_VALUE"], ["RERAISE"]];
    const range = { start: 2, end: 4, target: 6, depth: 1, lasti: true };
    expect(found("3.12", lines, [range]).before).toEqual([0, 1, 2, 3]);
  });
  test("a finally block is entered in two ways, and each goes its own", () => {
    // try: pass; finally: pass
    const lines: Line[] = [
      ["SETUP_FINALLY", 4],
      ["POP_BLOCK"],
      ["LOAD_CONST"],
      ["END_FINALLY"],
      ["LOAD_CONST"],
      ["RETURN_VALUE"],
    ];
    expect(found("2.7", lines)).toEqual({ before: [0, 0, 0, 3, 0, 1], max: 3, problems: [] });
  });
});

describe("stack size", () => {
  test("of what nothing is known but its instructions", () => {
    const body = assembled("3.8", [["LOAD_CONST"], ["RETURN_VALUE"]]);
    expect(stackSize(body)).toEqual({ size: 1, max: 1, problems: [] });
    expect(stackSize({ ...body, code: new Uint8Array(0) })).toEqual({ size: 0, max: 0, problems: [] });
  });
  test("is at least 1 from 3.13 on", () => {
    const lines: Line[] = [["RESUME"], ["JUMP_BACKWARD", 3]];
    expect(stackSize(assembled("3.12", lines)).size).toBe(0);
    expect(stackSize(assembled("3.13", lines)).size).toBe(1);
  });
  test("tuples that were built before they were constants count as they were built", () => {
    const lines: Line[] = [["LOAD_CONST"], ["RETURN_VALUE"]];
    expect(stackSize({ ...assembled("2.7", lines), tupleDepth: () => 5 }).size).toBe(5);
    expect(stackSize({ ...assembled("2.3", lines), tupleDepth: () => 5 }).size).toBe(1);
    expect(stackSize({ ...assembled("3.12", lines), tupleDepth: () => 5 }).size).toBe(1);
    const one = { kind: "int" };
    const pair = { kind: "tuple", items: [one, one] };
    expect([one, pair, { kind: "tuple", items: [one, pair, pair] }].map((value) => tupleDepth(value, true))).toEqual([
      1, 2, 4,
    ]);
    expect(tupleDepth({ kind: "tuple", items: [one, pair, pair] }, false)).toBe(3);
  });
  test("tuples in tuples, shared and in cycles, are gone into once", () => {
    let value: { kind: string; items: object[] } = { kind: "tuple", items: [{ kind: "int" }] };
    for (let i = 0; i < 18; i++) value = { kind: "tuple", items: [value, value] };
    expect(tupleDepth(value as never, true)).toBe(19);
    value.items.push(value);
    expect(tupleDepth(value as never, true)).toBeLessThan(100);
  });
  test("handlers that nothing can raise into count too", () => {
    const code = fixturesOf("3.11").flatMap(({ bytes }) => {
      const pyc = readPyc(bytes);
      return pyc.code ? [pyc.code, ...pyc.code.nested.map((node) => new CodeObject(pyc.values, node))] : [];
    });
    expect(code.map((one) => stackSize(bodyOf(one)).size)).toEqual(code.map((one) => one.stacksize));
  });
});

describe("hostile code", () => {
  const pythons = ["1.5", "2.2", "2.4", "2.5", "2.7", "3.1", "3.4", "3.6", "3.8", "3.10", "3.11", "3.13", "3.15"];
  const range = fc.record({
    start: fc.nat(200),
    end: fc.nat(200),
    target: fc.nat(200),
    depth: fc.nat(9),
    lasti: fc.boolean(),
  });

  test("any bytes have a depth, which is not above the size", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...pythons),
        fc.uint8Array({ maxLength: 160 }),
        fc.array(range, { maxLength: 6 }),
        fc.nat(3),
        (python, code, exceptions, free) => {
          const body = {
            version: versionNamed(python),
            code,
            exceptions,
            freeVariables: () => free,
            tupleDepth: () => 2,
          };
          const { size, max } = stackSize(body);
          expect(size).toBeGreaterThanOrEqual(max);
          const { before, graph } = stackDepths(body);
          expect(Math.max(-1, ...before)).toBeLessThanOrEqual(max);
          const seen = reachable(graph);
          // What the depths reach besides are handlers that nothing raises into.
          if (exceptions.length === 0) expect(before.findIndex((depth, row) => depth >= 0 && seen[row] === 0)).toBe(-1);
        },
      ),
      { numRuns: 1500 },
    );
  });

  test.each(pythons)("%s: a hundred thousand instructions that set up blocks or jump about", (python) => {
    const version = versionNamed(python);
    const { number } = opcodesOf(version);
    const opcode = number("SETUP_FINALLY") ?? number("FOR_ITER") ?? 0;
    const words = version.traits.encoding === "words";
    for (const oparg of [0, 3, 200]) {
      const code = new Uint8Array(words ? 200_000 : 300_000);
      for (let i = 0; i < code.length; i += words ? 2 : 3) code.set([opcode, oparg], i);
      const { problems } = stackSize({ version, code });
      expect(problems.length).toBeGreaterThan(0);
      expect(problems.length).toBeLessThanOrEqual(100);
    }
  });
});
