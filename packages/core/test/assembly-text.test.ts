/** The text of the assembly language: programs written and read again, faults, and what to use instead. */
import { readdirSync, readFileSync } from "node:fs";
import { assemble, assemblyText, parseAssembly, programOf, type Statement, writeAssembly } from "@pyclab/core/assembly";
import { faultLine, faultSentence, TextError } from "@pyclab/core/bytes";
import { Plain } from "@pyclab/core/marshal";
import { equivalentOf, opcodesOf } from "@pyclab/core/opcode";
import { readPyc, writePyc } from "@pyclab/core/pyc";
import { versionNamed, versions } from "@pyclab/core/version";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { equivalentRows } from "../src/opcode/equivalent-rows.js";
import { opcodesIn } from "../src/opcode/equivalents.js";
import { placeOf } from "../src/opcode/facts.js";
import { programOfObject, programs, shapeOf } from "./assembly-programs.js";

const readable = versions.filter((version) => version.readable);
const eras = ["0.9.8", "1.4", "2.0", "2.7", "3.3", "pypy3.2", "3.5", "3.8", "3.10", "3.11", "3.12", "3.13", "3.15"];

function programWith(python: string, body: Statement[]) {
  const version = versionNamed(python);
  const program = programOfObject(version, new Plain({ kind: "None" }));
  program.object = {
    is: "code",
    label: "<module>",
    object: new Plain({ kind: "code", integers: [], objects: [] }),
    signature: undefined,
    fields: new Map(),
    body,
    blocks: [],
    encodings: new Map(),
  };
  return program;
}

/** The faults of a text, none if it is read. */
function faultsOf(text: string, python?: string) {
  try {
    parseAssembly(text, python === undefined ? {} : { python });
    return [];
  } catch (error) {
    if (error instanceof TextError) return error.faults;
    throw error;
  }
}

describe("written and read again", () => {
  test.each(eras)("any program of %s", (python) => {
    const version = versionNamed(python);
    fc.assert(
      fc.property(programs(version), (program) => {
        const text = assemblyText(program);
        const again = parseAssembly(text).program;
        expect(shapeOf(again)).toEqual(shapeOf(program));
        expect(assemblyText(again)).toBe(text);
        const plain = parseAssembly(assemblyText(program, { exact: false })).program;
        expect(shapeOf(plain, false)).toEqual(shapeOf(program, false));
      }),
      { numRuns: 20 },
    );
  });

  test("every opcode of every version with small and large opargs", () => {
    for (const version of readable.filter(({ stage }) => stage === "final")) {
      const table = opcodesOf(version);
      const bytes = version.traits.encoding === "bytes";
      const body: Statement[] = [];
      for (let opcode = 0; opcode < 256; opcode++) {
        if (bytes && opcode < table.haveArgument) continue;
        for (const value of [0, 1, 2, 3, 4, 5, 6, 8, 16, 26, 40, 58, 88, 188, 256, 258, 0x10203, 0xffffffff])
          body.push({
            is: "instruction",
            opcode,
            operand: { is: "number", value },
            prefixes: 0,
            caches: undefined,
          });
      }
      const program = programWith(version.magic, body);
      program.version = version;
      const again = parseAssembly(assemblyText(program)).program;
      expect(again.version).toBe(version);
      const said = (block: typeof program.object) =>
        "is" in block ? block.body.map((each) => (each.is === "instruction" ? [each.opcode, each.operand] : each)) : [];
      const plain = (key: string, value: unknown) => (key === "place" ? undefined : value);
      expect(JSON.stringify(said(again.object), plain)).toBe(JSON.stringify(said(program.object)));
    }
  });

  test("fixtures, exactly", () => {
    const root = new URL("../../../fixtures/", import.meta.url);
    for (const folder of readdirSync(root, { withFileTypes: true })) {
      if (!folder.isDirectory()) continue;
      const names = readdirSync(new URL(`${folder.name}/`, root)).filter((name) => name.endsWith(".pyc"));
      for (const name of names.slice(0, 2)) {
        const bytes = new Uint8Array(readFileSync(new URL(`${folder.name}/${name}`, root)));
        const pyc = readPyc(bytes, { name });
        const text = assemblyText(programOf(pyc, { exact: true }));
        expect(text).not.toMatch(/[^\n -~\p{L}\p{N}\p{P}\p{S}\p{M}]/u);
        const again = writePyc(assemble(parseAssembly(text).program).draft);
        expect([name, Buffer.compare(again, bytes)]).toEqual([name, 0]);
      }
    }
  });

  test("every version has a name", () => {
    for (const version of readable) {
      const program = programOfObject(version, new Plain({ kind: "None" }));
      expect(parseAssembly(assemblyText(program)).program.version).toBe(version);
    }
  });

  test("large programs are written piece by piece", () => {
    const body: Statement[] = Array.from({ length: 20_000 }, () => ({
      is: "instruction",
      opcode: 1,
      operand: { is: "none" },
      prefixes: 0,
      caches: undefined,
    }));
    const program = programWith("2.7", body);
    const pieces: string[] = [];
    writeAssembly(program, (piece) => pieces.push(piece));
    expect(pieces.length).toBeGreaterThan(3);
    expect(pieces.join("")).toBe(assemblyText(program));
  });

  test("blocks a thousand deep", () => {
    const deep = (n: number) => `.python 3.12\n${".code f\n".repeat(n)}${".end\n".repeat(n)}`;
    const text = assemblyText(parseAssembly(deep(1000)).program);
    expect(text.length).toBeLessThan(200_000);
    expect(assemblyText(parseAssembly(text).program)).toBe(text);
    expect(faultsOf(deep(1001))[0]?.code).toBe("too-deep");
  });

  test("a code object of another block has an anchor", () => {
    const text = ".python 3.12\n.code m\n.code f\nLOAD_CONST *a\n.end\n.code g &a\n.end\nLOAD_CONST <code f>\n.end\n";
    const { program } = parseAssembly(text);
    if (!("is" in program.object)) throw new Error("no block");
    const [f, g] = program.object.blocks;
    expect(f?.body[0]).toMatchObject({ operand: { value: g?.object } });
    const printed = assemblyText(program);
    expect(printed).toContain(".code g &o1\n");
    expect(assemblyText(parseAssembly(printed).program)).toBe(printed);
  });
});

describe("the layout", () => {
  test("what stands where", () => {
    const text = `.python 3.11
.mtime 1700000000
.source_size 21

.code <module>
    .co_filename 'a.py'
    .co_names print, 'odd name'
    .line 1
    RESUME                  0
L1:
    LOAD_NAME               print
    LOAD_CONST              <code f>
    LOAD_CONST              ([7])
    LOAD_CONST              [7]
    LOAD_GLOBAL             x + NULL
    COMPARE_OP              not_here
.end
`;
    expect(faultsOf(text).map(faultSentence)).toEqual([
      'line 16, column 29: COMPARE_OP "not_here"; expected one of "<", "<=", "==", "!=", ">", ">="',
      "line 12, column 29: no code object here is labelled f",
    ]);
    const right = text.replace("not_here", "!=").replace(".end\n", "\n    .code f (a, /, *, b)\n    .end\n.end\n");
    expect(assemblyText(parseAssembly(right).program)).toBe(right);
  });

  test("lists are wrapped", () => {
    const names = Array.from({ length: 30 }, (_, i) => `name${i}`);
    const text = `.python 3.11\n.code m\n.co_names ${names.join(", ")}\n.end\n`;
    const printed = assemblyText(parseAssembly(text).program, { width: 60 });
    expect(Math.max(...printed.split("\n").map((line) => line.length))).toBeLessThanOrEqual(60);
    expect(shapeOf(parseAssembly(printed).program)).toEqual(shapeOf(parseAssembly(text).program));
  });

  test("items that follow each other are said as a range", () => {
    const text = ".python 3.11\n.code m\n.as 'Z'|0x80 co_names[0..3] co_name co_names[5][0..1]\n.end\n";
    const { program } = parseAssembly(text);
    if (!("is" in program.object)) throw new Error("no block");
    expect([...program.object.encodings.keys()]).toEqual([
      ...["co_names[0]", "co_names[1]", "co_names[2]", "co_names[3]", "co_name"],
      ...["co_names[5][0]", "co_names[5][1]"],
    ]);
    expect(assemblyText(program)).toContain(" co_names[0..3] co_name co_names[5][0..1]\n");
  });

  test("jumps without a direction keep their names", () => {
    for (const python of ["2.7", "3.8", "3.11", "3.12", "3.15"]) {
      const names = ["JUMP", "POP_JUMP_IF_TRUE", "JUMP_NO_INTERRUPT"].filter(
        (name) => faultsOf(`.python ${python}\n.code m\nL:\n${name} L\n.end\n`).length === 0,
      );
      const text = `.python ${python}\n.code m\nL:\n${names.map((name) => `${name} L\n`).join("")}.end\n`;
      for (const name of names) expect(assemblyText(parseAssembly(text).program)).toMatch(new RegExp(` ${name} +L\n`));
      expect([python, names]).toEqual([python, expect.arrayContaining(["POP_JUMP_IF_TRUE"])]);
    }
  });

  test("CRLF and a byte order mark", () => {
    const { program } = parseAssembly(
      "\ufeff.python 3.11\r\n.code m # so\r\nRESUME 0\r\nLOAD_CONST (1,\r\n2)\r\n.end\r\n",
    );
    expect(assemblyText(program)).toContain("LOAD_CONST              (1, 2)\n");
  });
});

describe("another Python", () => {
  const text = ".python 3.8\n.code <module>\nLOAD_NAME a\nDUP_TOP\nBINARY_ADD\nCOMPARE_OP in\nLOAD_METHOD x\n.end\n";

  test("a text for one is read for another, with what to use instead", () => {
    expect(faultsOf(text)).toEqual([]);
    expect(faultsOf(text, "3.12").map(faultSentence)).toEqual([
      "line 1, column 9: the text is for 3.8 and is read for 3.12",
      "line 4, column 1: DUP_TOP is not in 3.12: use COPY 1",
      "line 5, column 1: BINARY_ADD is not in 3.12: use BINARY_OP +",
      'line 6, column 12: COMPARE_OP "in": use CONTAINS_OP in',
      "line 7, column 1: LOAD_METHOD is not in 3.12: use LOAD_ATTR x + NULL|self",
    ]);
  });

  test("what is named instead is there in every version that a row is for", () => {
    const faults: string[] = [];
    for (const [instructions, since, until, instead] of equivalentRows) {
      for (const version of readable) {
        const { position, lineage, release } = version;
        if (lineage !== "CPython" || position < placeOf(since)) continue;
        if (until !== undefined && position >= placeOf(until)) continue;
        const { number } = opcodesOf(version);
        for (const name of opcodesIn(instead))
          if (number(name) === undefined) faults.push(`${instructions}: no ${name} in ${release}`);
      }
    }
    expect(faults).toEqual([]);
  });

  test("what is named instead is a text that is read, but for what it leaves open", () => {
    const faults: string[] = [];
    for (const [instructions, since, , instead] of equivalentRows) {
      const version = readable.find(({ position, lineage }) => lineage === "CPython" && position >= placeOf(since));
      if (version === undefined || /^$|^\.|…/.test(instead)) continue;
      const body = instead.split("; ").join("\n");
      for (const { code, what } of faultsOf(`.code m\n${body}\n.end\n`, version.magic))
        if (code !== "missing-operand") faults.push(`${instructions}: ${instead}: ${what}`);
    }
    expect(faults).toEqual([]);
  });

  test("every row is for a version that has not what it is about", () => {
    const useless = equivalentRows.filter(([instructions, since, until]) => {
      if (!/^[A-Z_ \d+]+$/.test(instructions) || /\b\d+$|\bNULL$/.test(instructions)) return false;
      return instructions.split(" ").some((name) =>
        readable.every(({ position, lineage, ...rest }) => {
          const within = position >= placeOf(since) && (until === undefined || position < placeOf(until));
          const version = { position, lineage, ...rest };
          return lineage !== "CPython" || !within || opcodesOf(version as never).number(name) !== undefined;
        }),
      );
    });
    expect(useless).toEqual([]);
  });

  test("of PyPy only what it has is named", () => {
    const faults: string[] = [];
    for (const version of readable.filter(({ lineage }) => lineage === "PyPy"))
      for (const name of equivalentRows.flatMap(([instructions]) => instructions.split(" ")))
        for (const other of opcodesIn(equivalentOf(version, name)?.instead ?? ""))
          if (opcodesOf(version).number(other) === undefined) faults.push(`${version.release}: ${other}`);
    expect(faults).toEqual([]);
  });
});

describe("malformed texts", () => {
  const folder = new URL("./bad/assembly/", import.meta.url);
  /** What no text that is read can have, and what the encoder refuses, whatever that is. */
  const onlyOfTrees = ["operand-kind", "field-type", "field-range", "unwritable"];
  const names = readdirSync(folder).filter((name) => name.endsWith(".pyasm"));

  /** The faults of the parser, and of the assembler where there are none. */
  function outcome(text: string) {
    try {
      const { program, warnings } = parseAssembly(text, text.includes("3.11\n.code") ? { python: "3.12" } : {});
      return [...warnings, ...assemble(program).warnings];
    } catch (error) {
      if (error instanceof TextError) return error.faults;
      throw error;
    }
  }

  test.each(names)("%s", (name) => {
    const text = readFileSync(new URL(name, folder), "utf8");
    const faults = outcome(text);
    expect(faults.map(({ code }) => code)).toContain(name.slice(0, -".pyasm".length));
    expect(faults.map((fault) => `${faultSentence(fault)}\n${faultLine(text, fault)}`).join("")).toMatchSnapshot();
  });

  test("every code of a fault has one", () => {
    const sources = new URL("../src/assembly/", import.meta.url);
    const codes = new Set<string>();
    for (const name of readdirSync(sources)) {
      const source = readFileSync(new URL(name, sources), "utf8");
      const calls = /\.(?:fail|fault|error|warning|check|missing)\(\s*(?:[\w.,() ]+, )?"([a-z]+(?:-[a-z]+)*)"/g;
      for (const [, code] of source.matchAll(calls)) codes.add(code as string);
      for (const [, code] of source.matchAll(/[?:] "(unknown-[a-z]+)"/g)) codes.add(code as string);
    }
    for (const code of onlyOfTrees) codes.delete(code);
    expect([...codes].sort()).toEqual(names.map((name) => name.slice(0, -".pyasm".length)).sort());
  });

  test("all faults are told, up to a hundred", () => {
    const text = `.python 3.12\n.code m\n${"FOO\n".repeat(7)}.end\n`;
    expect(faultsOf(text).length).toBe(7);
    expect(faultsOf(text.replace(/(FOO\n)+/, "FOO\n".repeat(1000))).length).toBe(100);
  });

  test("any text is read or refused", () => {
    const pieces = fc.constantFrom(
      ...[".code", ".end", ".python 3.12", "f", "(", ")", "[", "]", "{", "}", ",", ":", "'", '"', "&a", "*a", "\\"],
      ...["LOAD_CONST", "LOAD_NAME", "<code f>", "1", "-", "0x", "L1:", "\n", "\n", "\n", " ", " ", "#", ".co_consts"],
      ...[".as 'Z'", "co_consts[0..9]", ".content", "x'", ".line", ".except", "EXTENDED_ARG", ".bytes", ".object", "+"],
      ...["\ud800", "é", "\0", "nan(", "complex(", "set(", "slice(", "b'", ".signature", "/", "*", "**", "=", "&"],
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 60 }), fc.boolean(), (all, started) => {
        const text = (started ? ".python 3.12\n.code m\n" : "") + all.join("");
        for (const fault of faultsOf(text)) expect(faultLine(text, fault)).toMatch(/\^/);
      }),
      { numRuns: 1000 },
    );
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 80 }), (text) => {
        faultsOf(text);
        faultsOf(`.python 2.7\n.code m\n${text}`);
      }),
      { numRuns: 500 },
    );
  });

  test("damaged texts are read or refused", () => {
    const version = versionNamed("3.12");
    fc.assert(
      fc.property(
        programs(version),
        fc.array(fc.tuple(fc.nat(), fc.nat({ max: 6 }), fc.string({ maxLength: 3 })), { minLength: 1, maxLength: 4 }),
        (program, damages) => {
          let text = assemblyText(program);
          for (const [place, gone, put] of damages) {
            const at = place % (text.length + 1);
            text = text.slice(0, at) + put + text.slice(at + gone);
          }
          try {
            const again = assemblyText(parseAssembly(text).program);
            expect(assemblyText(parseAssembly(again).program)).toBe(again);
          } catch (error) {
            if (!(error instanceof TextError)) throw error;
          }
        },
      ),
      { numRuns: 150 },
    );
  });
});

describe("docs/assembly.md", () => {
  const text = readFileSync(new URL("../../../docs/assembly.md", import.meta.url), "utf8");
  const blocks = [...text.matchAll(/```pyasm *([^\n]*)\n([\s\S]*?)```/g)].map(([, mark = "", body = ""]) => ({
    mark,
    body,
  }));

  test("programs are read, assembled and printed as they stand there", () => {
    const programs = blocks.filter(({ mark }) => mark === "");
    expect(programs.length).toBeGreaterThan(1);
    for (const { body } of programs) {
      const { program } = parseAssembly(body);
      expect(assemblyText(program)).toBe(body);
      expect(writePyc(assemble(program).draft).length).toBeGreaterThan(20);
    }
  });

  test("pieces of code objects too", () => {
    const pieces = blocks.filter(({ mark }) => /\d/.test(mark));
    expect(pieces.length).toBeGreaterThan(1);
    for (const { mark, body } of pieces) {
      const whole = `.python ${mark}\n\n.code m\n${body}.end\n`;
      const { program } = parseAssembly(whole);
      expect(assemblyText(program)).toBe(whole);
      expect(writePyc(assemble(program).draft).length).toBeGreaterThan(20);
    }
  });

  test("literals", () => {
    const cases = blocks.filter(({ mark }) => mark === "literals").flatMap(({ body }) => body.trim().split("\n"));
    expect(cases.length).toBeGreaterThan(20);
    for (const line of cases) {
      const [literal = "", printed = ""] = line.split("  # => ");
      const read = assemblyText(parseAssembly(`.python 3.15\n.raw\n.object ${literal}\n`).program);
      expect([literal, read]).toEqual([literal, `.python 3.15\n.raw\n\n.object ${printed}\n`]);
    }
  });

  test("operands", () => {
    const faults: string[] = [];
    const cells = [...text.matchAll(/^\| [\w, ]+(?: and its shifted forms)? \| [^|]*(?:\\\|[^|]*)* \| (.*) \|$/gm)];
    const examples = cells.flatMap(([, cell = ""]) =>
      [...cell.matchAll(/`([A-Z][A-Z_\d]+(?: [^`]+)?)`/g)].map(([, e]) => e),
    );
    expect(examples.length).toBeGreaterThan(25);
    for (const example of examples as string[]) {
      const instruction = example.replaceAll("\\|", "|");
      const isRead = readable.some(
        (version) => faultsOf(`.code m\n${instruction}\n.code f\n.end\n.end\n`, version.magic).length === 0,
      );
      if (!isRead) faults.push(instruction);
    }
    expect(faults).toEqual([]);
  });

  test("every code of a fault is told", () => {
    const codes = readdirSync(new URL("./bad/assembly/", import.meta.url)).map((name) => name.replace(".pyasm", ""));
    expect(codes.filter((code) => !text.includes(`\`${code}\``))).toEqual([]);
  });
});
