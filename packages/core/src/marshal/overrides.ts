/**
 * The objects of a file by their value, and what their writer chose differently from the encoder: the inverse of
 * `encode`, which makes the same bytes of them again.
 */
import { int32 } from "../bytes/index.js";
import { codeLayout } from "../format/index.js";
import { containerKinds, FLAG_REF } from "./codes.js";
import { contentOf } from "./content.js";
import { type Choice, Encoder, indexFor, isReference } from "./encode.js";
import { itemsOf } from "./equality.js";
import { type NodeTable, resolve } from "./nodes.js";
import { type Override, Plain, type PlainValue } from "./plain.js";
import { walkPlain } from "./roles.js";
import type { PyValue, Values } from "./values.js";
import { checkWhole, contentOfNode, integerSizes, integersOf } from "./write.js";

export interface PlainOptions {
  /** Whether objects carry overrides where `encode` would choose differently from the file's writer; true if left out. */
  readonly exact?: boolean;
}

/** The objects of a file. */
export interface PlainObjects {
  readonly root: Plain;
  /** By node, as they stand in the file; a reference's is the object that it refers to, or a copy. */
  readonly byNode: readonly Plain[];
}

const TERMINATOR = 0x30; // 0

/** Objects that a reference may repeat by value: containers of at most so many, all that is in them counted. */
const MOST_REPEATED = 64;
/** And so many in all for each node of the file. */
const REPEATED_PER_NODE = 4;

/**
 * The objects of a file by value. What a reference repeats is a fresh copy where it is small; where it is large, a
 * code object, or in itself, it is the same object: another `Plain` or the same, with the same `value`.
 * @throws WriteError where the file was not read whole
 */
export function plainOf(values: Values, options: PlainOptions = {}): PlainObjects {
  checkWhole(values.table);
  const byNode = new Reader(values).read();
  const root = byNode[0] as Plain;
  if (options.exact ?? true) override(root, values.table);
  return { root, byNode };
}

class Reader {
  private readonly values: Values;
  private readonly table: NodeTable;
  private readonly plains: Plain[] = [];
  /** How many objects each node stands for, itself and references counted in; Infinity for what has an identity. */
  private readonly sizes: Float64Array;
  private left: number;

  constructor(values: Values) {
    this.values = values;
    this.table = values.table;
    this.sizes = new Float64Array(values.table.count);
    this.left = REPEATED_PER_NODE * values.table.count;
  }

  read(): readonly Plain[] {
    const { table, plains, sizes } = this;
    const { count, type, next } = table;
    const layout = integerSizes(codeLayout(table.version));
    const open: number[] = [];
    for (let node = 0; node <= count; node++) {
      // what ends here is complete: its objects and their number are known
      for (let last = open.at(-1); last !== undefined && (next[last] as number) <= node; last = open.at(-1)) {
        this.complete(last);
        open.pop();
      }
      if (node === count) break;
      if (isReference(type[node] as number)) {
        plains.push(this.repeated(node));
      } else {
        const kind = containers.get((type[node] as number) & ~FLAG_REF);
        if (kind === undefined) {
          plains.push(new Plain(leaf(this.values.of(node))));
          sizes[node] = 1;
        } else {
          const integers = kind === "code" ? integersOf(table, node, layout) : [];
          plains.push(new Plain(kind === "code" ? { kind, integers, objects: [] } : { kind, items: [] }));
          sizes[node] = Number.POSITIVE_INFINITY; // until it is complete
          open.push(node);
        }
      }
    }
    return plains;
  }

  /** Puts a container's objects into it. */
  private complete(node: number): void {
    const { plains, sizes } = this;
    const { type, next } = this.table;
    const { value } = plains[node] as Plain;
    const items = itemsOf(value) as Plain[];
    const end = next[node] as number;
    let size = 1;
    let child = node + 1;
    for (; child < end; child = next[child] as number) {
      items.push(plains[child] as Plain);
      size += sizes[child] as number;
    }
    if (value.kind === "dict" || value.kind === "frozendict") {
      items.pop(); // the terminator, which is not an object
      const byte = type[end - 1] as number;
      if ((byte & FLAG_REF) !== 0) value.end = { type: byte };
    }
    sizes[node] = value.kind === "code" || size > MOST_REPEATED ? Number.POSITIVE_INFINITY : size;
  }

  /** What a reference stands for. */
  private repeated(node: number): Plain {
    let target = resolve(this.table, node);
    while (isReference(this.table.type[target] as number)) target = resolve(this.table, target); // to an `R`
    const size = this.sizes[target] as number;
    if (size <= this.left) {
      this.left -= size;
      this.sizes[node] = size;
      return copyOf((this.plains[target] as Plain).value);
    }
    this.sizes[node] = Number.POSITIVE_INFINITY;
    const same = this.plains[target] as Plain;
    // the type byte of the reference is the reference's own
    return ((this.table.type[node] as number) & FLAG_REF) === 0 ? same : new Plain(same.value);
  }
}

/** A fresh object of the same value; of a container that is complete and not deeper than MOST_REPEATED. */
function copyOf(value: PlainValue): Plain {
  if (value.kind === "code" || !("items" in value)) return new Plain(value);
  return new Plain({ kind: value.kind, items: value.items.map((item) => copyOf(item.value)) });
}

type ContainerKind = Extract<PlainValue, { items: Plain[] }>["kind"] | "code";
const containers: ReadonlyMap<number, ContainerKind> = new Map(
  Object.entries({ ...containerKinds, c: "code", C: "code" } as const).map(([code, kind]) => [
    code.charCodeAt(0),
    kind,
  ]),
);

/** A leaf's value; of a file that was read whole, no leaf's is missing. */
function leaf(value: PyValue): PlainValue {
  return value as PlainValue;
}

/** Gives each object that `encode` would write differently an override, in step with the nodes of the file. */
function override(root: Plain, table: NodeTable): void {
  const { type, version } = table;
  const encoder = new Encoder(root, version);
  let node = -1;
  walkPlain(root, version, {
    enter(plain, role, code) {
      do node++;
      while (((type[node] as number) & ~FLAG_REF) === TERMINATOR);
      const choice = encoder.choice(plain, role, code);
      const found = difference(plain, choice, table, node);
      if (!choice.again) plain.override = found;
      return encoder.write(plain, choice, found);
    },
    leave: () => encoder.close(),
  });
}

/** What the file's writer chose that is not what the encoder chooses, or undefined. */
function difference(plain: Plain, choice: Choice, table: NodeTable, node: number): Override | undefined {
  const type = table.type[node] as number;
  const found: Override = {};
  if (type !== choice.type) found.type = type;
  if (isReference(type)) {
    const index = int32(table.bytes, (table.start[node] as number) + 1);
    if (index !== indexFor(type, choice)) found.index = index;
  } else if (itemsOf(plain.value) === undefined) {
    const content = contentOfNode(table, node);
    const usual = contentOf(type, plain.value, table.version);
    if (usual === undefined || !sameBytes(usual, content)) found.content = content;
  }
  return found.type === undefined && found.index === undefined && found.content === undefined ? undefined : found;
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  if (a.buffer === b.buffer && a.byteOffset === b.byteOffset) return true;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
