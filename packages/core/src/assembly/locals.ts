/** The locals of a code object from 3.11 on: names of all in one tuple, a kind byte for each; and the three lists. */
import { LocalKind } from "../code/index.js";
import type { Plain } from "../marshal/index.js";
import { compilerOf, type Version } from "../version/index.js";
import { isSame } from "./same.js";

export interface LocalLists {
  readonly varnames: readonly Plain[];
  readonly cellvars: readonly Plain[];
  readonly freevars: readonly Plain[];
}

/** How the first locals are passed. */
export interface Parameters {
  readonly positionalOnly: number;
  /** Those included. */
  readonly positional: number;
  readonly keywordOnly: number;
  readonly star: boolean;
  readonly starStar: boolean;
}

export interface Localsplus {
  readonly names: readonly Plain[];
  readonly kinds: Uint8Array;
}

/** Joins the lists: the locals, of which some are cells too; the other cells; the free variables. */
export function joinLocals(
  { varnames, cellvars, freevars }: LocalLists,
  parameters: Parameters,
  isFunction: boolean,
  version: Version,
): Localsplus {
  const told = compilerOf(version).localKinds;
  const hidden = !isFunction && told !== "plain" ? LocalKind.hidden : 0;
  const kinds: number[] = varnames.map(
    (_, i) => LocalKind.local | hidden | (told === "arguments" ? passing(i, parameters) : 0),
  );
  const names = [...varnames];
  const at = new Map(varnames.map((name, i) => [keyOf(name), i] as const));
  for (const name of cellvars) {
    const index = at.get(keyOf(name)) ?? -1;
    if (index >= 0 && isSame(name, varnames[index] as Plain)) kinds[index] = (kinds[index] as number) | LocalKind.cell;
    else kinds[names.push(name) - 1] = LocalKind.cell;
  }
  for (const name of freevars) kinds[names.push(name) - 1] = LocalKind.free;
  return { names, kinds: Uint8Array.from(kinds) };
}

const keyOf = ({ value }: Plain) =>
  value.kind === "str" ? value.value : value.kind === "bytes" ? `b${value.value}` : value;

/** The bits that tell how an argument is passed. */
function passing(index: number, { positionalOnly, positional, keywordOnly, star, starStar }: Parameters): number {
  if (index < positionalOnly) return LocalKind.positional;
  if (index < positional) return LocalKind.positional | LocalKind.keyword;
  const others = index - positional - keywordOnly;
  if (others < 0) return LocalKind.keyword;
  if (others === 0 && star) return LocalKind.positional | LocalKind.variadic;
  return starStar && others === Number(star) ? LocalKind.keyword | LocalKind.variadic : 0;
}

/** The three lists, as the attributes of a code object have them. */
export function splitLocals({ names, kinds }: Localsplus): LocalLists {
  const of = (bit: number) => names.filter((_, i) => ((kinds[i] ?? 0) & bit) !== 0);
  return { varnames: of(LocalKind.local), cellvars: of(LocalKind.cell), freevars: of(LocalKind.free) };
}
