/**
 * A file held against what its Python relies on: written again and compared, every code object looked into. What can be
 * told while reading (`Pyc.warnings`) is among the findings; the rest is sought here.
 */
import { codeObjects } from "../code/index.js";
import { codeLayout } from "../format/index.js";
import { effort, type Pyc, type Warning, type WarningCode } from "../pyc/index.js";
import { checkFields } from "./fields.js";
import { checkFile } from "./file.js";
import { type Finding, Findings, fieldPath, type Subject, subjectOf } from "./finding.js";
import { checkOperands } from "./operands.js";
import type { RuleId } from "./rules.js";
import { type SourceCheck, verifySource } from "./source.js";
import { checkStack } from "./stack.js";
import { checkExceptions, checkLines } from "./tables.js";

/** Where in a code object a warning is about. */
const fieldOf: { readonly [code in WarningCode]?: string } = {
  "no-instructions": "co_code",
  "odd-code-length": "co_code",
  "cut-off-instruction": "co_code",
  "unknown-opcode": "co_code",
  "internal-opcode": "co_code",
  "index-out-of-range": "co_code",
  "jump-out-of-code": "co_code",
  "jump-into-instruction": "co_code",
  "long-extended-arg": "co_code",
  stacksize: "co_stacksize",
  "unknown-flags": "co_flags",
  "exception-table": "co_exceptiontable",
};

/** What is no fault of the file: which of several Pythons wrote it does not show in all files. */
const noFinding = (code: WarningCode): code is "uncertain-version" => code === "uncertain-version";

/** So many times the file's size is gone over; the warnings tell where that was not enough. */
const MOST_EFFORT = 8;

export interface VerifyOptions {
  /** It was read as a bare object, which needs no header. */
  readonly raw?: boolean;
  /** The source that it shall have been compiled from; "cannot tell" is a finding too. */
  readonly source?: Uint8Array;
  /** When that was last changed, seconds since 1970. */
  readonly mtime?: number;
}

/** Everything that is wrong with a file, by offset; empty for a sound one. */
export function verify(pyc: Pyc, options: VerifyOptions = {}): Finding[] {
  const findings = new Findings();
  const { raw = false, source, mtime } = options;
  checkFile(pyc, raw, findings);
  if (source !== undefined) tellSource(verifySource(pyc, source, mtime), findings);
  const lines = codeLayout(pyc.version).order.has("co_linetable") ? "co_linetable" : "co_lnotab";
  let last = "";
  for (const warning of pyc.warnings()) {
    if (warning.path !== last) findings.next();
    last = warning.path;
    tellWarning(warning, lines, findings);
  }
  let left = MOST_EFFORT * pyc.bytes.length;
  for (const code of codeObjects(pyc.values)) {
    left -= effort(code);
    if (left < 0) break;
    findings.next();
    checkCode(subjectOf(code, findings));
  }
  return findings.list();
}

function checkCode(subject: Subject): void {
  checkFields(subject);
  const { graph, before } = checkStack(subject);
  checkOperands(subject, graph);
  checkLines(subject, graph);
  checkExceptions(subject, graph, before);
}

function tellSource({ verdict, reason }: SourceCheck, findings: Findings): void {
  if (verdict !== "match") findings.add(verdict === "mismatch" ? "source-mismatch" : "source-unknown", 0, "", reason);
}

function tellWarning({ code, offset, path, message }: Warning, lines: string, findings: Findings): void {
  if (noFinding(code)) return;
  const field = code === "line-table" ? lines : fieldOf[code];
  findings.add(code satisfies RuleId, offset, field === undefined ? path : fieldPath(path, field), message);
}
