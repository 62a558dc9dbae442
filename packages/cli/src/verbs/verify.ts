/** `pyclab verify`: what the interpreter relies on in a file, checked; a line per finding. */
import { statSync } from "node:fs";
import type { Pyc } from "@pyclab/core";
import { safe } from "@pyclab/core/bytes";
import { type Finding, type SourceCheck, verify, verifySource } from "@pyclab/core/verify";
import type { Call } from "../call.js";
import { convert, failureRecord } from "../convert.js";
import { expand, readInput, systemFault } from "../inputs.js";
import type { Streams } from "../streams.js";
import { UsageError } from "../usage.js";

export function run(call: Call, streams: Streams): number {
  const { json, raw = false, source } = call.options;
  const check = source === undefined ? undefined : againstSource(call, source);
  let sound = true;
  const report = (pyc: Pyc, name: string): Report => {
    const told = check?.(pyc);
    const findings = verify(pyc, { raw });
    const ok = findings.length === 0 && (told === undefined || told.verdict === "match");
    if (!ok) sound = false;
    return { name, ok, findings, ...(told === undefined ? {} : { source: told }) };
  };
  const status = convert(
    call,
    streams,
    json
      ? {
          extension: ".verify.json",
          heads: false,
          warns: false,
          text: (pyc, input) => `${JSON.stringify(report(pyc, input.name))}\n`,
          failed: (error, input) => `${JSON.stringify(failureRecord(error, input))}\n`,
        }
      : {
          extension: ".verify.txt",
          heads: false,
          warns: false,
          text: (pyc, input) => reportText(report(pyc, input.name)),
        },
  );
  return sound ? status : 1;
}

interface Report {
  readonly name: string;
  readonly ok: boolean;
  readonly findings: readonly Finding[];
  readonly source?: SourceCheck;
}

const verdicts = { match: "match", mismatch: "mismatch", "cannot-tell": "cannot tell" } as const;

function reportText({ name, ok, findings, source }: Report): string {
  const lines = findings.map(
    ({ id, offset, path, message }) => `offset 0x${offset.toString(16)}: ${path ? `${path}: ` : ""}[${id}] ${message}`,
  );
  if (source !== undefined) lines.push(`source: ${verdicts[source.verdict]}: ${source.reason}`);
  if (ok) lines.push("ok");
  else if (findings.length > 0) lines.push(findings.length === 1 ? "1 finding" : `${findings.length} findings`);
  return lines.map((line) => `${safe(name)}: ${safe(line)}\n`).join("");
}

/** What holds a file against the source, which is read once. */
function againstSource(call: Call, path: string): (pyc: Pyc) => SourceCheck {
  const { inputs, folders } = expand(call.operands);
  if (folders || inputs.length > 1) throw new UsageError("--source is one file's source: name one input");
  try {
    const source = readInput(path);
    const mtime = path === "-" ? undefined : secondsOf(path);
    return (pyc) => verifySource(pyc, source, mtime);
  } catch (error) {
    throw new UsageError(`--source ${safe(path)}: ${systemFault(error)}`);
  }
}

/** When a file was last changed, in whole seconds: not rounded, as milliseconds might be. */
function secondsOf(path: string): number {
  return Number(statSync(path, { bigint: true }).mtimeNs / 1_000_000_000n);
}
