/**
 * Instructions by what they mean: the opcode's name with the constant, the name or the number that the oparg stands
 * for, as one number that can be compared. Prefixes and cache entries belong to the instruction that they are for, and
 * where a constant stands in its pool is no matter.
 *
 * Where a jump goes is not in that number: a target is an instruction, and which instruction of the other file it is
 * comes out when the two are aligned. Nor is the line that SET_LINENO tells, which is compared with the lines.
 */
import type { CodeObject } from "../code/index.js";
import { functionParts, marker, ownMeaning } from "../dis/index.js";
import { decode, type Instructions, jumpTarget } from "../instruction/index.js";
import { NO_NODE } from "../marshal/index.js";
import { indexesNames, nameFlags, nameShift, OpargKind, type OpcodeTable, opcodesOf } from "../opcode/index.js";
import { Numbering } from "./identity.js";
import type { Side } from "./side.js";

/** What an operation refers to that does not jump. */
export const NO_JUMP = -1;

const indexes: ReadonlySet<number> = new Set([OpargKind.const, OpargKind.local, OpargKind.free, OpargKind.localPair]);

/** What the number of an oparg in a token counts. */
const Tag = { nothing: 0, number: 1, value: 2, absent: 3, flagged: 4, meaning: 5 } as const;

const TAG = 2 ** 34;
const OPNAME = TAG * 8;

/** The numbers of what is not in a file: names of opcodes, and what opargs mean by themselves. */
export class Vocabulary {
  /** Of values, which slots and pairs of them share. */
  readonly values: Numbering;
  /** Whether the files have different tables of opcodes, so that opargs are compared by what they mean in words. */
  readonly byMeaning: boolean;
  private readonly opnames = new Numbering();
  private readonly tables = new Map<OpcodeTable, Uint32Array>();

  constructor(values: Numbering, byMeaning: boolean) {
    this.values = values;
    this.byMeaning = byMeaning;
  }

  /** The number of each opcode's name. */
  of(table: OpcodeTable): Uint32Array {
    let numbers = this.tables.get(table);
    if (numbers === undefined) {
      numbers = Uint32Array.from(table.names, (_, op) => this.opnames.of(opname(table, op)));
      this.tables.set(table, numbers);
    }
    return numbers;
  }
}

const opname = (table: OpcodeTable, op: number) => table.ownNames[op] ?? (table.names[op] as string);

/** The instructions of one code object; an operation is an instruction with its prefixes. */
export class Operations {
  readonly code: CodeObject;
  readonly rows: Instructions;
  readonly table: OpcodeTable;
  readonly count: number;
  /** The row of each. */
  readonly row: Uint32Array;
  /** What it means, targets and lines apart. */
  readonly token: Float64Array;
  /** The operation that it jumps to, `count` for the end of the code; NO_JUMP where it does not jump. */
  readonly target: Int32Array;
  /** Where a jump misses the beginning of its target, by how many bytes. */
  readonly astray = new Map<number, number>();
  private readonly side: Side;
  private readonly vocabulary: Vocabulary;
  private readonly opnumbers: Uint32Array;
  private readonly pools = new Map<string, readonly number[]>();
  private readonly slots = new Map<string, readonly number[]>();
  private aims: Uint8Array | undefined;

  constructor(side: Side, code: CodeObject, vocabulary: Vocabulary) {
    this.side = side;
    this.code = code;
    this.vocabulary = vocabulary;
    this.table = opcodesOf(code.version);
    this.opnumbers = vocabulary.of(this.table);
    this.rows = decode(code.code, code.version);
    this.row = operationRows(this.rows);
    this.count = this.row.length;
    this.token = new Float64Array(this.count);
    this.target = new Int32Array(this.count).fill(NO_JUMP);
    for (let i = 0; i < this.count; i++) {
      this.token[i] = this.tokenOf(i);
      this.aim(i);
    }
  }

  /** Offset in co_code of the first prefix. */
  start(i: number): number {
    return i < this.count ? (this.rows.start[this.row[i] as number] as number) : this.code.code.length;
  }
  /** Offset in co_code of the opcode. */
  offset(i: number): number {
    return i < this.count ? (this.rows.offset[this.row[i] as number] as number) : this.code.code.length;
  }
  opcode(i: number): number {
    return this.rows.opcode[this.row[i] as number] as number;
  }
  /** Unsigned, prefixes included. */
  oparg(i: number): number {
    return (this.rows.oparg[this.row[i] as number] as number) >>> 0;
  }
  kind(i: number): number {
    return this.table.kind[this.opcode(i)] as number;
  }
  opname(i: number): string {
    return opname(this.table, this.opcode(i));
  }
  /** The operation whose bytes, prefixes and cache entries included, hold an offset; `count` beyond the code. */
  at(offset: number): number {
    if (offset >= this.code.code.length) return this.count;
    let [from, to] = [0, this.count - 1];
    while (from < to) {
      const middle = (from + to + 1) >> 1;
      if (this.start(middle) <= offset) from = middle;
      else to = middle - 1;
    }
    return from;
  }
  /** Whether something jumps here. */
  isTarget(i: number): boolean {
    if (this.aims === undefined) {
      this.aims = new Uint8Array(this.count + 1);
      for (const target of this.target) if (target >= 0) this.aims[target] = 1;
    }
    return this.aims[i] === 1;
  }

  /** Whether the oparg is an index of a constant, a name or a local. */
  isIndex(i: number): boolean {
    const kind = this.kind(i);
    return indexes.has(kind) || indexesNames(kind);
  }

  /** Whether nothing reads the oparg. */
  isUnread(i: number): boolean {
    const known = this.table.known[this.opcode(i)] as number;
    return this.kind(i) === OpargKind.none && (known === 1 || known === 2);
  }

  /** What the oparg means in words; "" where it has none, and where nothing reads it. */
  meaning(i: number): string {
    const { words } = this.side;
    const kind = this.kind(i);
    const oparg = this.oparg(i);
    const at = (field: string, index: number, absent: (index: number) => string) => {
      const node = this.pool(field)[index];
      return node === undefined ? absent(index) : words.name(node);
    };
    if (indexesNames(kind)) {
      const said = nameFlags(kind).filter((_, bit) => ((oparg >>> bit) & 1) === 1);
      const extra = said.map((flag) => ` + ${flag}`);
      return at("co_names", oparg >>> nameShift(kind), marker.name) + extra.join("");
    }
    switch (kind) {
      case OpargKind.none:
        return this.isUnread(i) || oparg === 0 ? "" : String(oparg);
      case OpargKind.const: {
        const node = this.pool("co_consts")[oparg];
        return node === undefined ? marker.constant(oparg) : words.value(node);
      }
      case OpargKind.local:
        return at(LOCALS, oparg, marker.local);
      case OpargKind.free:
        return at(this.cells, oparg, marker.cell);
      case OpargKind.localPair:
        return `${at(LOCALS, oparg >>> 4, marker.local)}, ${at(LOCALS, oparg & 15, marker.local)}`;
      case OpargKind.jumpForward:
      case OpargKind.jumpBackward:
      case OpargKind.jumpAbsolute: {
        const to = this.targetOffset(i);
        return `to ${to}${this.astray.has(i) || to === this.code.code.length ? marker.target : ""}`;
      }
      case OpargKind.raw:
      case OpargKind.extended:
      case OpargKind.line:
      case OpargKind.resume:
        return String(oparg);
      default:
        return ownMeaning(this.table, kind, oparg, functionParts.length) || String(oparg);
    }
  }

  /** Numbers of the names that a local's or cell's number stands for; of several with one name each has its own. */
  private slotsOf(field: string): readonly number[] {
    let slots = this.slots.get(field);
    if (slots === undefined) {
      const seen = new Map<number, number>();
      slots = this.pool(field).map((node) => {
        const id = this.idOf(node);
        const before = seen.get(id) ?? 0;
        seen.set(id, before + 1);
        return before === 0 ? id : this.vocabulary.values.of(`slot ${id} ${before}`);
      });
      this.slots.set(field, slots);
    }
    return slots;
  }

  private tokenOf(i: number): number {
    const op = this.opnumbers[this.opcode(i)] as number;
    const kind = this.kind(i);
    const oparg = this.oparg(i);
    const token = (tag: number, value: number) => op * OPNAME + tag * TAG + value;
    const slot = (id: number | undefined) => (id === undefined ? token(Tag.absent, oparg) : token(Tag.value, id));
    if (indexesNames(kind)) {
      const shift = nameShift(kind);
      const node = this.pool("co_names")[oparg >>> shift];
      if (node === undefined) return token(Tag.absent, oparg);
      const bits = oparg & ((1 << shift) - 1);
      return shift === 0 ? token(Tag.value, this.idOf(node)) : token(Tag.flagged, this.idOf(node) * 4 + bits);
    }
    switch (kind) {
      case OpargKind.none:
        return token(Tag.nothing, this.isUnread(i) ? 0 : oparg);
      case OpargKind.const: {
        const node = this.pool("co_consts")[oparg];
        return slot(node === undefined ? undefined : this.idOf(node));
      }
      case OpargKind.local:
        return slot(this.slotsOf(LOCALS)[oparg]);
      case OpargKind.free:
        return slot(this.slotsOf(this.cells)[oparg]);
      case OpargKind.localPair: {
        const [one, other] = [this.slotsOf(LOCALS)[oparg >>> 4], this.slotsOf(LOCALS)[oparg & 15]];
        return one === undefined || other === undefined || oparg > 255
          ? token(Tag.absent, oparg)
          : token(Tag.meaning, this.vocabulary.values.of(`pair ${one} ${other}`));
      }
      case OpargKind.jumpForward:
      case OpargKind.jumpBackward:
      case OpargKind.jumpAbsolute:
      case OpargKind.line:
        return token(Tag.nothing, 0);
    }
    if (!this.vocabulary.byMeaning) return token(Tag.number, oparg);
    const words = ownMeaning(this.table, kind, oparg, functionParts.length);
    return words === "" ? token(Tag.number, oparg) : token(Tag.meaning, this.vocabulary.values.of(`meaning ${words}`));
  }

  private targetOffset(i: number): number {
    const { offset, size, caches } = this.rows;
    const row = this.row[i] as number;
    const next = (offset[row] as number) + (size[row] as number) + (caches[row] as number);
    return jumpTarget(this.kind(i), this.oparg(i), next, this.code.version.traits.jumpUnit);
  }

  private aim(i: number): void {
    const kind = this.kind(i);
    if (kind < OpargKind.jumpForward || kind > OpargKind.jumpAbsolute) return;
    const to = this.targetOffset(i);
    const target = this.at(to);
    this.target[i] = target;
    const off = to - this.start(target);
    if (off !== 0) this.astray.set(i, off);
  }

  private get cells(): string {
    return this.code.version.traits.cellIndex === "localsplus" ? LOCALS : CELLS;
  }

  private pool(field: string): readonly number[] {
    let pool = this.pools.get(field);
    if (pool === undefined) {
      const { code } = this;
      pool = field === LOCALS ? code.locals : field === CELLS ? code.cells : code.items(field);
      this.pools.set(field, pool);
    }
    return pool;
  }

  private idOf(node: number): number {
    return node === NO_NODE ? 0 : (this.side.ids[node] as number);
  }
}

const LOCALS = "locals";
const CELLS = "cells";

/** The rows that are no prefix of the one behind them. */
function operationRows({ count, start, offset }: Instructions): Uint32Array {
  const rows = new Uint32Array(count);
  let length = 0;
  for (let i = 0; i < count; i++) {
    if (i + 1 < count && (start[i + 1] as number) <= (offset[i] as number)) continue;
    rows[length++] = i;
  }
  return rows.subarray(0, length);
}
