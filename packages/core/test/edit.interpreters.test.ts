/**
 * Changes to functions that real interpreters compiled, run by these: each must do the new thing. Skipped where there is
 * no interpreter.
 */
import { type Pyc, readPyc, writePyc } from "@pyclab/core";
import { type CodeObject, codeObjects, textOf } from "@pyclab/core/code";
import { type Edits, edit, type InstructionEdit } from "@pyclab/core/edit";
import { decode } from "@pyclab/core/instruction";
import { Plain } from "@pyclab/core/marshal";
import { opcodesOf } from "@pyclab/core/opcode";
import { verify } from "@pyclab/core/verify";
import { describe, expect, test } from "vitest";
import { interpreters } from "./interpreters.js";

const SOURCE = `
from __future__ import print_function
def f(n):
    "what f does"
    total = 0
    for i in range(n):
        try:
            total = total + i
        finally:
            total = total + 0
    return total
def g(x):
    return x + 1
def h(a):
    b = a * 2
    return lambda c: a + b + c
def guarded(x):
    try:
        x = x + 1
        x = x + 2
    except ZeroDivisionError:
        return -1
    return x
print(f(5), g(1), h(10)(3), guarded(4), f.__doc__)
`;
const AS_IT_WAS = "10 2 33 7 what f does\n";

/** An instruction as the changes look for it: `LOAD_CONST 1`, `STORE_FAST total`. */
interface Found {
  readonly offset: number;
  readonly opname: string;
  readonly meaning: string;
}

function codeNamed(pyc: Pyc, name: string): CodeObject {
  for (const code of codeObjects(pyc.values)) if (code.name === name) return code;
  throw new Error(`no ${name}`);
}

function instructionsOf(code: CodeObject): Found[] {
  const { names } = opcodesOf(code.version);
  const { count, offset, opcode, oparg } = decode(code.code, code.version);
  const text = (nodes: readonly number[], index: number) => {
    const node = nodes[index];
    if (node === undefined) return "";
    const value = code.values.of(node);
    return value.kind === "int" ? String(value.value) : textOf(value);
  };
  return Array.from({ length: count }, (_, i) => {
    const opname = names[opcode[i] as number] as string;
    const nodes = /CONST/.test(opname) ? code.consts : /FAST/.test(opname) ? code.locals : [];
    return { offset: offset[i] as number, opname, meaning: text(nodes, oparg[i] as number) };
  });
}

/** The offset of the first instruction (or the last) that is so called. */
function at(pyc: Pyc, name: string, opname: RegExp, meaning?: string, last = false): number {
  const found = instructionsOf(codeNamed(pyc, name)).filter(
    (one) => opname.test(one.opname) && (meaning === undefined || one.meaning === meaning),
  );
  const one = last ? found.at(-1) : found[0];
  if (one === undefined) throw new Error(`${pyc.version.python}: no ${opname} ${meaning ?? ""} in ${name}`);
  return one.offset;
}

const knows = (pyc: Pyc, opname: string) => opcodesOf(pyc.version).number(opname) !== undefined;
const binary = (pyc: Pyc, sign: "+" | "-" | "*") =>
  knows(pyc, "BINARY_OP") ? `BINARY_OP ${sign}` : `BINARY_${{ "+": "ADD", "-": "SUBTRACT", "*": "MULTIPLY" }[sign]}`;
const addition = /^BINARY_(ADD|OP)$/;
const integer = (value: number) => new Plain({ kind: "int", value });
const one = (what: InstructionEdit["do"], code: string, from: number, text = "", to = from): Edits => ({
  instructions: [{ do: what, code, from, to, text }],
});
const text = (pyc: Pyc, value: string) =>
  pyc.version.traits.strings === "bytes"
    ? new Plain({ kind: "str", value })
    : new Plain({ kind: "bytes", value: Uint8Array.from(value, (c) => c.charCodeAt(0)) });
const indexOfConstant = (pyc: Pyc, name: string, value: number) => {
  const code = codeNamed(pyc, name);
  return code.consts.findIndex((node) => {
    const constant = code.values.of(node);
    return constant.kind === "int" && constant.value === value;
  });
};
/** `total = total + 10` */
const plus = (pyc: Pyc, local: string, amount: number) =>
  `LOAD_FAST ${local}\nLOAD_CONST ${amount}\n${binary(pyc, "+")}\nSTORE_FAST ${local}`;

interface Change {
  readonly what: string;
  readonly edits: (pyc: Pyc) => Edits;
  readonly printed: string;
}

const changes: readonly Change[] = [
  {
    what: "a constant changed",
    edits: (pyc) => ({
      fields: [{ code: "g", field: "co_consts", indices: [indexOfConstant(pyc, "g", 1)], value: integer(41) }],
    }),
    printed: "10 42 33 7 what f does\n",
  },
  {
    what: "a constant beyond the reach of an oparg without a prefix",
    edits(pyc) {
      const old = codeNamed(pyc, "g").consts.map((node) => code(pyc, node));
      const many = pyc.version.traits.encoding === "words" ? 300 : 70_000;
      const items = [...old, ...Array.from({ length: many - old.length }, (_, i) => integer(1000 + i))];
      const load = at(pyc, "g", /^LOAD_CONST$/, "1");
      return {
        instructions: [{ do: "replace", code: "g", from: load, to: load, text: "LOAD_CONST 123456" }],
        fields: [
          {
            code: "g",
            field: "co_consts",
            indices: [],
            value: new Plain({ kind: "tuple", items: [...items, integer(123456)] }),
          },
        ],
      };
    },
    printed: "10 123457 33 7 what f does\n",
  },
  {
    what: "instructions before a backward jump",
    edits: (pyc) => one("insert", "f", at(pyc, "f", /^JUMP_(ABSOLUTE|BACKWARD)$/), plus(pyc, "total", 10)),
    printed: "60 2 33 7 what f does\n",
  },
  {
    what: "instructions inside a try range",
    edits: (pyc) =>
      one(
        "insert",
        "guarded",
        at(pyc, "guarded", /^LOAD_CONST$/, "2"),
        `LOAD_CONST 1\nLOAD_CONST 0\n${knows(pyc, "BINARY_OP") ? "BINARY_OP %" : "BINARY_MODULO"}\nPOP_TOP`,
      ),
    printed: "10 2 33 -1 what f does\n",
  },
  {
    what: "a name added",
    edits: (pyc) => one("insert", "g", at(pyc, "g", /^RETURN_VALUE$/), `POP_TOP\nLOAD_GLOBAL __name__`),
    printed: "10 __main__ 33 7 what f does\n",
  },
  {
    what: "a local added, beside cells",
    edits: (pyc) => one("insert", "h", at(pyc, "h", /^RETURN_VALUE$/), `STORE_FAST fresh\nLOAD_FAST fresh`),
    printed: AS_IT_WAS,
  },
  {
    what: "instructions taken out",
    edits: (pyc) => one("delete", "g", at(pyc, "g", /^LOAD_CONST$/, "1"), "", at(pyc, "g", addition)),
    printed: "10 1 33 7 what f does\n",
  },
  {
    what: "an instruction replaced",
    edits: (pyc) => one("replace", "g", at(pyc, "g", addition), binary(pyc, "-")),
    printed: "10 0 33 7 what f does\n",
  },
  {
    what: "a stack deeper than it was",
    edits: (pyc) =>
      one(
        "insert",
        "g",
        at(pyc, "g", /^RETURN_VALUE$/),
        `${"LOAD_CONST 1\n".repeat(40)}${`${binary(pyc, "+")}\n`.repeat(40)}`,
      ),
    printed: "10 42 33 7 what f does\n",
  },
  {
    what: "jumps that need prefixes",
    edits: (pyc) =>
      one(
        "insert",
        "f",
        at(pyc, "f", /^STORE_FAST$/, "total", true),
        `${"NOP\n".repeat(pyc.version.traits.encoding === "words" ? 700 : 70_000)}`,
      ),
    printed: AS_IT_WAS,
  },
  {
    what: "a jump to another place",
    edits: (pyc) => one("insert", "g", at(pyc, "g", /^RETURN_VALUE$/), `JUMP_FORWARD on\nLOAD_CONST 9\non:`),
    printed: AS_IT_WAS,
  },
  {
    what: "docstrings, lines and names of locals taken out",
    edits: () => ({ strip: ["docstrings", "lines", "locals"] }),
    printed: "10 2 33 7 None\n",
  },
  {
    what: "another name of the file, another docstring, another header",
    edits: (pyc) => ({
      filename: (name) => name.replace("program", "other"),
      fields: [{ code: "f", field: "co_consts", indices: [0], value: text(pyc, "something else") }],
      header: { mtime: 0 },
    }),
    printed: "10 2 33 7 something else\n",
  },
];

/** A constant as a value to put into a new tuple; those that are no integers are not used. */
function code(pyc: Pyc, node: number): Plain {
  const value = pyc.values.of(node);
  return value.kind === "int" ? integer(Number(value.value)) : new Plain({ kind: "None" });
}

describe.each(interpreters.filter(({ python }) => !/^3\.1[45]$/.test(python)))("$python runs", ({ compile, run }) => {
  test("the program as it was", async () => {
    expect(await run(await compile(SOURCE))).toBe(AS_IT_WAS);
  });

  test.each(changes)("$what", async ({ edits, printed }) => {
    const pyc = readPyc(await compile(SOURCE));
    const changed = writePyc(edit(pyc, edits(pyc)));
    expect(verify(readPyc(changed)).map(({ id, message }) => `${id}: ${message}`)).toEqual([]);
    expect(await run(changed)).toBe(printed);
  });
});
