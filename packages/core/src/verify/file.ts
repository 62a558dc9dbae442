/** The file as a whole: its magic number, and what marshal trips over. */
import { hex } from "../bytes/index.js";
import { children, FLAG_REF, NO_NODE, type NodeTable, resolve } from "../marshal/index.js";
import { draftPyc, type Pyc, pathOf, writePyc } from "../pyc/index.js";
import { versionsOfMagic } from "../version/index.js";
import type { Findings } from "./finding.js";

export function checkFile(pyc: Pyc, raw: boolean, findings: Findings): void {
  for (const error of pyc.errors) findings.add("unreadable", error.offset, error.path, error.message);
  checkMagic(pyc, raw, findings);
  if (pyc.errors.length === 0) checkRewriting(pyc, findings);
  checkHashes(pyc.table, findings);
  const free = pyc.code === undefined ? 0 : freeCount(pyc);
  if (free > 0) findings.add("module-closure", pyc.code?.offset ?? 0, "", `it has ${free}`);
}

function freeCount({ code }: Pyc): number {
  if (code === undefined) return 0;
  if (!code.version.traits.localsplus) return code.items("co_freevars").length;
  return code.bytes("co_localspluskinds").reduce((sum, kind) => sum + Number((kind & 0x80) !== 0), 0);
}

function checkMagic(pyc: Pyc, raw: boolean, findings: Findings): void {
  if (pyc.header === undefined) {
    if (!raw) findings.add("no-header", 0, "", "it begins with its object");
    return;
  }
  const magic = pyc.bytes.subarray(0, 4);
  const named = versionsOfMagic(magic);
  const shown = hex(magic).replace(/..(?=.)/g, "$& ");
  if (named.length === 0) findings.add("unknown-magic", 0, "", `${shown} is no Python's`);
  else if (!named.some((version) => version.magic === pyc.version.magic))
    findings.add("wrong-magic", 0, "", `${shown} is not that of ${pyc.version.python}`);
}

function checkRewriting(pyc: Pyc, findings: Findings): void {
  const { bytes } = pyc;
  let again: Uint8Array;
  try {
    again = writePyc(draftPyc(pyc));
  } catch (error) {
    findings.add("rewrite-differs", 0, "", `it cannot be written again: ${(error as Error).message}`);
    return;
  }
  const most = Math.min(bytes.length, again.length);
  let at = 0;
  while (at < most && bytes[at] === again[at]) at++;
  if (at === bytes.length && at === again.length) return;
  findings.add("rewrite-differs", at, "", "what is written again differs from here on");
}

const code = (letter: string) => letter.charCodeAt(0);
const mutable = new Set(["[", "{", "<"].map(code));
const hashing = new Set(["<", ">", "{", "}"].map(code));
const containers = new Set(["(", ")"].map(code));

/** Lists, dicts and sets, and tuples with such in them, as elements of sets or keys of dicts. */
function checkHashes(table: NodeTable, findings: Findings): void {
  const { count, type } = table;
  const bare = (node: number) => (type[node] as number) & ~FLAG_REF;
  let any = false;
  for (let node = 0; node < count && !any; node++) any = hashing.has(bare(node));
  if (!any) return;
  const unhashable = new Uint8Array(count);
  const isUnhashable = (node: number) => {
    const to = resolve(table, node);
    return to !== NO_NODE && unhashable[to] === 1;
  };
  // What refers back is known in the second turn at the latest, but for chains of such that no compiler writes.
  for (let turn = 0; turn < 2; turn++) {
    for (let node = count - 1; node >= 0; node--) {
      const byte = bare(node);
      if (mutable.has(byte)) unhashable[node] = 1;
      else if (containers.has(byte) && children(table, node).some(isUnhashable)) unhashable[node] = 1;
    }
  }
  for (let node = 0; node < count; node++) {
    const byte = bare(node);
    if (!hashing.has(byte)) continue;
    const keys = byte === code("<") || byte === code(">") ? 1 : 2;
    children(table, node).forEach((child, i) => {
      if (i % keys === 0 && isUnhashable(child))
        findings.add("unhashable", table.start[child] as number, () => pathOf(table, child), "it cannot be hashed");
    });
  }
}
