/**
 * Numbers for values: two objects, of one file or of two, have the same number if and only if they are the same value
 * of the same type. How they are encoded does not count, nor does the order of a set's elements.
 *
 * One pass over the node table: a container's number follows from those of its items, so that objects which share
 * each other, however often, cost what their bytes cost. Code objects have numbers that are given: what two of them
 * have in common is compared elsewhere.
 *
 * A container that is inside itself is named there by how many levels up it stands. What lies in such a loop is told
 * from outside by its place in it: then two loops that are built alike and shared unlike may have two numbers, never
 * two values one.
 */
import { latin1 } from "../bytes/index.js";
import {
  FLAG_REF,
  NO_NODE,
  type NodeTable,
  type PyFloat,
  type PyValue,
  resolve,
  Shape,
  typeCode,
} from "../marshal/index.js";
import type { Pyc } from "../pyc/index.js";

/** Gives each text its number, 1 and on. */
export class Numbering {
  private readonly numbers = new Map<string, number>();

  of(text: string): number {
    let number = this.numbers.get(text);
    if (number === undefined) {
      number = this.numbers.size + 1;
      this.numbers.set(text, number);
    }
    return number;
  }
}

/** What counts as the same between two files. */
export interface Sameness {
  /** An 8-bit string of ASCII is a str, as both are to their Pythons: for files of which one has str8 and one bytes. */
  readonly strings: boolean;
  /** A long is an int: where one of the Pythons has both and the other one has not. */
  readonly integers: boolean;
}

const NOTHING = "nothing";

/**
 * The number of each node's value; a reference has its target's.
 * @param codes the number of each code object by its node, as texts that cannot be values
 */
export function identities(
  pyc: Pyc,
  numbering: Numbering,
  codes: ReadonlyMap<number, string>,
  sameness: Sameness,
): Uint32Array {
  return new Walk(pyc, numbering, codes, sameness).all();
}

interface Open {
  readonly node: number;
  readonly end: number;
  /** The outermost level that something in it refers to; its own or more where nothing refers beyond it. */
  low: number;
}

const CLOSED = 0;
const OPEN = 1;
/** Complete, but inside a loop that is not. */
const LOOSE = 2;

class Walk {
  private readonly pyc: Pyc;
  private readonly table: NodeTable;
  private readonly numbering: Numbering;
  private readonly codes: ReadonlyMap<number, string>;
  private readonly sameness: Sameness;
  private readonly ids: Uint32Array;
  private readonly state: Uint8Array;
  /** Of an open node its level, of a loose one the outermost level that it needs. */
  private readonly level: Uint32Array;
  private readonly open: Open[] = [];
  private readonly loose: number[] = [];

  constructor(pyc: Pyc, numbering: Numbering, codes: ReadonlyMap<number, string>, sameness: Sameness) {
    this.pyc = pyc;
    this.table = pyc.table;
    this.numbering = numbering;
    this.codes = codes;
    this.sameness = sameness;
    this.ids = new Uint32Array(pyc.table.count);
    this.state = new Uint8Array(pyc.table.count);
    this.level = new Uint32Array(pyc.table.count);
  }

  all(): Uint32Array {
    const { table, open, ids, state } = this;
    for (let node = 0; node < table.count; node++) {
      this.closeAt(node);
      const shape = typeCode(table.type[node] as number)?.shape ?? Shape.unknown;
      if (isContainer(shape)) {
        state[node] = OPEN;
        this.level[node] = open.length;
        open.push({ node, end: table.next[node] as number, low: open.length });
      } else if (shape === Shape.reference || shape === Shape.stringReference) ids[node] = this.reference(node);
      else ids[node] = this.numbering.of(this.leaf(node));
    }
    this.closeAt(table.count);
    return ids;
  }

  private closeAt(node: number): void {
    const { open } = this;
    while (open.length > 0 && (open[open.length - 1] as Open).end <= node) this.close(open.pop() as Open);
  }

  private close({ node, low }: Open): void {
    const { open, state, ids, loose } = this;
    const level = open.length;
    ids[node] = this.numbering.of(this.codes.get(node) ?? this.container(node));
    state[node] = CLOSED;
    if (low < level) {
      state[node] = LOOSE;
      this.level[node] = low;
      loose.push(node);
      this.needs(low);
      return;
    }
    for (let last = loose.at(-1); last !== undefined && last > node; last = loose.at(-1)) {
      state[last] = CLOSED;
      if (!this.codes.has(last)) ids[last] = this.numbering.of(`in ${ids[node]} ${last - node}`);
      loose.pop();
    }
  }

  /** Notes that the innermost open container needs the one at that level. */
  private needs(level: number): void {
    const inner = this.open.at(-1);
    if (inner !== undefined && level < inner.low) inner.low = level;
  }

  private reference(node: number): number {
    const to = resolve(this.table, node);
    if (to === NO_NODE) return this.numbering.of(NOTHING);
    const state = this.state[to] as number;
    if (state === CLOSED) return this.ids[to] as number;
    const level = this.level[to] as number;
    this.needs(level);
    const code = this.codes.get(to);
    if (code !== undefined) return this.numbering.of(code);
    return this.numbering.of(state === OPEN ? `up ${this.open.length - level}` : `back ${node - to}`);
  }

  private container(node: number): string {
    const { table, ids } = this;
    const { next, type } = table;
    const byte = (type[node] as number) & ~FLAG_REF;
    const items: number[] = [];
    const end = next[node] as number;
    for (let child = node + 1; child < end; child = next[child] as number) items.push(ids[child] as number);
    if (byte === SET || byte === FROZENSET) items.sort((a, b) => a - b);
    const kind = byte === SMALL_TUPLE ? "(" : String.fromCharCode(byte);
    return `${table.broken.has(node) ? "broken " : ""}${kind}${items.join()}`;
  }

  private leaf(node: number): string {
    const { table, pyc } = this;
    const value = pyc.values.of(node);
    if (table.broken.has(node) || value.kind === "missing")
      return `broken ${latin1(table.bytes, table.start[node], table.end[node])}`;
    return this.valueText(value);
  }

  private valueText(value: PyValue): string {
    switch (value.kind) {
      case "str":
        return `str ${value.value}${value.codePoints === undefined ? "" : ` as ${value.codePoints.join()}`}`;
      case "bytes": {
        const text = latin1(value.value);
        return this.sameness.strings && value.value.every((byte) => byte < 0x80) ? `str ${text}` : `bytes ${text}`;
      }
      case "int":
      case "long":
        return `${this.sameness.integers ? "int" : value.kind} ${value.value.toString(16)}`;
      case "float":
        return `float ${floatBits(value)}`;
      case "complex":
        return `complex ${floatBits(value.real)} ${floatBits(value.imag)}`;
      case "bool":
        return `bool ${value.value}`;
      default:
        return value.kind;
    }
  }
}

const SET = 0x3c; // <
const FROZENSET = 0x3e; // >
const SMALL_TUPLE = 0x29; // )

export function isContainer(shape: number): boolean {
  return (
    shape === Shape.items32 ||
    shape === Shape.items8 ||
    shape === Shape.pairs ||
    shape === Shape.slice ||
    shape === Shape.code
  );
}

const scratch = new DataView(new ArrayBuffer(8));

function floatBits({ value, bits }: PyFloat): string {
  if (bits !== undefined) return bits.toString(16);
  scratch.setFloat64(0, value);
  return scratch.getBigUint64(0).toString(16);
}
