/** The shape of a row of the fact table, and how a name's row for a version is found. */
import type { OpargKindName } from "./kinds.js";

/**
 * One row: `[names, since, kind, effect, caches]`.
 *
 * - names: opcodes that share the fact, separated by a space.
 * - since: the magic number (its first two bytes as a word) from which the row holds, in CPython's order; 0 stands for
 *   0.9.8. A later row of the same name takes over from its own word on. Which numbers a version has at all is told by
 *   its numbers, so a name that went and came back needs no row for its absence.
 * - kind: what the oparg stands for.
 * - effect: the stack effect in the notation of `effect.ts`; empty where it is not known.
 * - caches: inline cache entries that follow, in code units; 0 if left out.
 */
export type Row = readonly [names: string, since: number, kind: OpargKindName, effect: string, caches?: number];
