/** co_flags as a version's compiler sets them, as far as the code object tells. */
import { flagBit } from "../code/index.js";
import { OpargKind, opcodesOf } from "../opcode/index.js";
import { type CompilerTraits, compilerOf, type Version } from "../version/index.js";

/** What a block is in its surroundings. */
export type BlockRole = "module" | "class" | "function";

export interface FlagFacts {
  readonly role: BlockRole;
  /** Whether a function is around it, at whatever distance; directly a class. */
  readonly nested: boolean;
  readonly method: boolean;
  readonly star: boolean;
  readonly starStar: boolean;
  /** Whether it has cells or free variables. */
  readonly cells: boolean;
  /** Whether it has a docstring; a class or module, whether it stores one. */
  readonly docstring: boolean;
  /** The flags of what is around it, whose futures it has too. */
  readonly around: number;
  readonly steps: readonly {
    readonly opcode: number;
    readonly oparg: number;
    readonly bytes: Uint8Array | undefined;
  }[];
}

interface Habit {
  readonly newlocalsForClasses: boolean;
  readonly nofree: boolean;
  readonly nofreeForClasses: boolean;
  readonly nested: boolean;
  readonly onlyOneKind: boolean;
  readonly method: boolean;
  /** Whether what has a docstring is marked so that it can be taken away. */
  readonly killsDocstring: boolean;
}

const old: Habit = {
  newlocalsForClasses: true,
  nofree: false,
  nofreeForClasses: false,
  nested: false,
  onlyOneKind: false,
  method: false,
  killsDocstring: false,
};
const since23: Habit = { ...old, nofree: true, nofreeForClasses: true };
const since25: Habit = { ...since23, nested: true };
const since34: Habit = { ...since25, newlocalsForClasses: false };
const since36: Habit = { ...since34, onlyOneKind: true };
const since311: Habit = { ...since36, nofree: false, nofreeForClasses: false };
const habits: { readonly [C in CompilerTraits["codeFlags"]]: Habit | undefined } = {
  none: undefined,
  "1.3": old,
  "2.3": since23,
  "2.5": since25,
  "3.4": since34,
  "3.6": since36,
  pypy3: { ...since36, nofreeForClasses: false, killsDocstring: true },
  "3.11": since311,
  "3.14": { ...since311, method: true },
};

/** The bits of co_flags; 0 where the version has none. */
export function computedFlags(version: Version, facts: FlagFacts): number {
  const habit = habits[compilerOf(version).codeFlags];
  if (habit === undefined) return 0;
  const { role, nested } = facts;
  const bits: [name: string, set: boolean][] = [
    ["OPTIMIZED", role === "function"],
    ["NEWLOCALS", role === "function" || (role === "class" && habit.newlocalsForClasses)],
    ["VARARGS", facts.star],
    ["VARKEYWORDS", facts.starStar],
    ["NESTED", habit.nested && nested && role === "function"],
    ["NOFREE", (role === "class" ? habit.nofreeForClasses : habit.nofree) && !facts.cells],
    ["HAS_DOCSTRING", habit.method && facts.docstring && role === "function"],
    ["KILL_DOCSTRING", habit.killsDocstring && facts.docstring],
    ["METHOD", habit.method && facts.method && role === "function"],
  ];
  if (role === "function") for (const name of suspensions(version, facts, habit)) bits.push([name, true]);
  let flags = facts.around & futures(version);
  for (const [name, set] of bits) if (set) flags |= flagBit(version, name);
  return flags;
}

/** What makes a function one that can be suspended. */
function suspensions(version: Version, { steps }: FlagFacts, { onlyOneKind }: Habit): string[] {
  const { number, kind, intrinsics1 } = opcodesOf(version);
  const seen = new Uint8Array(256);
  let wraps = false;
  for (const { opcode, oparg, bytes } of steps) {
    if (bytes !== undefined) continue;
    seen[opcode] = 1;
    if (kind[opcode] === OpargKind.intrinsic1 && intrinsics1[oparg] === "INTRINSIC_ASYNC_GEN_WRAP") wraps = true;
  }
  const has = (...names: string[]) => names.some((name) => seen[number(name) ?? -1] === 1);
  const yields = has("YIELD_VALUE", "YIELD_FROM", "YIELD_STMT");
  const awaits = has("GET_AWAITABLE", "GET_AITER", "GET_ANEXT", "BEFORE_ASYNC_WITH", "SETUP_ASYNC_WITH");
  if (!yields && !awaits) return has("RETURN_GENERATOR") ? ["COROUTINE"] : [];
  if (!awaits) return [wraps || has("ASYNC_GEN_WRAP") ? "ASYNC_GENERATOR" : "GENERATOR"];
  if (!onlyOneKind) return yields ? ["COROUTINE", "GENERATOR"] : ["COROUTINE"];
  // Where there is a YIELD_FROM or a wrapper, an await is none of the plain yields.
  const wrapped = number("ASYNC_GEN_WRAP") !== undefined || intrinsics1.includes("INTRINSIC_ASYNC_GEN_WRAP");
  const generates = wrapped ? wraps || has("ASYNC_GEN_WRAP") : has("YIELD_VALUE");
  return [generates ? "ASYNC_GENERATOR" : "COROUTINE"];
}

const futureNames = [
  "GENERATOR_ALLOWED",
  ...["DIVISION", "ABSOLUTE_IMPORT", "WITH_STATEMENT", "PRINT_FUNCTION", "UNICODE_LITERALS", "BARRY_AS_BDFL"].map(
    (name) => `FUTURE_${name}`,
  ),
  "FUTURE_GENERATOR_STOP",
  "FUTURE_ANNOTATIONS",
];

/** The bits by which a compiler tells what was imported from `__future__`. */
function futures(version: Version): number {
  return futureNames.reduce((bits, name) => bits | flagBit(version, name), 0);
}
