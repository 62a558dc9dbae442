/**
 * Locals in the order of their symbol table (2.1 to 2.4). The compiler walked the source for symbols before it made
 * instructions, and met what is assigned to before the value; attributes and globals of its own are none.
 */
import { latin1 } from "../bytes/index.js";
import type { Plain } from "../marshal/index.js";
import { opcodesOf } from "../opcode/index.js";
import type { PoolBlock, PoolStep } from "./block.js";
import { type DictStyle, dictOrder } from "./dict.js";
import { kindOf } from "./kind.js";
import { namesOfConstants, ownNones } from "./named.js";
import { deepestOperands } from "./stack.js";

/** The names that stand in co_varnames behind the parameters: what is bound in the block, also names and cells. */
export function localsByTable(block: PoolBlock, consumers: Int32Array, style: DictStyle): Plain[] {
  const byText = new Map<string, Plain>();
  const locals = new Set<string>();
  const met: string[] = []; // each time that the walk met one
  const add = (name: Plain | undefined) => {
    const text = name?.value.kind === "bytes" ? latin1(name.value.value) : "";
    if (text === "" || unnamed.has(text)) return undefined;
    if (!byText.has(text)) byText.set(text, name as Plain);
    met.push(text);
    return text;
  };
  for (const name of block.parameters) add(name);
  const parameters = byText.size;
  const { ownNames } = opcodesOf(block.version);
  const nameOf = namesOfConstants(block);
  const isOwnNone = ownNones(block);
  const isClass = kindOf(block) === "class";
  for (const i of symbolOrder(block, consumers)) {
    const { opcode, uses, cell } = block.steps[i] as PoolStep;
    const binds = !isClass && (ownNames[opcode] === "STORE_NAME" || ownNames[opcode] === "DELETE_NAME");
    for (const { pool, value } of uses) {
      if (pool === "co_consts") {
        if (!isOwnNone(i)) add(nameOf(value));
        continue;
      }
      const text = add(value);
      if ((binds || pool === "co_varnames") && text !== undefined) locals.add(text);
    }
    add(cell);
  }
  for (const name of block.cellvars) locals.add(add(name) ?? "");
  const given = [...byText.keys()].slice(0, parameters);
  for (const text of given) locals.delete(text);
  return dictOrder(met, style)
    .filter((text) => locals.has(text))
    .map((text) => byText.get(text) as Plain);
}

/** Names that the compiler uses of itself, of which the symbol table knows nothing. */
const unnamed = new Set(["__doc__", "__module__"]);

/** Opcodes that assign. */
const stores = /^STORE_(FAST|NAME|GLOBAL|DEREF|ATTR|SUBSCR|SLICE)/;

/** Opcodes whose names are no variables. */
const attributes = /^(LOAD|STORE|DELETE)_ATTR$|^IMPORT_/;

/** Steps that the target of one assignment has at most, to be found. */
const MOST_TARGET = 256;

/** The steps that name variables, targets of an assignment before its value. */
function symbolOrder({ steps, version }: PoolBlock, consumers: Int32Array): number[] {
  const { ownNames } = opcodesOf(version);
  const deepest = deepestOperands(consumers);
  const name = (i: number) => ownNames[steps[i]?.opcode ?? -1] ?? "";
  const targetsAt = new Map<number, number[]>(); // by the step at which their statement begins
  const placed = new Uint8Array(steps.length);
  for (let i = 0; i < steps.length; i++) {
    if (!stores.test(name(i))) continue;
    const value = deepest[i] as number;
    let start = i;
    for (let k = value; k >= 0 && k < start; k = deepest[k] as number) start = k;
    if (start === i) continue;
    const targets = targetsAt.get(start) ?? [];
    targetsAt.set(start, targets);
    // What stands between the value and the store is what the target consists of.
    for (let k = Math.max(value + 1, i - MOST_TARGET); k <= i; k++) {
      if (placed[k] === 0) targets.push(k);
      placed[k] = 1;
    }
  }
  const out: number[] = [];
  for (let i = 0; i < steps.length; i++) {
    for (const target of targetsAt.get(i) ?? []) out.push(target);
    if (placed[i] === 0) out.push(i);
  }
  return out.filter((i) => !attributes.test(name(i)));
}
