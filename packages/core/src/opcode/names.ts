/** Opargs that index co_names: how far the index is shifted, and what the bits below it say. */
import { OpargKind } from "./kinds.js";

const shifts = new Uint8Array(64);
shifts[OpargKind.globalNull] = shifts[OpargKind.attrMethod] = 1;
shifts[OpargKind.superAttr] = shifts[OpargKind.importName] = 2;

const flags: { readonly [kind: number]: readonly string[] } = {
  [OpargKind.globalNull]: ["NULL"],
  [OpargKind.attrMethod]: ["NULL or self"],
  [OpargKind.superAttr]: ["NULL or self", "2 arguments"],
  [OpargKind.importName]: ["lazy", "eager"],
};
const none: readonly string[] = [];

/** Whether an oparg of this kind indexes co_names. */
export function indexesNames(kind: number): boolean {
  return kind === OpargKind.name || (shifts[kind] as number) > 0;
}

/** Bits of the oparg below the index in co_names; 0 for other kinds. */
export function nameShift(kind: number): number {
  return shifts[kind] as number;
}

/** What each of those bits says, the lowest first. */
export function nameFlags(kind: number): readonly string[] {
  return flags[kind] ?? none;
}
