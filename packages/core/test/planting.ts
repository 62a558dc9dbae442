/** Plants one fault in a real file: finds where it can stand, changes bytes there, and leaves the rest as it was. */
import { CodeObject, flagBit } from "../src/code/index.js";
import { codeLayout } from "../src/format/index.js";
import { decode, type Instructions } from "../src/instruction/index.js";
import { children, NO_NODE } from "../src/marshal/index.js";
import { type OpcodeTable, opcodesOf } from "../src/opcode/index.js";
import { type Pyc, readPyc } from "../src/pyc/index.js";
import type { RuleId } from "../src/verify/index.js";
import { fixturesOf } from "./oracle.js";

/** A code object of a file that is about to be changed. */
export class Bed {
  readonly pyc: Pyc;
  readonly code: CodeObject;
  readonly rows: Instructions;
  readonly table: OpcodeTable;
  bytes: Uint8Array;

  constructor(pyc: Pyc, code: CodeObject) {
    this.pyc = pyc;
    this.code = code;
    this.bytes = Uint8Array.from(pyc.bytes);
    this.rows = decode(code.code, code.version);
    this.table = opcodesOf(code.version);
  }

  get words(): boolean {
    return this.code.version.traits.encoding === "words";
  }
  /** Whether it is the module's. */
  get isModule(): boolean {
    return this.code.node === this.pyc.code?.node;
  }

  set(offset: number, ...values: number[]): true {
    this.bytes.set(values, offset);
    return true;
  }
  splice(start: number, end: number, put: readonly number[]): true {
    this.bytes = Uint8Array.from([...this.bytes.subarray(0, start), ...put, ...this.bytes.subarray(end)]);
    return true;
  }

  /** File offset of the type byte of a field's object, and of what a bytes object there holds. */
  start(field: string): number {
    return this.pyc.table.start[this.code.fieldNode(field)] as number;
  }
  content(field: string): number {
    return this.start(field) + 5;
  }
  /** Whether a field's object stands in the code object itself, and not somewhere before. */
  owns(field: string): boolean {
    const node = this.code.fieldNode(field);
    return node > this.code.node && node < (this.pyc.table.next[this.code.node] as number);
  }

  /** Writes an integer field. */
  integer(field: string, value: number): boolean {
    const place = codeLayout(this.code.version).integers.get(field);
    if (place === undefined) return false;
    const { table } = this.pyc;
    const behind = children(table, this.code.node)[place.gap - 1];
    const at = (behind === undefined ? this.code.offset + 1 : (table.end[behind] as number)) + place.at;
    for (let i = 0; i < place.size; i++) this.bytes[at + i] = (value >> (8 * i)) & 255;
    return true;
  }
  flags(add: readonly string[], drop: readonly string[] = []): boolean {
    const bits = (names: readonly string[]) => names.reduce((sum, name) => sum | flagBit(this.code.version, name), 0);
    return this.integer("co_flags", (this.code.flags | bits(add)) & ~bits(drop));
  }

  /** Makes the object of bytes in a field another one. */
  replace(field: string, content: readonly number[]): boolean {
    if (!this.owns(field)) return false;
    const start = this.start(field);
    const end = this.pyc.table.end[this.code.fieldNode(field)] as number;
    const length = [0, 8, 16, 24].map((shift) => (content.length >> shift) & 255);
    return this.splice(start, end, [this.bytes[start] as number, ...length, ...content]);
  }

  number(name: string): number {
    return this.table.number(name) ?? -1;
  }
  /** Rows of an opcode that have no prefix. */
  rowsOf(...names: string[]): number[] {
    const numbers = names.map((name) => this.table.number(name));
    const { count, opcode, start, offset } = this.rows;
    return Array.from({ length: count }, (_, row) => row).filter(
      (row) => numbers.includes(opcode[row]) && start[row] === offset[row],
    );
  }
  rowsOfKind(kind: number): number[] {
    const { count, opcode, start, offset } = this.rows;
    return Array.from({ length: count }, (_, row) => row).filter(
      (row) => this.table.kind[opcode[row] as number] === kind && start[row] === offset[row],
    );
  }
  /** File offset of a row. */
  at(row: number): number {
    return this.content("co_code") + (this.rows.offset[row] as number);
  }
  opcode(row: number, opcode: number): boolean {
    return opcode >= 0 && this.set(this.at(row), opcode);
  }
  oparg(row: number, oparg: number): boolean {
    return this.words ? this.set(this.at(row) + 1, oparg) : this.set(this.at(row) + 1, oparg & 255, oparg >> 8);
  }
  /** Makes a row do nothing. */
  nop(row: number): boolean {
    const nop = this.table.number("NOP");
    if (nop === undefined) return false;
    const size = this.words ? 1 : (this.rows.size[row] as number);
    return this.set(this.at(row), ...new Array<number>(size).fill(nop));
  }
}

/** Changes the bed's bytes and says so, or finds no place for the fault. */
export type Planter = (bed: Bed) => boolean;

/** The first file of a version in which the fault has a place, with it planted. */
export function planted(version: string, plant: Planter): Uint8Array | undefined {
  for (const { bytes } of fixturesOf(version)) {
    const pyc = readPyc(bytes, { python: version.replace("/", "") });
    for (const code of ownCode(pyc)) {
      const bed = new Bed(pyc, code);
      if (bed.owns("co_code") && plant(bed)) return bed.bytes;
    }
  }
  return undefined;
}

function* ownCode(pyc: Pyc): Generator<CodeObject> {
  const waiting = pyc.code === undefined ? [] : [pyc.code];
  const seen = new Set<number>();
  for (let code = waiting.pop(); code !== undefined; code = waiting.pop()) {
    if (seen.has(code.node)) continue;
    seen.add(code.node);
    yield code;
    for (const node of code.nested) if (node !== NO_NODE) waiting.push(new CodeObject(pyc.values, node));
  }
}

/** A fault: what it is, the id that verify must find it by, the versions it is planted in, and how. */
export type Fault = readonly [what: string, id: RuleId, versions: readonly string[], plant: Planter];

/** Eras of instructions and of tables, a version or two of each. */
export const BYTES: readonly string[] = ["1.5", "2.1", "2.4", "2.7", "3.2"];
export const WORDS: readonly string[] = ["3.6", "3.8", "3.10", "3.11", "3.12", "3.13", "3.15"];
export const ALL: readonly string[] = [...BYTES, ...WORDS];
export const TABLE: readonly string[] = ["3.11", "3.12", "3.13", "3.14", "3.15"];

/** Plants it in the first row that has room. */
export const first = (rows: readonly number[], then: (row: number) => boolean) => rows.some((row) => then(row));

/** An offset in a cache entry, in code units. */
export function cacheUnit({ rows }: Bed): number | undefined {
  for (let row = 0; row < rows.count; row++)
    if (rows.caches[row] !== 0) return ((rows.offset[row] as number) + (rows.size[row] as number)) / 2;
  return undefined;
}
