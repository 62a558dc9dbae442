/** The opcode table of a version: its numbers joined with the facts, in typed arrays that a reader indexes. */
import { finals, type Version } from "../version/index.js";
import { factsOf, placeOf } from "./facts.js";
import { OpargKind } from "./kinds.js";
import { binaryOps, commonConstants, compare, intrinsics1, intrinsics2, specialMethods } from "./lists.js";
import { numberSets } from "./numbers/index.js";
import { type NumberSet, type Numbers, parseNumbers } from "./parse.js";
import type { Row } from "./rows.js";

export interface OpcodeTable {
  /** Whose numbers these are: `3.12`, `pypy3.9`, for a pre-release the magic number that brought them. */
  readonly key: string;
  /** False where the numbers of this version are not known and the nearest stand in. */
  readonly certain: boolean;
  /** The name of each of the 256 numbers as `dis` prints it, `<5>` for one that is unused or that it has no name for. */
  readonly names: readonly string[];
  /** The name that the interpreter has for it; undefined where unused. */
  readonly ownNames: readonly (string | undefined)[];
  /**
   * 1 an opcode of that version; 2 one that its compiler never writes (specialised, instrumented); 3 one that its `dis`
   * does not name; 0 none.
   */
  readonly known: Uint8Array;
  /** What the oparg stands for, an `OpargKind`; none for an opcode that `dis` does not name. */
  readonly kind: Uint8Array;
  /** Inline cache entries that follow, in code units. */
  readonly caches: Uint8Array;
  /** HAVE_ARGUMENT of that version's `opcode` module; in byte code, an instruction from it on has a two-byte oparg. */
  readonly haveArgument: number;
  /** 1 where `dis` shows an oparg. */
  readonly hasArg: Uint8Array;
  /** The number of EXTENDED_ARG, or -1. */
  readonly extendedArg: number;
  /** The number of a name. */
  readonly number: (name: string) => number | undefined;
  /** The number of the opcode that a specialised or instrumented one stands for; else the number itself. */
  readonly base: Uint8Array;
  /** The stack effect in the notation of `effect.ts`; empty where it is not known. */
  readonly effects: readonly string[];
  /** What the oparg of a comparison, BINARY_OP, CALL_INTRINSIC_1 … indexes, as that version's `dis` prints it. */
  readonly compare: readonly string[];
  readonly binaryOps: readonly string[];
  readonly intrinsics1: readonly string[];
  readonly intrinsics2: readonly string[];
  readonly commonConstants: readonly string[];
  readonly specialMethods: readonly string[];
}

const parsed = new Map<NumberSet, Numbers>();

function numbersOf(set: NumberSet): Numbers {
  let numbers = parsed.get(set);
  if (numbers === undefined) {
    const base = numberSets.find((other) => other.key === set.base);
    numbers = parseNumbers(set.text, base && numbersOf(base));
    parsed.set(set, numbers);
  }
  return numbers;
}

/** The set a version uses: another lineage's by its key, CPython's by the version's place in the order. */
function setOf(version: Version): NumberSet {
  const own = numberSets.find((set) => set.since === undefined && set.key === version.opcodes);
  if (own !== undefined) return own;
  let found = numberSets[0] as NumberSet;
  let latest = -1;
  for (const set of numberSets) {
    if (set.since === undefined) continue;
    const place = placeOf(set.since);
    if (place < latest || place > version.position) continue;
    found = set;
    latest = place;
  }
  return found;
}

const INSTRUMENTED = "INSTRUMENTED_";

/** The opcode a name tells as its base, else what follows INSTRUMENTED_, else the longest opcode the name begins with. */
function baseOf(name: string, told: string | undefined, numberOf: ReadonlyMap<string, number>): number | undefined {
  if (told !== undefined) return numberOf.get(told);
  let base = name.startsWith(INSTRUMENTED) ? name.slice(INSTRUMENTED.length) : name;
  for (;;) {
    const number = numberOf.get(base);
    const end = base.lastIndexOf("_");
    if (number !== undefined || end < 0) return number;
    base = base.slice(0, end);
  }
}

/**
 * The place in CPython's order whose facts hold: for another lineage that of the final whose numbers its own change, as
 * its instructions may be older than its language.
 */
function placeOfFacts(version: Version, set: NumberSet): number {
  if (set.since !== undefined) return version.position;
  let root: NumberSet | undefined = set;
  while (root !== undefined && root.since === undefined) root = numberSets.find(({ key }) => key === root?.base);
  return finals.find(({ python }) => python === root?.key)?.position ?? version.position;
}

type Ranged<T> = readonly (readonly [since: number, value: T])[];

function at<T>(rows: Ranged<T>, position: number): T {
  let value = (rows[0] as readonly [number, T])[1];
  for (const [since, later] of rows) if (placeOf(since) <= position) value = later;
  return value;
}

/** Whether an oparg is shown for every number from HAVE_ARGUMENT on, or for the opcodes that have one. */
const shown: Ranged<"threshold" | "opcodes"> = [
  [0, "threshold"],
  [3500, "opcodes"],
];

function build(version: Version): OpcodeTable {
  const set = setOf(version);
  const { names, known, bases, haveArgument } = numbersOf(set);
  const place = placeOfFacts(version, set);
  const facts = factsOf(version.lineage, place);
  const numberOf = new Map<string, number>();
  for (let n = 0; n < 256; n++) if (known[n] === 1 || known[n] === 3) numberOf.set(names[n] as string, n);
  const kind = new Uint8Array(256);
  const caches = new Uint8Array(256);
  const hasArg = new Uint8Array(256);
  const base = new Uint8Array(256);
  const effects = new Array<string>(256).fill("");
  const byThreshold = at(shown, place) === "threshold";
  for (let n = 0; n < 256; n++) {
    const name = names[n];
    base[n] = n;
    if (known[n] === 2) base[n] = baseOf(name as string, bases.get(n), numberOf) ?? n;
    const row: Row | undefined = name === undefined ? undefined : facts.get(names[base[n] as number] as string);
    kind[n] = OpargKind[known[n] === 3 ? "none" : (row?.[2] ?? "none")];
    effects[n] = row?.[3] ?? "";
    caches[n] = row?.[4] ?? 0;
    hasArg[n] = Number(byThreshold ? n >= haveArgument : kind[n] !== OpargKind.none);
  }
  for (let n = 0; n < 256; n++) if (known[n] === 2) numberOf.set(names[n] as string, n);
  return {
    key: set.key,
    certain: set.certain !== false,
    names: Array.from({ length: 256 }, (_, n) => (known[n] === 3 ? undefined : names[n]) ?? `<${n}>`),
    ownNames: names,
    known,
    kind,
    caches,
    haveArgument,
    hasArg,
    extendedArg: numberOf.get("EXTENDED_ARG") ?? -1,
    number: (name) => numberOf.get(name),
    base,
    effects,
    compare: at(compare, place),
    binaryOps: at(binaryOps, place),
    intrinsics1: at(intrinsics1, place),
    intrinsics2: at(intrinsics2, place),
    commonConstants: at(commonConstants, place),
    specialMethods: at(specialMethods, place),
  };
}

const tables = new Map<string, OpcodeTable>();

/** The opcode table of a version, built when first asked for. */
export function opcodesOf(version: Version): OpcodeTable {
  const key = `${version.opcodes} ${version.position}`;
  let table = tables.get(key);
  if (table === undefined) {
    table = build(version);
    tables.set(key, table);
  }
  return table;
}
