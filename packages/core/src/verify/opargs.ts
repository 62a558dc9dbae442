/** What holds of each opcode of a version, made once: which opargs there are, and what it takes for granted. */
import { OpargKind, type OpcodeTable, opcodesOf } from "../opcode/index.js";
import type { Version } from "../version/index.js";

/** The opargs there are: shifted right, a number in a range. */
interface Range {
  readonly shift: number;
  readonly least: number;
  readonly most: number;
  /** Whether one bit alone may be set. */
  readonly oneBit?: boolean;
}

export interface OpcodeRules {
  /** By opcode; undefined where there are all. */
  readonly opargs: readonly (Range | undefined)[];
  /** 1 where it stands in no file: what only a running interpreter has where another stood. */
  readonly internal: Uint8Array;
  /** How many instructions before it its code object is loaded, if it is a constant; 0 where it takes none. */
  readonly codeBefore: Uint8Array;
  /** How many values it takes before it reaches down, by its oparg, for a container; 0 where it does not. */
  readonly reaches: Uint8Array;
  /** 1 where it counts what it reaches for from 0, as PyPy does for dicts. */
  readonly fromZero: Uint8Array;
}

const ANY = 0xffffffff;
const range = (least: number, most: number, shift = 0): Range => ({ shift, least, most });
const upTo = (list: readonly string[], least = 0, shift = 0) => range(least, list.length - 1, shift);

/** Of opcodes whose oparg is a plain number, but not any. */
const plain: Readonly<Record<string, Range>> = {
  RAISE_VARARGS: range(0, 3),
  RERAISE: range(0, 2),
  BUILD_SLICE: range(2, 3),
  DUP_TOPX: range(1, 5),
  COPY: range(1, ANY),
  SWAP: range(2, ANY),
  ROT_N: range(2, ANY),
  CALL_FUNCTION_EX: range(0, 1),
  LOAD_SMALL_INT: range(0, 255),
  GET_AWAITABLE: range(0, 2),
};

/** Of kinds that stand for one of a few. */
function rangesOf(table: OpcodeTable): ReadonlyMap<number, Range> {
  const compare = table.compare.filter((name) => name !== "BAD");
  return new Map<number, Range>([
    [OpargKind.compare, upTo(compare)],
    [OpargKind.compareShift4, upTo(compare, 0, 4)],
    [OpargKind.compareShift5, upTo(compare, 0, 5)],
    [OpargKind.binaryOp, upTo(table.binaryOps)],
    [OpargKind.intrinsic1, upTo(table.intrinsics1, 1)],
    [OpargKind.intrinsic2, upTo(table.intrinsics2, 1)],
    [OpargKind.commonConstant, upTo(table.commonConstants)],
    [OpargKind.specialMethod, upTo(table.specialMethods)],
    [OpargKind.convert, range(1, 3)],
    [OpargKind.format, range(0, 7)],
    [OpargKind.resume, range(0, 15)],
    [OpargKind.functionFlags, range(0, 15)],
    [OpargKind.functionAttribute, { ...range(1, 16), oneBit: true }],
    [OpargKind.isOp, range(0, 1)],
    [OpargKind.containsOp, range(0, 1)],
  ]);
}

const internal = new Set("CACHE RESERVED ENTER_EXECUTOR TRACE_RECORD INTERPRETER_EXIT EXIT_INIT_CHECK".split(" "));
const reaching = new Set("LIST_APPEND SET_ADD MAP_ADD LIST_EXTEND SET_UPDATE DICT_UPDATE DICT_MERGE".split(" "));

function build(table: OpcodeTable): OpcodeRules {
  const ranges = rangesOf(table);
  const { kind, effects, known } = table;
  const names = table.ownNames.map((name) => name ?? "");
  const bytes = (of: (name: string, opcode: number) => number) => Uint8Array.from(names, of);
  const reaches = bytes((name, n) =>
    kind[n] === OpargKind.raw && reaching.has(name) ? (name === "MAP_ADD" ? 2 : 1) : 0,
  );
  return {
    opargs: names.map((name, n) => (kind[n] === OpargKind.raw ? plain[name] : ranges.get(kind[n] as number))),
    internal: bytes((name, n) => Number(known[n] !== 2 && internal.has(name))),
    codeBefore: Uint8Array.from(effects, (effect) =>
      /\bcode, name --/.test(effect) ? 2 : /\bcode -- func/.test(effect) ? 1 : 0,
    ),
    reaches,
    fromZero: bytes((name) => Number(name.startsWith("DICT_"))),
  };
}

const made = new WeakMap<OpcodeTable, OpcodeRules>();

export function opcodeRules(version: Version): OpcodeRules {
  const table = opcodesOf(version);
  let rules = made.get(table);
  if (rules === undefined) {
    rules = build(table);
    made.set(table, rules);
  }
  return rules;
}
