/**
 * What the rows of a dissection mean, in words: names from the records, decoded values. Made when somebody asks; every
 * text is safe to show and of bounded length.
 */
import { flagNames, localKindWords } from "../code/index.js";
import { marker } from "../dis/index.js";
import { CHECK_SOURCE, codeLayout, fieldSize, HASH_BASED } from "../format/index.js";
import { type LineEntry, NO_LINE } from "../linetable/index.js";
import { FLAG_REF, NO_NODE, resolve, Shape, typeCode } from "../marshal/index.js";
import { type OpcodeTable, opcodesOf } from "../opcode/index.js";
import { Brief } from "./brief.js";
import type { InstructionContent } from "./content.js";
import { Kind } from "./kinds.js";
import { Operands } from "./operands.js";
import { lengthAt, partsOf } from "./parts.js";
import { type Dissection, NO_ROW } from "./rows.js";

/** What something is called, and what it holds; the second may be empty. */
export type NameValue = readonly [name: string, value: string];

export class Describer {
  readonly brief: Brief;
  readonly operands: Operands;
  readonly opcodes: OpcodeTable;
  private readonly d: Dissection;
  /** Opcode and oparg of the instructions so far, by `opcode << 8 | oparg`. */
  private readonly made: (string | undefined)[] = [];

  constructor(d: Dissection) {
    this.d = d;
    this.brief = new Brief(d.pyc);
    this.operands = new Operands(d.pyc, this.brief);
    this.opcodes = opcodesOf(d.pyc.version);
  }

  /** What a group is called: `co_code`, `co_consts[3]`, `[2]`, `key 0`. */
  label(row: number): string {
    const { parent, node, detail, pyc } = this.d;
    const above = parent[row] as number;
    const index = detail[row] as number;
    if (above === NO_ROW) return "module";
    switch (this.shape(node[above] as number)) {
      case Shape.code:
        return codeLayout(pyc.version).objects[index] ?? "surplus object";
      case Shape.pairs:
        return index % 2 === 0 ? `key ${index >> 1}` : `value ${index >> 1}`;
      case Shape.slice:
        return ["start", "stop", "step"][index] ?? "";
      default: {
        const outer = parent[above] as number;
        const isField = outer !== NO_ROW && this.shape(node[outer] as number) === Shape.code;
        return isField ? `${this.label(above)}[${index}]` : `[${index}]`;
      }
    }
  }

  /** An object by its type code, as marshal.c names it, and its place in the table of references: `CODE, ref 0`. */
  type(node: number): string {
    return this.typed(node, "");
  }

  /** The same with what the object holds, as far as its bytes do not show it: `INT 7, ref 3`. */
  object(node: number): string {
    return this.typed(node, this.content(node));
  }

  /** An object in a few words, for where its bytes do not stand beside it: `SMALL_TUPLE of 3`, `SHORT_ASCII 'x'`. */
  whole(row: number): string {
    const node = this.d.node[row] as number;
    switch (this.shape(node)) {
      case Shape.code:
        return `${this.brief.code(node)}${this.place(node)}`;
      case Shape.items8:
      case Shape.items32:
        return this.typed(node, `of ${this.count(node)}`);
      case Shape.bytes8:
      case Shape.bytes32:
      case Shape.utf8:
      case Shape.interned:
        return this.typed(node, this.d.contents.has(node) ? `of ${this.count(node)} bytes` : this.brief.value(node));
      default:
        return this.object(node);
    }
  }

  private typed(node: number, content: string): string {
    const name = typeCode(this.d.pyc.table.type[node] as number)?.name ?? "";
    return `${content === "" ? name : `${name} ${content}`}${this.place(node)}`;
  }

  /** Where an object stands in the table that references index; "" where it does not. */
  private place(node: number): string {
    const { table } = this.d.pyc;
    if ((table.type[node] as number) >= FLAG_REF) {
      const index = indexOf(table.refs, node);
      return index < 0 ? ", FLAG_REF" : `, ref ${index}`;
    }
    const index = this.shape(node) === Shape.interned ? indexOf(table.interned, node) : -1;
    return index < 0 ? "" : `, interned ${index}`;
  }

  /** The length or count that an object begins with. */
  private count(node: number): number {
    const { table } = this.d.pyc;
    const [part] = partsOf(this.shape(node));
    return part === undefined ? 0 : lengthAt(table.bytes, (table.start[node] as number) + 1, part.size);
  }

  /** What stands in an object that has no others in it, as far as its bytes do not show it. */
  private content(node: number): string {
    switch (this.shape(node)) {
      case Shape.int32:
      case Shape.int64:
      case Shape.float64:
      case Shape.complex128:
      case Shape.long:
      case Shape.items32:
      case Shape.items8:
        return this.brief.value(node);
      case Shape.reference:
      case Shape.stringReference:
        return this.target(node);
      case Shape.utf8:
      case Shape.bytes32:
      case Shape.interned:
        return this.isAscii(node) ? "" : this.brief.value(node);
      default:
        return "";
    }
  }

  /** What a reference stands for. */
  private target(node: number): string {
    const { table } = this.d.pyc;
    const index = lengthAt(table.bytes, (table.start[node] as number) + 1, 4);
    const to = resolve(table, node);
    if (to === NO_NODE) return `${index} to ${marker.missing}`;
    return `${index} to ${this.brief.value(to)} at 0x${(table.start[to] as number).toString(16)}`;
  }

  private isAscii(node: number): boolean {
    const { bytes, start, end } = this.d.pyc.table;
    const limit = Math.min(end[node] as number, (start[node] as number) + 64);
    for (let i = (start[node] as number) + 5; i < limit; i++) if ((bytes[i] as number) >= 0x80) return false;
    return true;
  }

  /** What a leaf is called and what it holds. Instructions are `instruction`'s. */
  parts(row: number): NameValue {
    const { kind, start, end, node, detail, pyc } = this.d;
    const of = node[row] as number;
    const from = start[row] as number;
    switch (kind[row]) {
      case Kind.magic:
        return this.magic(from);
      case Kind.header:
        return this.header(detail[row] as number);
      case Kind.type:
        return [this.shape(of) === Shape.terminator ? "end of the dict" : this.type(of), ""];
      case Kind.length:
        return this.length(row);
      case Kind.number:
        return [this.number(of, detail[row] as number), ""];
      case Kind.field:
        return this.field(detail[row] as number, from);
      case Kind.reference:
        return [this.target(of), ""];
      case Kind.cache: {
        const entries = ((end[row] as number) - from) >> 1;
        return ["CACHE", entries === 1 ? "" : `${entries} entries`];
      }
      case Kind.line:
      case Kind.exception:
      case Kind.localKinds:
        return this.entry(row);
      case Kind.unread:
        return [pyc.errors.length > 0 ? "not read" : "behind the module's object", ""];
      case Kind.broken:
        return this.broken(row);
      default:
        return ["", ""];
    }
  }

  /** The same in one text: `co_argcount 2`, `4 to 36: handler 68`. */
  leaf(row: number): string {
    const [name, value] = this.parts(row);
    if (value === "") return name;
    const kind = this.d.kind[row];
    const isEntry = kind === Kind.line || kind === Kind.exception || kind === Kind.localKinds;
    return `${name}${isEntry ? ": " : " "}${value}`;
  }

  private number(node: number, part: number): string {
    const shape = this.shape(node);
    if (shape !== Shape.complex128 && shape !== Shape.complexText) return this.brief.value(node);
    return part === partsOf(shape).length - 1 ? "imaginary part" : "real part";
  }

  private magic(at: number): NameValue {
    const { bytes, version } = this.d.pyc;
    const word = (bytes[at] as number) | ((bytes[at + 1] as number) << 8);
    return ["magic", `${word}, ${word === version.word ? "" : "read as "}${version.lineage} ${version.release}`];
  }

  private header(index: number): NameValue {
    const { header } = this.d.pyc;
    const name = header?.fields[index]?.field.name ?? "";
    switch (name) {
      case "flags":
        return [name, headerFlags(header?.flags ?? 0)];
      case "mtime":
        return [name, date(header?.mtime ?? 0)];
      case "source_size":
        return [name, String(header?.sourceSize)];
      default:
        return [name, ""];
    }
  }

  private field(index: number, at: number): NameValue {
    const { bytes, version } = this.d.pyc;
    const field = codeLayout(version).fields[index];
    if (field === undefined) return ["", ""];
    const wide = fieldSize[field.type] === 4;
    const value = wide ? lengthAt(bytes, at, 4) : (bytes[at] as number) | ((bytes[at + 1] as number) << 8);
    if (field.name !== "co_flags") return [field.name, String(value)];
    return [field.name, [`0x${(value >>> 0).toString(16)}`, flagNames(version, value).join(", ")].join(" ").trimEnd()];
  }

  private length(row: number): NameValue {
    const { start, end, node, pyc } = this.d;
    const from = start[row] as number;
    const value = String(lengthAt(pyc.bytes, from, (end[row] as number) - from));
    const shape = this.shape(node[row] as number);
    if (shape === Shape.items8 || shape === Shape.items32) return ["count", value];
    return [shape === Shape.long ? "digits" : "length", value];
  }

  private broken(row: number): NameValue {
    const { node, detail, start, end } = this.d;
    const of = node[row] as number;
    const part = of === NO_NODE ? undefined : partsOf(this.shape(of))[detail[row] as number];
    const isLength = part?.kind === Kind.length && part.size === (end[row] as number) - (start[row] as number);
    return isLength ? ["broken", this.length(row).join(" ")] : ["broken", ""];
  }

  private entry(row: number): NameValue {
    const { node, detail, start, pyc, contents } = this.d;
    const content = contents.get(node[row] as number);
    const index = detail[row] as number;
    switch (content?.what) {
      case "line table": {
        const entry = content.table.entries[index];
        return entry === undefined ? ["", ""] : lineEntry(entry, content.table.field);
      }
      case "exception table": {
        const entry = content.table.entries[index];
        if (entry === undefined) return ["", ""];
        const { start: first, end, target, depth, lasti } = entry;
        return [`${first} to ${end}`, `handler ${target}, depth ${depth}${lasti ? ", lasti" : ""}`];
      }
      case "kinds": {
        const byte = pyc.bytes[start[row] as number] as number;
        return [this.operands.local(content.code, index), localKindWords(byte).join(", ")];
      }
      default:
        return ["", ""];
    }
  }

  /** The opcode of an instruction by its name, and its oparg with what it means: `0 (None)`. */
  instructionParts(content: InstructionContent, i: number): NameValue {
    const op = content.list.opcode[i] as number;
    const name = this.opcodes.names[op] as string;
    if (this.opcodes.hasArg[op] === 0) return [name, ""];
    const meaning = this.operands.meaning(content, i);
    const oparg = String((content.list.oparg[i] as number) >>> 0);
    return [name, meaning === "" ? oparg : `${oparg} (${meaning})`];
  }

  /** An instruction as listings have it: `LOAD_CONST               0 (None)`. */
  instruction(content: InstructionContent, i: number): string {
    const op = content.list.opcode[i] as number;
    const oparg = (content.list.oparg[i] as number) >>> 0;
    if (this.opcodes.hasArg[op] === 0) return this.opcodes.names[op] as string;
    const text = oparg < 256 ? this.short(op, oparg) : this.named(op, oparg);
    const meaning = this.operands.meaning(content, i);
    return meaning === "" ? text : `${text} (${meaning})`;
  }

  private short(op: number, oparg: number): string {
    const key = (op << 8) | oparg;
    this.made[key] ??= this.named(op, oparg);
    return this.made[key] as string;
  }

  private named(op: number, oparg: number): string {
    return `${(this.opcodes.names[op] as string).padEnd(20)} ${String(oparg).padStart(5)}`;
  }

  /** The instructions that a row is part of. */
  instructionsOf(row: number): InstructionContent {
    return this.d.contents.get(this.d.node[row] as number) as InstructionContent;
  }

  isCode(node: number): boolean {
    return this.shape(node) === Shape.code;
  }

  private shape(node: number): number {
    return typeCode(this.d.pyc.table.type[node] as number)?.shape ?? Shape.unknown;
  }
}

function headerFlags(flags: number): string {
  const hashBased = (flags & HASH_BASED) !== 0;
  const words = [hashBased ? "hash-based" : "timestamp-based"];
  if (hashBased) words.push((flags & CHECK_SOURCE) === 0 ? "source not checked" : "source checked");
  if ((flags & ~(HASH_BASED | CHECK_SOURCE)) !== 0) words.push("undefined bits");
  return `${flags}, ${words.join(", ")}`;
}

/** Seconds since 1970 as a date of ISO 8601. */
function date(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`;
}

function lineEntry(entry: LineEntry, field: string): NameValue {
  const { offset, size, line, lineDelta, column, endColumn, endLine } = entry;
  const step = lineDelta === NO_LINE ? "" : ` (${lineDelta < 0 ? "" : "+"}${lineDelta})`;
  if (entry.kind === "stray") return ["bytes that begin no entry", ""];
  if (field === "co_lnotab") return [`from ${offset + size}`, `line ${line}${step}`];
  const range = `${offset} to ${offset + size}`;
  if (line === NO_LINE) return [range, "no line"];
  const to = endLine === NO_LINE || endLine === line ? "" : ` to ${endLine}`;
  const columns = column === NO_LINE ? "" : `, columns ${column} to ${endColumn}`;
  return [range, `line ${line}${to}${step}${columns}`];
}

/** Where a number stands in an ascending list, or -1. */
function indexOf(list: { readonly [index: number]: number; readonly length: number }, wanted: number): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((list[middle] as number) < wanted) low = middle + 1;
    else high = middle;
  }
  return list[low] === wanted ? low : -1;
}
