/** `pyclab opcodes`: the opcode table of a version with stack effects, or what changed between two. */
import { opcodeFacts } from "@pyclab/core/opcode";
import type { Version } from "@pyclab/core/version";
import type { Call } from "../call.js";
import { compareVersions, type Section } from "../compare.js";
import type { Streams } from "../streams.js";
import type { Column } from "../tables.js";

export function run(call: Call, streams: Streams): number {
  return compareVersions(call, streams, sections);
}

const columns: readonly Column[] = [
  { name: "number", right: true },
  { name: "name" },
  { name: "operand" },
  { name: "caches", right: true },
  { name: "stack effect" },
];

function sections(version: Version): readonly Section[] {
  const rows = opcodeFacts(version).map(
    ({ number, name, kind, caches, effect }) =>
      [name, [String(number), name, kind === "none" ? "" : kind, String(caches), effect]] as const,
  );
  return [{ name: "opcodes", columns, rows }];
}
