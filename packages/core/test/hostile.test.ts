/** Files that break other tools: each is read, with what is odd about it, or refused with one line that says why. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dissect, FormatError, listing, readPyc, tree } from "@pyclab/core";
import { notationText } from "@pyclab/core/notation";
import { describe, expect, test } from "vitest";

const folder = new URL("../../../../shared/hostile/", import.meta.url);
const there = existsSync(folder);
if (!there) console.log("hostile files: not here, skipped");

/** What is asked of each: the warnings that it must have, or the error that it must end in. */
const outcomes: Readonly<Record<string, { warns?: readonly string[]; fails?: string }>> = {
  "00_ok": { warns: [] },
  "01_selfref_tuple_set": { warns: ["not-a-code-object"] },
  "01b_selfref_padded": { warns: ["not-a-code-object", "trailing-bytes"] },
  "02_huge_tuple": { fails: "too-long" },
  "03_huge_string": { fails: "too-long" },
  "04_deep_nest_100k": { fails: "too-deep" },
  "05_invalid_opcode": { warns: ["unknown-opcode"] },
  "05b_specialised_on_disk": { warns: ["internal-opcode"] },
  "06_ext_arg_chain": { warns: ["long-extended-arg", "index-out-of-range"] },
  "07_jump_out_of_range": { warns: ["jump-out-of-code"] },
  "08_const_oob": { warns: ["index-out-of-range"] },
  "09_name_oob": { warns: ["index-out-of-range"] },
  "10_odd_code": { warns: ["line-table"] },
  "11_name_newline_ansi": { warns: ["unsafe-name"] },
  "12_name_surrogate": { warns: ["unsafe-name"] },
  "13_bigint_const": { warns: [] },
  "14_ref_dag_3": { warns: ["field-type"] },
  "14_ref_dag_bomb_28": { warns: ["field-type"] },
  "15_ref_dag_bomb_03": { warns: [] },
  "15_ref_dag_bomb_22": { warns: [] },
  "15_ref_dag_bomb_26": { warns: [] },
  "15_ref_dag_bomb_60": { warns: [] },
  "16_bad_linetable": { warns: ["line-table"] },
  "17_empty_linetable": { warns: ["line-table"] },
  "18_bad_exctable": { warns: ["exception-table"] },
  "19_neg_stack": { warns: ["stacksize"] },
  "20_huge_stack": { warns: ["stacksize"] },
  "21_unknown_magic": { fails: "foreign-magic" },
  "22_no_header": { warns: ["uncertain-version"] },
  "23_zero_magic": { warns: ["uncertain-version"] },
  "24_truncated": { fails: "too-long" },
  "25_trailing_payload": { warns: ["trailing-bytes"] },
  "26_bad_ref": { fails: "bad-reference" },
  "27_flags_unknown": { warns: ["header-flags"] },
  "28_empty_code": { warns: ["no-instructions"] },
};

const read = (name: string) => new Uint8Array(readFileSync(new URL(`${name}.pyc`, folder)));

/** A budget's worth: what no output of a file of a few hundred bytes may pass. */
const MOST = 16 << 20;
// biome-ignore lint/suspicious/noControlCharactersInRegex: what must not reach a terminal
const HARMFUL = /[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]/;

describe.skipIf(!there)("hostile files", () => {
  test("all are known here", () => {
    const names = readdirSync(folder).filter((name) => name.endsWith(".pyc"));
    expect(names.map((name) => name.slice(0, -4)).sort()).toEqual(Object.keys(outcomes).sort());
  });

  test.each(Object.keys(outcomes))("%s", (name) => {
    const { warns, fails } = outcomes[name] as (typeof outcomes)[string];
    if (fails !== undefined) {
      expect(() => readPyc(read(name))).toThrow(expect.objectContaining({ name: "FormatError", code: fails }));
      expect(() => readPyc(read(name))).toThrow(/^offset 0x[0-9a-f]+: [^\n]+$/);
      return;
    }
    const pyc = readPyc(read(name));
    const found = pyc.warnings().map((warning) => warning.code);
    if (warns?.length === 0) expect(found).toEqual([]);
    for (const code of warns ?? []) expect(found).toContain(code);
  });

  test.each(Object.keys(outcomes))("%s: all output is bounded and fit for a terminal, tolerantly too", (name) => {
    for (const tolerant of [false, true]) {
      try {
        const pyc = readPyc(read(name), { tolerant });
        const texts = [tree(pyc), notationText(dissect(pyc)), ...pyc.warnings().map((warning) => warning.message)];
        if (pyc.code) texts.push(listing(pyc));
        for (const text of texts) {
          expect(text.length).toBeLessThan(MOST);
          expect(text.match(HARMFUL)).toBeNull();
        }
      } catch (error) {
        expect(error).toBeInstanceOf(FormatError);
        expect((error as Error).message).not.toMatch(HARMFUL);
      }
    }
  });
});
