/** A file that was read, as a program: what `assemble` makes the same file of again. */
import { int32 } from "../bytes/index.js";
import { CodeObject } from "../code/index.js";
import { codeLayout } from "../format/index.js";
import {
  childCount,
  isCode,
  NO_NODE,
  type NodeTable,
  type Plain,
  type PlainCode,
  type PlainValue,
  plainOf,
  Shape,
  typeCode,
} from "../marshal/index.js";
import { headerBytes, type Pyc } from "../pyc/index.js";
import type { Enclosing } from "./assemble-code.js";
import { takeEncodings } from "./encodings.js";
import { nameText } from "./names.js";
import { fillBlock, fillRaw, type ProgramOptions } from "./program-code.js";
import { isSameBytes } from "./same.js";
import type { CodeBlock, HeaderValues, Program } from "./syntax.js";

export type { ProgramOptions } from "./program-code.js";

const NOTHING = new Uint8Array(0);

/**
 * The program of a file. What it says is what `assemble` would not come to by itself; of an `exact` one `assemble` makes
 * the very bytes that were read.
 * @throws WriteError where the file was not read whole
 */
export function programOf(pyc: Pyc, options: ProgramOptions): Program {
  const { bytes, version, trailing } = pyc;
  const { root, byNode } = plainOf(pyc.values, { exact: options.exact });
  const objects = byNode.filter((_, node) => !isReference(pyc.table.type[node] as number));
  const codes = new Set(objects.filter(({ value }) => value.kind === "code"));
  const seen = new Set<PlainValue>();
  const encodings = codes.has(root) ? new Map() : takeEncodings(root, codes, version, seen);
  const ofCode = new Map(Array.from(codes, (plain) => [plain, takeEncodings(plain, codes, version, seen)]));
  unify(objects);
  const shared = sharedIn(objects);
  const blocks = blocksOf(pyc, byNode);
  for (const { block } of blocks) block.encodings = ofCode.get(block.object) ?? new Map();
  const whole = blocks.find(({ block }) => block.object === root);
  const program: Program = {
    version,
    header: pyc.header && headerValues(pyc),
    object: whole?.block ?? root,
    blocks: [],
    encodings,
    trailing: trailing === undefined ? NOTHING : bytes.slice(trailing.start, trailing.end),
  };
  fillBlocks(pyc, program, blocks, shared, options);
  return program;
}

interface Found {
  readonly block: CodeBlock;
  readonly code: CodeObject;
  /** What it holds: its block's object is filled anew by whoever assembles it. */
  readonly plain: PlainCode;
  /** The code object that it stands in. */
  readonly outer: Found | undefined;
}

/** A block for each code object, where it stands in the file, in the order of the file. */
function blocksOf(pyc: Pyc, byNode: readonly Plain[]): readonly Found[] {
  const { table, values } = pyc;
  const found: Found[] = [];
  const open: { readonly found: Found; readonly end: number }[] = [];
  for (let node = 0; node < table.count; node++) {
    if (!isCode(table.type[node] as number)) continue;
    while (open.length > 0 && (open.at(-1)?.end as number) <= node) open.pop();
    const object = byNode[node] as Plain;
    const { integers, objects } = object.value as PlainCode;
    const plain: PlainCode = { kind: "code", integers: [...integers], objects: [...objects] };
    const outer = open.at(-1)?.found;
    const each: Found = { block: emptyBlock(object), code: new CodeObject(values, node), plain, outer };
    found.push(each);
    open.push({ found: each, end: table.next[node] as number });
  }
  return found;
}

function emptyBlock(object: Plain): CodeBlock {
  return {
    is: "code",
    label: "",
    object,
    signature: undefined,
    fields: new Map(),
    body: [],
    blocks: [],
    encodings: new Map(),
  };
}

/** The fields of the header by which `headerBytes` makes it again; those that are 0 left out. */
function headerValues(pyc: Pyc): HeaderValues {
  const { bytes, header, version } = pyc;
  const values: HeaderValues = {};
  const usual = headerBytes(version);
  for (const { field, span } of header?.fields ?? []) {
    const own = bytes.slice(span.start, span.end);
    if (field.name === "magic") {
      if (!isSameBytes(own, usual.subarray(0, own.length))) values.magic = own;
    } else if (field.type === "hash") values.source_hash = own;
    else {
      const value = int32(own, 0) >>> 0;
      if (value !== 0) (values as Record<string, number>)[field.name] = value;
    }
  }
  return values;
}

/** Leaves longer than this are one object wherever a reference repeats them. */
const LONG = 64;

/** Puts the same `Plain` wherever the same object stands: code objects, what is large, what contains itself. */
function unify(objects: readonly Plain[]): void {
  const first = new Map<PlainValue, Plain>();
  for (const plain of objects) if (isKnownAgain(plain.value)) first.set(plain.value, plain);
  for (const { value } of objects) {
    const items = inside(value);
    for (let i = 0; items !== undefined && i < items.length; i++)
      items[i] = first.get((items[i] as Plain).value) ?? (items[i] as Plain);
  }
}

/** The containers that stand in several places. */
function sharedIn(objects: readonly Plain[]): Set<Plain> {
  const met = new Set<Plain>();
  const shared = new Set<Plain>();
  for (const { value } of objects)
    for (const item of inside(value) ?? []) {
      if (!("items" in item.value)) continue;
      if (met.has(item)) shared.add(item);
      met.add(item);
    }
  return shared;
}

function inside(value: PlainValue): Plain[] | undefined {
  return "items" in value ? value.items : value.kind === "code" ? value.objects : undefined;
}

function isKnownAgain(value: PlainValue): boolean {
  if (value.kind === "str" || value.kind === "bytes") return value.value.length > LONG;
  return "items" in value || value.kind === "code";
}

function isReference(type: number): boolean {
  const shape = typeCode(type)?.shape;
  return shape === Shape.reference || shape === Shape.stringReference;
}

/** So many times the size of the file is said of what code objects share, beyond which they are said raw. */
const MOST_SAID = 2;
const ROOM = 1 << 16;

/** Fills the blocks, outer ones first: what is around a block tells a part of what is in it. */
function fillBlocks(
  pyc: Pyc,
  program: Program,
  blocks: readonly Found[],
  shared: ReadonlySet<Plain>,
  options: ProgramOptions,
): void {
  const enclosing = new Map<Found, Enclosing>();
  const labels = new Map<Found | undefined, Set<string>>();
  const sizes = new Sizes(pyc.table);
  let left = MOST_SAID * pyc.bytes.length + ROOM;
  for (const found of blocks) {
    const { block, code, plain, outer } = found;
    (outer?.block.blocks ?? program.blocks).push(block);
    const taken = labels.get(outer) ?? new Set();
    labels.set(outer, taken);
    block.label = labelFor(code, plain, taken);
    const around = outer && enclosing.get(outer);
    left -= sizes.of(code);
    if (left > 0) enclosing.set(found, fillBlock(block, code, plain, around, shared, options));
    else enclosing.set(found, fillRaw(block, code, plain, around));
  }
  if (blocks[0]?.block === program.object) program.blocks.length = 0;
}

/** The name of the code object, with a number behind it where another in the same block has it. */
function labelFor(code: CodeObject, { objects }: PlainCode, taken: Set<string>): string {
  const place = codeLayout(code.version).order.get("co_name");
  const object = place === undefined ? undefined : objects[place];
  const name = (object && nameText(object, code.version)) || "code";
  let label = name;
  for (let number = taken.size === 0 ? 1 : 2; taken.has(label); number++) label = `${name}#${number}`;
  taken.add(label);
  return label;
}

/** How much a code object takes to say, in bytes of the file. */
class Sizes {
  private readonly table: NodeTable;
  private readonly counts = new Map<number, number>();

  constructor(table: NodeTable) {
    this.table = table;
  }

  of(code: CodeObject): number {
    let sum = 0;
    for (const field of codeLayout(code.version).objects) {
      const node = code.fieldNode(field);
      if (node !== NO_NODE) sum += this.ofNode(node);
    }
    return sum;
  }

  /** A container counts by its items, which may be large, but are not of this code object alone. */
  private ofNode(node: number): number {
    const { start, end, next } = this.table;
    if (next[node] === node + 1) return (end[node] as number) - (start[node] as number);
    let count = this.counts.get(node);
    if (count === undefined) {
      count = 5 * (childCount(this.table, node) + 1);
      this.counts.set(node, count);
    }
    return count;
  }
}
