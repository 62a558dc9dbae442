/**
 * The middle of a line, from the opcode's name to the oparg, made once per table and kept: listings repeat it
 * endlessly. Where the oparg's meaning depends on nothing but the opcode and the oparg, the piece has it too, and the
 * line feed.
 *
 * Pieces are kept per margin, the fixed text that stands before an opname on most lines; joining a line from few long
 * pieces instead of many short ones is what makes a listing fast.
 */
import { OpargKind, type OpcodeTable } from "../opcode/index.js";
import { ownMeaning } from "./meaning.js";
import { type Era, references } from "./modern-era.js";

const OPNAME_WIDTH = 20;
const OPARG_WIDTH = 5;
/** Opargs up to here have their pieces kept. */
const KEPT = 256;
/** So many pieces are kept per table; one that needs more begins anew. */
const MOST = 0x8000;

/**
 * The same text, no longer as a tree of the pieces it was put together from, which engines keep until somebody reads
 * a character. Text that is used many times, or that is done with, is made flat at once: the tree costs time and
 * memory as long as it lives.
 */
export function flat(text: string): string {
  if (text.length > 0) read = text.charCodeAt(0);
  return text;
}
/** Keeps an optimiser from leaving the reading out. */
export let read = 0;

/** The pieces that begin with so many blanks. */
export interface PieceRows {
  readonly margin: number;
  /** By opcode and oparg, below KEPT; undefined for one that is not made yet. */
  readonly made: readonly (string | undefined)[][];
}

export class Pieces {
  readonly table: OpcodeTable;
  /** The kind of opcodes whose pieces lack the oparg's meaning and the line feed; 0 for those that are whole lines. */
  readonly open: Uint8Array;
  private readonly era: Era;
  private count = 0;
  private readonly byMargin = new Map<number, PieceRows>();

  constructor(table: OpcodeTable, era: Era) {
    this.table = table;
    this.era = era;
    const unsaid = new Set(era.unsaid);
    this.open = table.kind.map((kind, op) =>
      openKinds.has(kind) &&
      table.hasArg[table.base[op] as number] === 1 &&
      !unsaid.has(table.names[table.base[op] as number] as string)
        ? kind
        : 0,
    );
  }

  /** The pieces that begin with so many blanks. */
  rows(margin: number): PieceRows {
    let rows = this.byMargin.get(margin);
    if (rows === undefined) {
      if (this.count >= MOST) {
        this.byMargin.clear();
        this.count = 0;
      }
      rows = { margin, made: Array.from({ length: 256 }, () => []) };
      this.byMargin.set(margin, rows);
    }
    return rows;
  }

  /** Makes a piece for what `rows` gave, and keeps it if it may be asked for again. */
  make(rows: PieceRows, op: number, oparg: number): string {
    const piece = flat(" ".repeat(rows.margin) + this.instruction(op, oparg));
    if (oparg >= 0 && oparg < KEPT) {
      (rows.made[op] as (string | undefined)[])[oparg] = piece;
      this.count++;
    }
    return piece;
  }

  private instruction(op: number, oparg: number): string {
    const { table, era } = this;
    const opname = table.names[op] as string;
    if (table.hasArg[table.base[op] as number] === 0) return `${opname}\n`;
    const width = era.overflow ? OPARG_WIDTH - Math.max(0, opname.length - OPNAME_WIDTH) : OPARG_WIDTH;
    const text = `${opname.padEnd(OPNAME_WIDTH)} ${String(oparg).padStart(width)}`;
    if (this.open[op] !== 0) return text;
    const said = era.unsaid.includes(table.names[table.base[op] as number] as string)
      ? ""
      : ownMeaning(table, table.kind[op] as number, oparg, era.functionParts);
    return said === "" ? `${text}\n` : `${text} (${said})\n`;
  }
}

/** Kinds whose oparg means something that depends on the code object or on where it stands. */
const openKinds = new Set<number>([
  ...Object.keys(references).map(Number),
  OpargKind.const,
  OpargKind.local,
  OpargKind.free,
  OpargKind.localPair,
  OpargKind.jumpForward,
  OpargKind.jumpBackward,
  OpargKind.jumpAbsolute,
]);
