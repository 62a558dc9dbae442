/**
 * Paths to objects, by which `.as` and `.content` say whose encoding they override: `co_consts[2][0]`, with a range of
 * items `co_names[0..3]`, `.end` for what ends a dict; `code` or `object` for the block's or the program's own.
 */
import type { Override } from "../marshal/index.js";
import { Char, isDigit, type Lexer } from "./lexer.js";

/** The largest index that a path has. */
const LARGEST = 0x7fffffff;

/** Paths that may yet be made of ranges: no text names more objects than it has characters. */
export interface Budget {
  left: number;
}

/**
 * Reads a path, with all that its ranges stand for.
 * @param fields the fields that one may begin with; undefined for an object that is no code object
 */
export function readPaths(lexer: Lexer, fields: ReadonlySet<string> | undefined, budget: Budget): string[] {
  const from = lexer.at;
  const word = lexer.word();
  if (word === (fields === undefined ? "object" : "code")) return [""];
  if (fields === undefined ? word !== "" || lexer.code() !== Char.openList : !fields.has(word)) {
    lexer.at = from + word.length;
    const expected = fields === undefined ? "object or [0]" : "code or a field that is an object, such as co_consts[0]";
    throw lexer.fail("bad-path", lexer.at > from ? `"${word}"` : lexer.here(), expected, from);
  }
  let paths = [word];
  while (lexer.takes(Char.openList)) {
    const first = index(lexer);
    let last = first;
    if (lexer.takes(Char.dot)) {
      if (!lexer.takes(Char.dot)) throw lexer.unexpected('".."');
      last = index(lexer);
    }
    if (!lexer.takes(Char.closeList)) throw lexer.unexpected('"]"');
    const count = paths.length * (last - first + 1);
    if (last < first || count > budget.left)
      throw lexer.fail(
        "bad-path",
        last < first ? "a range that ends before it begins" : "more items than the text has",
        "",
        from,
      );
    budget.left -= count;
    const longer: string[] = [];
    for (const path of paths) for (let i = first; i <= last; i++) longer.push(`${path}[${i}]`);
    paths = longer;
  }
  if (lexer.takes(Char.dot)) {
    if (lexer.word() !== "end") throw lexer.fail("bad-path", lexer.text.slice(from, lexer.at), ".end", from);
    paths = paths.map((path) => `${path}.end`);
  }
  return paths;
}

function index(lexer: Lexer): number {
  if (!isDigit(lexer.code())) throw lexer.unexpected("an index");
  let value = 0;
  const from = lexer.at;
  while (isDigit(lexer.code())) value = Math.min(LARGEST, value * 10 + lexer.text.charCodeAt(lexer.at++) - Char.zero);
  if (value === LARGEST) throw lexer.fail("bad-path", "an index out of range", "", from);
  return value;
}

const RANGE = /^(.*)\[(\d+)\]$/s;

/** Paths as text, neighbours as ranges. */
export function pathTexts(paths: readonly string[], own: string): string[] {
  const texts: string[] = [];
  let prefix: string | undefined;
  let first = 0;
  let last = 0;
  const flush = () => {
    if (prefix !== undefined) texts.push(first === last ? `${prefix}[${first}]` : `${prefix}[${first}..${last}]`);
    prefix = undefined;
  };
  for (const path of paths) {
    const [, before, index] = RANGE.exec(path) ?? [];
    if (before !== undefined && before === prefix && Number(index) === last + 1) {
      last++;
      continue;
    }
    flush();
    if (before === undefined) texts.push(path === "" ? own : path);
    else {
      prefix = before;
      first = last = Number(index);
    }
  }
  flush();
  return texts;
}

/** The paths of each way of writing, in the order in which they first come. */
export function byType(encodings: ReadonlyMap<string, Override>): Map<string, { override: Override; paths: string[] }> {
  const groups = new Map<string, { override: Override; paths: string[] }>();
  for (const [path, override] of encodings) {
    const { type, index } = override;
    if (type === undefined && index === undefined) continue;
    const key = `${type} ${index}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { override, paths: [path] });
    else group.paths.push(path);
  }
  return groups;
}
