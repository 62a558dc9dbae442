/** The code objects of a file, each with the one that it is inside of and the name that tells it from others. */
import { latin1, safe } from "../bytes/index.js";
import { CodeObject, flagBit, textOf } from "../code/index.js";
import { codeLayout } from "../format/index.js";
import { FLAG_REF, isCode, NO_NODE, type NodeTable } from "../marshal/index.js";
import type { Pyc } from "../pyc/index.js";

export interface CodePlace {
  readonly code: CodeObject;
  /** The innermost code object that it stands in; undefined for what stands in none. */
  readonly parent: CodePlace | undefined;
  readonly children: CodePlace[];
  /** co_name, whole. */
  readonly name: string;
  /**
   * co_qualname; where the version has none, or an empty one, what follows from the names around it: functions add
   * `.<locals>`. Cut where it is long, and fit to be shown.
   */
  readonly qualname: string;
  /** A number that follows from the instructions, names and plain constants: equal ones most likely have the same. */
  readonly print: number;
  /** The same of the instructions alone. */
  readonly codePrint: number;
}

const NAME = 120;
const QUALNAME = 240;

/** Every code object that stands in the file, in file order. */
export function codeTree(pyc: Pyc): readonly CodePlace[] {
  const { table, values } = pyc;
  const places: CodePlace[] = [];
  const around: CodePlace[] = [];
  const prints = new Prints(table);
  const texts = new Texts();
  const hasName = codeLayout(pyc.version).order.has("co_qualname");
  for (let node = 0; node < table.count; node++) {
    if (!isCode(table.type[node] as number)) continue;
    while (around.length > 0 && (table.next[(around.at(-1) as CodePlace).code.node] as number) <= node) around.pop();
    const parent = around.at(-1);
    const code = new CodeObject(values, node);
    const name = texts.of(code, "co_name");
    const told = hasName ? texts.of(code, "co_qualname") : "";
    const codePrint = prints.of(code.fieldNode("co_code"));
    const place: CodePlace = {
      code,
      parent,
      children: [],
      name,
      qualname: safe(shortened(told === "" ? derived(parent, shortened(name || "?", NAME)) : told, QUALNAME)),
      print: prints.all(code, codePrint),
      codePrint,
    };
    parent?.children.push(place);
    places.push(place);
    around.push(place);
  }
  return places;
}

/** Whether the code is that of a function: its locals are fast ones. Up to 1.2 there are no flags to tell. */
export function isFunction(code: CodeObject): boolean {
  return (code.flags & flagBit(code.version, "OPTIMIZED")) !== 0;
}

function derived(parent: CodePlace | undefined, name: string): string {
  if (parent === undefined || parent.parent === undefined) return name;
  return `${parent.qualname}${isFunction(parent.code) ? ".<locals>" : ""}.${name}`;
}

/** The end tells more of a qualified name than its beginning. */
function shortened(text: string, most: number): string {
  return text.length <= most ? text : `...${text.slice(-most)}`;
}

/** Names as texts, each made once however many code objects share it. */
class Texts {
  private readonly made = new Map<number, string>();

  of(code: CodeObject, field: string): string {
    const node = code.fieldNode(field);
    let text = this.made.get(node);
    if (text === undefined) {
      text = code.text(field);
      this.made.set(node, text);
    }
    return text;
  }
}

/** Hashes of what stands at nodes, each made once however many code objects share it. */
class Prints {
  private readonly table: NodeTable;
  private readonly made = new Map<number, number>();

  constructor(table: NodeTable) {
    this.table = table;
  }

  /** Of everything in a code object that hardly changes with its place. */
  all(code: CodeObject, codePrint: number): number {
    const { values } = code;
    const names = this.pool(code, "co_names", (node) => hash(textOf(values.of(node))));
    const consts = this.pool(code, "co_consts", (node) => this.of(node));
    return mix(mix(codePrint, names), mix(consts, code.argcount));
  }

  /** Of a leaf, by its bytes; what holds others has that of its type alone. */
  of(node: number): number {
    if (node === NO_NODE) return 1;
    let print = this.made.get(node);
    if (print === undefined) {
      const { type, next, bytes, start, end } = this.table;
      const byte = (type[node] as number) & ~FLAG_REF;
      const isLeaf = next[node] === node + 1;
      print = mix(byte, isLeaf ? hash(latin1(bytes, (start[node] as number) + 1, end[node])) : 0);
      this.made.set(node, print);
    }
    return print;
  }

  private pool(code: CodeObject, field: string, of: (node: number) => number): number {
    const holder = code.fieldNode(field);
    if (holder === NO_NODE) return 2;
    const key = -1 - holder; // beside the prints of leaves
    let print = this.made.get(key);
    if (print === undefined) {
      print = 3;
      for (const node of code.items(field)) print = mix(print, node === NO_NODE ? 4 : of(node));
      this.made.set(key, print);
    }
    return print;
  }
}

function mix(a: number, b: number): number {
  return (Math.imul(a ^ (b >>> 15), 0x9e3779b1) + Math.imul(b, 0x85ebca6b) + 1) | 0;
}

function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return h;
}
