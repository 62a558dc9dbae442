/**
 * Code objects: a view on a node of the table, field by field, by the record that format/ declares.
 *
 * Nothing is copied: `code` and the tables are views on the file, names and constants are values made when asked
 * for. A field that the version lacks, that is cut off or that holds another type than it should reads as empty;
 * what it really holds is at `fieldNode(name)`.
 */
import { int32 } from "../bytes/index.js";
import { type CodeLayout, codeLayout } from "../format/index.js";
import {
  children,
  FLAG_REF,
  holdsBytes,
  isCode,
  NO_NODE,
  type NodeTable,
  type PyValue,
  resolve,
  type Values,
} from "../marshal/index.js";
import type { Version } from "../version/index.js";

const EMPTY = new Uint8Array(0);
const NOTHING: readonly number[] = [];

export class CodeObject {
  readonly values: Values;
  readonly table: NodeTable;
  readonly node: number;
  private readonly layout: CodeLayout;
  private fieldNodes: readonly number[] | undefined;
  private constNodes: readonly number[] | undefined;
  private codeView: Uint8Array | undefined;

  constructor(values: Values, node: number) {
    this.values = values;
    this.table = values.table;
    this.node = node;
    this.layout = codeLayout(this.table.version);
  }

  get version(): Version {
    return this.table.version;
  }
  /** File offset of the code object's type byte. */
  get offset(): number {
    return this.table.start[this.node] as number;
  }

  /** The nodes of the object fields, unresolved; fewer than the record has where the file is cut off. */
  private get objects(): readonly number[] {
    this.fieldNodes ??= children(this.table, this.node);
    return this.fieldNodes;
  }

  /** An integer field, or undefined where the version has none or the file is cut off before it. */
  int(field: string): number | undefined {
    const place = this.layout.integers.get(field);
    if (place === undefined || place.gap > this.objects.length) return undefined;
    const { bytes, start, end } = this.table;
    const from =
      place.gap === 0 ? (start[this.node] as number) + 1 : (end[this.objects[place.gap - 1] as number] as number);
    const at = from + place.at;
    if (at + place.size > bytes.length) return undefined;
    const value = int32(bytes, at);
    return place.size === 2 ? (value << 16) >> 16 : value;
  }
  /** The node of an object field, references followed; NO_NODE where there is none. */
  fieldNode(field: string): number {
    const node = this.objects[this.layout.order.get(field) ?? -1];
    return node === undefined ? NO_NODE : resolve(this.table, node);
  }
  /** The value of an object field. */
  value(field: string): PyValue {
    const node = this.fieldNode(field);
    return node === NO_NODE ? { kind: "missing" } : this.values.of(node);
  }
  /** The bytes of a field that holds a bytes object (or an 8-bit string): a view on the file. */
  bytes(field: string): Uint8Array {
    const node = this.fieldNode(field);
    if (node === NO_NODE) return EMPTY;
    if (!holdsBytes(this.table, node)) return EMPTY;
    return this.table.bytes.subarray((this.table.start[node] as number) + 5, this.table.end[node]);
  }
  /** The nodes in a field that holds a tuple or list, references followed (NO_NODE for one to nothing). */
  items(field: string): readonly number[] {
    const node = this.fieldNode(field);
    if (node === NO_NODE) return NOTHING;
    const code = (this.table.type[node] as number) & ~FLAG_REF;
    if (code !== 0x28 && code !== 0x29 && code !== 0x5b) return NOTHING; // ( ) [
    return children(this.table, node).map((child) => resolve(this.table, child));
  }

  get argcount(): number {
    return this.int("co_argcount") ?? 0;
  }
  get posonlyargcount(): number {
    return this.int("co_posonlyargcount") ?? 0;
  }
  get kwonlyargcount(): number {
    return this.int("co_kwonlyargcount") ?? 0;
  }
  get stacksize(): number {
    return this.int("co_stacksize") ?? 0;
  }
  get flags(): number {
    return this.int("co_flags") ?? 0;
  }
  get firstlineno(): number {
    return this.int("co_firstlineno") ?? 0;
  }
  get code(): Uint8Array {
    this.codeView ??= this.bytes("co_code");
    return this.codeView;
  }
  /** Nodes of the constants. */
  get consts(): readonly number[] {
    this.constNodes ??= this.items("co_consts");
    return this.constNodes;
  }
  get names(): readonly number[] {
    return this.items("co_names");
  }
  /** Nodes of the names that a fast local's number indexes: varnames, or localsplusnames from 3.11. */
  get locals(): readonly number[] {
    return this.items(this.version.traits.localsplus ? "co_localsplusnames" : "co_varnames");
  }
  /** Nodes of the names that a cell's number indexes up to 3.10: cellvars, then freevars. */
  get cells(): readonly number[] {
    return [...this.items("co_cellvars"), ...this.items("co_freevars")];
  }
  /** co_name as text, "" where the version has none. */
  get name(): string {
    return this.text("co_name");
  }
  get qualname(): string {
    return this.text("co_qualname");
  }
  get filename(): string {
    return this.text("co_filename");
  }
  /** A string field as text; 8-bit strings as Latin-1; "" for anything else. */
  text(field: string): string {
    const node = this.fieldNode(field);
    return node === NO_NODE ? "" : textOf(this.values.of(node));
  }
  /** The code objects among the constants, in order; a constant that is one twice is listed twice. */
  get nested(): readonly number[] {
    const { type } = this.table;
    return this.consts.filter((node) => node !== NO_NODE && isCode(type[node] as number));
  }
}

/** A name as text: a str, or an 8-bit string byte for byte; "" for any other value. */
export function textOf(value: PyValue): string {
  if (value.kind === "str") return value.value;
  if (value.kind !== "bytes") return "";
  let s = "";
  for (const byte of value.value) s += String.fromCharCode(byte);
  return s;
}

/** Every code object that stands in a table, in file order. */
export function* codeObjects(values: Values): Generator<CodeObject> {
  const { count, type } = values.table;
  for (let node = 0; node < count; node++) {
    if (isCode(type[node] as number)) yield new CodeObject(values, node);
  }
}
