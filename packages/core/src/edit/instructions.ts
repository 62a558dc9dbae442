/**
 * Instructions put in, taken out or replaced. Whatever points into the code is mended: jumps (with the prefixes that
 * they need), the line table, the exception table, cache entries, the stack size.
 *
 * A jump to an instruction before which something is inserted leads to what was inserted, a range that begins there
 * covers it, and it is on that instruction's line.
 */
import type { Statement } from "../assembly/index.js";
import type { CodeObject } from "../code/index.js";
import { type ExceptionRange, encodeExceptions, exceptionEntries } from "../exceptiontable/index.js";
import { bodyOf, stackSize } from "../flow/index.js";
import { layout, type Step, stepsOf } from "../instruction/index.js";
import { encodeLines, type LineEvent, linesOfSetLineno, readEvents } from "../linetable/index.js";
import { OpargKind, opcodesOf } from "../opcode/index.js";
import type { Version } from "../version/index.js";
import { EditError } from "./address.js";
import type { CodeDraft } from "./code-draft.js";
import { parsed } from "./literal.js";
import { Pools } from "./operands.js";

export interface InstructionEdit {
  readonly do: "insert" | "replace" | "delete";
  /** Offsets of the first and the last instruction it is about, as a listing shows them; of `insert`, the next one. */
  readonly from: number;
  readonly to: number;
  /** New instructions, in the assembly language, one a line; `@12` is where the instruction at offset 12 begins. */
  readonly text: string;
}

/** Where a step of the new code jumps to: to the first of what stands for an old step, or to a new step. */
type Target = { readonly old: number } | { readonly piece: number } | undefined;

interface Piece {
  readonly step: Step;
  readonly target: Target;
}

/** Makes all the edits of one code object; offsets are those of the code as it was. */
export function editInstructions(read: CodeObject, code: CodeDraft, edits: readonly InstructionEdit[]): void {
  new Rebuild(read, code, edits).run();
}

class Rebuild {
  private readonly read: CodeObject;
  private readonly code: CodeDraft;
  private readonly edits: readonly InstructionEdit[];
  private readonly version: Version;
  private readonly steps: readonly Step[];
  /** Where each old step began, and the end. */
  private readonly offsets: Uint32Array;
  private readonly pools: Pools;
  private readonly pieces: Piece[] = [];
  /** The first piece of what stands for an old step, and the number of pieces for the end. */
  private readonly pieceOf: Uint32Array;
  /** Locals were put in before this one: as many as `shift`. */
  private shiftFrom = Number.POSITIVE_INFINITY;
  private shift = 0;

  constructor(read: CodeObject, code: CodeDraft, edits: readonly InstructionEdit[]) {
    this.read = read;
    this.code = code;
    this.edits = edits;
    this.version = read.version;
    const { steps, offsets } = stepsOf(read.code, read.version);
    this.steps = steps;
    this.offsets = offsets;
    this.pieceOf = new Uint32Array(steps.length + 1);
    this.pools = new Pools(code);
    this.pools.onLocal = (index) => {
      this.shiftFrom = Math.min(this.shiftFrom, index);
      this.shift++;
    };
  }

  run(): void {
    const snippets = this.edits.map((edit) => snippetOf(edit, this.version));
    // Looked up once to add what is new to the pools: only then do indices stay what they are.
    for (const { body } of snippets) for (const statement of body) this.opargOf(statement);
    this.build(snippets);
    this.write();
  }

  private opargOf(statement: Statement): number {
    if (statement.is !== "instruction" || statement.operand.is === "label") return 0;
    return this.pools.oparg(statement.opcode, statement.operand);
  }

  private build(snippets: readonly Snippet[]): void {
    const at = new Map<number, Snippet[]>();
    const gone = new Uint8Array(this.steps.length);
    for (const snippet of snippets) {
      const { from, to } = snippet.edit;
      const first = this.stepAt(from, snippet.edit.do === "insert");
      at.set(first, [...(at.get(first) ?? []), snippet]);
      if (snippet.edit.do !== "insert") gone.fill(1, first, this.stepAt(to, false) + 1);
    }
    for (let i = 0; i <= this.steps.length; i++) {
      this.pieceOf[i] = this.pieces.length;
      for (const snippet of at.get(i) ?? []) this.add(snippet);
      const step = this.steps[i];
      if (step !== undefined && gone[i] === 0)
        this.pieces.push({ step: this.shifted(step), target: step.target < 0 ? undefined : { old: step.target } });
    }
  }

  /** The step with the instruction at an offset, with or without its prefixes. */
  private stepAt(offset: number, orEnd: boolean): number {
    const { steps, offsets, version } = this;
    const extended = opcodesOf(version).extendedArg;
    for (let i = 0; i < steps.length; i++) {
      let own = offsets[i] as number;
      if (own === offset) return i;
      const end = offsets[i + 1] as number;
      const size = version.traits.encoding === "words" ? 2 : 3;
      while (own + size < end && this.read.code[own] === extended) own += size;
      if (own === offset) return i;
    }
    if (orEnd && offset === offsets[steps.length]) return steps.length;
    throw new EditError(`no instruction begins at offset ${offset}`);
  }

  private add({ body }: Snippet): void {
    const labels = new Map<string, number>();
    let next = this.pieces.length;
    for (const statement of body) {
      if (statement.is === "label") labels.set(statement.name, next);
      else next++;
    }
    for (const statement of body) {
      if (statement.is !== "instruction") continue;
      const { opcode, operand, prefixes, caches } = statement;
      let target: Target;
      if (operand.is === "label") {
        const piece = labels.get(operand.label);
        const old = /^at_(\d+)$/.exec(operand.label)?.[1];
        if (piece !== undefined) target = { piece };
        else if (old !== undefined) target = { old: this.stepAt(Number(old), true) };
        else throw new EditError(`there is no label ${operand.label} among the new instructions`);
      }
      const step = { opcode, oparg: this.opargOf(statement), target: -1, prefixes, caches, bytes: undefined };
      this.pieces.push({ step, target });
    }
  }

  /** A step whose oparg counts the locals that were put in before what it means. */
  private shifted(step: Step): Step {
    if (this.shift === 0 || step.bytes !== undefined) return step;
    const kind = opcodesOf(this.version).kind[step.opcode];
    const moved = (index: number) => (index >= this.shiftFrom ? index + this.shift : index);
    if (kind === OpargKind.local || kind === OpargKind.free) return { ...step, oparg: moved(step.oparg) };
    if (kind !== OpargKind.localPair) return step;
    const [first, second] = [moved(step.oparg >>> 4), moved(step.oparg & 15)];
    if (first > 15 || second > 15)
      throw new EditError("a local more is beyond the 16 that an instruction in use holds");
    return { ...step, oparg: (first << 4) | second };
  }

  private write(): void {
    const { pieces, version, code } = this;
    const place = (target: Target) =>
      target === undefined ? -1 : "old" in target ? (this.pieceOf[target.old] as number) : target.piece;
    const laid = layout(
      pieces.map(({ step, target }) => ({ ...step, target: place(target) })),
      version,
    );
    const [problem] = laid.problems;
    if (problem) {
      const opname = opcodesOf(version).names[pieces[problem.step]?.step.opcode ?? 0];
      throw new EditError(`${opname}: ${problem.what}`);
    }
    const at = (offset: number) => laid.offsets[this.pieceOf[this.indexAt(offset)] as number] as number;
    code.setBytes("co_code", laid.code);
    this.writeLines(laid.code, laid.offsets, at);
    const exceptions = this.writeExceptions(at);
    const { max } = stackSize({ ...bodyOf(this.read), code: laid.code, exceptions });
    if (max > code.int("co_stacksize")) code.setInt("co_stacksize", max);
  }

  /** The old step that an offset lies in. */
  private indexAt(offset: number): number {
    const { offsets, steps } = this;
    let low = 0;
    let high = steps.length;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((offsets[middle] as number) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  private writeLines(made: Uint8Array, offsets: Uint32Array, at: (offset: number) => number): void {
    const { code, version } = this;
    const field = code.has("co_linetable") ? "co_linetable" : "co_lnotab";
    if (!code.has(field)) return;
    const firstlineno = code.int("co_firstlineno");
    const context = { version, firstlineno, codeSize: made.length, offsets: offsets.subarray(0, -1) };
    const events: LineEvent[] = [];
    for (const event of readEvents(this.read)) {
      const moved = { ...event, offset: at(event.offset) };
      if (events.at(-1)?.offset === moved.offset) events.pop(); // the code it was about has gone
      events.push(moved);
    }
    const table = linesOfSetLineno(made, version)?.lnotab ?? encodeLines(events, context);
    if (table === undefined) throw new EditError("the line table cannot be written for the new code");
    code.setBytes(field, table);
  }

  private writeExceptions(at: (offset: number) => number): ExceptionRange[] {
    if (!this.version.traits.exceptionTable) return [];
    const ranges = exceptionEntries(this.read)
      .map((entry) => ({ ...entry, start: at(entry.start), end: at(entry.end), target: at(entry.target) }))
      .filter(({ start, end }) => start < end);
    const table = encodeExceptions(ranges);
    if (table === undefined) throw new EditError("the exception table cannot be written for the new code");
    this.code.setBytes("co_exceptiontable", table);
    return ranges;
  }
}

interface Snippet {
  readonly edit: InstructionEdit;
  readonly body: readonly Statement[];
}

/** The new instructions, read as a code object of their own. */
function snippetOf(edit: InstructionEdit, version: Version): Snippet {
  if (edit.do === "delete") return { edit, body: [] };
  const text = edit.text.replace(
    /(^|\s)@(\d+|0x[\da-f]+)(?=\s*(?:#.*)?$)/gim,
    (_, space, at) => `${space}at_${Number(at)}`,
  );
  const { program } = parsed(`.code edit\n${text}\n.end\n`, version);
  if (!("is" in program.object)) throw new EditError("these are no instructions");
  const { body } = program.object;
  const odd = body.find(({ is }) => is !== "instruction" && is !== "label");
  if (odd !== undefined || program.object.blocks.length > 0)
    throw new EditError("new code is instructions and labels only");
  return { edit, body };
}
