/**
 * Literals read: every kind of object that marshal knows, the names of code objects' pools among them. Containers are
 * read with a stack of our own, as they may be 2000 deep.
 */
import { MAX_DEPTH, Plain, type PlainValue } from "../marshal/index.js";
import type { Version } from "../version/index.js";
import { Char, isDigit, type Lexer, quoted } from "./lexer.js";
import { readComplex, readNan, readNumber } from "./literal-number.js";
import { readBytes, readStr } from "./literal-string.js";
import { nameObject } from "./names.js";
import type { Place } from "./syntax.js";

type Constant = Extract<PlainValue, { kind: "None" | "Ellipsis" | "StopIteration" | "NULL" | "bool" }>;

const constants: ReadonlyMap<string, Constant> = new Map<string, Constant>([
  ["None", { kind: "None" }],
  ["True", { kind: "bool", value: true }],
  ["False", { kind: "bool", value: false }],
  ["Ellipsis", { kind: "Ellipsis" }],
  ["StopIteration", { kind: "StopIteration" }],
  ["NULL", { kind: "NULL" }],
]);

type Kind = "tuple" | "list" | "set" | "frozenset" | "dict" | "frozendict" | "slice";

/** A container that is being read. */
interface Open {
  /** `{` is a set until a colon makes it a dict; so is `(` a tuple until it ends without a comma. */
  kind: Kind;
  readonly items: Plain[];
  /** The bracket that closes it, and whether the parenthesis of a word (`frozenset({`) follows that. */
  readonly close: number;
  readonly wrapped: boolean;
  /** The Plain that it becomes, where it has an anchor. */
  readonly anchored: Plain | undefined;
  /** Whether the last item has a comma or colon behind it. */
  comma: boolean;
}

/** What a name in a literal stands for: `<code f>` in the block that is open, `*a` anywhere. */
export interface Referents {
  /** @param anchor the one that stands before it */
  code(label: string, place: Place, anchor: string | undefined): Plain;
  /** The object of that anchor, which may stand further down. */
  anchor(name: string, place: Place): Plain;
  /** Puts the anchor on this object, or on one whose value is set later; gives the object. */
  define(name: string, place: Place, object?: Plain): Plain;
}

/** An anchor that has been read, and whose object has not. */
export interface Anchor {
  readonly name: string;
  readonly place: Place;
}

const WORDS = "a literal";

export class Literals {
  private readonly lexer: Lexer;
  private readonly referents: Referents;
  private readonly version: Version;
  private readonly longs: boolean;
  /** Whether a string without a prefix is bytes: in a literal, and as a name. */
  private readonly bytes: boolean;
  private readonly nameBytes: boolean;

  constructor(lexer: Lexer, version: Version, referents: Referents) {
    this.lexer = lexer;
    this.referents = referents;
    this.version = version;
    this.longs = version.traits.longs;
    this.bytes = version.traits.strings === "str8";
    this.nameBytes = hasByteNames(version);
  }

  /** An object at this place. */
  read(): Plain {
    const leaf = this.leaf(undefined);
    return leaf ?? this.nested();
  }

  /** A name: a word or a string; any other literal stands in parentheses. */
  readName(): Plain {
    const { lexer } = this;
    const c = lexer.code();
    if (c === Char.open) return this.read();
    if (c === Char.star) return this.reference();
    if (c === Char.ampersand) {
      const { name, place } = this.readAnchor();
      return this.referents.define(name, place, this.readName());
    }
    if (c === Char.quote || c === Char.quotes) return new Plain(this.string(this.nameBytes));
    if ((c === Char.b || c === Char.u) && isQuote(lexer.code(lexer.at + 1))) return new Plain(this.prefixed(c));
    const word = lexer.word();
    if (word === "") throw lexer.unexpected("a name");
    const name = nameObject(word, this.version);
    if (name === undefined)
      throw lexer.fail("bad-bytes", quoted(word), "a name of 8-bit characters", lexer.at - word.length);
    return name;
  }

  /** The string of a label, which may be in quotes. */
  readLabel(): string {
    const { lexer } = this;
    if (isQuote(lexer.code())) return readStr(lexer).value;
    const label = lexer.label();
    if (label === "") throw lexer.unexpected("a label");
    return label;
  }

  /** Bytes in any form of string, whatever the version. */
  readAnyBytes(): Uint8Array {
    const { lexer } = this;
    const c = lexer.code();
    if (isQuote(c)) return readBytes(lexer);
    if ((c === Char.b || c === Char.x) && isQuote(lexer.code(lexer.at + 1))) {
      const value = this.prefixed(c);
      if (value.kind === "bytes") return value.value;
    }
    throw lexer.unexpected("bytes, such as x'64 00'");
  }

  private string(asBytes: boolean): PlainValue {
    return asBytes ? { kind: "bytes", value: readBytes(this.lexer) } : readStr(this.lexer);
  }

  /** A string with `b`, `u` or `x` before it. */
  private prefixed(c: number): PlainValue {
    const { lexer } = this;
    lexer.at++;
    if (c !== Char.x) return this.string(c === Char.b);
    const quote = lexer.code();
    lexer.at++;
    const value = lexer.hexPairs(quote);
    lexer.at++;
    return { kind: "bytes", value };
  }

  /** The object at this place unless it is a container. */
  private leaf(anchor: Anchor | undefined): Plain | undefined {
    const { lexer } = this;
    const c = lexer.code();
    if (isQuote(c)) return this.made(anchor, this.string(this.bytes));
    if (isDigit(c) || c === Char.minus) return this.made(anchor, readNumber(lexer, this.longs));
    switch (c) {
      case Char.open:
      case Char.openList:
      case Char.openSet:
        return undefined;
      case Char.dot:
        return this.made(anchor, this.dots());
      case Char.less:
        return this.code(anchor);
      case Char.star:
        if (anchor !== undefined) throw lexer.fail("bad-anchor", "an anchor on what has another", "an object");
        return this.reference();
      case Char.ampersand:
        return undefined;
      case Char.b:
      case Char.u:
      case Char.x:
        if (isQuote(lexer.code(lexer.at + 1))) return this.made(anchor, this.prefixed(c));
    }
    return this.word(anchor);
  }

  private dots(): PlainValue {
    const { lexer } = this;
    if (isDigit(lexer.code(lexer.at + 1))) return readNumber(lexer, this.longs);
    if (lexer.text.startsWith("...", lexer.at)) {
      lexer.at += 3;
      return { kind: "Ellipsis" };
    }
    throw lexer.unexpected(WORDS);
  }

  private word(anchor: Anchor | undefined): Plain | undefined {
    const { lexer } = this;
    const from = lexer.at;
    const word = lexer.word();
    if (word === "") throw lexer.unexpected(WORDS);
    const constant = constants.get(word);
    if (constant !== undefined) return this.made(anchor, constant);
    switch (word) {
      case "inf":
        return this.made(anchor, { kind: "float", value: Infinity });
      case "nan":
        return this.made(anchor, readNan(lexer));
      case "complex":
        return this.made(anchor, readComplex(lexer));
      case "set":
      case "frozenset":
      case "frozendict":
      case "slice":
        lexer.at = from;
        return undefined;
    }
    throw lexer.fail("bad-literal", quoted(word), "a literal; a string stands in quotes", from);
  }

  /** `<code LABEL>`. */
  private code(anchor: Anchor | undefined): Plain {
    const { lexer } = this;
    const from = lexer.at;
    lexer.at++;
    if (lexer.word() !== "code")
      throw lexer.fail("bad-literal", quoted(lexer.text.slice(from, lexer.at)), "<code LABEL>", from);
    lexer.blank();
    const label = this.readLabel();
    const place = lexer.place(from);
    lexer.blank();
    if (!lexer.takes(Char.greater)) throw lexer.unexpected('">"');
    const object = this.referents.code(label, place, anchor?.name);
    return anchor === undefined ? object : this.referents.define(anchor.name, anchor.place, object);
  }

  private made(anchor: Anchor | undefined, value: PlainValue): Plain {
    const object = new Plain(value);
    return anchor === undefined ? object : this.referents.define(anchor.name, anchor.place, object);
  }

  private reference(): Plain {
    const { lexer } = this;
    const from = lexer.at++;
    const name = lexer.word();
    if (name === "") throw lexer.unexpected("an anchor's name");
    return this.referents.anchor(name, lexer.place(from));
  }

  /** `&name` and the blanks behind it. */
  readAnchor(): Anchor {
    const { lexer } = this;
    const from = lexer.at++;
    const name = lexer.word();
    if (name === "") throw lexer.unexpected("a name for the anchor");
    const anchor = { name, place: lexer.place(from) };
    lexer.blank();
    return anchor;
  }

  /** A container and all in it, or an object that has an anchor. */
  private nested(): Plain {
    const { lexer } = this;
    const stack: Open[] = [];
    for (;;) {
      let value = this.begin(stack);
      while (value !== undefined || stack.length > 0) {
        const open = stack[stack.length - 1];
        if (value !== undefined) {
          if (open === undefined) return value;
          open.items.push(value);
          open.comma = false;
          value = undefined;
        }
        if (!this.closes(open as Open)) break;
        stack.pop();
        value = this.end(open as Open);
      }
      lexer.gap();
    }
  }

  /** Reads what stands where an item may: an object, or the beginning of a container, which goes on the stack. */
  private begin(stack: Open[]): Plain | undefined {
    const { lexer } = this;
    const anchor = lexer.code() === Char.ampersand ? this.readAnchor() : undefined;
    const leaf = this.leaf(anchor);
    if (leaf !== undefined) return leaf;
    if (lexer.code() === Char.ampersand) throw lexer.fail("bad-anchor", "a second anchor on one object", "an object");
    if (stack.length >= MAX_DEPTH) throw lexer.fail("too-deep", `more than ${MAX_DEPTH} containers in each other`);
    const anchored = anchor && this.referents.define(anchor.name, anchor.place);
    const kind = this.containerWord();
    const wrapped = kind !== undefined && kind !== "slice";
    const bracket = lexer.code();
    if (wrapped && bracket === Char.close) {
      // Nothing between the parentheses of a word; `closes` takes the second one.
      stack.push({ kind, items: [], close: Char.close, wrapped: false, anchored, comma: true });
      return undefined;
    }
    if (kind !== "slice") lexer.at++;
    stack.push({ ...opened(kind, bracket), items: [], wrapped, anchored, comma: true });
    lexer.gap();
    return undefined;
  }

  /** `set(`, `frozenset(`, `frozendict(` or `slice(`: which; sure that a bracket stands behind the first three. */
  private containerWord(): Kind | undefined {
    const { lexer } = this;
    const kind = lexer.word();
    if (kind === "") return undefined;
    if (!lexer.takes(Char.open)) throw lexer.unexpected('"("');
    lexer.blank();
    const c = lexer.code();
    if (kind === "slice" || c === Char.close || c === Char.openSet) return kind as Kind;
    if (c === Char.openList && kind !== "frozendict") return kind as Kind;
    throw lexer.unexpected('"{"');
  }

  /** Whether the container ends here; else past the comma or colon before its next item. */
  private closes(open: Open): boolean {
    const { lexer } = this;
    if (open.items.length > 0 && !open.comma) {
      this.blankBefore(open.close);
      if (lexer.takes(Char.comma)) {
        const unpaired = isPaired(open) && open.items.length % 2 === 1;
        if (unpaired) throw lexer.fail("unexpected", '","', '":" and a value', lexer.at - 1);
        open.comma = true;
      } else if (lexer.code() === Char.colon && this.pairs(open)) {
        lexer.at++;
        lexer.gap();
        return false;
      } else if (lexer.code() !== open.close || (isPaired(open) && open.items.length % 2 === 1)) {
        const sign =
          isPaired(open) && open.items.length % 2 === 1 ? '":"' : `"," or "${String.fromCharCode(open.close)}"`;
        throw lexer.unexpected(sign);
      }
    }
    if (open.comma) lexer.gap();
    return lexer.takes(open.close);
  }

  /** Blanks; and lines too, if the bracket stands behind them. */
  private blankBefore(close: number): void {
    const { lexer } = this;
    lexer.blank();
    if (!lexer.ends()) return;
    const { at, line, lineStart } = lexer;
    lexer.gap();
    if (lexer.code() === close && !lexer.done) return;
    lexer.at = at;
    lexer.line = line;
    lexer.lineStart = lineStart;
  }

  /** Whether a colon may stand behind the last item; the first makes a dict of a set. */
  private pairs(open: Open): boolean {
    if (open.kind === "set" && open.items.length === 1 && !open.wrapped) open.kind = "dict";
    return isPaired(open) && open.items.length % 2 === 1;
  }

  private end(open: Open): Plain {
    const { lexer } = this;
    const { items, anchored } = open;
    if (open.wrapped) {
      lexer.blank();
      if (!lexer.takes(Char.close)) throw lexer.unexpected('")"');
    }
    const isGroup = open.kind === "tuple" && items.length === 1 && !open.comma;
    if (isGroup) {
      if (anchored !== undefined)
        throw lexer.fail("bad-anchor", "an anchor before parentheses that are no tuple", "it inside them");
      return items[0] as Plain;
    }
    if (open.kind === "slice" && items.length !== 3)
      throw lexer.fail("bad-literal", `a slice of ${items.length}`, "three objects");
    const kind =
      open.kind === "set" && items.length === 0 && open.close === Char.closeSet && !open.wrapped ? "dict" : open.kind;
    const value = { kind, items } as PlainValue;
    if (anchored === undefined) return new Plain(value);
    anchored.value = value;
    return anchored;
  }
}

const isPaired = (open: Open) => open.kind === "dict" || open.kind === "frozendict";

const isQuote = (c: number) => c === Char.quote || c === Char.quotes;

function opened(word: Kind | undefined, bracket: number): { kind: Kind; close: number } {
  if (word === "slice") return { kind: word, close: Char.close };
  const close = bracket === Char.open ? Char.close : bracket === Char.openList ? Char.closeList : Char.closeSet;
  const own = bracket === Char.open ? "tuple" : bracket === Char.openList ? "list" : "set";
  return { kind: word ?? own, close };
}

/** Whether the names in that Python's code objects are bytes. */
export function hasByteNames({ traits }: Version): boolean {
  return traits.strings === "str8" || traits.codeNames === "utf8-bytes";
}
