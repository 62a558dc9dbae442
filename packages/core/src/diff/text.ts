/**
 * A comparison as text, in the manner of a unified diff: what stands in the first file only behind `-`, in the second
 * only behind `+`, in both behind a space. Instructions have the offsets that they have in either file.
 */
import { safe } from "../bytes/index.js";
import {
  type Both,
  type CodeDifference,
  type CodeName,
  type Difference,
  type EncodingDifference,
  encodingKinds,
  type FieldDifference,
  type Hunk,
  type InstructionDifference,
  type LineDifference,
  type PoolDifference,
} from "./difference.js";
import type { Operations } from "./operations.js";
import { versionLabels } from "./versions.js";

export interface DiffLine {
  /** What a line is, for who colours it: `head` begins a file or a code object, `note` is told of both. */
  readonly kind: "head" | "removed" | "added" | "same" | "note";
  readonly text: string;
}

export interface DiffTextOptions {
  /** What the files are called. */
  readonly names: Both<string>;
  /** Instructions that are shown before and behind those that differ: 3 unless given. */
  readonly context?: number;
  /** Leaves differences of encoding out. */
  readonly contentOnly?: boolean;
}

const CONTEXT = 3;
/** Ranges of lines, and places of each kind of encoding, that are shown. */
const RANGES = 6;
const PLACES = 3;

/** The lines, without line feeds; none where nothing differs. */
export function* diffLines(difference: Difference, options: DiffTextOptions): Iterable<DiffLine> {
  const writer = new Writer(difference, options);
  let headed = false;
  for (const line of writer.lines()) {
    if (!headed) yield* writer.heads();
    headed = true;
    yield line;
  }
}

const head = (text: string): DiffLine => ({ kind: "head", text });
const note = (text: string): DiffLine => ({ kind: "note", text: ` ${text}` });
const removed = (text: string): DiffLine => ({ kind: "removed", text: `-${text}` });
const added = (text: string): DiffLine => ({ kind: "added", text: `+${text}` });
const hex = (offset: number) => `0x${offset.toString(16)}`;
const counted = (count: number, what: string) => `${count} ${what}${count === 1 ? "" : "s"}`;

class Writer {
  private readonly difference: Difference;
  private readonly names: Both<string>;
  private readonly context: number;
  private readonly contentOnly: boolean;
  /** The change of co_filename that is told of the first code object, for those that have the same. */
  private readonly filename: FieldDifference | undefined;

  constructor(difference: Difference, { names, context, contentOnly }: DiffTextOptions) {
    this.difference = difference;
    this.names = { a: safe(names.a), b: safe(names.b) };
    this.context = context ?? CONTEXT;
    this.contentOnly = contentOnly ?? false;
    this.filename = difference.changed[0]?.fields.find(({ field }) => field === "co_filename");
  }

  *heads(): Iterable<DiffLine> {
    const labels = versionLabels(this.difference.versions);
    yield { kind: "head", text: `--- ${this.names.a}  ${labels.a}` };
    yield { kind: "head", text: `+++ ${this.names.b}  ${labels.b}` };
  }

  *lines(): Iterable<DiffLine> {
    const { versions, header, object, changed, encoding } = this.difference;
    if (versions.a !== versions.b)
      yield note("the versions differ: instructions are compared by name, encodings not at all");
    if (header.length > 0) yield head("header");
    for (const field of header) yield* fieldLines(field);
    if (object !== undefined) {
      yield head("the file's object");
      yield removed(object.a);
      yield added(object.b);
    }
    yield* this.places();
    for (const each of changed) if (each === changed[0] || !this.isFilenameAlone(each)) yield* this.code(each);
    if (!this.contentOnly && encoding !== undefined && encoding.length > 0) {
      yield head("encoding");
      for (const each of encoding) yield* encodingLines(each);
    }
  }

  /** Code objects that came, went or moved. */
  private *places(): Iterable<DiffLine> {
    const { removed: gone, added: come, moved } = this.difference;
    if (gone.length + come.length + moved.length === 0) return;
    yield head("code objects");
    for (const code of gone) yield removed(placed(code));
    for (const code of come) yield added(placed(code));
    for (const { a, b } of moved) yield note(`${a.qualname} (${hex(a.offset)}) is ${b.qualname} (${hex(b.offset)})`);
  }

  private isFilenameAlone({
    fields,
    pools,
    instructions,
    lines,
    columns,
    exceptions,
    leftOut,
  }: CodeDifference): boolean {
    const others = [instructions, lines, columns, exceptions].some((each) => each !== undefined);
    return fields.length === 1 && this.sameFilename(fields[0]) && pools.length === 0 && !others && !leftOut;
  }

  private sameFilename(field: FieldDifference | undefined): boolean {
    const { filename } = this;
    return field?.field === "co_filename" && field.a === filename?.a && field.b === filename?.b;
  }

  private *code(each: CodeDifference): Iterable<DiffLine> {
    const { a, b } = each;
    const name = a.qualname === b.qualname ? a.qualname : `${a.qualname} / ${b.qualname}`;
    yield head(`${name} (${this.names.a} offset ${hex(a.offset)} / ${this.names.b} offset ${hex(b.offset)})`);
    const first = each === this.difference.changed[0];
    for (const field of each.fields) {
      if (this.sameFilename(field) && !first) continue;
      yield* fieldLines(field);
      if (this.sameFilename(field)) yield* this.sameElsewhere();
    }
    for (const pool of each.pools) yield* poolLines(pool);
    if (each.leftOut) yield note("instructions and tables are not compared: too much is shared for the budget");
    if (each.instructions !== undefined) yield* this.instructions(each.instructions);
    if (each.lines !== undefined) yield note(lineWords(each.lines));
    if (each.columns !== undefined)
      yield note(
        `columns differ at ${counted(each.columns.instructions, "instruction")}, first at ${offsets(each.columns.first)}`,
      );
    for (const entry of each.exceptions?.a ?? []) yield removed(`handler ${entry}`);
    for (const entry of each.exceptions?.b ?? []) yield added(`handler ${entry}`);
  }

  /** How many others have the change of co_filename that the first has. */
  private *sameElsewhere(): Iterable<DiffLine> {
    const all = this.difference.changed.filter(({ fields }) => fields.some((field) => this.sameFilename(field)));
    if (all.length > 1) yield note(`co_filename: the same in ${counted(all.length - 1, "other code object")}`);
  }

  private *instructions(difference: InstructionDifference): Iterable<DiffLine> {
    const { hunks, exact } = difference;
    if (!exact) yield note("too long to be compared in full: less may differ than is shown");
    const rows = new Rows(difference);
    let shown: Both<number> = { a: 0, b: 0 };
    for (const [at, hunk] of hunks.entries()) {
      const before = Math.min(this.context, hunk.a[0] - shown.a);
      if (hunk.a[0] - shown.a > before) yield head(rows.place(hunk.a[0] - before, hunk.b[0] - before));
      else if (at === 0) yield head(rows.place(0, 0));
      yield* rows.both(hunk.a[0] - before, hunk.b[0] - before, before);
      yield* rows.hunk(hunk);
      const next = hunks[at + 1];
      const room = (next === undefined ? difference.a.count : next.a[0]) - hunk.a[1];
      const behind = Math.min(this.context, room);
      yield* rows.both(hunk.a[1], hunk.b[1], behind);
      shown = { a: hunk.a[1] + behind, b: hunk.b[1] + behind };
    }
  }
}

/** Instructions as lines: both offsets, `>>` where something jumps to, the name, the oparg's meaning. */
class Rows {
  private readonly a: Operations;
  private readonly b: Operations;
  private readonly width: number;

  constructor({ a, b }: InstructionDifference) {
    this.a = a;
    this.b = b;
    this.width = Math.max(4, String(Math.max(a.code.code.length, b.code.code.length)).length);
  }

  /** Where lines that are not shown were. */
  place(i: number, j: number): string {
    return `@@ co_code ${this.a.offset(i)} / ${this.b.offset(j)} @@`;
  }

  *both(i: number, j: number, count: number): Iterable<DiffLine> {
    for (let k = 0; k < count; k++) {
      const offset = this.column(this.a.offset(i + k)) + this.column(this.b.offset(j + k));
      yield { kind: "same", text: ` ${offset}${this.words(this.a, i + k, this.b.meaning(j + k))}` };
    }
  }

  *hunk({ a, b }: Hunk): Iterable<DiffLine> {
    for (let i = a[0]; i < a[1]; i++)
      yield removed(this.column(this.a.offset(i)) + this.column("") + this.words(this.a, i, this.a.meaning(i)));
    for (let j = b[0]; j < b[1]; j++)
      yield added(this.column("") + this.column(this.b.offset(j)) + this.words(this.b, j, this.b.meaning(j)));
  }

  private column(value: number | string): string {
    return `${String(value).padStart(this.width)} `;
  }

  /** `other`: the meaning in the other file, which is another text where a jump's target has another offset. */
  private words(of: Operations, i: number, other: string): string {
    const meaning = of.meaning(i);
    const told = meaning === other ? meaning : `${meaning} / ${other.replace(/^to /, "")}`;
    return `${of.isTarget(i) ? ">>" : "  "} ${told === "" ? of.opname(i) : `${of.opname(i).padEnd(24)} ${told}`}`;
  }
}

const placed = ({ qualname, offset, size }: CodeName) => `${qualname} (offset ${hex(offset)}, ${size} bytes of code)`;

const offsets = ({ a, b }: Both<number>) => (a === b ? String(a) : `${a} / ${b}`);

function* fieldLines({ field, a, b, flags }: FieldDifference): Iterable<DiffLine> {
  const more = (names: readonly string[] | undefined) => (names?.length ? ` (${names.join(", ")})` : "");
  if (a !== undefined) yield removed(`${field} ${a}${more(flags?.a)}`);
  if (b !== undefined) yield added(`${field} ${b}${more(flags?.b)}`);
}

function* poolLines({ field, a, b }: PoolDifference): Iterable<DiffLine> {
  for (const { index, value } of a) yield removed(`${field}[${index}] ${value}`);
  for (const { index, value } of b) yield added(`${field}[${index}] ${value}`);
}

function lineWords({ instructions, ranges }: LineDifference): string {
  const words = ranges.slice(0, RANGES).map(({ offsets: at, line }) => {
    const [from, to] = at.a;
    const where = from === to ? `at ${from}` : `${from} to ${to}`;
    if (line.a === undefined) return `${where} line ${line.b} instead of none`;
    if (line.b === undefined) return `${where} no line instead of ${line.a}`;
    const step = line.b - line.a;
    return `${where} by ${step > 0 ? "+" : ""}${step} (${line.a} is ${line.b})`;
  });
  const rest = ranges.length > RANGES ? `, and ${ranges.length - RANGES} more` : "";
  return `lines differ at ${counted(instructions, "instruction")}: ${words.join(", ")}${rest}`;
}

function* encodingLines({ kind, count, places }: EncodingDifference): Iterable<DiffLine> {
  const shown = places.slice(0, PLACES).map(({ path, offset }) => {
    const at = offset.a === offset.b ? hex(offset.a) : `${hex(offset.a)} / ${hex(offset.b)}`;
    return path === "" ? `offset ${at}` : `${path} (${at})`;
  });
  const rest = count > shown.length ? `, and ${count - shown.length} more` : "";
  yield note(`${encodingKinds[kind]}: ${shown.join(", ")}${rest}`);
}
