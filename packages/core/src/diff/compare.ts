/** Two files compared: their code objects paired, then each pair's fields, instructions, lines and handlers. */
import { codeLayout } from "../format/index.js";
import { opcodesOf } from "../opcode/index.js";
import type { Pyc } from "../pyc/index.js";
import type { CodePlace } from "./code-tree.js";
import type { CodeDifference, CodeName, Difference, InstructionDifference } from "./difference.js";
import { Effort } from "./effort.js";
import { Encodings } from "./encoding.js";
import { exceptionDifference } from "./exceptions.js";
import { FieldComparison, type Fields } from "./fields.js";
import { headerDifferences } from "./header.js";
import { Numbering } from "./identity.js";
import { placeDifference } from "./lines.js";
import { Matching } from "./matching.js";
import { Operations, Vocabulary } from "./operations.js";
import { type Pair, type Pairing, pairUp } from "./pairing.js";
import { Side } from "./side.js";

/** Steps that alignments may take: so many, and so many for each byte of the files. */
const LEAST_STEPS = 1 << 24;
const STEPS_PER_BYTE = 16;
/** Bytes of code, tables and pools that are gone through: so many, and so many times the size of the files. */
const LEAST_BYTES = 1 << 16;
const TIMES = 2;

/**
 * How two files differ, in content and in encoding.
 *
 * Time is bounded by the size of the files: what they share by references many times over is compared as long as there
 * is budget for it, and what is left out says so (`leftOut`, `exact`).
 */
export function diff(a: Pyc, b: Pyc): Difference {
  const none = { versions: { a: a.version, b: b.version }, size: { a: a.bytes.length, b: b.bytes.length } };
  if (a.version === b.version && (a.header === undefined) === (b.header === undefined) && sameBytes(a.bytes, b.bytes))
    return { ...none, header: [], object: undefined, removed: [], added: [], moved: [], changed: [], encoding: [] };
  return compare(a, b);
}

/** The same, without a look at whether the bytes are the same. */
export function compare(a: Pyc, b: Pyc): Difference {
  return new Comparison(a, b).all();
}

class Comparison {
  private readonly a: Side;
  private readonly b: Side;
  /** For alignments. */
  private readonly effort: Effort;
  /** For what is gone through once for each code object, though a file may have it once for many. */
  private readonly reading: Effort;
  private readonly pairing: Pairing;
  private readonly vocabulary: Vocabulary;
  private readonly fields: FieldComparison;
  /** undefined where the files are of two versions. */
  private readonly encodings: Encodings | undefined;

  constructor(a: Pyc, b: Pyc) {
    this.a = new Side(a);
    this.b = new Side(b);
    this.effort = new Effort(LEAST_STEPS + STEPS_PER_BYTE * (a.bytes.length + b.bytes.length));
    this.reading = new Effort(LEAST_BYTES + TIMES * (a.bytes.length + b.bytes.length));
    this.pairing = pairUp(this.a.places, this.b.places, this.effort);
    const numbering = new Numbering();
    this.number(numbering);
    this.vocabulary = new Vocabulary(numbering, opcodesOf(a.version) !== opcodesOf(b.version));
    this.fields = new FieldComparison(this.a, this.b, numbering, this.effort);
    this.encodings = a.version === b.version ? new Encodings(this.a, this.b) : undefined;
  }

  /** Gives both files' values their numbers; the code objects of a pair have the same. */
  private number(numbering: Numbering): void {
    const { pairs, removed, added } = this.pairing;
    const [ofA, ofB] = [new Map<number, string>(), new Map<number, string>()];
    for (const [i, { a, b }] of pairs.entries()) {
      ofA.set(a.code.node, `code ${i}`);
      ofB.set(b.code.node, `code ${i}`);
    }
    for (const [i, { code }] of removed.entries()) ofA.set(code.node, `code of a ${i}`);
    for (const [i, { code }] of added.entries()) ofB.set(code.node, `code of b ${i}`);
    const [one, other] = [this.a.pyc.version.traits, this.b.pyc.version.traits];
    const sameness = { strings: one.strings !== other.strings, integers: one.longs !== other.longs };
    this.a.number(numbering, ofA, sameness);
    this.b.number(numbering, ofB, sameness);
  }

  all(): Difference {
    const { pairs, removed, added } = this.pairing;
    const [a, b] = [this.a.pyc, this.b.pyc];
    const object = this.objects();
    const changed = pairs.flatMap((pair) => this.pair(pair) ?? []);
    const difference: Difference = {
      versions: { a: a.version, b: b.version },
      size: { a: a.bytes.length, b: b.bytes.length },
      header: headerDifferences(a, b),
      object,
      removed: removed.map(nameOf),
      added: added.map(nameOf),
      moved: pairs.filter(({ moved }) => moved).map((pair) => ({ a: nameOf(pair.a), b: nameOf(pair.b) })),
      changed,
      encoding: undefined,
    };
    return { ...difference, encoding: this.encoding(difference) };
  }

  /** The files' objects themselves: the modules, or what stands in their place. */
  private objects(): Difference["object"] {
    const [a, b] = [this.a, this.b];
    if (a.pyc.table.count === 0 && b.pyc.table.count === 0) return undefined;
    const same = a.ids[0] === b.ids[0];
    if (same) this.encodings?.compare(0, 0);
    const text = ({ pyc, words }: Side) => (pyc.table.count === 0 ? "nothing" : words.value(0));
    return same ? undefined : { a: text(a), b: text(b) };
  }

  private pair({ a, b }: Pair): CodeDifference | undefined {
    const fields = this.fields.compare(a.code, b.code);
    this.encodings?.compareFields(a.code, b.code);
    for (const field of fields.reordered) {
      const kind = field === "co_consts" ? "constant-order" : "name-order";
      this.encodings?.note(kind, () => `${a.qualname}.${field}`, { a: a.code.offset, b: b.code.offset });
    }
    const deep = this.instructions(a, b, fields);
    const { instructions, lines, columns, exceptions, leftOut } = deep;
    if (
      fields.fields.length + fields.pools.length === 0 &&
      instructions === undefined &&
      lines === undefined &&
      columns === undefined &&
      exceptions === undefined &&
      !leftOut
    )
      return undefined;
    return { a: nameOf(a), b: nameOf(b), fields: fields.fields, pools: fields.pools, ...deep };
  }

  /** What is compared instruction by instruction; nothing of it if all that it follows from is the same. */
  private instructions(a: CodePlace, b: CodePlace, fields: Fields): Deep {
    const tables = ["co_code", ...tablesOf(a), ...tablesOf(b), "co_firstlineno"].filter(
      (field) => !this.sameField(a, b, field),
    );
    if (tables.length === 0 && fields.sameIndexes && this.a.pyc.version === this.b.pyc.version) return NOTHING;
    this.reading.take(sizeOf(this.a, a) + sizeOf(this.b, b));
    if (this.reading.isSpent) return { ...NOTHING, leftOut: true };
    const one = new Operations(this.a, a.code, this.vocabulary);
    const other = new Operations(this.b, b.code, this.vocabulary);
    const matching = new Matching(one, other, this.effort);
    const { hunks, exact } = matching;
    const instructions: InstructionDifference | undefined =
      hunks.length === 0 ? undefined : { hunks, exact, a: one, b: other };
    const places = placeDifference(matching);
    const exceptions = exceptionDifference(matching, this.effort);
    if (this.encodings !== undefined) {
      this.encodings.compareOperations(a, matching, fields.sameIndexes);
      if (instructions === undefined) this.tables(a, b, { ...places, exceptions });
    }
    return { instructions, ...places, exceptions, leftOut: false };
  }

  /** Tables whose bytes differ and say the same of the same instructions. */
  private tables(a: CodePlace, b: CodePlace, found: Pick<CodeDifference, "lines" | "columns" | "exceptions">): void {
    if (a.code.code.length !== b.code.code.length) return; // then they cannot be the same
    const offset = { a: a.code.offset, b: b.code.offset };
    for (const field of tablesOf(a)) {
      if (this.sameField(a, b, field)) continue;
      const ofLines = field !== EXCEPTIONS;
      const differs = ofLines
        ? found.lines !== undefined || found.columns !== undefined
        : found.exceptions !== undefined;
      if (differs) continue;
      this.encodings?.note(ofLines ? "line-table" : "exception-table", () => `${a.qualname}.${field}`, offset);
    }
  }

  private sameField(a: CodePlace, b: CodePlace, field: string): boolean {
    const [one, other] = [a.code.fieldNode(field), b.code.fieldNode(field)];
    return a.code.int(field) === b.code.int(field) && this.a.ids[one] === this.b.ids[other];
  }

  private encoding(difference: Difference): Difference["encoding"] {
    const { encodings } = this;
    if (encodings === undefined) return undefined;
    encodings.settle();
    const [a, b] = [this.a.pyc, this.b.pyc];
    const [behindA, behindB] = [behind(a), behind(b)];
    if (!sameBytes(behindA, behindB)) {
      const offset = { a: a.bytes.length - behindA.length, b: b.bytes.length - behindB.length };
      encodings.note("trailing", () => "", offset);
    }
    const all = encodings.all();
    const { header, object, removed, added, moved, changed } = difference;
    const nothing = header.length + removed.length + added.length + moved.length + changed.length + all.length === 0;
    if (!nothing || object !== undefined || sameBytes(a.bytes, b.bytes)) return all;
    const at = firstDifference(a.bytes, b.bytes);
    encodings.note("bytes", () => "", { a: at, b: at });
    return encodings.all();
  }
}

type Deep = Pick<CodeDifference, "instructions" | "lines" | "columns" | "exceptions" | "leftOut">;

const NOTHING: Deep = {
  instructions: undefined,
  lines: undefined,
  columns: undefined,
  exceptions: undefined,
  leftOut: false,
};

const EXCEPTIONS = "co_exceptiontable";
const tableFields = ["co_lnotab", "co_linetable", EXCEPTIONS];

function tablesOf({ code }: CodePlace): readonly string[] {
  const { order } = codeLayout(code.version);
  return tableFields.filter((field) => order.has(field));
}

function sizeOf(side: Side, { code }: CodePlace): number {
  let size = code.code.length;
  for (const field of tableFields) size += code.bytes(field).length;
  for (const field of ["co_consts", "co_names", "co_varnames", "co_cellvars", "co_freevars", "co_localsplusnames"])
    size += side.count(code.fieldNode(field));
  return size;
}

function nameOf({ qualname, code }: CodePlace): CodeName {
  return { qualname, offset: code.offset, size: code.code.length };
}

/** What stands behind the file's object. */
const behind = ({ bytes, trailing }: Pyc) =>
  trailing === undefined ? bytes.subarray(bytes.length) : bytes.subarray(trailing.start);

function firstDifference(a: Uint8Array, b: Uint8Array): number {
  const most = Math.min(a.length, b.length);
  for (let i = 0; i < most; i++) if (a[i] !== b[i]) return i;
  return most;
}

const sameBytes = (a: Uint8Array, b: Uint8Array) => a.length === b.length && firstDifference(a, b) === a.length;
