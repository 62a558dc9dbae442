/**
 * Bytes objects that are more than bytes: instructions, line tables, exception tables, kinds of locals. Which they
 * are is found over all code objects first, since such an object may stand anywhere before the one that refers to it.
 */
import { CodeObject } from "../code/index.js";
import { type ExceptionTable, exceptionTable } from "../exceptiontable/index.js";
import { decode, type Instructions } from "../instruction/index.js";
import { entries, type LineTable } from "../linetable/index.js";
import { holdsBytes, NO_NODE, type NodeTable, Shape, typeCode } from "../marshal/index.js";
import { opcodesOf } from "../opcode/index.js";
import type { Pyc } from "../pyc/index.js";
import { Kind } from "./kinds.js";
import type { Rows } from "./rows.js";

/** The bytes of a node, as a field of a code object: the first that uses them so, where several share them. */
export type Content =
  | InstructionContent
  | { readonly what: "exception table"; readonly code: CodeObject; readonly table: ExceptionTable }
  | { readonly what: "line table"; readonly code: CodeObject; readonly table: LineTable }
  | { readonly what: "kinds"; readonly code: CodeObject };

export interface InstructionContent {
  readonly what: "instructions";
  readonly code: CodeObject;
  readonly list: Instructions;
}

/** The fields whose bytes are taken apart. */
const readers: { readonly [field: string]: (code: CodeObject) => Content } = {
  co_code: (code) => ({ what: "instructions", code, list: decode(code.code, code.version) }),
  co_exceptiontable: (code) => ({ what: "exception table", code, table: exceptionTable(code) }),
  co_lnotab: (code) => ({ what: "line table", code, table: entries(code) }),
  co_linetable: (code) => ({ what: "line table", code, table: entries(code) }),
  co_localspluskinds: (code) => ({ what: "kinds", code }),
};
const fields = Object.keys(readers);

/** What the bytes objects of a file are, by node. */
export function contentsOf({ table, values }: Pyc): ReadonlyMap<number, Content> {
  const contents = new Map<number, Content>();
  for (let node = 0; node < table.count; node++) {
    if (typeCode(table.type[node] as number)?.shape !== Shape.code) continue;
    const code = new CodeObject(values, node);
    for (const field of fields) {
      const holder = code.fieldNode(field);
      if (holder === NO_NODE || contents.has(holder) || !hasBytes(table, holder)) continue;
      contents.set(holder, (readers[field] as (code: CodeObject) => Content)(code));
    }
  }
  return contents;
}

/** Whether an object has bytes to be told, as `CodeObject.bytes` takes them. */
function hasBytes(table: NodeTable, node: number): boolean {
  return holdsBytes(table, node) && (table.end[node] as number) > (table.start[node] as number) + 5;
}

/** Adds the leaves of such an object's content, which begins where the rows are. */
export function contentRows(rows: Rows, node: number, content: Content, end: number): void {
  const base = rows.at;
  switch (content.what) {
    case "instructions":
      instructionRows(rows, node, content, end);
      break;
    case "exception table":
      for (const [i, entry] of content.table.entries.entries()) {
        rows.leaf(Kind.exception, Math.min(end, base + entry.span.end), node, i);
      }
      break;
    case "line table":
      for (const [i, entry] of content.table.entries.entries()) {
        rows.leaf(Kind.line, Math.min(end, base + entry.end), node, i);
      }
      break;
    case "kinds":
      for (let i = 0; base + i < end; i++) rows.leaf(Kind.localKinds, base + i + 1, node, i);
      break;
  }
}

/** An opcode and an oparg each, prefixes whole, cache entries as one. */
function instructionRows(rows: Rows, node: number, { code, list }: InstructionContent, limit: number): void {
  const { extendedArg } = opcodesOf(code.version);
  const { count, opcode, size, caches } = list;
  for (let i = 0; i < count; i++) {
    const end = Math.min(limit, rows.at + (size[i] as number));
    if (opcode[i] === extendedArg) rows.leaf(Kind.extendedArg, end, node, i);
    else {
      rows.leaf(Kind.opcode, rows.at + 1, node, i);
      rows.leaf(Kind.oparg, end, node, i);
    }
    if (caches[i] !== 0) rows.leaf(Kind.cache, Math.min(limit, end + (caches[i] as number)), node, i);
  }
}
