/** The fields of two code objects compared, but for instructions and tables: numbers, names, constants. */
import { type CodeObject, flagNames, localKindWords } from "../code/index.js";
import { codeLayout } from "../format/index.js";
import { FLAG_REF, NO_NODE, type PyValue } from "../marshal/index.js";
import { align } from "./align.js";
import { isFunction } from "./code-tree.js";
import type { Both, FieldDifference, PoolDifference, PoolItem } from "./difference.js";
import type { Effort } from "./effort.js";
import type { Numbering } from "./identity.js";
import type { Side } from "./side.js";

/** A pool whose items are the same on both sides, though in another order. */
export type Reordered = "co_consts" | "co_names";

export interface Fields {
  readonly fields: readonly FieldDifference[];
  readonly pools: readonly PoolDifference[];
  readonly reordered: readonly Reordered[];
  /** Whether what instructions refer to is the same at the same indexes. */
  readonly sameIndexes: boolean;
}

/** Fields that tell of instructions, and are compared with them if they hold what they should. */
const ofInstructions: ReadonlySet<string> = new Set(["co_code", "co_lnotab", "co_linetable", "co_exceptiontable"]);
/** Tuples whose items are compared one by one. Kinds stand with the names that they are for. */
const pools: ReadonlySet<string> = new Set([
  "co_consts",
  "co_names",
  "co_varnames",
  "co_freevars",
  "co_cellvars",
  "co_localsplusnames",
]);
const KINDS = "co_localspluskinds";
const LOCALS = "co_localsplusnames";

/** Compares the fields of a pair of code objects. */
export class FieldComparison {
  private readonly a: Side;
  private readonly b: Side;
  private readonly numbering: Numbering;
  private readonly effort: Effort;

  constructor(a: Side, b: Side, numbering: Numbering, effort: Effort) {
    this.a = a;
    this.b = b;
    this.numbering = numbering;
    this.effort = effort;
  }

  compare(a: CodeObject, b: CodeObject): Fields {
    const [ofA, ofB] = [codeLayout(a.version), codeLayout(b.version)];
    const fields: FieldDifference[] = [];
    const found: PoolDifference[] = [];
    const reordered: Reordered[] = [];
    let sameIndexes = true;
    for (const field of fieldsOf(a, b)) {
      if (ofInstructions.has(field)) {
        if (!(holdsBytes(a, field) && holdsBytes(b, field)) && !this.sameField(a, b, field))
          fields.push({ field, a: fieldText(this.a, a, field), b: fieldText(this.b, b, field) });
        continue;
      }
      if (ofA.integers.has(field) || ofB.integers.has(field)) {
        const difference = integer(field, a, b);
        if (difference !== undefined) fields.push(difference);
        continue;
      }
      if (this.sameField(a, b, field)) continue;
      if (field === KINDS && hasPool(a, LOCALS) && hasPool(b, LOCALS)) continue;
      if (!pools.has(field) || !this.canOpen(this.a, a, field) || !this.canOpen(this.b, b, field)) {
        fields.push({ field, a: fieldText(this.a, a, field), b: fieldText(this.b, b, field) });
        sameIndexes &&= !pools.has(field);
        continue;
      }
      sameIndexes = false;
      this.comparePool(field, a, b, found, reordered, fields);
    }
    return { fields, pools: found, reordered, sameIndexes };
  }

  /** Whether a field is a pool, and there is budget to look at its items. */
  private canOpen(side: Side, code: CodeObject, field: string): boolean {
    if (!hasPool(code, field)) return false;
    this.effort.take(4 * side.count(poolNode(code, field)));
    return !this.effort.isSpent;
  }

  /** Whether a field has the same value; with localsplus names go their kinds. */
  private sameField(a: CodeObject, b: CodeObject, field: string): boolean {
    const same = (name: string) => idOf(this.a, a.fieldNode(name)) === idOf(this.b, b.fieldNode(name));
    if (a.version.traits.localsplus !== b.version.traits.localsplus && kindOf.has(field)) return false;
    return same(field) && (field !== LOCALS || same(KINDS));
  }

  private comparePool(
    field: string,
    a: CodeObject,
    b: CodeObject,
    found: PoolDifference[],
    reordered: Reordered[],
    fields: FieldDifference[],
  ): void {
    const [one, other] = [new Pool(this.a, a, field, this.numbering), new Pool(this.b, b, field, this.numbering)];
    const { to } = align(one.ids, other.ids, this.effort);
    if (one.ids.length === other.ids.length && to.every((j, i) => i === j)) {
      if (a.version === b.version) fields.push(this.sameItems(field, a, b));
      return;
    }
    const kept = new Set(to);
    let removed = indexes(one.ids.length).filter((i) => (to[i] as number) < 0);
    let added = indexes(other.ids.length).filter((j) => !kept.has(j));
    if (field === "co_consts" || field === "co_names") {
      [removed, added] = withoutCommon(removed, added, one.ids, other.ids);
      if (removed.length + added.length === 0) {
        reordered.push(field);
        if (field === "co_consts" && docstringsDiffer(a, b, one, other))
          fields.push({ field: "co_consts[0]", a: one.text(0), b: other.text(0) });
        return;
      }
    }
    found.push({ field, a: removed.map((i) => one.item(i)), b: added.map((j) => other.item(j)) });
  }

  /** Two pools that differ though their items are the same: of another type, broken, or in what kinds say of none. */
  private sameItems(field: string, a: CodeObject, b: CodeObject): FieldDifference {
    const told =
      field === LOCALS && idOf(this.a, a.fieldNode(field)) === idOf(this.b, b.fieldNode(field)) ? KINDS : field;
    const text = (side: Side, code: CodeObject) => {
      const node = code.fieldNode(field);
      if (told === KINDS) return fieldText(side, code, told);
      return `${side.pyc.values.of(node).kind}${code.table.broken.has(node) ? ", broken" : ""}`;
    };
    return { field: told, a: text(this.a, a), b: text(this.b, b) };
  }
}

function fieldText(side: Side, code: CodeObject, field: string): string | undefined {
  if (!codeLayout(code.version).order.has(field)) return undefined;
  const node = code.fieldNode(field);
  return names.has(field) ? side.words.name(node) : side.words.value(node);
}

/** What versions with one tuple for all names of locals have in place of these: the bit of its kind. */
const kindOf: ReadonlyMap<string, number> = new Map([
  ["co_varnames", 0x20],
  ["co_cellvars", 0x40],
  ["co_freevars", 0x80],
]);

/**
 * The fields that two code objects are compared by. Of two versions those that both have, numbers that one has and that
 * are not 0, and the names of locals by their kinds where one version has one tuple for all.
 */
function fieldsOf(a: CodeObject, b: CodeObject): Iterable<string> {
  const [one, other] = [codeLayout(a.version), codeLayout(b.version)].map(
    ({ fields }) => new Set(fields.map(({ name }) => name)),
  ) as [Set<string>, Set<string>];
  if (a.version === b.version) return one;
  const found = [...new Set([...one, ...other])].filter(
    (name) => (one.has(name) && other.has(name)) || (a.int(name) ?? b.int(name) ?? 0) !== 0,
  );
  const split = a.version.traits.localsplus !== b.version.traits.localsplus;
  return split ? new Set([...found.filter((name) => name !== "co_nlocals"), ...kindOf.keys()]) : found;
}

/** The nodes of a tuple; of a kind of locals where the version has all in one. */
function itemsOf(code: CodeObject, field: string): readonly number[] {
  const bit = code.version.traits.localsplus ? kindOf.get(field) : undefined;
  if (bit === undefined) return code.items(field);
  const kinds = code.bytes(KINDS);
  return code.items(LOCALS).filter((_, i) => ((kinds[i] ?? 0) & bit) !== 0);
}

/** A function's first constant is its docstring, if it is a string: there the order says something. */
function docstringsDiffer(a: CodeObject, b: CodeObject, one: Pool, other: Pool): boolean {
  const isText = (value: PyValue | undefined) => value?.kind === "str" || value?.kind === "bytes";
  return (
    one.ids[0] !== other.ids[0] && isFunction(a) && isFunction(b) && (isText(one.value(0)) || isText(other.value(0)))
  );
}

/** Fields that hold names rather than values. */
const names: ReadonlySet<string> = new Set(["co_filename", "co_name", "co_qualname"]);

class Pool {
  readonly ids: Uint32Array;
  private readonly side: Side;
  private readonly field: string;
  private readonly nodes: readonly number[];
  private readonly kinds: Uint8Array | undefined;

  constructor(side: Side, code: CodeObject, field: string, numbering: Numbering) {
    this.side = side;
    this.field = field;
    this.nodes = itemsOf(code, field);
    this.kinds = field === LOCALS ? code.bytes(KINDS) : undefined;
    this.ids = Uint32Array.from(this.nodes, (node, i) => {
      const id = idOf(side, node);
      return this.kinds === undefined ? id : numbering.of(`local ${id} ${this.kinds[i]}`);
    });
  }

  value(index: number): PyValue | undefined {
    const node = this.nodes[index];
    return node === undefined || node === NO_NODE ? undefined : this.side.pyc.values.of(node);
  }
  text(index: number): string | undefined {
    const node = this.nodes[index];
    if (node === undefined) return undefined;
    const { words } = this.side;
    if (this.field === "co_consts") return words.value(node);
    return words.name(node) + (this.kinds === undefined ? "" : ` (${kindWords(this.kinds[index])})`);
  }
  item(index: number): PoolItem {
    return { index, value: this.text(index) ?? "" };
  }
}

function kindWords(kind: number | undefined): string {
  return kind === undefined ? "no kind" : localKindWords(kind).join(", ");
}

function integer(field: string, a: CodeObject, b: CodeObject): FieldDifference | undefined {
  const values: Both<number | undefined> = { a: a.int(field), b: b.int(field) };
  if (values.a === values.b) return undefined;
  if (field !== "co_flags") return { field, a: values.a?.toString(), b: values.b?.toString() };
  const [one, other] = [flagNames(a.version, values.a ?? 0), flagNames(b.version, values.b ?? 0)];
  const only = (of: readonly string[], not: readonly string[]) => of.filter((name) => !not.includes(name));
  const flags = { a: only(one, other), b: only(other, one) };
  if (a.version !== b.version && flags.a.length + flags.b.length === 0) return undefined; // the bits have moved
  return { field, a: flagText(values.a), b: flagText(values.b), flags };
}

const flagText = (flags: number | undefined) => (flags === undefined ? undefined : `0x${(flags >>> 0).toString(16)}`);

/** What is left of two lists of indexes when equal items are taken out of both. */
function withoutCommon(
  removed: number[],
  added: number[],
  a: Uint32Array,
  b: Uint32Array,
): [removed: number[], added: number[]] {
  const counts = new Map<number, number>();
  for (const j of added) counts.set(b[j] as number, (counts.get(b[j] as number) ?? 0) + 1);
  const take = (id: number) => {
    const count = counts.get(id) ?? 0;
    if (count > 0) counts.set(id, count - 1);
    return count > 0;
  };
  const onlyA = removed.filter((i) => !take(a[i] as number));
  const onlyB = [...added]
    .reverse()
    .filter((j) => take(b[j] as number))
    .reverse();
  return [onlyA, onlyB];
}

const indexes = (length: number) => Array.from({ length }, (_, i) => i);

const idOf = (side: Side, node: number) => (node === NO_NODE ? 0 : (side.ids[node] as number));

/** Whether a field holds bytes, whole, or is none of that version. */
function holdsBytes(code: CodeObject, field: string): boolean {
  if (!codeLayout(code.version).order.has(field)) return true;
  const node = code.fieldNode(field);
  return node !== NO_NODE && !code.table.broken.has(node) && code.values.of(node).kind === "bytes";
}

function poolNode(code: CodeObject, field: string): number {
  return code.fieldNode(code.version.traits.localsplus && kindOf.has(field) ? LOCALS : field);
}

/** Whether a field holds what `items` can open. */
function hasPool(code: CodeObject, field: string): boolean {
  const node = poolNode(code, field);
  if (node === NO_NODE) return false;
  const byte = (code.table.type[node] as number) & ~FLAG_REF;
  return byte === 0x28 || byte === 0x29 || byte === 0x5b; // ( ) [
}
