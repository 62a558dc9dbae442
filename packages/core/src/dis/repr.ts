/**
 * Texts of constants, names and code objects, as the Python that wrote the file prints them; what would not be safe
 * to show (see `safe`) is escaped.
 */
import { safe, wtf8 } from "../bytes/index.js";
import { CodeObject } from "../code/index.js";
import { codeLayout } from "../format/index.js";
import { isCode, NO_NODE, type NodeTable, type PyValue, type Values } from "../marshal/index.js";
import { opcodesOf } from "../opcode/index.js";
import { constantRepr } from "./constant.js";
import { type Elements, elementsOf } from "./elements.js";
import { marker } from "./marker.js";

/** A constant may print this much and so many times its size in the file. */
const MOST = 0x40000;
const PER_BYTE = 16;

/** Python 2 cuts names and file names in a code object's repr. */
const NAME_CUT = 100;
const FILENAME_CUT = 300;

/** What a code object's repr has in place of a name that is no string. */
const NO_STRING = "???";

/** The plain case, quickly told. */
function isAsciiText(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c < 0x20 || c > 0x7e) return false;
  }
  return true;
}

export class Repr {
  readonly values: Values;
  readonly table: NodeTable;
  /** What tuples and lists hold. */
  readonly elements: Elements;
  private readonly names = new Map<number, string>();
  private readonly codeObjects = new Map<number, CodeObject>();
  private readonly codes = new Map<number, string>();
  private readonly codeOf = (node: number) => this.code(node);
  private left: number;

  /** @param budget characters that all constants together may have; after them each is cut to its first item */
  constructor(values: Values, budget: number, elements = elementsOf(values.table)) {
    this.values = values;
    this.table = values.table;
    this.elements = elements;
    this.left = budget;
  }

  /** repr() of the constant at this node. Not cached. */
  constant(node: number): string {
    const { start, end, version } = this.table;
    const size = node === NO_NODE ? 0 : (end[node] as number) - (start[node] as number);
    const limit = Math.min(this.left, MOST + PER_BYTE * size);
    const text = constantRepr(this.value(node), version.traits, this.codeOf, limit);
    this.left -= text.length;
    return text;
  }

  /** The string at this node as a name prints: as it is. */
  name(node: number): string {
    let name = this.names.get(node);
    if (name === undefined) {
      const text = plainText(this.value(node));
      name = text === undefined ? marker.notName(this.constant(node)) : this.safe(text);
      this.names.set(node, name);
    }
    return name;
  }

  /** `<code object f at 0x1f4, file "a.py", line 3>`: the address is the code object's offset in the file. */
  code(node: number): string {
    let text = this.codes.get(node);
    if (text === undefined) {
      text = this.codeText(this.codeObject(node));
      this.codes.set(node, text);
    }
    return text;
  }

  codeObject(node: number): CodeObject {
    let code = this.codeObjects.get(node);
    if (code === undefined) {
      code = new CodeObject(this.values, node);
      this.codeObjects.set(node, code);
    }
    return code;
  }

  isCode(node: number): boolean {
    return node !== NO_NODE && isCode(this.table.type[node] as number);
  }

  /** Text with what would not be safe to show escaped. */
  safe(text: string): string {
    return isAsciiText(text) ? text : safe(text);
  }

  private codeText(code: CodeObject): string {
    const hasName = codeLayout(code.version).order.has("co_name");
    const name = hasName ? ` ${this.field(code, "co_name", NAME_CUT)}` : "";
    const file = this.field(code, "co_filename", FILENAME_CUT);
    const addressed = code.version.traits.codeAddress;
    const address = addressed ? ` at 0x${code.offset.toString(16)}` : "";
    const quote = addressed ? '"' : "'";
    return `<code object${name}${address}, file ${quote}${file}${quote}, line ${lineOf(code)}>`;
  }

  private field(code: CodeObject, field: string, cut: number): string {
    const value = this.value(code.fieldNode(field));
    const text = plainText(value, code.version.traits.strings === "str8" ? cut : undefined);
    return text === undefined ? NO_STRING : this.safe(text);
  }

  private value(node: number): PyValue {
    return node === NO_NODE ? { kind: "missing" } : this.values.of(node);
  }
}

/** A string's characters; an 8-bit string's bytes read as UTF-8, as a terminal would. */
function plainText(value: PyValue, cut?: number): string | undefined {
  if (value.kind === "str") return value.value;
  return value.kind === "bytes" ? wtf8(cut === undefined ? value.value : value.value.subarray(0, cut)) : undefined;
}

/** The line that a code object's repr names: co_firstlineno or what its first SET_LINENO says; -1 for none. */
export function lineOf(code: CodeObject): number {
  const line = code.int("co_firstlineno");
  if (line !== undefined) return line || -1;
  const bytes = code.code;
  return bytes[0] === opcodesOf(code.version).number("SET_LINENO") && bytes.length >= 3
    ? (bytes[1] as number) | ((bytes[2] as number) << 8)
    : -1;
}
