/** What opargs mean: the constant, the name, the target. The same words for every version; `dis` has each its own. */
import type { CodeObject } from "../code/index.js";
import { functionParts, marker, ownMeaning } from "../dis/index.js";
import { jumpTarget, NO_TARGET } from "../instruction/index.js";
import { NO_NODE } from "../marshal/index.js";
import { indexesNames, nameFlags, nameShift, OpargKind, type OpcodeTable, opcodesOf } from "../opcode/index.js";
import type { Pyc } from "../pyc/index.js";
import type { Brief } from "./brief.js";
import type { InstructionContent } from "./content.js";

const resumes = ["start", "after yield", "after yield from", "after await"];

export class Operands {
  private readonly pyc: Pyc;
  private readonly brief: Brief;
  private readonly table: OpcodeTable;
  /** The objects of a pool by its node: code objects may share one, however long it is. */
  private readonly pools = new Map<number, readonly number[]>();
  /** Of the code object that was asked for last. */
  private code: CodeObject | undefined;
  private readonly current = new Map<string, readonly number[]>();

  constructor(pyc: Pyc, brief: Brief) {
    this.pyc = pyc;
    this.brief = brief;
    this.table = opcodesOf(pyc.version);
  }

  /** What the oparg of an instruction means beyond its number; "" where there is nothing to say. */
  meaning({ code, list }: InstructionContent, i: number): string {
    this.open(code);
    const op = list.opcode[i] as number;
    const oparg = (list.oparg[i] as number) >>> 0;
    const kind = this.table.kind[op] as number;
    switch (kind) {
      case OpargKind.none:
      case OpargKind.raw:
      case OpargKind.extended:
        return "";
      case OpargKind.const: {
        const node = this.pool("co_consts")[oparg];
        return node === undefined ? marker.constant(oparg) : this.brief.value(node);
      }
      case OpargKind.local:
        return this.fast(oparg);
      case OpargKind.free:
        return this.free(oparg);
      case OpargKind.localPair:
        return `${this.fast(oparg >>> 4)}, ${this.fast(oparg & 15)}`;
      case OpargKind.jumpForward:
      case OpargKind.jumpBackward:
      case OpargKind.jumpAbsolute:
        return `to ${this.target(list, i)}`;
    }
    return indexesNames(kind) ? this.named(oparg, nameShift(kind), nameFlags(kind)) : this.own(kind, oparg);
  }

  /** The name of a fast local. */
  local(code: CodeObject, index: number): string {
    this.open(code);
    return this.fast(index);
  }

  /** The offset that an instruction may jump to, or NO_TARGET. */
  target({ opcode, oparg, offset, size, caches }: InstructionContent["list"], i: number): number {
    const kind = this.table.kind[opcode[i] as number] as number;
    if (kind < OpargKind.jumpForward || kind > OpargKind.jumpAbsolute) return NO_TARGET;
    const next = (offset[i] as number) + (size[i] as number) + (caches[i] as number);
    return jumpTarget(kind, oparg[i] as number, next, this.pyc.version.traits.jumpUnit);
  }

  /** What an oparg means by itself: in dis's words, and where dis says nothing. */
  private own(kind: number, oparg: number): string {
    switch (kind) {
      case OpargKind.callPair:
        return oparg >>> 8 === 0 ? "" : `${oparg & 255} positional, ${oparg >>> 8} keyword`;
      case OpargKind.unpackPair:
        return `${oparg & 255} before, ${oparg >>> 8} after`;
      case OpargKind.resume:
        return resumes[oparg & 3] as string;
      default:
        return ownMeaning(this.table, kind, oparg, functionParts.length);
    }
  }

  private named(oparg: number, shift: number, flags: readonly string[]): string {
    const node = this.pool("co_names")[oparg >>> shift];
    let text = node === undefined ? marker.name(oparg >>> shift) : this.brief.name(node);
    for (const [bit, flag] of flags.entries()) if (((oparg >>> bit) & 1) === 1) text += ` + ${flag}`;
    return text;
  }

  private fast(index: number): string {
    const pool = this.pool(this.pyc.version.traits.localsplus ? "co_localsplusnames" : "co_varnames");
    const node = pool[index];
    return node === undefined ? marker.local(index) : this.brief.name(node);
  }

  private free(index: number): string {
    if (this.pyc.version.traits.cellIndex === "localsplus") return this.fast(index);
    const cells = this.pool("co_cellvars");
    const node = index < cells.length ? cells[index] : this.pool("co_freevars")[index - cells.length];
    return node === undefined ? marker.cell(index) : this.brief.name(node);
  }

  private open(code: CodeObject): void {
    if (this.code === code) return;
    this.code = code;
    this.current.clear();
  }

  private pool(field: string): readonly number[] {
    let pool = this.current.get(field);
    if (pool === undefined) {
      const holder = (this.code as CodeObject).fieldNode(field);
      pool = this.pools.get(holder);
      if (pool === undefined) {
        pool = holder === NO_NODE ? [] : (this.code as CodeObject).items(field);
        this.pools.set(holder, pool);
      }
      this.current.set(field, pool);
    }
    return pool;
  }
}
