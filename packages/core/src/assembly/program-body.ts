/** The instructions of a code object that was read, as statements: symbols for opargs, labels, lines, handlers. */
import type { CodeObject } from "../code/index.js";
import { exceptionEntries } from "../exceptiontable/index.js";
import { type Steps, stepsOf } from "../instruction/index.js";
import { type LineEvent, linesOfSetLineno, readEvents } from "../linetable/index.js";
import type { Plain } from "../marshal/index.js";
import { nameShift, OpargKind, type OpcodeTable, opcodesOf } from "../opcode/index.js";
import { compilerOf } from "../version/index.js";
import { operandOf, type RangeMark } from "./assemble-body.js";
import { rangesOf } from "./assemble-tables.js";
import { isSameBytes } from "./same.js";
import type { Operand, Statement } from "./syntax.js";

/** What opargs index, by their number. */
export interface Indexed {
  readonly consts: readonly Plain[];
  readonly names: readonly Plain[];
  readonly locals: readonly Plain[];
  /** Undefined for what is none. */
  readonly cells: readonly (Plain | undefined)[];
}

/** How much is said by symbols. */
export interface Symbols {
  /** Whether an entry may be said by its value. */
  readonly entry: (kind: number, index: number) => boolean;
  readonly labels: boolean;
  readonly lines: boolean;
  readonly handlers: boolean;
}

export interface ReadBody {
  readonly statements: readonly Statement[];
  readonly steps: Steps;
  /** Whether the lines and handlers are said, and not left to a raw table. */
  readonly lines: boolean;
  readonly handlers: boolean;
}

/** Instructions whose oparg is no name, though listings show one. */
const NO_NAME: ReadonlySet<string> = new Set(["UNPACK_VARARG"]);

export function readBody(code: CodeObject, indexed: Indexed, symbols: Symbols, exact: boolean): ReadBody {
  return new BodyReader(code, indexed, symbols, exact).read();
}

class BodyReader {
  private readonly code: CodeObject;
  private readonly indexed: Indexed;
  private readonly symbols: Symbols;
  private readonly exact: boolean;
  /** Whether a compiler would have written prefixes that nothing needs. */
  private readonly keepsPrefixes: boolean;
  private readonly opcodes: OpcodeTable;
  private readonly steps: Steps;
  /** Step at an offset of its first byte, prefixes included; -1 where none begins. */
  private readonly stepAt: Int32Array;
  /** Number of the label before each step, 0 where there is none. */
  private readonly labels: Uint32Array;

  constructor(code: CodeObject, indexed: Indexed, symbols: Symbols, exact: boolean) {
    this.code = code;
    this.indexed = indexed;
    this.symbols = symbols;
    this.exact = exact;
    this.keepsPrefixes = compilerOf(code.version).jumpPrefixes === "kept";
    this.opcodes = opcodesOf(code.version);
    this.steps = stepsOf(code.code, code.version);
    const { offsets } = this.steps;
    this.stepAt = new Int32Array(code.code.length + 1).fill(-1);
    for (let i = 0; i < offsets.length; i++) this.stepAt[offsets[i] as number] = i;
    this.labels = new Uint32Array(offsets.length);
  }

  read(): ReadBody {
    const { steps } = this.steps;
    const events = this.symbols.lines ? this.events() : undefined;
    const ranges = this.symbols.handlers ? this.ranges() : undefined;
    if (this.symbols.labels) for (const { target } of steps) if (target >= 0) this.labels[target] = 1;
    for (const { start, end, target } of ranges ?? []) for (const step of [start, end, target]) this.labels[step] = 1;
    for (let i = 0, count = 0; i < this.labels.length; i++) if (this.labels[i] === 1) this.labels[i] = ++count;
    const out: Statement[] = [];
    let event = 0;
    for (let i = 0; i <= steps.length; i++) {
      if (this.labels[i] !== 0) out.push({ is: "label", name: this.label(i) });
      for (; events !== undefined && event < events.length && events[event]?.offset === this.offset(i); event++) {
        const { line, endLine, column, endColumn } = events[event] as LineEvent;
        out.push({ is: "line", line, endLine, column, endColumn });
      }
      if (i < steps.length) out.push(this.statement(i));
    }
    for (const { start, end, target, depth, lasti } of ranges ?? [])
      out.push({
        is: "except",
        start: this.label(start),
        end: this.label(end),
        target: this.label(target),
        depth,
        lasti,
      });
    return { statements: out, steps: this.steps, lines: events !== undefined, handlers: ranges !== undefined };
  }

  private offset(step: number): number {
    return this.steps.offsets[step] as number;
  }

  private label(step: number): string {
    return `L${this.labels[step]}`;
  }

  /** What the line table says; undefined where it says something of places where no instruction begins. */
  private events(): readonly LineEvent[] | undefined {
    const { code } = this;
    const { lines } = code.version.traits;
    if (lines === "set-lineno") {
      const told = linesOfSetLineno(code.code, code.version);
      if (told !== undefined && isSameBytes(told.lnotab, code.bytes("co_lnotab"))) return [];
    }
    const events = readEvents(code);
    for (const { offset } of events) if ((this.stepAt[offset] ?? -1) < 0) return undefined;
    const isUnsaid = lines.startsWith("lnotab") && code.code.length > 0 && events[0]?.offset !== 0;
    if (!isUnsaid) return events;
    return [{ offset: 0, line: code.firstlineno, endLine: null, column: null, endColumn: null }, ...events];
  }

  /** The entries of the exception table; undefined where one is not about whole instructions. */
  private ranges(): readonly RangeMark[] | undefined {
    const ranges: RangeMark[] = [];
    for (const { start, end, target, depth, lasti } of exceptionEntries(this.code)) {
      const steps = [start, end, target].map((offset) => this.stepAt[offset] ?? -1) as [number, number, number];
      if (steps.includes(-1)) return undefined;
      ranges.push({ start: steps[0], end: steps[1], target: steps[2], depth, lasti, place: undefined });
    }
    return ranges.length === 0 ? ranges : this.withoutDepths(ranges);
  }

  /** Leaves out the depths that would be computed. */
  private withoutDepths(ranges: readonly RangeMark[]): readonly RangeMark[] {
    const { code } = this;
    const depths = (marks: readonly RangeMark[]) =>
      rangesOf(marks, this.steps.offsets, code.code, code.version).map(({ depth }) => depth);
    const none = depths(ranges.map((range) => ({ ...range, depth: undefined })));
    const some = ranges.map((range, i) => (range.depth === none[i] ? { ...range, depth: undefined } : range));
    return depths(some).every((depth, i) => depth === ranges[i]?.depth) ? some : ranges;
  }

  private statement(i: number): Statement {
    const step = this.steps.steps[i] as Steps["steps"][number];
    if (step.bytes !== undefined) return { is: "bytes", bytes: step.bytes };
    return {
      is: "instruction",
      opcode: step.opcode,
      operand: this.operand(step.opcode, step.oparg, step.target),
      prefixes: this.exact || (this.keepsPrefixes && step.target >= 0) ? step.prefixes : 0,
      caches: this.exact ? step.caches : undefined,
    };
  }

  private operand(opcode: number, oparg: number, target: number): Operand {
    const kind = this.opcodes.kind[opcode] as number;
    if (target >= 0 && this.symbols.labels) return { is: "label", label: this.label(target) };
    const symbol = this.symbol(opcode, kind, oparg);
    if (symbol !== undefined) return symbol;
    return kind === OpargKind.none && oparg === 0 ? { is: "none" } : { is: "number", value: oparg };
  }

  /** What stands in a pool; undefined where nothing does, or where a number says more. */
  private symbol(opcode: number, kind: number, oparg: number): Operand | undefined {
    const { consts, names, locals, cells } = this.indexed;
    const entry = (list: readonly (Plain | undefined)[], index: number) =>
      this.symbols.entry(kind, index) ? list[index] : undefined;
    switch (operandOf(kind)) {
      case "constant": {
        const value = entry(consts, oparg);
        return value && { is: "constant", value };
      }
      case "names": {
        const [first, second] = [entry(locals, oparg >>> 4), entry(locals, oparg & 15)];
        return first && second && { is: "names", names: [first, second] };
      }
      case "name": {
        if (NO_NAME.has(this.opcodes.ownNames[opcode] ?? "")) return undefined;
        const list = kind === OpargKind.local ? locals : kind === OpargKind.free ? cells : names;
        const shift = nameShift(kind);
        const name = entry(list, oparg >>> shift);
        return name && { is: "name", name, bits: oparg & (2 ** shift - 1) };
      }
      default:
        return undefined;
    }
  }
}
