/** What a program leaves out is computed: flags, pools, tables, names, depths, in each version's own way. */
import { type Pyc, readPyc, writePyc } from "@pyclab/core";
import { assemble, assemblyText, parseAssembly, programOf } from "@pyclab/core/assembly";
import { TextError } from "@pyclab/core/bytes";
import { type CodeObject, codeObjects, flagNames, textOf } from "@pyclab/core/code";
import { exceptionEntries } from "@pyclab/core/exceptiontable";
import { decode } from "@pyclab/core/instruction";
import { lineStarts } from "@pyclab/core/linetable";
import { opcodesOf } from "@pyclab/core/opcode";
import { describe, expect, test } from "vitest";
import { fixturesOf, fixtureVersions } from "./oracle.js";

function built(python: string, text: string): Pyc {
  const { program } = parseAssembly(text, { python });
  return readPyc(writePyc(assemble(program).draft), { python });
}

/** The code objects of a text by their names. */
function codesOf(python: string, text: string): { readonly [name: string]: CodeObject } {
  return Object.fromEntries(Array.from(codeObjects(built(python, text).values), (code) => [code.name, code]));
}

const code = (python: string, lines: string) => built(python, `.code f\n${lines}\n.end\n`).code as CodeObject;
const flags = (code: CodeObject) => flagNames(code.version, code.flags).join(" ");
const strings = (code: CodeObject, field: string) => code.items(field).map((node) => textOf(code.values.of(node)));
const opnames = (code: CodeObject) => {
  const { opcode, count } = decode(code.code, code.version);
  return Array.from(opcode.subarray(0, count), (op) => opcodesOf(code.version).names[op]);
};

/** A method with a function in it that uses its variable, for versions of word code. */
const nested = `.code <module>
    LOAD_CONST <code A>
    RETURN_VALUE
    .code A
        LOAD_CONST <code m>
        RETURN_VALUE
        .code m (self, *rest, **named)
            .co_cellvars self
            LOAD_CONST <code inner>
            RETURN_VALUE
            .code inner
                .co_freevars self
                LOAD_DEREF self
                RETURN_VALUE
            .end
        .end
    .end
.end
`;

describe("flags", () => {
  const outer = "OPTIMIZED NEWLOCALS VARARGS VARKEYWORDS";
  const text = nested.replace(".code inner", ".code inner ()");
  test.each([
    ["2.1", ["", "NEWLOCALS", outer, "OPTIMIZED NEWLOCALS"]],
    ["2.4", ["NOFREE", "NEWLOCALS NOFREE", outer, "OPTIMIZED NEWLOCALS"]],
    ["2.7", ["NOFREE", "NEWLOCALS NOFREE", outer, "OPTIMIZED NEWLOCALS NESTED"]],
    ["3.8", ["NOFREE", "NOFREE", outer, "OPTIMIZED NEWLOCALS NESTED"]],
    ["3.12", ["", "", outer, "OPTIMIZED NEWLOCALS NESTED"]],
    ["3.14", ["", "", `${outer} METHOD`, "OPTIMIZED NEWLOCALS NESTED"]],
  ])("of %s", (python, expected) => {
    const codes = codesOf(python, text);
    expect(["<module>", "A", "m", "inner"].map((name) => flags(codes[name] as CodeObject))).toEqual(expected);
  });

  const suspended = (python: string, body: string) =>
    flags(codesOf(python, `.code m\n.code f ()\n${body}\n.end\nLOAD_CONST <code f>\n.end\n`).f as CodeObject)
      .replace("OPTIMIZED NEWLOCALS", "")
      .trim();

  test("generators and coroutines", () => {
    const generator = "RETURN_GENERATOR\nPOP_TOP\nRESUME 0\nLOAD_CONST 1\nYIELD_VALUE 1\n";
    expect(suspended("3.12", generator)).toBe("GENERATOR");
    expect(suspended("3.12", "RETURN_GENERATOR\nPOP_TOP\nRETURN_CONST None")).toBe("COROUTINE");
    expect(suspended("3.12", `${generator}GET_AWAITABLE 0`)).toBe("COROUTINE");
    const wrapped = "CALL_INTRINSIC_1 INTRINSIC_ASYNC_GEN_WRAP\nYIELD_VALUE 1";
    expect(suspended("3.12", `${generator}${wrapped}`)).toBe("ASYNC_GENERATOR");
    expect(suspended("2.7", "LOAD_CONST 1\nYIELD_VALUE")).toBe("GENERATOR NOFREE");
    expect(suspended("3.5", "GET_AWAITABLE\nLOAD_CONST None\nYIELD_FROM")).toBe("GENERATOR NOFREE COROUTINE");
    expect(suspended("3.6", "GET_AWAITABLE\nLOAD_CONST None\nYIELD_FROM")).toBe("NOFREE COROUTINE");
    expect(suspended("3.8", "GET_AWAITABLE\nYIELD_VALUE")).toBe("NOFREE ASYNC_GENERATOR");
  });

  test("futures are those of the block around, and what is said is all there is", () => {
    const text = nested.replace("<module>\n", "<module>\n.co_flags FUTURE_ANNOTATIONS\n");
    expect(flags(codesOf("3.11", text).m as CodeObject)).toContain("FUTURE_ANNOTATIONS");
    expect(code("3.11", ".co_flags GENERATOR 0x40000000").flags).toBe(0x40000020);
  });
});

describe("names", () => {
  test("file name, qualified names, labels with a number", () => {
    const text = nested.replace("<module>\n", "<module>\n.co_filename 'a.py'\n").replace("inner\n", "inner#2 ()\n");
    const codes = codesOf("3.13", text.replace("<code inner>", "<code inner#2>"));
    expect(Object.values(codes).map(({ filename }) => filename)).toEqual(["a.py", "a.py", "a.py", "a.py"]);
    expect(Object.values(codes).map(({ qualname }) => qualname)).toEqual([
      "<module>",
      "A",
      "A.m",
      "A.m.<locals>.inner",
    ]);
    expect(code("3.13", "NOP").filename).toBe("<assembly>");
  });

  test("what stands in the scope of type parameters is named as if it was not", () => {
    const text = `.code <module>
LOAD_CONST <code '<generic parameters of f>'>
.code '<generic parameters of f>' ()
    LOAD_CONST <code f>
    .code f ()
        NOP
    .end
.end
.end
`;
    expect(codesOf("3.12", text).f?.qualname).toBe("f");
  });

  test("locals: parameters first, then by use; kinds", () => {
    const text = "LOAD_FAST b\nSTORE_FAST x\nLOAD_FAST a\nLOAD_DEREF a\nLOAD_DEREF y";
    const block = `.code m\n.code f (a, /, b, *c, d, **e)\n.co_cellvars a\n.co_freevars y\n${text}\n.end\nLOAD_CONST <code f>\n.end\n`;
    const old = codesOf("3.10", block).f as CodeObject;
    expect(strings(old, "co_varnames")).toEqual(["a", "b", "d", "c", "e", "x"]);
    expect([old.argcount, old.posonlyargcount, old.kwonlyargcount, old.int("co_nlocals")]).toEqual([2, 1, 1, 6]);
    for (const [python, kinds] of [
      ["3.11", "602020202020" + "80"],
      ["3.14", "6226242a2c20" + "80"],
    ] as const) {
      const { f } = codesOf(python, block);
      expect(strings(f as CodeObject, "co_localsplusnames")).toEqual(["a", "b", "d", "c", "e", "x", "y"]);
      expect(Buffer.from(f?.bytes("co_localspluskinds") ?? []).toString("hex")).toBe(kinds);
      expect(decode((f as CodeObject).code, (f as CodeObject).version).oparg[4]).toBe(6);
    }
  });
});

describe("instructions", () => {
  test("jumps take the prefixes that they need, also those that say no direction", () => {
    const pass = "NOP\n".repeat(300);
    const far = code("3.12", `L1:\n${pass}JUMP L1`);
    expect(opnames(far).slice(-2)).toEqual(["EXTENDED_ARG", "JUMP_BACKWARD"]);
    expect(opnames(code("3.12", `JUMP L1\n${pass}L1:\nNOP`)).slice(0, 2)).toEqual(["EXTENDED_ARG", "JUMP_FORWARD"]);
    expect(opnames(code("3.10", "L1:\nJUMP L1"))).toEqual(["JUMP_ABSOLUTE"]);
    const both = code("3.11", "L1:\nLOAD_CONST 1\nPOP_JUMP_IF_NONE L1\nLOAD_CONST 1\nPOP_JUMP_IF_NONE L2\nL2:\nNOP");
    expect(opnames(both).filter((name) => name?.includes("JUMP"))).toEqual([
      "POP_JUMP_BACKWARD_IF_NONE",
      "POP_JUMP_FORWARD_IF_NONE",
    ]);
  });

  test("caches are there and zero; names carry their bits", () => {
    const { code: bytes } = code("3.12", "LOAD_GLOBAL print + NULL\nLOAD_ATTR x + NULL|self");
    expect(Buffer.from(bytes).toString("hex")).toBe(`7401${"00".repeat(8)}6a03${"00".repeat(18)}`);
  });

  test("pools that are said are kept, and what they lack is told", () => {
    const said = code("3.8", ".co_consts 'unused', 1, 1\n.co_names a, b\nLOAD_CONST 1\nLOAD_NAME b\nLOAD_CONST [2]");
    expect(Array.from(decode(said.code, said.version).oparg.subarray(0, 3))).toEqual([1, 1, 2]);
    expect(said.consts.length).toBe(3);
    expect(() => code("3.8", ".co_consts 2\nLOAD_CONST 1")).toThrow(TextError);
  });
});

describe("tables", () => {
  test("lines", () => {
    const lines = (python: string) => {
      const at = lineStarts(
        code(python, ".line 7\nLOAD_CONST 1\n.line 9\nPOP_TOP\n.line 8\nLOAD_CONST 2\nRETURN_VALUE"),
      );
      return Array.from(at.line.subarray(0, at.count));
    };
    for (const python of ["3.6", "3.9", "3.10", "3.11", "3.13"]) expect(lines(python)).toEqual([7, 9, 8]);
    expect(() => lines("2.7")).toThrow(/no line table/);
    expect(code("3.12", ".line 7\nNOP").firstlineno).toBe(7);
    expect(code("3.12", ".line 0\nNOP").firstlineno).toBe(1);
    expect(code("1.5", "SET_LINENO 3\nLOAD_CONST 1\nSET_LINENO 5\nPOP_TOP").bytes("co_lnotab")).toEqual(
      Uint8Array.of(6, 2),
    );
  });

  test("depths of handlers", () => {
    // with x: pass
    const text = `.line 1
    RESUME 0
    LOAD_NAME x
    BEFORE_WITH
L1: 
    POP_TOP
L2:
    LOAD_CONST None
    LOAD_CONST None
    LOAD_CONST None
    CALL 2
    POP_TOP
    RETURN_CONST None
L3:
    PUSH_EXC_INFO
    WITH_EXCEPT_START
    POP_JUMP_IF_TRUE L4
    RERAISE 2
L4:
    POP_TOP
L5:
    POP_EXCEPT
    POP_TOP
    POP_TOP
    RETURN_CONST None
L6:
    COPY 3
    POP_EXCEPT
    RERAISE 1
    .except L1 to L2 using L3 lasti
    .except L3 to L5 using L6 lasti`;
    const with_ = code("3.12", text);
    expect(exceptionEntries(with_).map(({ depth, lasti }) => [depth, lasti])).toEqual([
      [1, true],
      [3, true],
    ]);
    expect(with_.stacksize).toBe(6);
  });
});

describe("without encodings", () => {
  test.each(fixtureVersions().map((version, i) => [version, i] as const))("%s: content stays", (version, index) => {
    for (const { bytes, stem } of fixturesOf(version).filter((_, i) => i % 12 === index % 12)) {
      const pyc = readPyc(bytes, { name: `${version}/${stem}.pyc` });
      const text = assemblyText(programOf(pyc, { exact: false }));
      const again = writePyc(assemble(parseAssembly(text).program).draft);
      const reread = readPyc(again, { name: `${version}/${stem}.pyc` });
      expect([stem, assemblyText(programOf(reread, { exact: false }))]).toEqual([stem, text]);
      const names = (of: Pyc) => Array.from(codeObjects(of.values), ({ name, stacksize }) => [name, stacksize]);
      expect([stem, names(reread)]).toEqual([stem, names(pyc)]);
    }
  });
});
