/** Directives inside a code object: its fields and signature, lines, exception ranges, bytes. */
import { flagBit } from "../code/index.js";
import { codeLayout, type FieldType } from "../format/index.js";
import { Plain } from "../marshal/index.js";
import type { Version } from "../version/index.js";
import { isListOfNames, isName, localLists } from "./fields.js";
import { Char, isDigit, type Lexer, quoted, type Stop } from "./lexer.js";
import type { Literals } from "./literal.js";
import { readStr } from "./literal-string.js";
import type { CodeBlock, Field, Place, Signature, Statement } from "./syntax.js";

const others = new Set(["line", "except", "cache", "bytes", "docstring"]);

/** Lines and columns. */
const SMALLEST = -0x80000000;
const LARGEST = 0x7fffffff;

/** Integers that each type holds, with or without a sign. */
const ranges: { readonly [T in FieldType]?: readonly [least: number, most: number] } = {
  i16: [-0x8000, 0xffff],
  i32: [-0x80000000, 0xffffffff],
};

export class BlockDirectives {
  /** The fields that are objects, by which paths begin. */
  readonly objectFields: ReadonlySet<string>;
  private readonly lexer: Lexer;
  private readonly literals: Literals;
  private readonly version: Version;
  private readonly integers: ReadonlyMap<string, readonly [least: number, most: number]>;
  private readonly lists: ReadonlyMap<string, "list" | "tuple">;
  private readonly hasEndLines: boolean;

  static knows(name: string): boolean {
    return name.startsWith("co_") || others.has(name);
  }

  constructor(lexer: Lexer, literals: Literals, version: Version) {
    this.lexer = lexer;
    this.literals = literals;
    this.version = version;
    const { fields, order } = codeLayout(version);
    this.integers = new Map(fields.flatMap(({ name, type }) => (ranges[type] ? [[name, ranges[type]]] : [])));
    this.lists = new Map(fields.flatMap(({ name, holds }) => listKind(name, holds)));
    this.objectFields = new Set([...order.keys(), ...(version.traits.localsplus ? localLists : []), "docstring"]);
    this.hasEndLines = hasEndLines(version);
  }

  read(name: string, block: CodeBlock, from: number, place: Place): void {
    switch (name) {
      case "line":
        block.body.push(this.line(place));
        return;
      case "except":
        block.body.push(this.except(place));
        return;
      case "cache":
        this.cache(block, from);
        return;
      case "bytes":
        this.bytes(block, place);
        return;
    }
    this.field(name, block, from, place);
  }

  private field(name: string, block: CodeBlock, from: number, place: Place): void {
    const { lexer } = this;
    const range = this.integers.get(name);
    if (range === undefined && !this.objectFields.has(name)) {
      const what = `.${name}: code objects of ${this.version.python} have no ${name}`;
      throw lexer.fail("unknown-field", what, "", from);
    }
    if (block.fields.has(name)) throw lexer.fail("duplicate", `a second .${name}`, "one of each", from);
    let field: Field;
    if (range === undefined) field = { is: "object", value: this.object(name), place };
    else {
      const value = name === "co_flags" ? this.flags(range) : lexer.integer(range[0], range[1], "a number");
      field = { is: "integer", value, place };
    }
    block.fields.set(name, field);
  }

  /** An object: what such a field most often holds in short, anything behind an `=`. */
  private object(name: string): Plain {
    const { lexer, literals } = this;
    if (lexer.takes(Char.equals)) {
      lexer.blank();
      return literals.read();
    }
    if (isName(name)) return literals.readName();
    const list = this.lists.get(name) ?? (localLists.includes(name) ? "tuple" : undefined);
    if (list === undefined && name !== "co_consts") return literals.read();
    const items: Plain[] = [];
    while (!lexer.ends() || items.length > 0) {
      items.push(isListOfNames(name) ? literals.readName() : literals.read());
      lexer.blank();
      if (!lexer.takes(Char.comma)) break;
      lexer.gap();
    }
    return new Plain({ kind: list ?? "tuple", items });
  }

  /** Names of flags and numbers, or'ed; or one number below 0. */
  private flags([least, most]: readonly [number, number]): number {
    const { lexer } = this;
    if (lexer.code() === Char.minus) return lexer.integer(least, most, "a number");
    let flags = 0;
    do {
      const from = lexer.at;
      if (isDigit(lexer.code())) flags = (flags | lexer.integer(0, most, "a number")) >>> 0;
      else {
        const word = lexer.word();
        const bit = flagBit(this.version, word);
        if (word === "") throw lexer.unexpected("a flag's name or a number");
        if (bit === 0)
          throw lexer.fail(
            "unknown-flag",
            `${quoted(word)}, which ${this.version.python} has not`,
            "a flag or a number",
            from,
          );
        flags = (flags | bit) >>> 0;
      }
      lexer.blank();
    } while (!lexer.ends());
    return flags;
  }

  /** `.line 3-5 4:9`, `.line none`. */
  private line(place: Place): Statement {
    const { lexer } = this;
    const line = this.orNone("a line or none");
    let endLine = this.hasEndLines ? line : null;
    if (lexer.takes(Char.minus)) endLine = this.orNone("a line or none");
    lexer.blank();
    if (lexer.ends()) return { is: "line", line, endLine, column: null, endColumn: null, place };
    const column = this.orNone("a column or none");
    if (!lexer.takes(Char.colon)) throw lexer.unexpected('":"');
    return { is: "line", line, endLine, column, endColumn: this.orNone("a column or none"), place };
  }

  private orNone(expected: string): number | null {
    const { lexer } = this;
    if (isDigit(lexer.code()) || lexer.code() === Char.minus) return lexer.integer(SMALLEST, LARGEST, expected);
    const { at } = lexer;
    if (lexer.word() === "none") return null;
    lexer.at = at;
    throw lexer.unexpected(expected);
  }

  /** `.except L1 to L2 using L3 depth 1 lasti`. */
  private except(place: Place): Statement {
    const { lexer } = this;
    const start = this.label("");
    const end = this.label("to");
    const target = this.label("using");
    lexer.blank();
    let depth: number | undefined;
    let lasti = false;
    while (!lexer.ends()) {
      const from = lexer.at;
      const word = lexer.word();
      lexer.blank();
      if (word === "depth" && depth === undefined) depth = lexer.integer(0, LARGEST, "a depth");
      else if (word === "lasti" && !lasti) lasti = true;
      else {
        lexer.at = from;
        throw lexer.unexpected("depth, lasti or the end of the line");
      }
      lexer.blank();
    }
    return { is: "except", start, end, target, depth, lasti, place };
  }

  private label(before: string): string {
    const { lexer } = this;
    lexer.blank();
    const { at } = lexer;
    if (before !== "" && lexer.word() !== before) {
      lexer.at = at;
      throw lexer.unexpected(before);
    }
    lexer.blank();
    return this.literals.readLabel();
  }

  private cache(block: CodeBlock, from: number): void {
    const last = block.body[block.body.length - 1];
    if (last?.is !== "instruction") throw this.lexer.fail("misplaced", ".cache behind no instruction", "", from);
    if (last.caches !== undefined) throw this.lexer.fail("duplicate", "a second .cache", "one of each", from);
    (last as { caches: Uint8Array }).caches = this.lexer.hexPairs(0);
  }

  /** Hex pairs, or a literal that may be on several lines. */
  private bytes(block: CodeBlock, place: Place): void {
    const { lexer } = this;
    const next = lexer.code(lexer.at + 1);
    const isLiteral = next === Char.quote || next === Char.quotes;
    const bytes = isLiteral ? this.literals.readAnyBytes() : lexer.hexPairs(0);
    block.body.push({ is: "bytes", bytes, place });
  }

  /** `(a, b, /, c, *args, d, **rest)`; the lexer stands at the parenthesis. */
  signature(): Signature {
    const { lexer } = this;
    const signature: Signature = {
      positionalOnly: [],
      positional: [],
      star: undefined,
      keywordOnly: [],
      starStar: undefined,
    };
    /** Where parameters go: to the positional ones, behind a star, nowhere. */
    let names = signature.positional;
    lexer.at++;
    lexer.gap();
    while (!lexer.takes(Char.close)) {
      if (signature.starStar !== undefined) throw lexer.unexpected('")"');
      if (lexer.takes(Char.slash)) this.slash(signature, names);
      else if (lexer.takes(Char.star)) names = this.star(signature, names);
      else names.push(this.parameter());
      lexer.blank();
      if (lexer.code() !== Char.close && !lexer.takes(Char.comma)) throw lexer.unexpected('"," or ")"');
      lexer.gap();
    }
    return signature;
  }

  private slash(signature: Signature, names: readonly string[]): void {
    const { lexer, integers } = this;
    if (!integers.has("co_posonlyargcount")) throw this.badSignature("/", "which that Python has not", lexer.at - 1);
    if (names !== signature.positional || signature.positionalOnly.length > 0 || names.length === 0)
      throw this.badSignature("/", "where no positional parameter stands before it", lexer.at - 1);
    signature.positionalOnly = signature.positional.splice(0);
  }

  private star(signature: Signature, names: string[]): string[] {
    const { lexer, integers } = this;
    const from = lexer.at - 1;
    if (lexer.takes(Char.star)) {
      signature.starStar = this.parameter();
      return names;
    }
    if (names === signature.keywordOnly) throw this.badSignature("*", "a second time", from);
    const isNamed = lexer.code() !== Char.comma && lexer.code() !== Char.close && lexer.code() !== Char.space;
    if (isNamed) signature.star = this.parameter();
    else if (!integers.has("co_kwonlyargcount"))
      throw this.badSignature("*", "without a name, in a Python that has no keyword-only parameters", from);
    return signature.keywordOnly;
  }

  private badSignature(what: string, why: string, from: number): Stop {
    return this.lexer.fail("bad-signature", `"${what}" ${why}`, "", from);
  }

  private parameter(): string {
    const { lexer } = this;
    const c = lexer.code();
    if (c === Char.quote || c === Char.quotes) return readStr(lexer).value;
    const word = lexer.word();
    if (word === "") throw lexer.unexpected("a parameter");
    return word;
  }
}

/** Whether lines come with end lines and columns. */
export function hasEndLines({ traits }: Version): boolean {
  return traits.lines === "locations" || traits.lines === "pypy-locations" || traits.lines === "pep657-preview";
}

function listKind(name: string, holds: string | undefined): [string, "list" | "tuple"][] {
  if (holds === undefined) return [];
  return holds.startsWith("list") ? [[name, "list"]] : holds.startsWith("tuple") ? [[name, "tuple"]] : [];
}
