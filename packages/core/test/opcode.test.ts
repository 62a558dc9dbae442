/**
 * The opcode tables against what the interpreters told: names, numbers, the has… lists, caches, lists of operands and
 * every sample of `dis.stack_effect`.
 */
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { OpargKind, type OpcodeTable, opcodesOf, stackEffect } from "../src/opcode/index.js";
import { finals, type Version } from "../src/version/index.js";

const folder = new URL("../../../../shared/facts/", import.meta.url);

interface Facts {
  readonly opname: readonly string[];
  readonly opmap: Readonly<Record<string, number>>;
  readonly HAVE_ARGUMENT: number;
  readonly EXTENDED_ARG?: number;
  readonly inline_cache_entries?: readonly number[] | Readonly<Record<string, number>>;
  readonly specializations?: Readonly<Record<string, readonly string[]>>;
  readonly specialized_instructions?: readonly string[];
  readonly hasarg?: readonly number[];
  readonly cmp_op?: readonly string[];
  readonly nb_ops?: readonly (readonly [string, string])[];
  readonly intrinsic_1_descs?: readonly string[];
  readonly intrinsic_2_descs?: readonly string[];
  readonly common_constants?: readonly unknown[];
  readonly special_method_names?: readonly string[];
  readonly stack_effect_samples?: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
}

function factsOf(version: Version): Facts | undefined {
  const file = new URL(`opcodes-${version.python}.json`, folder);
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined;
}

const kinds = OpargKind;

/** Kinds that each has… list of the opcode module may hold. */
const lists = {
  hasconst: [kinds.const],
  hasname: [kinds.name, kinds.globalNull, kinds.attrMethod, kinds.superAttr, kinds.importName],
  hasjrel: [kinds.jumpForward, kinds.jumpBackward],
  hasjabs: [kinds.jumpAbsolute],
  haslocal: [kinds.local, kinds.localPair],
  hasfree: [kinds.free],
  hascompare: [kinds.compare, kinds.compareShift4, kinds.compareShift5],
  hasnargs: [kinds.callPair],
} as const;

/** What an interpreter's list holds; from 3.14 on LOAD_DEREF stands among the locals, by an oversight. */
function expectedMembers(list: keyof typeof lists, facts: Facts): ReadonlySet<number> | undefined {
  const told = (facts as unknown as Record<string, readonly number[] | undefined>)[list];
  if (told === undefined) return undefined;
  const out = new Set(told.filter((n) => n < 256));
  const deref = facts.opmap.LOAD_DEREF;
  if (facts.special_method_names !== undefined && deref !== undefined) {
    if (list === "haslocal") out.delete(deref);
    if (list === "hasfree") out.add(deref);
  }
  return out;
}

function members(list: keyof typeof lists, table: OpcodeTable): Set<number> {
  const out = new Set<number>();
  for (let n = 0; n < 256; n++) {
    if (table.known[n] === 1 && (lists[list] as readonly number[]).includes(table.kind[n] as number)) out.add(n);
  }
  return out;
}

const withFacts = finals.filter((v) => factsOf(v) !== undefined);
if (withFacts.length === 0) console.log("opcode: no ../shared/facts, comparison with the interpreters skipped");

describe.skipIf(withFacts.length === 0).each(withFacts.map((v) => [v.python, v] as const))(
  "opcodes of %s",
  (_, version) => {
    const facts = factsOf(version) as Facts;
    const table = opcodesOf(version);

    test("names and numbers", () => {
      for (const [name, number] of Object.entries(facts.opmap)) {
        if (number < 256) expect(table.names[number]).toBe(name);
      }
      const known =
        Object.values(facts.opmap).filter((n) => n < 256).length + table.known.filter((k) => k === 3).length;
      const running = table.names.filter((name, n) => table.known[n] === 2 && facts.opmap[name] === undefined);
      const told = new Set(Object.values(facts.specializations ?? {}).flat());
      for (const name of facts.specialized_instructions ?? []) told.add(name);
      if (told.size > 0) expect(new Set(running)).toEqual(told);
      expect(table.known.filter((k) => k !== 0).length).toBe(known + running.length);
      for (const [base, names] of Object.entries(facts.specializations ?? {})) {
        for (const name of names) expect(table.base[table.number(name) as number]).toBe(table.number(base));
      }
    });

    test("HAVE_ARGUMENT, EXTENDED_ARG, hasarg", () => {
      expect(table.haveArgument).toBe(facts.HAVE_ARGUMENT);
      expect(table.extendedArg).toBe(facts.EXTENDED_ARG ?? -1);
      if (facts.hasarg === undefined) return;
      const shown = [...table.names.keys()].filter((n) => table.known[n] === 1 && table.hasArg[n] === 1);
      expect(shown).toEqual(facts.hasarg.filter((n) => n < 256 && table.known[n] === 1).sort((a, b) => a - b));
    });

    test.each(Object.keys(lists) as (keyof typeof lists)[])("%s", (list) => {
      const expected = expectedMembers(list, facts);
      if (expected === undefined) return;
      const names = (set: ReadonlySet<number>) => [...set].sort((a, b) => a - b).map((n) => table.names[n]);
      expect(names(members(list, table))).toEqual(names(new Set([...expected].filter((n) => table.known[n] === 1))));
    });

    test("cache entries", () => {
      const told = facts.inline_cache_entries;
      for (let n = 0; n < 256; n++) {
        if (table.known[n] !== 1) continue;
        const entries =
          told === undefined
            ? 0
            : Array.isArray(told)
              ? told[n]
              : (told as Record<string, number>)[table.names[n] as string];
        expect(`${table.names[n]} ${table.caches[n]}`).toBe(`${table.names[n]} ${entries ?? 0}`);
      }
    });

    test("lists that opargs index", () => {
      if (facts.cmp_op) expect(table.compare).toEqual(facts.cmp_op);
      expect(table.binaryOps).toEqual((facts.nb_ops ?? []).map(([, sign]) => sign));
      expect(table.intrinsics1).toEqual(facts.intrinsic_1_descs ?? []);
      expect(table.intrinsics2).toEqual(facts.intrinsic_2_descs ?? []);
      expect(table.specialMethods).toEqual(facts.special_method_names ?? []);
      const shownConstant = (c: unknown) =>
        c === null
          ? "None"
          : c === ""
            ? "''"
            : typeof c === "boolean"
              ? c
                ? "True"
                : "False"
              : String(c).replace(/^<class '(\w+)'>$/, "$1");
      expect(table.commonConstants).toEqual((facts.common_constants ?? []).map(shownConstant));
    });

    test("stack effects", () => {
      const wrong: string[] = [];
      let samples = 0;
      for (const [name, byArg] of Object.entries(facts.stack_effect_samples ?? {})) {
        const number = table.number(name);
        if (number === undefined || table.known[number] !== 1) continue;
        for (const [arg, told] of Object.entries(byArg)) {
          for (const [key, value] of Object.entries(told)) {
            if (typeof value !== "number") continue; // ValueError: that interpreter gives no answer
            samples++;
            const jump = key === "j" ? true : key === "n" ? false : "max";
            const effect = stackEffect(version, number, Number(arg || 0), jump);
            if (effect !== value) wrong.push(`${name} ${arg} ${key}: ${effect}, told ${value}`);
          }
        }
      }
      expect(wrong).toEqual([]);
      if (facts.stack_effect_samples) expect(samples).toBeGreaterThan(500);
    });
  },
);
