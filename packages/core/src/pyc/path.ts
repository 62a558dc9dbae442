/** Paths: how to get from the file's object to a node, as Python would write it. */
import { codeLayout } from "../format/index.js";
import { type NodeTable, Shape, typeCode } from "../marshal/index.js";

/** The path to a node where it stands in the file: `co_consts[3].co_names[0]`; "" for node 0. */
export function pathOf(table: NodeTable, node: number): string {
  const { objects } = codeLayout(table.version);
  let path = "";
  let at = 0;
  while (at !== node) {
    const shape = typeCode(table.type[at] as number)?.shape;
    let child = at + 1;
    let index = 0;
    while ((table.next[child] as number) <= node) {
      child = table.next[child] as number;
      index++;
    }
    if (shape === Shape.code) path += `${path === "" ? "" : "."}${objects[index] ?? "?"}`;
    else if (shape === Shape.pairs) path += `[${index >> 1}].${(index & 1) === 0 ? "key" : "value"}`;
    else path += `[${index}]`;
    at = child;
  }
  return path;
}
