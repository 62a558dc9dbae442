/** A comparison as a document of JSON: docs/diff.md has the schema. */
import type { Version } from "../version/index.js";
import {
  type Both,
  type CodeDifference,
  type Difference,
  type EncodingDifference,
  encodingKinds,
  type InstructionDifference,
  isSame,
  type LineDifference,
  sameContent,
} from "./difference.js";
import type { Operations } from "./operations.js";

/** Ranges of lines that are told of one code object. */
const RANGES = 100;

/** @param names what the files are called */
export function diffRecord(difference: Difference, names: Both<string>): object {
  const { versions, size, header, object, removed, added, moved, changed, encoding } = difference;
  const file = (side: "a" | "b") => ({ name: names[side], size: size[side], ...python(versions[side]) });
  return {
    a: file("a"),
    b: file("b"),
    same: isSame(difference),
    sameContent: sameContent(difference),
    sameVersion: versions.a === versions.b,
    header,
    ...(object === undefined ? {} : { object }),
    removed,
    added,
    moved,
    changed: changed.map(codeRecord),
    ...(encoding === undefined ? {} : { encoding: encoding.map(encodingRecord) }),
  };
}

const python = ({ python: name, lineage, word }: Version) => ({ python: name, implementation: lineage, magic: word });

function codeRecord({
  a,
  b,
  fields,
  pools,
  instructions,
  lines,
  columns,
  exceptions,
  leftOut,
}: CodeDifference): object {
  return {
    a,
    b,
    fields,
    pools,
    ...(instructions === undefined ? {} : { instructions: instructionRecord(instructions) }),
    ...(lines === undefined ? {} : { lines: lineRecord(lines) }),
    ...(columns === undefined ? {} : { columns }),
    ...(exceptions === undefined ? {} : { exceptions }),
    ...(leftOut ? { leftOut } : {}),
  };
}

function instructionRecord({ hunks, exact, a, b }: InstructionDifference): object {
  const told = (of: Operations, [from, to]: readonly [number, number]) =>
    Array.from({ length: to - from }, (_, k) => {
      const meaning = of.meaning(from + k);
      return { offset: of.offset(from + k), opname: of.opname(from + k), ...(meaning === "" ? {} : { meaning }) };
    });
  return { exact, hunks: hunks.map((hunk) => ({ a: told(a, hunk.a), b: told(b, hunk.b) })) };
}

function lineRecord({ instructions, ranges }: LineDifference): object {
  const told = ranges.slice(0, RANGES).map(({ offsets, line, instructions: count }) => ({
    offsets,
    line: { a: line.a ?? null, b: line.b ?? null },
    instructions: count,
  }));
  return { instructions, ranges: told, ...(ranges.length > RANGES ? { more: ranges.length - RANGES } : {}) };
}

const encodingRecord = ({ kind, count, places }: EncodingDifference) => ({
  kind,
  what: encodingKinds[kind],
  count,
  places,
});
