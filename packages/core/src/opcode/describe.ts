/** Opcodes and their facts as rows, for printing: one version's table, or what changed between two. */
import type { Version } from "../version/index.js";
import { OpargKind, type OpargKindName } from "./kinds.js";
import { opcodesOf } from "./table.js";

export interface OpcodeRow {
  readonly number: number;
  readonly name: string;
  /** How that version's `dis` prints it. */
  readonly printed: string;
  readonly kind: OpargKindName;
  readonly caches: number;
  /** In the notation of `effect.ts`; empty where it is not known. */
  readonly effect: string;
}

const kindNames = Object.keys(OpargKind) as OpargKindName[];

/** Every opcode of a version, by number; specialised and instrumented ones apart. */
export function opcodeFacts(version: Version): OpcodeRow[] {
  const table = opcodesOf(version);
  const rows: OpcodeRow[] = [];
  for (let n = 0; n < 256; n++) {
    if (table.known[n] !== 1 && table.known[n] !== 3) continue;
    rows.push({
      number: n,
      name: table.ownNames[n] as string,
      printed: table.names[n] as string,
      kind: kindNames[table.kind[n] as number] as OpargKindName,
      caches: table.caches[n] as number,
      effect: table.effects[n] as string,
    });
  }
  return rows;
}

export interface OpcodeChange {
  readonly name: string;
  /** Undefined where the opcode is new. */
  readonly before: OpcodeRow | undefined;
  /** Undefined where the opcode is gone. */
  readonly after: OpcodeRow | undefined;
}

function same(a: OpcodeRow | undefined, b: OpcodeRow | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.number === b.number && a.kind === b.kind && a.caches === b.caches && a.effect === b.effect;
}

/** What changed from one version to another, by name: gone, new, and those whose number or facts differ. */
export function opcodeChanges(from: Version, to: Version): OpcodeChange[] {
  const before = new Map(opcodeFacts(from).map((row) => [row.name, row]));
  const after = new Map(opcodeFacts(to).map((row) => [row.name, row]));
  const names = [...new Set([...before.keys(), ...after.keys()])].sort();
  return names
    .map((name) => ({ name, before: before.get(name), after: after.get(name) }))
    .filter(({ before, after }) => !same(before, after));
}
