/**
 * Words for opargs, both ways: what `dis` says of an oparg that means something by itself (`+=`, `not in`,
 * `bool(<)`, `defaults, closure`), and what the low bits of an oparg add to a name (`print + NULL`).
 */
import { functionParts, ownMeaning } from "../dis/index.js";
import { codeLayout } from "../format/index.js";
import { comparisonMasks, OpargKind, type OpcodeTable } from "../opcode/index.js";
import type { Version } from "../version/index.js";

/** What stands behind a name for each of the low bits, the lowest first. */
const nameBits: { readonly [kind: number]: readonly string[] } = {
  [OpargKind.name]: [],
  [OpargKind.local]: [],
  [OpargKind.free]: [],
  [OpargKind.globalNull]: ["NULL"],
  [OpargKind.attrMethod]: ["NULL|self"],
  [OpargKind.superAttr]: ["NULL|self", "two-arg"],
  [OpargKind.importName]: ["lazy", "eager"],
};

/** What the bits below the index mean in an oparg that names something; undefined for a kind that names nothing. */
export function bitWords(kind: number): readonly string[] | undefined {
  return nameBits[kind];
}

/** Whether locals have no names there, so that an instruction says their number. */
export function isNameless(kind: number, version: Version): boolean {
  return kind === OpargKind.local && !version.traits.localsplus && !codeLayout(version).order.has("co_varnames");
}

const upTo = (length: number, first = 0) => Array.from({ length: length - first }, (_, i) => i + first);

/** The opargs of a kind that words stand for. */
function candidates(table: OpcodeTable, kind: number): readonly number[] {
  switch (kind) {
    case OpargKind.compare:
      return upTo(table.compare.length);
    case OpargKind.compareShift4:
      return comparisonMasks.map((mask, i) => (i << 4) | mask);
    case OpargKind.compareShift5:
      return [0, 16].flatMap((bool) => comparisonMasks.map((mask, i) => (i << 5) | bool | mask));
    case OpargKind.binaryOp:
      return upTo(table.binaryOps.length);
    case OpargKind.intrinsic1:
      return upTo(table.intrinsics1.length);
    case OpargKind.intrinsic2:
      return upTo(table.intrinsics2.length);
    case OpargKind.commonConstant:
      return upTo(table.commonConstants.length);
    case OpargKind.specialMethod:
      return upTo(table.specialMethods.length);
    case OpargKind.convert:
      return upTo(4, 1);
    case OpargKind.format:
      return upTo(8, 1);
    case OpargKind.functionFlags:
      return upTo(16, 1);
    case OpargKind.functionAttribute:
      return upTo(1 << functionParts.length, 1);
    case OpargKind.isOp:
    case OpargKind.containsOp:
      return upTo(2);
    default:
      return [];
  }
}

export interface Words {
  readonly texts: ReadonlyMap<number, string>;
  readonly opargs: ReadonlyMap<string, number>;
}

const tables = new WeakMap<OpcodeTable, (Words | null)[]>();

/** The words of a kind in that version; undefined for a kind without words. */
export function wordsOf(table: OpcodeTable, kind: number): Words | undefined {
  let kinds = tables.get(table);
  if (kinds === undefined) {
    kinds = [];
    tables.set(table, kinds);
  }
  let words = kinds[kind];
  if (words === undefined) {
    words = makeWords(table, kind);
    kinds[kind] = words;
  }
  return words ?? undefined;
}

function makeWords(table: OpcodeTable, kind: number): Words | null {
  const texts = new Map<number, string>();
  const opargs = new Map<string, number>();
  for (const oparg of candidates(table, kind)) {
    const text = ownMeaning(table, kind, oparg, functionParts.length);
    if (opargs.has(text)) continue;
    texts.set(oparg, text);
    opargs.set(text, oparg);
  }
  return texts.size === 0 ? null : { texts, opargs };
}

/** Whether an oparg is two numbers, the second from bit 8 on, and how large that may be. */
export function secondNumber(kind: number): number {
  if (kind === OpargKind.callPair) return 0xff;
  return kind === OpargKind.unpackPair ? 0xffffff : 0;
}

export const isJump = (kind: number) =>
  kind === OpargKind.jumpForward || kind === OpargKind.jumpBackward || kind === OpargKind.jumpAbsolute;
