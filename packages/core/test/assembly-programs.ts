/** Programs for the tests of the assembly's text: made at random, and compared. */
import type { CodeBlock, Instruction, Operand, Program, Statement } from "@pyclab/core/assembly";
import { codeLayout } from "@pyclab/core/format";
import { Plain, type PlainValue } from "@pyclab/core/marshal";
import { OpargKind, opcodesOf } from "@pyclab/core/opcode";
import type { Version } from "@pyclab/core/version";
import fc from "fast-check";

export function programOfObject(version: Version, object: Plain): Program {
  return { version, header: undefined, object, blocks: [], encodings: new Map(), trailing: new Uint8Array(0) };
}

const bitsOf = new DataView(new ArrayBuffer(8));

function floatOf(bits: bigint): Extract<PlainValue, { kind: "float" }> {
  bitsOf.setBigUint64(0, bits);
  const value = bitsOf.getFloat64(0);
  return Number.isNaN(value) ? { kind: "float", value, bits } : { kind: "float", value };
}

const floats = fc.oneof(
  fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(floatOf),
  fc.double({ noNaN: true }).map((value): ReturnType<typeof floatOf> => ({ kind: "float", value })),
  fc.constantFrom(0x7ff8000000000000n, 0xfff8000000000000n, 0x7ff0000000000001n, 0x8000000000000000n, 0n).map(floatOf),
);

/** Code points as a str: with `codePoints` where two of them would be taken for one. */
function strOf(points: readonly number[]): Extract<PlainValue, { kind: "str" }> {
  const value = points.map((point) => String.fromCodePoint(point)).join("");
  const isSplit = [...value].length !== points.length;
  return isSplit ? { kind: "str", value, codePoints: [...points] } : { kind: "str", value };
}

const point = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 0x7f }) },
  { weight: 1, arbitrary: fc.integer({ min: 0x80, max: 0x3000 }) },
  { weight: 1, arbitrary: fc.integer({ min: 0xd7f0, max: 0xe010 }) },
  { weight: 1, arbitrary: fc.integer({ min: 0xe000, max: 0x10ffff }) },
);
export const strs = fc.array(point, { maxLength: 12 }).map(strOf);

const byteStrings = fc.uint8Array({ maxLength: 12 }).map((value): PlainValue => ({ kind: "bytes", value }));

/** Safe integers are numbers, others bigints. */
export const integers = fc
  .oneof(fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }), fc.bigInt({ min: -300n, max: 300n }))
  .map((n) => (n >= -(2n ** 53n) + 1n && n <= 2n ** 53n - 1n ? Number(n) : n));

/** Objects without references to themselves. */
export function plains({ traits }: Version): fc.Arbitrary<Plain> {
  const leaves: fc.Arbitrary<PlainValue>[] = [
    fc.constantFrom<PlainValue>({ kind: "None" }, { kind: "Ellipsis" }, { kind: "StopIteration" }, { kind: "NULL" }),
    fc.boolean().map((value) => ({ kind: "bool", value })),
    integers.map((value) => ({ kind: "int", value })),
    floats,
    fc.tuple(floats, floats).map(([real, imag]) => ({ kind: "complex", real, imag })),
    byteStrings,
    strs,
  ];
  if (traits.longs) leaves.push(integers.map((value) => ({ kind: "long", value })));
  const leaf = fc.oneof(...leaves).map((value) => new Plain(value));
  const { plain } = fc.letrec<{ plain: Plain }>((tie) => ({
    plain: fc.oneof(
      { maxDepth: 4, depthSize: "small" },
      leaf,
      fc
        .tuple(
          fc.constantFrom("tuple" as const, "list" as const, "set" as const, "frozenset" as const),
          fc.array(tie("plain"), { maxLength: 4 }),
        )
        .map(([kind, items]) => new Plain({ kind, items })),
      fc
        .tuple(
          fc.constantFrom("dict" as const, "frozendict" as const),
          fc.array(fc.tuple(tie("plain"), tie("plain")), { maxLength: 3 }),
        )
        .map(([kind, entries]) => new Plain({ kind, items: entries.flat() })),
      fc
        .tuple(tie("plain"), tie("plain"), tie("plain"))
        .map((items) => new Plain({ kind: "slice", items: [...items] })),
    ),
  }));
  return plain;
}

/** Objects some of whose containers are in several places, or in themselves. */
export function tangled(version: Version): fc.Arbitrary<Plain> {
  return fc
    .tuple(plains(version), fc.array(fc.tuple(fc.nat(), fc.nat(), fc.nat()), { maxLength: 4 }))
    .map(([plain, knots]) => {
      const root = new Plain({ kind: "list", items: [plain] });
      for (const [from, at, to] of knots) {
        const containers = all(root).filter(({ value }) => "items" in value);
        const into = (containers[from % containers.length] as Plain).value;
        const other = containers[to % containers.length] as Plain;
        if ("items" in into && into.items.length > 0) into.items[at % into.items.length] = other;
      }
      return root;
    });
}

function all(root: Plain): Plain[] {
  const found = new Set([root]);
  for (const { value } of found) if ("items" in value) for (const item of value.items) found.add(item);
  return [...found];
}

const words = fc.constantFrom(
  "a",
  "b",
  "x1",
  "_",
  "print",
  "None",
  "\u00e9t\u00e9",
  "a b",
  ".0",
  "_[1]",
  "b",
  "x",
  "é#",
  "<f>",
  "",
);

function names(version: Version): fc.Arbitrary<Plain> {
  const isBytes = version.traits.strings === "str8" || version.traits.codeNames === "utf8-bytes";
  return fc.oneof(
    { weight: 5, arbitrary: words.map((word) => new Plain(isBytes ? bytesOf(word) : { kind: "str", value: word })) },
    { weight: 1, arbitrary: plains(version) },
  );
}

const bytesOf = (word: string): PlainValue => ({ kind: "bytes", value: Uint8Array.from(word, (c) => c.charCodeAt(0)) });

const labels = fc.constantFrom("L1", "L2", "end", "a b", "x#2", "<f>", "<f>#3", "q'\"");

/** Bits that stand below the index of a name. */
const lowBits: { readonly [kind: number]: number } = {
  [OpargKind.name]: 0,
  [OpargKind.local]: 0,
  [OpargKind.free]: 0,
  [OpargKind.globalNull]: 1,
  [OpargKind.attrMethod]: 1,
  [OpargKind.superAttr]: 2,
  [OpargKind.importName]: 2,
};

const opargs = fc.oneof(fc.nat({ max: 300 }), fc.nat({ max: 0xffff }), fc.integer({ min: 0, max: 0xffffffff }));

/** An operand that may stand behind the opcode. */
function operands(version: Version, opcode: number): fc.Arbitrary<Operand> {
  const table = opcodesOf(version);
  const kind = table.kind[opcode] as number;
  const bytes = version.traits.encoding === "bytes";
  if (bytes && opcode < table.haveArgument) return fc.constant({ is: "none" });
  const number = opargs.map((value): Operand => ({ is: "number", value }));
  const bits = lowBits[kind];
  if (kind === OpargKind.none) return bytes ? number : fc.oneof(fc.constant<Operand>({ is: "none" }), number);
  if (kind === OpargKind.const)
    return fc.oneof(
      number,
      plains(version).map((value): Operand => ({ is: "constant", value })),
    );
  if (bits !== undefined)
    return fc.oneof(
      number,
      fc
        .tuple(names(version), fc.nat({ max: (1 << bits) - 1 }))
        .map(([name, low]): Operand => ({ is: "name", name, bits: low })),
    );
  if (kind === OpargKind.localPair)
    return fc.oneof(
      number,
      fc.tuple(names(version), names(version)).map((pair): Operand => ({ is: "names", names: pair })),
    );
  if (kind === OpargKind.jumpForward || kind === OpargKind.jumpBackward || kind === OpargKind.jumpAbsolute)
    return fc.oneof(
      number,
      labels.map((label): Operand => ({ is: "label", label })),
    );
  return number;
}

export function instructions(version: Version): fc.Arbitrary<Statement> {
  const prefixes = opcodesOf(version).extendedArg < 0 ? fc.constant(0) : fc.constantFrom(0, 0, 0, 1, 2);
  return fc.nat({ max: 255 }).chain((opcode) =>
    fc
      .tuple(
        operands(version, opcode),
        prefixes,
        fc.option(fc.uint8Array({ maxLength: 6 }), { nil: undefined, freq: 5 }),
      )
      .map(
        ([operand, before, caches]): Instruction => ({
          is: "instruction",
          opcode,
          operand,
          prefixes: before,
          caches,
        }),
      ),
  );
}

const line = fc.option(fc.integer({ min: -3, max: 100_000 }), { nil: null, freq: 4 });

function statements(version: Version): fc.Arbitrary<Statement> {
  const others: fc.Arbitrary<Statement>[] = [
    labels.map((name) => ({ is: "label", name })),
    fc.uint8Array({ maxLength: 70 }).map((bytes) => ({ is: "bytes", bytes })),
    fc
      .tuple(line, line, line, line)
      .map(([from, endLine, column, endColumn]) => ({ is: "line", line: from, endLine, column, endColumn })),
  ];
  if (version.traits.exceptionTable)
    others.push(
      fc
        .tuple(labels, labels, labels, fc.option(fc.nat(), { nil: undefined }), fc.boolean())
        .map(([start, end, target, depth, lasti]) => ({ is: "except", start, end, target, depth, lasti })),
    );
  return fc.oneof(
    { weight: 6, arbitrary: instructions(version) },
    ...others.map((arbitrary) => ({ weight: 1, arbitrary })),
  );
}

/** Blocks with others in them, and constants that name those. */
function blocks(version: Version, depth: number): fc.Arbitrary<CodeBlock> {
  const inner: fc.Arbitrary<CodeBlock[]> =
    depth === 0
      ? fc.constant([])
      : fc.uniqueArray(blocks(version, depth - 1), { maxLength: 2, selector: ({ label }) => label });
  const record = {
    label: fc.constantFrom("<module>", "f", "g", "<lambda>#2", "a b", "été"),
    body: fc.array(statements(version), { maxLength: 12 }),
    inner,
    consts: fc.option(fc.array(plains(version), { maxLength: 4 }), { nil: undefined }),
    coNames: fc.option(fc.array(names(version), { maxLength: 4 }), { nil: undefined }),
    stacksize: fc.option(fc.nat({ max: 30 }), { nil: undefined }),
    filename: fc.option(names(version), { nil: undefined }),
    code: fc.option(fc.uint8Array({ maxLength: 80 }), { nil: undefined }),
    type: fc.option(fc.nat({ max: 255 }), { nil: undefined }),
  };
  return fc.record(record).map(({ label, body, inner: within, consts, coNames, stacksize, filename, code, type }) => {
    const fields: CodeBlock["fields"] = new Map();
    const encodings: CodeBlock["encodings"] = new Map();
    const { fields: rows } = codeLayout(version);
    const list = rows.some(({ holds }) => holds?.startsWith("list")) ? "list" : "tuple";
    if (consts !== undefined)
      fields.set("co_consts", {
        is: "object",
        value: new Plain({ kind: list, items: [...consts, ...within.map(({ object }) => object)] }),
      });
    if (coNames !== undefined)
      fields.set("co_names", { is: "object", value: new Plain({ kind: list, items: coNames }) });
    if (filename !== undefined) fields.set("co_filename", { is: "object", value: filename });
    if (code !== undefined) fields.set("co_code", { is: "object", value: new Plain({ kind: "bytes", value: code }) });
    if (stacksize !== undefined && rows.some(({ name }) => name === "co_stacksize"))
      fields.set("co_stacksize", { is: "integer", value: stacksize });
    if (type !== undefined) {
      encodings.set("", { type });
      for (let i = 0; i < 4; i++) encodings.set(`co_consts[${i}]`, { type, index: 7 });
      encodings.set("co_names[2].end", { content: Uint8Array.of(1, 2) });
    }
    const object = new Plain({ kind: "code", integers: [], objects: [] });
    return { is: "code", label, object, signature: undefined, fields, body, blocks: within, encodings };
  });
}

export function programs(version: Version): fc.Arbitrary<Program> {
  return fc
    .tuple(blocks(version, 2), fc.uint8Array({ maxLength: 70 }), fc.option(fc.nat(), { nil: undefined }))
    .map(([object, trailing, mtime]) => ({
      version,
      header: mtime === undefined ? undefined : { mtime },
      object,
      blocks: [],
      encodings: new Map(),
      trailing,
    }));
}

/**
 * A program as plain data: places left out, objects numbered by identity where that counts, so that two programs that
 * say the same are equal.
 */
export function shapeOf(program: Program, exact = true): unknown {
  const blockOf = new Map<Plain, CodeBlock>();
  const gather = (of: readonly CodeBlock[]) => {
    for (const block of of) {
      blockOf.set(block.object, block);
      gather(block.blocks);
    }
  };
  gather("is" in program.object ? [program.object] : program.blocks);
  const numbers = new Map(Array.from(blockOf.keys(), (plain, i) => [plain, i]));
  const open = new Map<Plain, number>();
  const plain = (object: Plain): unknown => {
    const { value } = object;
    if (value.kind === "code") return ["code", numbers.get(object)];
    if (!("items" in value)) return leafOf(value);
    const at = open.get(object);
    if (at !== undefined) return ["up", open.size - at];
    open.set(object, open.size);
    const shape = [value.kind, ...value.items.map(plain)];
    open.delete(object);
    return shape;
  };
  const operand = (what: Operand): unknown => {
    switch (what.is) {
      case "constant":
        return plain(what.value);
      case "name":
        return [plain(what.name), what.bits];
      case "names":
        return what.names.map(plain);
      case "label":
        return ["label", what.label];
      case "number":
        return what.value;
      default:
        return undefined;
    }
  };
  const statement = (what: Statement): unknown => {
    const { place: _, ...rest } = what;
    if (rest.is !== "instruction") return { ...rest };
    const { prefixes, caches } = rest;
    return [rest.opcode, operand(rest.operand), ...(exact ? [prefixes, caches] : [])];
  };
  const block = (what: CodeBlock): unknown => [
    what.label,
    what.signature,
    [...what.fields].map(([name, field]) => [name, field.is === "integer" ? field.value : plain(field.value)]),
    what.body.map(statement),
    what.blocks.map(block),
    exact ? overrides(what.encodings) : 0,
  ];
  const { object, header, trailing, version } = program;
  return {
    version,
    header,
    trailing,
    encodings: exact ? overrides(program.encodings) : 0,
    object: "is" in object ? block(object) : plain(object),
    blocks: program.blocks.map(block),
  };
}

const overrides = (encodings: CodeBlock["encodings"]) =>
  new Map(Array.from(encodings, ([path, { place: _, ...override }]) => [path, override]));

function leafOf(value: PlainValue): unknown {
  if (value.kind === "float" && Number.isNaN(value.value)) return ["nan", value.bits];
  if (value.kind === "complex") return ["complex", leafOf(value.real), leafOf(value.imag)];
  return value;
}
