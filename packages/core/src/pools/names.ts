/**
 * Names that came into co_names though an instruction has them elsewhere: the old compiler took every variable for a
 * name first, and found out later which of them are fast locals or cells.
 */
import type { Plain, PlainValue } from "../marshal/index.js";
import { change, OpargKind, opcodesOf, parseEffect } from "../opcode/index.js";
import { compilerOf } from "../version/index.js";
import type { PoolBlock, PoolStep } from "./block.js";
import { deepestOperands } from "./stack.js";

const NOTHING: readonly Plain[] = [];

/** Tells of each step which names it brought into co_names. */
export function variableNames(block: PoolBlock): (step: number) => readonly Plain[] {
  const { steps, version } = block;
  if (compilerOf(version).localNames === "apart") return () => NOTHING;
  const { kind, number } = opcodesOf(version);
  const reserved = reservedNames(block);
  const unpacked = unpackedParameters(block);
  const tuples = compilerOf(version).localNames === "in-names";
  const closure = number("LOAD_CLOSURE");
  return (i) => {
    const { opcode, oparg, uses, cell } = steps[i] as PoolStep;
    if (unpacked[i] === LOADED || (unpacked[i] === STORED && !tuples) || opcode === closure) return NOTHING;
    if (cell !== undefined) return [cell];
    if (kind[opcode] !== OpargKind.local) return NOTHING;
    if (uses.length > 0) return uses.map(({ value }) => value);
    const name = reserved[oparg];
    return name === undefined ? NOTHING : [name];
  };
}

/**
 * Tells of each step which local it makes beside those that it uses: up to 1.6 IMPORT_FROM stores what it imports, and so
 * binds a name in a function.
 */
export function importedLocals({ steps, version, flags }: PoolBlock): (step: number) => Plain | undefined {
  const { number, effects } = opcodesOf(version);
  const importFrom = number("IMPORT_FROM") ?? -1;
  const effect = parseEffect(effects[importFrom] ?? "");
  const binds = effect !== undefined && change(effect.next, 0) <= 0 && (flags & OPTIMIZED) !== 0;
  return (i) => {
    const { opcode, uses } = steps[i] as PoolStep;
    const name = binds && opcode === importFrom ? uses[0]?.value : undefined;
    return name?.value.kind === "bytes" && name.value.value[0] !== STAR ? name : undefined;
  };
}

const OPTIMIZED = 1;
/** `from m import *`. */
const STAR = 0x2a;

/** The names of the fast locals that RESERVE_FAST has as a constant: a tuple, or a dict of their numbers. */
function reservedNames({ steps, version }: PoolBlock): readonly (Plain | undefined)[] {
  const reserve = opcodesOf(version).number("RESERVE_FAST");
  const value = steps.find(({ opcode }) => opcode === reserve)?.uses[0]?.value.value;
  if (value === undefined || !("items" in value)) return NOTHING;
  if (value.kind !== "dict") return value.items;
  const names: (Plain | undefined)[] = [];
  for (let i = 0; i + 1 < value.items.length; i += 2) {
    const index = numberOf((value.items[i + 1] as Plain).value);
    if (index < value.items.length) names[index] = value.items[i] as Plain;
  }
  return names;
}

const numberOf = (value: PlainValue) => (value.kind === "int" && value.value >= 0 ? Number(value.value) : Infinity);

const LOADED = 1;
const STORED = 2;

/** LOADED and STORED for the steps that take a tuple apart which is a parameter: fast locals from the start. */
function unpackedParameters({ steps, version }: PoolBlock): Uint8Array {
  const { ownNames } = opcodesOf(version);
  const out = new Uint8Array(steps.length);
  let within = false;
  for (const [i, { opcode, uses }] of steps.entries()) {
    const name = ownNames[opcode] ?? "";
    if (name === "SET_LINENO") continue;
    const value = uses[0]?.value.value;
    const isTuple = value?.kind === "bytes" && (value.value.length === 0 || value.value[0] === DOT);
    if (name === "LOAD_FAST" && isTuple) within = true;
    else if (!within || !/^(UNPACK_|STORE_)/.test(name)) break;
    out[i] = name === "LOAD_FAST" ? LOADED : STORED;
  }
  return out;
}

/** Such a parameter is called `.0`, or (up to 1.4) nothing at all. */
const DOT = 0x2e;

/**
 * By the step at which the default values of a function's parameters begin, the step that loads its code, where that was
 * made a constant before them.
 */
export function codeBeforeDefaults(block: PoolBlock, consumers: () => Int32Array): Map<number, number> {
  const out = new Map<number, number>();
  if (compilerOf(block.version).defaultValues === "before-code") return out;
  const { ownNames } = opcodesOf(block.version);
  const { steps } = block;
  const name = (i: number) => ownNames[steps[i]?.opcode ?? -1] ?? "";
  let deepest: Int32Array | undefined;
  for (const [i, { uses }] of steps.entries()) {
    if (uses[0]?.value.value.kind !== "code") continue;
    const builds = name(i + 1) === "BUILD_FUNCTION" && name(i + 2) === "SET_FUNC_ARGS";
    if (!builds && !name(i + 1).startsWith("MAKE_")) continue;
    deepest ??= deepestOperands(consumers());
    let start = i + (builds ? 2 : 1);
    for (let k = deepest[start] as number; k >= 0; k = deepest[k] as number) start = k;
    if (start < i) out.set(start, i);
  }
  return out;
}
