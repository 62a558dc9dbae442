/**
 * The assembly language read: a text becomes a `Program`. A statement is a line; what is wrong with one is noted, and
 * the next one is read, so that a text's faults are told all at once.
 */
import { FormatError, TextError, type TextFault } from "../bytes/index.js";
import { Plain } from "../marshal/index.js";
import { equivalentOf, type OpcodeTable, opcodesOf } from "../opcode/index.js";
import { type Version, versionNamed } from "../version/index.js";
import { undirected } from "./directions.js";
import { Char, isDigit, Lexer, quoted, Stop } from "./lexer.js";
import { Literals } from "./literal.js";
import { advice, nearestOpcode, Operands } from "./operand-parse.js";
import { BlockDirectives } from "./parse-block.js";
import { readEncoding } from "./parse-encoding.js";
import { readHeader } from "./parse-header.js";
import { Objects } from "./parse-objects.js";
import type { Budget } from "./paths.js";
import { readPaths } from "./paths.js";
import type { CodeBlock, HeaderValues, Instruction, Place, Program, Statement } from "./syntax.js";

export interface AssemblyOptions {
  /** The version to assemble for, as `readPyc` takes it; it has precedence over what the text says. */
  readonly python?: string;
}

export interface ParsedAssembly {
  readonly program: Program;
  readonly warnings: TextFault[];
}

/** Code blocks in each other at most. */
const MOST_BLOCKS = 1000;

/**
 * The program of a text.
 * @throws TextError with all its faults; FormatError code `unknown-version` for a `python` that is none
 */
export function parseAssembly(text: string, options: AssemblyOptions = {}): ParsedAssembly {
  const asked = options.python === undefined ? undefined : readable(versionNamed(options.python));
  return new Parser(text, asked).parse();
}

function readable(version: Version): Version {
  if (version.readable) return version;
  const what = `files of ${version.lineage} ${version.release} are recognised and not written`;
  throw new FormatError("unknown-version", 0, "", what, "another version");
}

/** An opened block and where it begins. */
interface Open {
  readonly block: CodeBlock;
  readonly place: Place;
}

class Parser {
  private readonly lexer: Lexer;
  private readonly objects: Objects;
  private readonly budget: Budget;
  private readonly asked: Version | undefined;
  private named: Version | undefined;
  // What the version decides, made when it is known.
  private version: Version | undefined;
  private table!: OpcodeTable;
  private literals!: Literals;
  private operands!: Operands;
  private directives!: BlockDirectives;

  private readonly blocks: CodeBlock[] = [];
  private readonly stack: Open[] = [];
  private block: CodeBlock | undefined;
  private object: Plain | undefined;
  private readonly header: HeaderValues = {};
  private raw: Place | undefined;
  private headed: Place | undefined;
  private readonly encodings: Program["encodings"] = new Map();
  private readonly trailing: Uint8Array[] = [];
  /** EXTENDED_ARG without operands before the instruction that is to come. */
  private prefixes = 0;
  private prefixPlace: Place | undefined;

  constructor(text: string, asked: Version | undefined) {
    this.lexer = new Lexer(text);
    this.objects = new Objects(this.lexer);
    this.budget = { left: text.length };
    this.asked = asked;
  }

  parse(): ParsedAssembly {
    const { lexer } = this;
    while (!lexer.done && !lexer.full) {
      try {
        while (!lexer.done) this.line();
      } catch (stop) {
        if (!(stop instanceof Stop)) throw stop;
        lexer.skipLine();
      }
    }
    if (!lexer.full) this.finish();
    if (lexer.failed) throw new TextError(lexer.faults);
    return { program: this.program(), warnings: lexer.faults };
  }

  private line(): void {
    const { lexer } = this;
    lexer.blank();
    const c = lexer.code();
    if (c === Char.dot && !isDigit(lexer.code(lexer.at + 1))) this.directive();
    else if (!lexer.ends()) this.statement();
    lexer.endLine();
  }

  /** An instruction or a label. */
  private statement(): void {
    const { lexer } = this;
    const from = lexer.at;
    const isOpcode = !this.isLabel();
    const { block } = this;
    if (block === undefined) {
      lexer.run();
      throw lexer.fail("misplaced", `${quoted(lexer.text.slice(from, lexer.at))} outside a code object`, ".code", from);
    }
    if (isOpcode) this.instruction(block, from);
    else {
      const name = this.literals.readLabel();
      const place = lexer.place(from);
      lexer.at++; // the colon
      this.append(block, { is: "label", name, place });
    }
  }

  /** Whether what stands here ends in a colon. */
  private isLabel(): boolean {
    const { lexer } = this;
    const c = lexer.code();
    if (c === Char.quote || c === Char.quotes) return true;
    const from = lexer.at;
    const isLabel = lexer.label() !== "" && lexer.code() === Char.colon;
    lexer.at = from;
    return isLabel;
  }

  private instruction(block: CodeBlock, from: number): void {
    const { lexer, table } = this;
    const opcode = this.opcode();
    const place = lexer.place(from);
    lexer.blank();
    if (opcode === table.extendedArg && lexer.ends()) {
      this.prefixes++;
      this.prefixPlace ??= place;
      return;
    }
    const operand = opcode < 256 ? this.operands.read(opcode) : this.operands.readLabel();
    const { prefixes } = this;
    this.prefixes = 0;
    this.prefixPlace = undefined;
    const instruction: Instruction & { place: Place } = {
      is: "instruction",
      opcode,
      operand,
      prefixes,
      caches: undefined,
      place,
    };
    block.body.push(instruction);
  }

  /** A statement that is no instruction, before which no prefix may stand. */
  private append(block: CodeBlock, statement: Statement): void {
    this.noPrefix();
    block.body.push(statement);
  }

  private noPrefix(): void {
    if (this.prefixPlace === undefined) return;
    const what = "EXTENDED_ARG without an operand, and no instruction behind it";
    this.lexer.fault("lone-prefix", this.prefixPlace, what, "an instruction, or [3] for the number");
    this.prefixes = 0;
    this.prefixPlace = undefined;
  }

  /** The number of the opcode that is named here; `<5>` is one without a name. */
  private opcode(): number {
    const { lexer } = this;
    const from = lexer.at;
    if (lexer.takes(Char.less)) {
      const number = lexer.integer(0, 255, "an opcode's number");
      if (!lexer.takes(Char.greater)) throw lexer.unexpected('">"');
      return number;
    }
    let name = lexer.word();
    if (name === "") throw lexer.unexpected("an instruction, a label or a directive");
    if (lexer.code() === Char.plus) {
      // SLICE+0
      do lexer.at++;
      while (isDigit(lexer.code()));
      name = lexer.text.slice(from, lexer.at);
    }
    const number = this.table.number(name);
    return number ?? this.otherOpcode(name, from);
  }

  /** A jump without a direction; else a fault that says what to use. */
  private otherOpcode(name: string, from: number): number {
    const { lexer } = this;
    const version = this.version as Version;
    const number = undirected(name, version);
    if (number !== undefined) return number;
    const end = lexer.at;
    lexer.blank();
    const operand = lexer.rest();
    lexer.at = end;
    const other = equivalentOf(version, name, operand);
    const what = `${name} is not in ${nameOf(version)}${advice(other)}`;
    throw lexer.fail("unknown-opcode", what, other === undefined ? nearestOpcode(this.table, name) : "", from);
  }

  private directive(): void {
    const { lexer } = this;
    const from = lexer.at++;
    const name = lexer.word();
    const place = lexer.place(from);
    lexer.blank();
    switch (name) {
      case "python":
        this.python(from);
        break;
      case "raw":
        this.raw ??= place;
        this.onTop(place, name);
        break;
      case "code":
        this.code(place);
        break;
      case "end":
        this.endCode(place);
        break;
      case "object":
        this.root(place);
        break;
      case "trailing":
        this.onTop(place, name);
        this.needVersion(place);
        this.trailing.push(this.literals.readAnyBytes());
        break;
      case "as":
      case "content":
        this.encoding(name, place);
        break;
      default:
        this.otherDirective(name, from, place);
    }
  }

  private otherDirective(name: string, from: number, place: Place): void {
    const { lexer } = this;
    if (BlockDirectives.knows(name)) {
      if (this.block === undefined) throw this.misplaced(place, `.${name} outside a code object`, ".code");
      this.noPrefix(); // a .cache after a lone prefix, too, would stand behind no instruction
      this.directives.read(name, this.block, from, place);
      return;
    }
    if (!/^(?:magic|flags|mtime|source_size|source_hash)$/.test(name))
      throw lexer.fail("unknown-directive", quoted(`.${name}`), "a directive such as .code or .line", from);
    this.onTop(place, name);
    this.needVersion(place);
    this.headed ??= place;
    readHeader(lexer, this.version as Version, name, this.header, from);
  }

  private misplaced(place: Place, what: string, expected: string): Stop {
    this.lexer.fault("misplaced", place, what, expected);
    return new Stop();
  }

  private onTop(place: Place, name: string): void {
    if (this.block !== undefined)
      throw this.misplaced(place, `.${name} inside a code object`, "it before or behind it");
  }

  private python(from: number): void {
    const { lexer } = this;
    const at = lexer.at;
    const name = lexer.rest();
    const place = lexer.place(at);
    if (this.named !== undefined) throw lexer.fail("duplicate", "a second .python", "one version", from);
    if (this.asked === undefined && this.version !== undefined)
      throw lexer.fail("misplaced", ".python behind what depends on it", "it at the beginning", from);
    try {
      this.named = readable(versionNamed(name));
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      throw lexer.fail("unknown-version", error.what, error.expected, at);
    }
    if (this.asked !== undefined && this.asked !== this.named) {
      const what = `the text is for ${nameOf(this.named)} and is read for ${nameOf(this.asked)}`;
      lexer.fault("other-version", place, what, "", true);
    }
    if (this.asked === undefined) this.use(this.named);
  }

  private use(version: Version): void {
    const { lexer } = this;
    this.version = version;
    this.table = opcodesOf(version);
    this.literals = new Literals(lexer, version, this.objects);
    this.operands = new Operands(lexer, this.literals, version, this.table);
    this.directives = new BlockDirectives(lexer, this.literals, version);
  }

  /** Without a version, nothing more can be read. */
  private needVersion(place: Place): void {
    if (this.version !== undefined) return;
    const { lexer, asked } = this;
    if (asked !== undefined) {
      this.use(asked);
      return;
    }
    if (!lexer.failed)
      lexer.fault("no-version", place, "which Python this is for is not said", ".python at the beginning");
    throw new TextError(lexer.faults);
  }

  private code(place: Place): void {
    const { lexer, objects, stack } = this;
    this.needVersion(place);
    this.noPrefix();
    if (stack.length >= MOST_BLOCKS) {
      lexer.fault("too-deep", place, `more than ${MOST_BLOCKS} code objects in each other`);
      throw new TextError(lexer.faults);
    }
    const from = lexer.at;
    const block = newBlock(place);
    try {
      block.label = this.literals.readLabel();
      const labelPlace = lexer.place(from);
      lexer.blank();
      const anchor = lexer.code() === Char.ampersand ? this.literals.readAnchor() : undefined;
      block.object = objects.block(block.label, labelPlace, anchor);
    } finally {
      // Also where the line is wrong: its .end belongs to it.
      (this.block?.blocks ?? this.blocks).push(block);
      stack.push({ block, place });
      this.block = block;
      objects.enter();
    }
    if (lexer.code() === Char.open) block.signature = this.directives.signature();
  }

  private endCode(place: Place): void {
    this.noPrefix();
    if (this.stack.pop() === undefined) throw this.misplaced(place, ".end where no code object is open", "");
    this.objects.leave();
    this.block = this.stack[this.stack.length - 1]?.block;
  }

  private root(place: Place): void {
    this.onTop(place, "object");
    this.needVersion(place);
    if (this.object !== undefined) throw this.lexer.fail("duplicate", "a second .object", "one object");
    this.object = this.literals.read();
  }

  private encoding(name: "as" | "content", place: Place): void {
    const { lexer, block } = this;
    this.needVersion(place);
    this.noPrefix();
    const fields = block && this.directives.objectFields;
    const encodings = block?.encodings ?? this.encodings;
    readEncoding(lexer, this.literals, name, encodings, () => readPaths(lexer, fields, this.budget));
  }

  /** What can be told only when all is read. */
  private finish(): void {
    const { lexer, stack } = this;
    this.noPrefix();
    for (const { place } of stack) lexer.fault("unclosed-code", place, "a code object that does not end", ".end");
    while (stack.pop() !== undefined) this.objects.leave();
    this.objects.finish();
    if (this.raw !== undefined && this.headed !== undefined)
      lexer.fault("misplaced", this.headed, "a field of the header beside .raw, which is for a file without one");
    const [first, second] = this.blocks;
    const end: Place = { line: lexer.line, column: 1, length: 1 };
    if (this.object === undefined && first === undefined && !lexer.failed)
      lexer.fault("no-object", end, "the end of the text", ".code or .object");
    if (this.object === undefined && second !== undefined)
      lexer.fault(
        "duplicate",
        second.place as Place,
        "a second .code, and no .object that names them",
        "one code object",
      );
  }

  private program(): Program {
    const isCode = this.object === undefined;
    return {
      version: this.version as Version,
      header: this.raw === undefined ? this.header : undefined,
      object: this.object ?? (this.blocks[0] as CodeBlock),
      blocks: isCode ? [] : this.blocks,
      encodings: this.encodings,
      trailing: joined(this.trailing),
    };
  }
}

function newBlock(place: Place): CodeBlock & { object: Plain } {
  return {
    is: "code",
    label: "",
    object: new Plain({ kind: "None" }),
    place,
    signature: undefined,
    fields: new Map(),
    body: [],
    blocks: [],
    encodings: new Map(),
  };
}

const nameOf = ({ lineage, python }: Version) => (lineage === "CPython" ? python : `${lineage} ${python}`);

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
