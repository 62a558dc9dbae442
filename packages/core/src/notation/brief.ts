/**
 * Values in a few characters, for comments: cut with a word where they are long, every unsafe character escaped.
 * However the objects of a file refer to each other, the text of one is made once, from a bounded part of it.
 */
import { safe } from "../bytes/index.js";
import { CodeObject, textOf } from "../code/index.js";
import { NO_NODE, type PyValue, resolve, Shape, typeCode } from "../marshal/index.js";
import type { Pyc } from "../pyc/index.js";

/** Characters of a value that are shown. */
const MOST = 60;
/** Bytes of an integer that are shown in decimal. */
const MOST_DIGITS = 64;

export class Brief {
  private readonly pyc: Pyc;
  private readonly values: (string | undefined)[] = [];
  private readonly names: (string | undefined)[] = [];

  constructor(pyc: Pyc) {
    this.pyc = pyc;
  }

  /** The object as Python would write it; a container at most to its first few items. */
  value(node: number): string {
    if (node === NO_NODE) return "nothing";
    let text = this.values[node];
    if (text === undefined) {
      text = this.isHuge(node) ? this.size(node) : this.write(this.pyc.values.of(node), MOST);
      this.values[node] = text;
    }
    return text;
  }

  /** A name as it is. */
  name(node: number): string {
    if (node === NO_NODE) return "nothing";
    let text = this.names[node];
    if (text === undefined) {
      const value = this.pyc.values.of(node);
      const isText = value.kind === "str" || value.kind === "bytes";
      text = isText ? cut(head(value).text, head(value).more) : this.value(node);
      this.names[node] = text;
    }
    return text;
  }

  /** `code object f`; by the qualified name where there is one. */
  code(node: number): string {
    const code = new CodeObject(this.pyc.values, node);
    const named = code.fieldNode("co_qualname") === NO_NODE ? code.fieldNode("co_name") : code.fieldNode("co_qualname");
    return named === NO_NODE ? "code object" : `code object ${this.name(named) || "''"}`;
  }

  /** Whether the object is an integer that nobody reads in decimal. */
  private isHuge(node: number): boolean {
    const { table } = this.pyc;
    const to = resolve(table, node);
    if (to === NO_NODE || typeCode(table.type[to] as number)?.shape !== Shape.long) return false;
    return (table.end[to] as number) - (table.start[to] as number) > MOST_DIGITS;
  }

  private size(node: number): string {
    const { table } = this.pyc;
    const to = resolve(table, node);
    return `an integer of ${((table.end[to] as number) - (table.start[to] as number) - 5) >> 1} digits of 15 bits`;
  }

  private write(value: PyValue, left: number): string {
    switch (value.kind) {
      case "str":
      case "bytes":
        return this.string(value);
      case "tuple":
      case "list":
      case "set":
      case "frozenset": {
        const [opening, close] = BRACKETS[value.kind];
        return `${opening}${this.items(value.items, left)}${value.kind === "tuple" && value.items.length === 1 ? "," : ""}${close}`;
      }
      case "dict":
        return `{${this.pairs(value.entries, left)}}`;
      case "frozendict":
        return `frozendict({${this.pairs(value.entries, left)}})`;
      case "slice":
        return `slice(${this.items([value.start, value.stop, value.step], left)})`;
      case "code":
        return `<${this.code(value.node)}>`;
      case "bool":
        return value.value ? "True" : "False";
      case "int":
        return String(value.value);
      case "long":
        return `${value.value}L`;
      case "float":
        return float(value.value);
      case "complex":
        return `(${float(value.real.value)}${value.imag.value < 0 || Object.is(value.imag.value, -0) ? "" : "+"}${float(value.imag.value)}j)`;
      case "missing":
        return "nothing";
      default:
        return value.kind;
    }
  }

  private items(items: readonly PyValue[], left: number): string {
    let text = "";
    for (const [i, item] of items.entries()) {
      if (i > 0) text += ", ";
      if (text.length >= left) return `${text}... ${items.length - i} more`;
      text += this.write(item, (left - text.length) >> 1);
    }
    return text;
  }

  private pairs(entries: readonly (readonly [PyValue, PyValue])[], left: number): string {
    let text = "";
    for (const [i, [key, value]] of entries.entries()) {
      if (i > 0) text += ", ";
      if (text.length >= left) return `${text}... ${entries.length - i} more`;
      text += `${this.write(key, (left - text.length) >> 1)}: ${this.write(value, (left - text.length) >> 1)}`;
    }
    return text;
  }

  private string(value: PyValue & { kind: "str" | "bytes" }): string {
    const { traits } = this.pyc.version;
    const { text, more } = head(value);
    const escaped = text.replaceAll("\\", "\\\\").replaceAll("'", "\\'");
    const quoted = `'${value.kind === "bytes" ? safe(escaped).replace(/[\x80-\xff]/g, escapeByte) : safe(escaped)}'`;
    const prefix =
      value.kind === "bytes" ? (traits.strings === "bytes" ? "b" : "") : traits.strings === "str8" ? "u" : "";
    return `${prefix}${quoted}${more > 0 ? `... ${more} more` : ""}`;
  }
}

const BRACKETS = { tuple: ["(", ")"], list: ["[", "]"], set: ["{", "}"], frozenset: ["frozenset({", "})"] } as const;

/** The beginning of a string, and how many characters or bytes it leaves out. */
function head(value: PyValue & { kind: "str" | "bytes" }): { text: string; more: number } {
  const { length } = value.value;
  const more = length > MOST ? length - MOST : 0;
  if (value.kind === "str") return { text: more > 0 ? value.value.slice(0, MOST) : value.value, more };
  return { text: textOf({ kind: "bytes", value: value.value.subarray(0, MOST) }), more };
}

function float(x: number): string {
  if (Number.isNaN(x)) return "nan";
  if (!Number.isFinite(x)) return x < 0 ? "-inf" : "inf";
  const text = Object.is(x, -0) ? "-0" : String(x);
  return /^-?\d+$/.test(text) ? `${text}.0` : text.replace(/e([-+])(\d)$/, "e$10$2");
}

const escapeByte = (c: string) => `\\x${c.charCodeAt(0).toString(16)}`;

/** Text that is safe in a comment, with a word on how many characters it leaves out. */
function cut(text: string, more: number): string {
  return more > 0 ? `${safe(text)}... ${more} more` : safe(text);
}
