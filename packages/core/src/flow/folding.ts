/**
 * Tuples that a compiler built item by item and then replaced by a constant, after it had counted the stack (2.4 to 3.9).
 */
import { OpargKind, opcodesOf } from "../opcode/index.js";
import type { StackDepths } from "./depth.js";
import { effectsOf } from "./effects.js";
import type { Graph } from "./graph.js";

/** How many values more than the one that is left were on the stack in each row that loads such a tuple; else 0. */
export type Folding = (row: number) => number;

/** Opcodes whose tuple the compiler itself puts together. */
const takesWhole = ["IMPORT_NAME", "CALL_FUNCTION_KW", "BUILD_CONST_KEY_MAP"];

/** Which tuples were folded after the stack had been counted: all that were built, or those of functions' defaults. */
export type LateTuples = "all" | "defaults";

export function foldingOf({ graph, before }: StackDepths, what: LateTuples): Folding {
  const { body, rows } = graph;
  const { tupleDepth, version } = body;
  if (tupleDepth === undefined) return () => 0;
  const more = (row: number) => tupleDepth((rows.oparg[row] as number) >>> 0, what === "all") - 1;
  const { defaults, annotations } = tuplesOfFunctions(graph, before);
  if (what === "defaults") return (row) => (defaults.has(row) ? more(row) : 0);
  const { number, extendedArg } = opcodesOf(version);
  const loadConst = number("LOAD_CONST");
  const whole = takesWhole.map(number);
  return (row) => {
    if (rows.opcode[row] !== loadConst || annotations.has(row)) return 0;
    let next = row + 1;
    while (next < rows.count && rows.opcode[next] === extendedArg) next++;
    return whole.includes(rows.opcode[next]) ? 0 : more(row);
  };
}

/** The rows that load constants which functions take as their defaults, and as the names of their annotations. */
function tuplesOfFunctions({ body, rows }: Graph, before: Int32Array) {
  const { number, kind } = opcodesOf(body.version);
  const { pops } = effectsOf(body.version);
  const loadConst = number("LOAD_CONST");
  const makers = [number("MAKE_FUNCTION"), number("MAKE_CLOSURE")].filter((opcode) => opcode !== undefined);
  const defaults = new Set<number>();
  const annotations = new Set<number>();
  /** By the depth before it, the last row: what it pushes is there until one with that depth or less follows. */
  const last = new Map<number, number>();
  const add = (to: Set<number>, present: number, depth: number) => {
    const row = last.get(depth) ?? -1;
    if (present !== 0 && rows.opcode[row] === loadConst) to.add(row);
  };
  for (let row = 0; row < rows.count; row++) {
    const opcode = rows.opcode[row] as number;
    const depth = before[row] as number;
    last.set(depth, row);
    if (!makers.includes(opcode) || depth < 0) continue;
    const oparg = rows.oparg[row] as number;
    // Up to 3.5 the tuple of names is the last of the arguments.
    if (kind[opcode] === OpargKind.functionFlags) add(defaults, oparg & 1, depth - pops(opcode, oparg));
    else add(annotations, oparg >>> 16, depth - pops(opcode, 0) - 1);
  }
  return { defaults, annotations };
}
