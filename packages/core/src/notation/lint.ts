/**
 * Comments held against the bytes they stand beside, and free nibbles against what reads them.
 *
 * Only what is certain is told: a comment is looked at if all of it has a known form, and the file is one that its
 * Python reads. What `notationText` prints gets no warning; a text that says which version it is read as, or what is
 * broken about it, is believed.
 */
import { FormatError } from "../bytes/index.js";
import { codeLayout } from "../format/index.js";
import { Shape, typeCode } from "../marshal/index.js";
import { type Pyc, readPyc } from "../pyc/index.js";
import { versionsOfMagic } from "../version/index.js";
import { NO_GROUP } from "./comments.js";
import { Describer } from "./describe.js";
import { Kind } from "./kinds.js";
import { lintInstruction } from "./lint-instruction.js";
import { lintGroup, lintLeaf, lintMagic } from "./lint-object.js";
import type { Beside } from "./lint-said.js";
import type { Parsed } from "./parse.js";
import { dissect } from "./regions.js";
import type { Dissection } from "./rows.js";

/** Warns of what is odd about a text that was read. */
export function lint(text: string, parsed: Parsed): void {
  lintNumbers(text, parsed);
  const { bytes, comments, free, wrongLengths, faults } = parsed;
  if (comments.count === 0 && free.length === 0 && wrongLengths.length === 0) return;
  if (versionsOfMagic(bytes).length === 0) return;
  const pyc = readable(bytes);
  if (pyc === undefined) {
    if (!text.includes("// broken: "))
      for (const { place, what } of wrongLengths) faults.warn("wrong-length", place, 1, what);
    return;
  }
  if (!pyc.certainty.sure) return;
  const d = dissect(pyc);
  lintFree(d, parsed);
  lintComments(text, d, parsed);
}

function readable(bytes: Uint8Array): Pyc | undefined {
  try {
    return readPyc(bytes);
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}

/** What a comment says, without the offset that `notationText` begins it with. */
function said(text: string, start: number, end: number): string {
  let from = start + 2;
  while (text.charCodeAt(from) === 0x20) from++;
  if (text.charCodeAt(from) === 0x30 && text.charCodeAt(from + 1) === 0x78) {
    while (from < end && text.charCodeAt(from) !== 0x20) from++;
    while (text.charCodeAt(from) === 0x20) from++;
  }
  return text.slice(from, end).trimEnd();
}

/** `// ID: 3`: the items of a list or tuple, counted from 0, or from 1 if the first of them says so. */
function lintNumbers(text: string, { bytes, comments, faults }: Parsed): void {
  const bases = new Map<number, number>();
  for (let i = 0; i < comments.count; i++) {
    const index = comments.index(i);
    const parent = comments.parent(i);
    if (index === NO_GROUP || parent < 0) continue;
    const start = comments.start(i);
    const [match, number] = /^\/\/\s*ID:?\s*(\d+)/.exec(text.slice(start, Math.min(comments.end(i), start + 40))) ?? [];
    if (match === undefined) continue;
    const shape = typeCode(bytes[parent] as number)?.shape;
    if (shape !== Shape.items32 && shape !== Shape.items8) continue;
    const base = bases.get(parent) ?? Number(number) - index;
    bases.set(parent, base);
    if ((base !== 0 && base !== 1) || Number(number) - index === base) continue;
    const what = `the comment says ID ${number}; this is ID ${index + base}, counted from ${base}`;
    faults.warn("comment-id", start, match.length, what);
  }
}

/** A cursor over the rows: offsets that are asked for only grow. */
class Rows {
  private readonly d: Dissection;
  private row = 0;

  constructor(d: Dissection) {
    this.d = d;
  }

  /** The first row that begins at an offset or behind it: of a group and its first leaf, the group. */
  at(offset: number): number {
    const { start, count } = this.d;
    while (this.row < count && (start[this.row] as number) < offset) this.row++;
    return this.row;
  }

  /** The leaf that an offset lies in. */
  leafAround(offset: number): number {
    const { end, kind, count } = this.d;
    while (this.row < count && (kind[this.row] === Kind.group || (end[this.row] as number) <= offset)) this.row++;
    return this.row;
  }
}

function lintComments(text: string, d: Dissection, parsed: Parsed): void {
  const { comments, faults, free } = parsed;
  const describer = new Describer(d);
  const rows = new Rows(d);
  const freeBytes = new Set<number>();
  for (let i = 0; i < free.length; i += 3) freeBytes.add(free[i] as number);
  const hasFree = (from: number, to: number) => {
    for (let at = from; at < to && freeBytes.size > 0; at++) if (freeBytes.has(at)) return true;
    return false;
  };
  for (let i = 0; i < comments.count && !faults.warned; i++) {
    const from = comments.from(i);
    const to = comments.to(i);
    const start = comments.start(i);
    const row = rows.at(from);
    if (row >= d.count) return;
    if (d.start[row] !== from) continue;
    const words = said(text, start, comments.end(i));
    const beside: Beside = {
      d,
      describer,
      faults,
      words,
      from,
      to,
      place: start,
      length: comments.end(i) - start,
      isFree: hasFree(from, to),
    };
    const isGroup = d.kind[row] === Kind.group;
    if (comments.index(i) !== NO_GROUP) {
      if (isGroup) lintGroup(beside, row);
      continue;
    }
    const leaf = isGroup ? row + 1 : row;
    if (d.kind[leaf] === Kind.magic) {
      if (!lintMagic(beside, leaf)) return;
    } else if (d.kind[leaf] === Kind.opcode || d.kind[leaf] === Kind.extendedArg) lintInstruction(beside, leaf);
    else lintLeaf(beside, leaf);
  }
}

/** What certainly reads every bit of itself. */
const readKinds: ReadonlyMap<number, string> = new Map<number, string>([
  [Kind.magic, "the magic number"],
  [Kind.type, "a type byte"],
  [Kind.length, "a length or count"],
  [Kind.reference, "the index of a reference"],
]);
/** Integers of a code object that may be of any sign. */
const signless = ["co_flags", "co_firstlineno"];

function lintFree(d: Dissection, { free, faults }: Parsed): void {
  const rows = new Rows(d);
  const { fields } = codeLayout(d.pyc.version);
  let told = -1;
  for (let i = 0; i < free.length; i += 3) {
    const offset = free[i] as number;
    const place = free[i + 1] as number;
    const row = rows.leafAround(offset);
    if (row >= d.count) return;
    if (row === told) continue;
    const read = readKinds.get(d.kind[row] as number);
    if (read !== undefined) {
      told = row;
      faults.warn("free-read", place, 2, `a free nibble, and it is read: it is part of ${read}`);
      continue;
    }
    const name = d.kind[row] === Kind.field ? fields[d.detail[row] as number]?.name : undefined;
    const isTop = offset === (d.end[row] as number) - 1 && ((free[i + 2] as number) & 2) !== 0;
    if (name === undefined || !isTop || signless.includes(name)) continue;
    faults.warn("free-sign", place, 2, `the sign of ${name} is free: with a digit from 8 on it is negative`);
  }
}
