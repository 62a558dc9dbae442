/**
 * Literals written. An object that is in several places, or in itself, has an anchor in one of them and is referred to
 * from the others; `anchors.ts` says which.
 */
import type { Plain, PlainValue } from "../marshal/index.js";
import type { Version } from "../version/index.js";
import type { Anchors } from "./anchors.js";
import { isBare } from "./lexer.js";
import { hasByteNames } from "./literal.js";
import { complexText, floatText, integerText } from "./literal-number.js";
import { bytesText, strText } from "./literal-string.js";
import type { CodeBlock } from "./syntax.js";

/** A container that is being written. */
interface Open {
  readonly items: readonly Plain[];
  readonly close: string;
  readonly paired: boolean;
  done: number;
}

/** Bytes on a line of hex pairs. */
const HEX_WIDTH = 32;

export class LiteralTexts {
  private readonly anchors: Anchors;
  private readonly bytesPrefix: string;
  private readonly strPrefix: string;
  private readonly byteNames: boolean;
  /** The labels of the code blocks that can be named here, by their objects. */
  private labels: ReadonlyMap<Plain, string> = new Map();

  constructor(version: Version, anchors: Anchors) {
    const old = version.traits.strings === "str8";
    this.anchors = anchors;
    this.bytesPrefix = old ? "" : "b";
    this.strPrefix = old ? "u" : "";
    this.byteNames = hasByteNames(version);
  }

  /** From here on `<code LABEL>` names one of these blocks. */
  enter(blocks: readonly CodeBlock[]): void {
    this.labels = new Map(blocks.map((block) => [block.object, block.label]));
  }

  /** The object as a literal. */
  text(plain: Plain): string {
    if (plain.value.kind === "code") return this.code(plain);
    const anchor = this.anchors.begin(plain);
    if (anchor !== undefined && !anchor.endsWith(" ")) return anchor;
    return this.walk(plain, anchor ?? "");
  }

  /** The object as an operand: a list of one number stands in parentheses, as it would be an oparg. */
  operand(plain: Plain): string {
    const text = this.text(plain);
    return text.startsWith("[") ? `(${text})` : text;
  }

  /** The object as a name. */
  name(plain: Plain): string {
    if (plain.value.kind === "code") {
      const text = this.code(plain);
      return text.startsWith("*") ? text : `(${text})`;
    }
    const anchor = this.anchors.begin(plain);
    if (anchor !== undefined && !anchor.endsWith(" ")) return anchor;
    return (anchor ?? "") + this.nameAlone(plain);
  }

  private nameAlone(plain: Plain): string {
    const { value } = plain;
    if (value.kind === "str") {
      if (this.byteNames) return `u${strText(value)}`;
      return value.codePoints === undefined && isBareSafely(value.value) ? value.value : strText(value);
    }
    if (value.kind === "bytes") {
      const text = bytesText(value.value);
      if (!this.byteNames) return `b${text}`;
      const bare = text.slice(1, -1);
      return isBareSafely(bare) ? bare : text;
    }
    const text = this.walk(plain, "");
    return text.startsWith("(") ? text : `(${text})`;
  }

  private leaf(value: PlainValue): string {
    switch (value.kind) {
      case "str":
        return this.strPrefix + strText(value);
      case "bytes":
        return this.bytesPrefix + bytesText(value.value);
      case "int":
        return integerText(value.value);
      case "long":
        return `${integerText(value.value)}L`;
      case "float":
        return floatText(value);
      case "complex":
        return complexText(value.real, value.imag);
      case "bool":
        return value.value ? "True" : "False";
      default:
        return value.kind;
    }
  }

  /** `<code LABEL>`, where the block is one of those in the block that is being written. */
  private code(plain: Plain): string {
    const label = this.labels.get(plain);
    const anchor = this.anchors.begin(plain, label !== undefined);
    if (label !== undefined) return `${anchor?.endsWith(" ") ? anchor : ""}<code ${labelText(label)}>`;
    if (anchor === undefined) throw new Error("a code object that is no block of this program");
    return anchor;
  }

  /** A container, whose own anchor stands before it already. */
  private walk(plain: Plain, before: string): string {
    const top = this.container(plain.value);
    if (top === undefined) return before + this.leaf(plain.value);
    const pieces = [before, top[0]];
    const stack = [top[1]];
    for (;;) {
      const open = stack[stack.length - 1] as Open;
      if (open.done === open.items.length) {
        pieces.push(open.close);
        stack.pop();
        if (stack.length === 0) return pieces.join("");
        continue;
      }
      if (open.done > 0) pieces.push(open.paired && (open.done & 1) === 1 ? ": " : ", ");
      const item = open.items[open.done++] as Plain;
      if (item.value.kind === "code") {
        pieces.push(this.code(item));
        continue;
      }
      const anchor = this.anchors.begin(item);
      if (anchor !== undefined) pieces.push(anchor);
      if (anchor !== undefined && !anchor.endsWith(" ")) continue;
      const inner = this.container(item.value);
      if (inner === undefined) pieces.push(this.leaf(item.value));
      else {
        pieces.push(inner[0]);
        stack.push(inner[1]);
      }
    }
  }

  private container(value: PlainValue): [opening: string, open: Open] | undefined {
    switch (value.kind) {
      case "tuple":
        return opened("(", value.items, value.items.length === 1 ? ",)" : ")");
      case "list":
        return opened("[", value.items, "]");
      case "set":
        return value.items.length === 0 ? opened("set(", value.items, ")") : opened("{", value.items, "}");
      case "frozenset":
        return value.items.length === 0
          ? opened("frozenset(", value.items, ")")
          : opened("frozenset({", value.items, "})");
      case "dict":
        return opened("{", value.items, "}", true);
      case "frozendict":
        return opened("frozendict({", value.items, "})", true);
      case "slice":
        return opened("slice(", value.items, ")");
      default:
        return undefined;
    }
  }
}

function opened(opening: string, items: readonly Plain[], close: string, paired = false): [string, Open] {
  return [opening, { items, close, paired, done: 0 }];
}

/** Whether a text can stand without quotes, and is safe to show. */
function isBareSafely(text: string): boolean {
  return isBare(text) && (ASCII.test(text) || strText({ kind: "str", value: text }).length === text.length + 2);
}
const ASCII = /^[ -~]*$/;

const LABEL = /^(<?)(\w+)(>?)(?:#\d+)?$/;

/** A label as it is written: a word, `<word>`, either with `#2` behind it, or a string in quotes. */
export function labelText(label: string): string {
  const [, open, word, close] = LABEL.exec(label) ?? [];
  const isWord = word !== undefined && isBare(word) && (open === "") === (close === "");
  return isWord ? label : strText({ kind: "str", value: label });
}

/** A name as text: bare or in quotes. */
export function wordText(word: string): string {
  return isBareSafely(word) ? word : strText({ kind: "str", value: word });
}

/** Bytes as `x'64 00'`, on several lines if they are many. */
export function hexText(bytes: Uint8Array, indent: string): string {
  if (bytes.length <= HEX_WIDTH) return `x'${hexPairs(bytes, 0, bytes.length)}'`;
  const lines: string[] = [];
  for (let i = 0; i < bytes.length; i += HEX_WIDTH)
    lines.push(hexPairs(bytes, i, Math.min(bytes.length, i + HEX_WIDTH)));
  return `x'\n${indent}${lines.join(`\n${indent}`)}\n${indent}'`;
}

const PAIRS = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

export function hexPairs(bytes: Uint8Array, start: number, end: number): string {
  let text = "";
  for (let i = start; i < end; i++) text += i === start ? PAIRS[bytes[i] as number] : ` ${PAIRS[bytes[i] as number]}`;
  return text;
}
