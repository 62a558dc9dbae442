/** Operands read: what may stand behind an opcode is told by the kind of its oparg. */
import { type Equivalent, equivalentOf, OpargKind, type OpcodeTable } from "../opcode/index.js";
import type { Version } from "../version/index.js";
import { Char, isDigit, type Lexer, quoted, type Stop } from "./lexer.js";
import type { Literals } from "./literal.js";
import { bitWords, isJump, isNameless, secondNumber, type Words, wordsOf } from "./operand.js";
import type { Operand } from "./syntax.js";

const LARGEST = 0xffffffff;
const NONE: Operand = { is: "none" };

export class Operands {
  private readonly lexer: Lexer;
  private readonly literals: Literals;
  private readonly version: Version;
  private readonly table: OpcodeTable;
  /** By opcode: whether an operand must stand behind it (2), may (1), or must not (0). */
  private readonly takes: Uint8Array;

  constructor(lexer: Lexer, literals: Literals, version: Version, table: OpcodeTable) {
    this.lexer = lexer;
    this.literals = literals;
    this.version = version;
    this.table = table;
    const words = version.traits.encoding === "words";
    this.takes = Uint8Array.from({ length: 256 }, (_, op) => {
      if (!words && op < table.haveArgument) return 0;
      return table.kind[op] === OpargKind.none ? 1 : 2;
    });
  }

  /** The operand of an opcode; the lexer stands behind its name, and blanks are skipped. */
  read(opcode: number): Operand {
    const { lexer } = this;
    const kind = this.table.kind[opcode] as number;
    const from = lexer.at;
    const { line, lineStart } = lexer;
    if (lexer.ends()) {
      if (this.takes[opcode] === 2) throw this.missing(opcode, kind);
      return NONE;
    }
    if (this.takes[opcode] === 0)
      throw lexer.fail("extra-operand", `${this.nameOf(opcode)} has no operand`, "the end of the line");
    const operand = this.isNumber() ? this.number() : this.byKind(kind, opcode);
    const length = lexer.line === line ? lexer.at - from : 1;
    operand.place = { line, column: from - lineStart + 1, length };
    return operand;
  }

  private nameOf(opcode: number): string {
    return this.table.ownNames[opcode] ?? `<${opcode}>`;
  }

  private missing(opcode: number, kind: number): Stop {
    return this.lexer.fail(
      "missing-operand",
      `${this.nameOf(opcode)} without an operand`,
      expectedOf(kind, wordsOf(this.table, kind)),
    );
  }

  /** Whether `[7]` stands here, for any opcode the oparg itself. */
  private isNumber(): boolean {
    const { lexer } = this;
    if (lexer.code() !== Char.openList) return false;
    let at = lexer.at + 1;
    while (lexer.code(at) === Char.space) at++;
    if (!isDigit(lexer.code(at))) return false;
    while (isDigit(lexer.code(at)) || (lexer.code(at) | 0x20) === Char.x || isHexLetter(lexer.code(at))) at++;
    while (lexer.code(at) === Char.space) at++;
    return lexer.code(at) === Char.closeList;
  }

  private number(): Operand {
    const { lexer } = this;
    lexer.at++;
    lexer.blank();
    const value = lexer.integer(0, LARGEST, "a number");
    lexer.blank();
    lexer.at++;
    return { is: "number", value };
  }

  private byKind(kind: number, opcode: number): Operand {
    const { lexer, literals } = this;
    const from = lexer.at;
    if (kind === OpargKind.const) return { is: "constant", value: literals.read() };
    const bits = bitWords(kind);
    if (bits !== undefined && !(isDigit(lexer.code()) && isNameless(kind, this.version)))
      return this.name(opcode, bits);
    if (isJump(kind)) return this.label();
    if (kind === OpargKind.localPair) return this.pair();
    const words = wordsOf(this.table, kind);
    if (words !== undefined && !isDigit(lexer.code())) return this.word(words, opcode);
    if (kind === OpargKind.none && !isDigit(lexer.code())) {
      const other = equivalentOf(this.version, this.nameOf(opcode), lexer.rest());
      const expected = other === undefined ? "a number, or the end of the line" : "";
      throw lexer.fail("bad-operand", `${this.nameOf(opcode)} has no such operand${advice(other)}`, expected, from);
    }
    return this.numbers(kind);
  }

  private name(opcode: number, words: readonly string[]): Operand {
    const { lexer } = this;
    if (isDigit(lexer.code()) || lexer.code() === Char.minus) {
      throw lexer.unexpected("a name; a number stands in brackets");
    }
    const name = this.literals.readName();
    lexer.blank();
    let bits = 0;
    while (lexer.takes(Char.plus)) {
      lexer.blank();
      const from = lexer.at;
      const word = lexer.run();
      const bit = words.indexOf(word);
      if (bit < 0) throw this.badWord(opcode, from, word, words);
      bits |= 1 << bit;
      lexer.blank();
    }
    return { is: "name", name, bits };
  }

  private pair(): Operand {
    const { lexer, literals } = this;
    const first = literals.readName();
    lexer.blank();
    if (!lexer.takes(Char.comma)) throw lexer.unexpected('"," and a second name');
    lexer.blank();
    return { is: "names", names: [first, literals.readName()] };
  }

  /** The operand of a jump without a direction. */
  readLabel(): Operand {
    const { lexer } = this;
    if (lexer.ends()) throw lexer.fail("missing-operand", "a jump without an operand", "a label");
    const from = lexer.at;
    const operand = this.label();
    operand.place = lexer.place(from);
    return operand;
  }

  private label(): Operand {
    const { lexer } = this;
    if (isDigit(lexer.code())) throw lexer.unexpected("a label; a number stands in brackets");
    return { is: "label", label: this.literals.readLabel() };
  }

  private word({ opargs }: Words, opcode: number): Operand {
    const { lexer } = this;
    const from = lexer.at;
    const text = lexer.rest();
    const value = opargs.get(text) ?? joined(opargs, text);
    if (value === undefined) throw this.badWord(opcode, from, text, [...opargs.keys()]);
    return { is: "number", value };
  }

  /** A word that this opcode has not, and what has it instead. */
  private badWord(opcode: number, from: number, word: string, words: readonly string[]): Stop {
    const other = equivalentOf(this.version, this.nameOf(opcode), word);
    const expected = other === undefined ? expectedWords(words) : "";
    return this.lexer.fail("bad-operand", `${this.nameOf(opcode)} ${quoted(word)}${advice(other)}`, expected, from);
  }

  private numbers(kind: number): Operand {
    const { lexer } = this;
    const most = secondNumber(kind);
    const value = lexer.integer(0, most > 0 ? 0xff : LARGEST, "a number");
    if (most === 0) return { is: "number", value };
    lexer.blank();
    if (!lexer.takes(Char.comma)) return { is: "number", value };
    lexer.blank();
    return { is: "number", value: value + lexer.integer(0, most, "a number") * 256 };
  }
}

const isHexLetter = (c: number) => (c | 0x20) >= 0x61 && (c | 0x20) <= 0x66;

/** The oparg of words with commas between them, in any order. */
function joined(opargs: ReadonlyMap<string, number>, text: string): number | undefined {
  if (!text.includes(",")) return undefined;
  let value = 0;
  for (const word of text.split(",")) {
    const bits = opargs.get(word.trim());
    if (bits === undefined) return undefined;
    value |= bits;
  }
  return value;
}

/** `: use CONTAINS_OP in`, or nothing. */
export function advice(other: Equivalent | undefined): string {
  if (other === undefined) return "";
  const use = other.instead === "" ? "leave it out" : `use ${other.instead}`;
  return `: ${use}${other.note === "" ? "" : ` (${other.note})`}`;
}

function expectedOf(kind: number, words: Words | undefined): string {
  if (kind === OpargKind.const) return "a constant";
  if (bitWords(kind) !== undefined) return "a name";
  if (kind === OpargKind.localPair) return "two names";
  if (isJump(kind)) return "a label";
  return words === undefined ? "a number" : expectedWords([...words.opargs.keys()]);
}

/** `one of "<", "<=", …`; the first few where there are many. */
function expectedWords(words: readonly string[]): string {
  if (words.length === 0) return "nothing behind the name";
  const some = words.slice(0, 6).map((word) => `"${word}"`);
  const list = some.join(", ") + (words.length > some.length ? ", …" : "");
  return words.length === 1 ? list : `one of ${list}`;
}

/** The opcode whose name is most like this one, as what was expected; "" where none is. */
export function nearestOpcode(table: OpcodeTable, name: string): string {
  let nearest = "";
  let best = 3;
  for (const other of table.ownNames) {
    if (other === undefined) continue;
    let n = 0;
    while (n < other.length && other[n] === name[n]) n++;
    if (n > best || (n === best && other.length < nearest.length)) {
      best = n;
      nearest = other;
    }
  }
  return nearest === "" ? "an opcode of that version" : `an opcode such as ${nearest}`;
}
