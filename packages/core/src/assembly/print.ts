/**
 * The assembly language written: a `Program` becomes text that `parseAssembly` reads as the same. What the text says
 * as bytes, because nothing else says it, has a comment that tells so.
 */
import type { Override, Plain } from "../marshal/index.js";
import { type OpcodeTable, opcodesOf } from "../opcode/index.js";
import type { Version } from "../version/index.js";
import { Anchors } from "./anchors.js";
import { undirected } from "./directions.js";
import { isList, isListOfNames, isName } from "./fields.js";
import { hexPairs, hexText, LiteralTexts, labelText } from "./literal-text.js";
import { byType, pathTexts } from "./paths.js";
import { exceptText, flagsText, lineText, listKindOf, signatureText } from "./print-block.js";
import { headerLines } from "./print-header.js";
import { Operands } from "./print-operand.js";
import type { CodeBlock, Field, Instruction, Program, Statement } from "./syntax.js";

export interface AssemblyTextOptions {
  /** Whether encodings, prefixes and caches that no encoder would choose are said; yes unless told. */
  readonly exact?: boolean;
  /** Columns that lists are wrapped at; 100 unless told. */
  readonly width?: number;
}

const WIDTH = 100;
const STEP = "    ";
/** Deeper blocks are not indented further. */
const MOST_INDENT = 16;
/** Where operands begin, behind the margin of the body. */
const OPERANDS = 24;
/** Characters that are gathered before they are written. */
const PIECE = 1 << 16;
/** Bytes on a line. */
const HEX_WIDTH = 32;

/** The text of a program. */
export function assemblyText(program: Program, options: AssemblyTextOptions = {}): string {
  const pieces: string[] = [];
  writeAssembly(program, (piece) => pieces.push(piece), options);
  return pieces.join("");
}

/** The text of a program, piece by piece. */
export function writeAssembly(
  program: Program,
  write: (piece: string) => void,
  options: AssemblyTextOptions = {},
): void {
  new Printer(program, write, options).print();
}

class Printer {
  private readonly program: Program;
  private readonly write: (piece: string) => void;
  private readonly exact: boolean;
  private readonly width: number;
  private readonly version: Version;
  private readonly table: OpcodeTable;
  private readonly anchors: Anchors;
  private readonly literals: LiteralTexts;
  private readonly operands: Operands;
  /** The text of each opcode with blanks up to its operand. */
  private readonly opnames: readonly string[];
  private text = "";
  /** The margin of the block, and of what is in it. */
  private margin = "";
  private indent = "";

  constructor(program: Program, write: (piece: string) => void, { exact = true, width = WIDTH }: AssemblyTextOptions) {
    const { version } = program;
    this.program = program;
    this.write = write;
    this.exact = exact;
    this.width = width;
    this.version = version;
    this.table = opcodesOf(version);
    this.anchors = new Anchors(program);
    this.literals = new LiteralTexts(version, this.anchors);
    this.operands = new Operands(version, this.table, this.literals);
    this.opnames = opcodeTexts(version, this.table);
  }

  print(): void {
    const { program } = this;
    const { object } = program;
    for (const line of headerLines(program)) this.line(line);
    if ("is" in object) this.blocks([object]);
    else {
      this.literals.enter(program.blocks);
      this.text += "\n";
      this.line(`.object ${this.literals.text(object)}`);
      if (this.exact) this.encodings(program.encodings, "object");
      this.blocks(program.blocks);
    }
    const { trailing } = program;
    if (trailing.length > 0) this.line(`.trailing ${hexText(trailing, STEP)}`);
    this.write(this.text);
  }

  /** Blocks and those in them; with a stack of our own, as they may be deep. */
  private blocks(outermost: readonly CodeBlock[]): void {
    const stack: { readonly blocks: readonly CodeBlock[]; next: number }[] = [{ blocks: outermost, next: 0 }];
    for (;;) {
      const open = stack[stack.length - 1] as (typeof stack)[number];
      const block = open.blocks[open.next++];
      if (block !== undefined) {
        this.at(stack.length - 1);
        this.text += "\n";
        this.block(block);
        stack.push({ blocks: block.blocks, next: 0 });
        continue;
      }
      stack.pop();
      if (stack.length === 0) return;
      this.at(stack.length - 1);
      this.line(`${this.margin}.end`);
    }
  }

  private at(depth: number): void {
    this.margin = STEP.repeat(Math.min(depth, MOST_INDENT));
    this.indent = this.margin + STEP;
  }

  private line(text: string): void {
    this.text += text;
    this.text += "\n";
    if (this.text.length > PIECE) {
      this.write(this.text);
      this.text = "";
    }
  }

  private block(block: CodeBlock): void {
    const { literals, indent } = this;
    const anchor = this.anchors.isDefined(block.object) ? "" : (this.anchors.begin(block.object) ?? "");
    const signature = block.signature === undefined ? "" : ` ${signatureText(block.signature)}`;
    literals.enter(block.blocks);
    this.line(
      `${this.margin}.code ${labelText(block.label)}${anchor === "" ? "" : ` ${anchor.trimEnd()}`}${signature}`,
    );
    for (const [name, field] of block.fields) this.field(name, field);
    for (const statement of block.body) this.statement(statement);
    if (this.exact) this.encodings(block.encodings, "code", indent);
  }

  private field(name: string, field: Field): void {
    const { indent } = this;
    if (field.is === "integer") {
      const text = name === "co_flags" ? flagsText(this.version, field.value) : String(field.value);
      this.line(`${indent}.${name} ${text}`.trimEnd());
    } else this.object(name, field.value);
  }

  private object(name: string, plain: Plain): void {
    const { literals, indent } = this;
    const { value } = plain;
    const hasAnchor = this.anchors.has(plain);
    if (isList(name) && !hasAnchor && value.kind === listKindOf(this.version, name)) {
      const text = isListOfNames(name) ? (item: Plain) => literals.name(item) : (item: Plain) => literals.text(item);
      this.list(`${indent}.${name}`, value.items, text);
    } else if (isList(name)) this.line(`${indent}.${name} = ${literals.text(plain)}`);
    else if (isName(name)) this.line(`${indent}.${name} ${literals.name(plain)}`);
    else if (value.kind === "bytes" && !hasAnchor && name !== "docstring") {
      this.line(`${indent}# said as bytes: the directives of this language would not make these`);
      this.line(`${indent}.${name} ${hexText(value.value, indent + STEP)}`);
    } else this.line(`${indent}.${name} ${literals.text(plain)}`);
  }

  /** Objects with commas between them, wrapped at the width. */
  private list(start: string, items: readonly Plain[], textOf: (item: Plain) => string): void {
    let line = start;
    for (let i = 0; i < items.length; i++) {
      const text = textOf(items[i] as Plain) + (i < items.length - 1 ? "," : "");
      if (i > 0 && line.length + 1 + text.length > this.width) {
        this.line(line);
        line = `${this.indent}${STEP}${text}`;
      } else line += ` ${text}`;
    }
    this.line(line);
  }

  private statement(statement: Statement): void {
    const { indent } = this;
    switch (statement.is) {
      case "instruction":
        this.instruction(statement);
        return;
      case "label":
        this.line(`${this.margin}${labelText(statement.name)}:`);
        return;
      case "bytes":
        this.line(`${indent}# said as bytes: no instructions would make these`);
        this.line(`${indent}.bytes ${bytesText(statement.bytes, indent + STEP)}`);
        return;
      case "line":
        this.line(indent + lineText(statement, this.version));
        return;
      case "except":
        this.line(indent + exceptText(statement));
    }
  }

  private instruction({ opcode, operand, prefixes, caches }: Instruction): void {
    const { indent, opnames } = this;
    if (this.exact && prefixes > 0) {
      const prefix = `${indent}${(opnames[this.table.extendedArg] as string).trimEnd()}`;
      for (let i = 0; i < prefixes; i++) this.line(prefix);
    }
    const opname = opnames[opcode];
    if (opname === undefined) throw new RangeError(`${opcode} is no opcode`);
    if (operand.is === "none") this.line(indent + opname.trimEnd());
    else this.line(`${indent}${opname} ${this.operands.text(opcode, operand)}`);
    if (this.exact && caches !== undefined) {
      this.line(`${indent}.cache ${hexPairs(caches, 0, caches.length)}`.trimEnd());
    }
  }

  private encodings(encodings: ReadonlyMap<string, Override>, own: string, indent = ""): void {
    if (encodings.size === 0) return;
    for (const { override, paths } of byType(encodings).values()) {
      const index = override.index === undefined ? "" : ` ${override.index}`;
      const start = `${indent}.as${override.type === undefined ? "" : ` ${typeText(override.type)}`}${index}`;
      let line = start;
      for (const text of pathTexts(paths, own)) {
        if (line !== start && line.length + 1 + text.length > this.width) {
          this.line(line);
          line = start;
        }
        line += ` ${text}`;
      }
      this.line(line);
    }
    for (const [path, { content }] of encodings) {
      if (content === undefined) continue;
      this.line(`${indent}.content ${path === "" ? own : path} ${hexText(content, indent + STEP)}`);
    }
  }
}

function bytesText(bytes: Uint8Array, indent: string): string {
  return bytes.length > HEX_WIDTH || bytes.length === 0 ? hexText(bytes, indent) : hexPairs(bytes, 0, bytes.length);
}

/** `'Z'|0x80`. */
function typeText(type: number): string {
  const code = type & 0x7f;
  const isPlain = code > 0x20 && code < 0x7f && code !== 0x27 && code !== 0x5c;
  const text = isPlain ? String.fromCharCode(code) : `\\x${code.toString(16).padStart(2, "0")}`;
  return `'${text}'${type >= 0x80 ? "|0x80" : ""}`;
}

/**
 * Each opcode's name, `<5>` for one without a name of its own, padded; behind them those of jumps without a direction,
 * which are named as those with one.
 */
function opcodeTexts(version: Version, table: OpcodeTable): string[] {
  const texts = table.ownNames.map((name, opcode) => {
    const isOwn = name !== undefined && table.number(name) === opcode;
    return (isOwn ? name : `<${opcode}>`).padEnd(OPERANDS - 1);
  });
  for (const name of table.ownNames) {
    const plain = name?.replace(/_(?:FOR|BACK)WARD/, "");
    const number = plain === undefined ? undefined : undirected(plain, version);
    if (plain !== undefined && number !== undefined) texts[number] = plain.padEnd(OPERANDS - 1);
  }
  return texts;
}
