/** Where in a tree of drafts something is, for messages. */
import { codeLayout } from "../format/index.js";
import type { Version } from "../version/index.js";
import { Shape, typeCode } from "./codes.js";

/** Longest path in a message, in characters. */
const MAX_PATH = 200;

/** `co_consts[3].co_code`, from the type byte of each container around it and the index of the item in that. */
export function draftPath(steps: Iterable<readonly [type: number, index: number]>, version: Version): string {
  const { objects } = codeLayout(version);
  let path = "";
  for (const [type, index] of steps) {
    const shape = typeCode(type)?.shape;
    if (shape === Shape.code) path += `${path === "" ? "" : "."}${objects[index] ?? "end"}`;
    else if (shape === Shape.pairs) path += `[${index >> 1}].${(index & 1) === 0 ? "key" : "value"}`;
    else path += `[${index}]`;
    if (path.length > MAX_PATH) return `${path} …`;
  }
  return path;
}
