/** `pyclab magic`: what a magic number, a file or a version is; alone, the whole registry. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { readPyc } from "@pyclab/core";
import { safe } from "@pyclab/core/bytes";
import { noteOf, type Version, versions, versionsOfMagic, versionsOfNumber } from "@pyclab/core/version";
import type { Call } from "../call.js";
import { coloured, paint } from "../colour.js";
import { sentence } from "../convert.js";
import { readInput } from "../inputs.js";
import { writeText } from "../outputs.js";
import type { Streams } from "../streams.js";
import { type Column, markdownTable, type Table, textTable } from "../tables.js";
import { pythonNamed } from "../versions.js";

/** What an operand turned out to be. */
interface Answer {
  readonly asked: string;
  readonly rows: readonly Version[];
  /** A sentence beside the rows, or instead of them. */
  readonly word?: string;
  readonly failed?: boolean;
}

export function run(call: Call, streams: Streams): number {
  const { json, markdown, output } = call.options;
  const answers = call.operands.length ? call.operands.map(answer) : [{ asked: "", rows: versions }];
  const p = paint(coloured(streams, output !== undefined));
  const parts = answers.flatMap((one) => {
    if (json) return one.rows.map((version) => `${JSON.stringify(record(version, one))}\n`);
    const table = one.rows.length ? (markdown ? markdownTable(registry(one)) : textTable(registry(one), p)) : "";
    const word = one.word && !one.failed ? `${safe(one.word)}\n` : "";
    return table || word ? [table + word] : [];
  });
  writeText(call, streams, parts.join(json ? "" : "\n"));
  const failures = answers.filter((one) => one.failed);
  for (const one of failures) streams.err(`${safe(one.asked)}: ${safe(one.word ?? "")}\n`);
  return failures.length ? 1 : 0;
}

/** What the operand is: a magic number, a file or a version, in this order. */
function answer(asked: string): Answer {
  const rows = ofNumber(asked);
  if (rows?.length) return { asked, rows };
  if (asked === "-" || existsSync(asked)) return ofFile(asked);
  if (rows) return { asked, rows, word: "no Python is known to have had this magic number", failed: true };
  const version = pythonNamed(asked);
  return {
    asked,
    rows: versions.filter((other) => other.lineage === version.lineage && other.python === version.python),
  };
}

/**
 * The versions with a magic number, written as the number (3495), as all 32 bits of it (168627623) or as its bytes
 * (a70d0d0a, a7 0d 0d 0a); undefined if the text is none of these.
 */
function ofNumber(text: string): readonly Version[] | undefined {
  const digits = text.replace(/[\s:]/g, "").toLowerCase();
  if (/^[0-9a-f]{8}$/.test(digits)) return versionsOfNumber(digits);
  if (!/^(\d+|0x[0-9a-f]+)$/i.test(text)) return undefined;
  const number = Number(text);
  if (number < 0x10000) return versionsOfNumber(String(number));
  if (number >= 2 ** 32) return [];
  return versionsOfMagic(Uint8Array.of(number & 255, (number >>> 8) & 255, (number >>> 16) & 255, number >>> 24));
}

function ofFile(asked: string): Answer {
  let rows: readonly Version[] = [];
  try {
    const bytes = readInput(asked);
    rows = versionsOfMagic(bytes.subarray(0, 4));
    const { certainty } = readPyc(bytes, { tolerant: true, name: resolve(asked) });
    return { asked, rows: certainty.candidates, word: certainty.why };
  } catch (error) {
    return { asked, rows, word: sentence(error), failed: true };
  }
}

const columns: readonly Column[] = [
  { name: "number", right: true },
  { name: "bytes" },
  { name: "implementation" },
  { name: "Python" },
  { name: "written by" },
  { name: "kind" },
  { name: "note" },
];

function registry(one: Answer): Table {
  return { title: one.asked, columns, rows: one.rows.map(cells) };
}

/** Magic numbers up to 1.2 are four bytes of their own; from 1.3 on, a 16-bit number and CR LF. */
const hasNumber = (bytes: string) => bytes.endsWith("0d0a");
const spaced = (bytes: string) => bytes.replace(/..(?=.)/g, "$& ");

function cells(version: Version): string[] {
  const { lineage, python, release, stage } = version;
  return [
    hasNumber(version.magic) ? String(version.word) : "",
    spaced(version.magic),
    lineage,
    python,
    release,
    stage,
    noteOf(version),
  ];
}

function record(version: Version, one: Answer): object {
  const { lineage, python, release, stage, readable } = version;
  const note = noteOf(version);
  return {
    ...(one.asked ? { asked: one.asked } : {}),
    number: hasNumber(version.magic) ? version.word : null,
    bytes: version.magic,
    implementation: lineage,
    python,
    release,
    stage,
    ...(note ? { note } : {}),
    readable,
    ...(one.word ? { why: one.word } : {}),
  };
}
