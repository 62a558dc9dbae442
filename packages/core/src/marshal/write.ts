/**
 * Writing: objects to bytes, every choice that was made honoured, and everything that follows from them computed:
 * lengths from contents, counts from children, the indexes of references from where what they mean was written.
 *
 * Objects come from two places. A `Draft` is a tree that anybody may have built or changed (`writeDraft`); the nodes of
 * a file that was read are written from their table without a tree in between (`writeNodes` in `rewrite.ts`), which is
 * many times faster. Both put objects into the same sink.
 */
import { int32 } from "../bytes/index.js";
import { type CodeLayout, codeLayout, fieldSize } from "../format/index.js";
import type { Version } from "../version/index.js";
import { FLAG_REF, Shape, typeCode } from "./codes.js";
import { Draft, WriteError } from "./draft.js";
import { draftPath } from "./draft-path.js";
import { type NodeTable, resolve } from "./nodes.js";
import { IS_REFERABLE, planFor, SHAPE } from "./plan.js";
import { Sink } from "./sink.js";
import { MAX_DEPTH } from "./walk.js";

/** Bytes of each integer of a code object, in the order of its record, by the object that it precedes. */
export function integerSizes(layout: CodeLayout): readonly (readonly number[])[] {
  const sizes: number[][] = [[]];
  for (const { type } of layout.fields) {
    if (type === "object") sizes.push([]);
    else (sizes[sizes.length - 1] as number[]).push(fieldSize[type]);
  }
  return sizes;
}

// --- drafts of a file -------------------------------------------------------------------------------------------

/**
 * The objects of a file as a tree that can be changed, every choice of its writer kept. `content` is a view on the
 * file's bytes.
 * @throws WriteError where the file was not read whole
 */
export function draftOf(table: NodeTable): Draft {
  const { bytes, version, count, type, start, end, next } = table;
  checkWhole(table);
  const { shapes } = planFor(version);
  const sizes = integerSizes(codeLayout(version));
  const drafts = new Array<Draft>(count);
  for (let node = 0; node < count; node++) {
    const byte = type[node] as number;
    const from = (start[node] as number) + 1;
    const shape = (shapes[byte] as number) & SHAPE;
    if (shape === Shape.reference || shape === Shape.stringReference) {
      drafts[node] = new Draft(byte, undefined, undefined, undefined, drafts[resolve(table, node)]);
    } else if (isContainer(shape)) drafts[node] = new Draft(byte, undefined, []);
    else drafts[node] = new Draft(byte, bytes.subarray(from + lengthSize(shape), end[node]));
  }
  for (let node = 0; node < count; node++) {
    const draft = drafts[node] as Draft;
    const shape = (shapes[draft.type] as number) & SHAPE;
    if (!isContainer(shape)) continue;
    const last = next[node] as number;
    for (let child = node + 1; child < last; child = next[child] as number) draft.items.push(drafts[child] as Draft);
    if (shape === Shape.code) draft.integers = integersOf(table, node, sizes);
  }
  return drafts[0] as Draft;
}

/** The integers of a code object, as its record orders them; each with its sign. */
export function integersOf(table: NodeTable, node: number, sizes: readonly (readonly number[])[]): number[] {
  const { bytes, start, end, next } = table;
  const out: number[] = [];
  let at = (start[node] as number) + 1;
  let child = node + 1;
  for (const [k, ofGap] of sizes.entries()) {
    for (const size of ofGap) {
      const value = int32(bytes, at);
      out.push(size === 2 ? (value << 16) >> 16 : value);
      at += size;
    }
    if (k === sizes.length - 1) break;
    at = end[child] as number;
    child = next[child] as number;
  }
  return out;
}

/** Only what was read without a fault can be written as it was. */
export function checkWhole(table: NodeTable): void {
  if (table.count === 0) throw new WriteError("", "there is no object to write");
  const [error] = table.errors;
  if (error) throw new WriteError(error.path, `what was not read whole is not written: ${error.what}`);
}

function isContainer(shape: number): boolean {
  return shape >= Shape.items32 && shape <= Shape.slice;
}

/** The bytes of a leaf behind its type byte (and its length, for a string): a view. */
export function contentOfNode({ bytes, version, type, start, end }: NodeTable, node: number): Uint8Array {
  const shape = (planFor(version).shapes[type[node] as number] as number) & SHAPE;
  return bytes.subarray((start[node] as number) + 1 + lengthSize(shape), end[node]);
}

/** Bytes of the length between a leaf's type byte and its content. */
function lengthSize(shape: number): number {
  if (shape === Shape.bytes8) return 1;
  return shape === Shape.bytes32 || shape === Shape.utf8 || shape === Shape.interned ? 4 : 0;
}

// --- writing drafts ---------------------------------------------------------------------------------------------

/**
 * The bytes of a tree of drafts.
 * @throws WriteError where the tree is none that a reader would take: a reference to what is not written before it, a
 * length that its type code has no room for, a content of the wrong size, nesting beyond MAX_DEPTH
 */
export function writeDraft(root: Draft, version: Version): Uint8Array {
  return new DraftWriter(version).write(root);
}

interface Frame {
  readonly draft: Draft;
  readonly shape: number;
  /** Items that were begun. */
  at: number;
  /** Integers that were written. */
  integers: number;
}

class DraftWriter {
  private readonly sink = new Sink(1 << 12);
  private readonly version: Version;
  private readonly shapes: Uint8Array;
  private readonly layout: CodeLayout;
  private readonly sizes: readonly (readonly number[])[];
  private readonly stringTable: boolean;
  /** What references index, by what was written. */
  private readonly referable = new Map<Draft, number>();
  private readonly interned = new Map<Draft, number>();
  private referableCount = 0;
  private readonly frames: Frame[] = [];
  /** Open containers that no reference may mean before they are complete. */
  private readonly incomplete = new Set<Draft>();

  constructor(version: Version) {
    this.version = version;
    this.shapes = planFor(version).shapes;
    this.layout = codeLayout(version);
    this.sizes = integerSizes(this.layout);
    this.stringTable = version.traits.references !== "flag";
  }

  write(root: Draft): Uint8Array {
    const { frames } = this;
    this.begin(root);
    for (let frame = frames.at(-1); frame !== undefined; frame = frames.at(-1)) {
      const { draft, shape } = frame;
      if (shape === Shape.code) this.integers(frame);
      if (frame.at < draft.items.length) this.begin(draft.items[frame.at++] as Draft);
      else {
        frames.pop();
        if (this.incomplete.size > 0) this.incomplete.delete(draft);
      }
    }
    return this.sink.finish();
  }

  private begin(draft: Draft): void {
    const { sink } = this;
    const { type, content } = draft;
    const what = this.shapes[type] as number;
    const shape = what & SHAPE;
    if ((what & IS_REFERABLE) !== 0) {
      if (!this.referable.has(draft)) this.referable.set(draft, this.referableCount);
      this.referableCount++;
    }
    switch (shape) {
      case Shape.terminator:
        this.terminator(draft);
        break;
      case Shape.reference:
        this.reference(draft, this.referable);
        break;
      case Shape.stringReference:
        this.reference(draft, this.interned);
        break;
      case Shape.bytes8:
        if (content.length > 0xff) this.fail(`${content.length} bytes behind a type code that counts up to 255`);
        sink.headedShort(type, content.length);
        sink.copy(content, 0, content.length);
        break;
      case Shape.interned:
        if (this.stringTable && !this.interned.has(draft)) this.interned.set(draft, this.interned.size);
        sink.headed(type, content.length);
        sink.copy(content, 0, content.length);
        break;
      case Shape.bytes32:
      case Shape.utf8:
        sink.headed(type, content.length);
        sink.copy(content, 0, content.length);
        break;
      default:
        if (isContainer(shape)) this.open(draft, shape);
        else this.leaf(draft, shape);
    }
  }

  private terminator({ type }: Draft): void {
    const frame = this.frames.at(-1);
    if (frame?.shape !== Shape.pairs || frame.at < frame.draft.items.length)
      this.fail("a NULL, which only ends a dict");
    this.sink.byte(type);
  }

  private reference(draft: Draft, written: ReadonlyMap<Draft, number>): void {
    const { target, type } = draft;
    if (target === undefined) this.fail("a reference to nothing");
    const index = written.get(target);
    if (index === undefined) this.fail("a reference to what is not written before it");
    if (this.incomplete.has(target)) this.fail("a reference to an object that is not complete");
    this.sink.headed(type, index);
  }

  /** A leaf whose bytes say themselves how many they are. */
  private leaf({ type, content }: Draft, shape: number): void {
    const size = ownSize(shape, content);
    if (size < 0) this.fail(`type byte 0x${type.toString(16)}, which no marshal has`);
    if (size !== content.length) {
      this.fail(
        `${content.length} bytes behind type code ${JSON.stringify(typeCode(type)?.code)}, where ${size} belong`,
      );
    }
    this.sink.byte(type);
    this.sink.copy(content, 0, content.length);
  }

  private open(draft: Draft, shape: number): void {
    const { sink, frames } = this;
    const { type, items } = draft;
    if (shape === Shape.items8) {
      if (items.length > 0xff) this.fail(`${items.length} items behind a type code that counts up to 255`);
      sink.headedShort(type, items.length);
    } else if (shape === Shape.items32) sink.headed(type, items.length);
    else {
      if (shape === Shape.code) this.checkRecord(draft);
      else if (shape === Shape.slice && items.length !== 3) this.fail(`a slice of ${items.length} objects, not 3`);
      else if (shape === Shape.pairs) this.checkPairs(items);
      sink.byte(type);
    }
    if (items.length === 0) return;
    if (frames.length === MAX_DEPTH) this.fail(`objects nested more than ${MAX_DEPTH} deep`);
    if (shape === Shape.code || shape === Shape.slice || (type & ~FLAG_REF) === FROZENSET) this.incomplete.add(draft);
    frames.push({ draft, shape, at: 0, integers: 0 });
  }

  private checkRecord({ items, integers }: Draft): void {
    const { objects, fields } = this.layout;
    if (items.length !== objects.length) this.fail(`a code object of ${items.length} objects, not ${objects.length}`);
    const expected = fields.length - objects.length;
    if (integers.length !== expected) this.fail(`a code object of ${integers.length} integers, not ${expected}`);
  }

  private checkPairs(items: readonly Draft[]): void {
    const last = items.at(-1);
    const ends = last !== undefined && this.shapeOf(last) === Shape.terminator;
    if (!ends || (items.length & 1) === 0) this.fail("a dict that is not pairs and a NULL");
  }

  private shapeOf(draft: Draft): number {
    return (this.shapes[draft.type] as number) & SHAPE;
  }

  /** The integers of a code object that precede its next object, or follow the last one. */
  private integers(frame: Frame): void {
    for (const size of this.sizes[frame.at] as readonly number[]) {
      const value = frame.draft.integers[frame.integers++] as number;
      const limit = 2 ** (8 * size);
      if (!Number.isInteger(value) || value < -limit / 2 || value >= limit)
        this.fail(`${value} as an integer of ${8 * size} bits`);
      this.sink.integer(value, size);
    }
  }

  private fail(what: string): never {
    const path = draftPath(
      this.frames.map(({ draft, at }) => [draft.type, at - 1]),
      this.version,
    );
    throw new WriteError(path, what);
  }
}

const FROZENSET = 0x3e; // >

/** Bytes that a leaf without a counted length has, by what the bytes themselves say; -1 for what is no leaf. */
function ownSize(shape: number, content: Uint8Array): number {
  switch (shape) {
    case Shape.nothing:
      return 0;
    case Shape.int32:
      return 4;
    case Shape.int64:
    case Shape.float64:
      return 8;
    case Shape.complex128:
      return 16;
    case Shape.long:
      return 4 + 2 * Math.abs(int32(content, 0));
    case Shape.floatText:
      return 1 + (content[0] ?? 0);
    case Shape.complexText: {
      const first = 1 + (content[0] ?? 0);
      return first + 1 + (content[first] ?? 0);
    }
    default:
      return -1;
  }
}
