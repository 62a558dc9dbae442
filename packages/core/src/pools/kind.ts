/** What a block of code was in the source, as far as the pools depend on it. */
import { opcodesOf } from "../opcode/index.js";
import type { PoolBlock } from "./block.js";

export type BlockKind = "module" | "class" | "def" | "lambda" | "comprehension";

const OPTIMIZED = 1;
const NEWLOCALS = 2;

/** Up to 1.2, which have no flags, a function is known by the locals that it keeps in a list. */
export function kindOf(block: PoolBlock): BlockKind {
  const { name, flags, steps, version } = block;
  if (name === "<lambda>") return "lambda";
  if (name.startsWith("<")) return (flags & OPTIMIZED) !== 0 ? "comprehension" : "module";
  if ((flags & OPTIMIZED) !== 0) return "def";
  const names = opcodesOf(version).names;
  const has = (opname: string) => steps.some(({ opcode }) => names[opcode] === opname);
  if ((flags & NEWLOCALS) !== 0) return has("LOAD_LOCALS") || has("STORE_LOCALS") ? "class" : "def";
  if (has("RESERVE_FAST")) return "def";
  return name === "" || name === "?" ? "module" : "class";
}
