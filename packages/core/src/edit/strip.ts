/**
 * What a file can do without: docstrings, lines, the names of locals. What a program can see of them is gone then; what
 * it computes stays the same.
 */
import { flagBit, LocalKind, parameterCount } from "../code/index.js";
import { decode } from "../instruction/index.js";
import { encodeLines } from "../linetable/index.js";
import { Draft, FLAG_REF } from "../marshal/index.js";
import { OpargKind, opcodesOf } from "../opcode/index.js";
import type { CodeDraft } from "./code-draft.js";
import { isString, meant, textOfDraft } from "./code-draft.js";

/** None. */
const NONE = 0x4e;

export const strippable = ["docstrings", "lines", "locals"] as const;
export type Strippable = (typeof strippable)[number];

/** Takes it from one code object. */
export function strip(code: CodeDraft, what: Strippable): void {
  if (what === "docstrings") stripDocstring(code);
  else if (what === "lines") stripLines(code);
  else stripLocals(code);
}

/**
 * A function's docstring is constant 0 and loaded by nothing; a module's or a class's is loaded and stored as __doc__.
 * Either becomes None. A docstring that is used for something else too is left.
 */
function stripDocstring(code: CodeDraft): void {
  const constants = code.entries("co_consts");
  const names = code.names("co_names");
  const { kind, names: opnames } = opcodesOf(code.version);
  const { count, opcode, oparg } = decode(code.bytes("co_code"), code.version);
  const uses = new Uint32Array(constants.length);
  const docs = new Set<number>();
  for (let i = 0; i < count; i++) {
    if (kind[opcode[i] as number] !== OpargKind.const) continue;
    const index = (oparg[i] as number) >>> 0;
    uses[index] = (uses[index] ?? 0) + 1;
    const stores = i + 1 < count && /^STORE_(NAME|GLOBAL)$/.test(opnames[opcode[i + 1] as number] as string);
    if (stores && names[(oparg[i + 1] as number) >>> 0] === "__doc__") docs.add(index);
  }
  const first = constants[0];
  if (first !== undefined && uses[0] === 0 && isString(first)) {
    code.ownEntries("co_consts")[0] = new Draft(NONE);
    code.setInt("co_flags", code.int("co_flags") & ~flagBit(code.version, "HAS_DOCSTRING"));
  }
  for (const index of docs) {
    const constant = constants[index];
    if (uses[index] === 1 && constant !== undefined && isString(constant))
      code.ownEntries("co_consts")[index] = new Draft(NONE);
  }
}

/** A table that says that nothing has a line; SET_LINENO instructions, where there are any, stay. */
function stripLines(code: CodeDraft): void {
  const codeSize = code.bytes("co_code").length;
  const field = ["co_lnotab", "co_linetable"].find((name) => code.has(name));
  if (field === undefined) return;
  const none = { offset: 0, line: null, endLine: null, column: null, endColumn: null };
  const firstlineno = code.int("co_firstlineno");
  const table = field === "co_lnotab" ? [] : encodeLines([none], { version: code.version, firstlineno, codeSize });
  if (table !== undefined) code.setBytes(field, Uint8Array.from(table));
}

/** Locals that are no parameters are called _0, _1 …; names that a closure or a caller uses stay. */
function stripLocals(code: CodeDraft): void {
  const { localsplus } = code.version.traits;
  const field = localsplus ? "co_localsplusnames" : "co_varnames";
  const kinds = localsplus ? code.bytes("co_localspluskinds") : undefined;
  const counts = [code.int("co_argcount"), code.int("co_kwonlyargcount"), code.int("co_flags")] as const;
  const parameters = parameterCount(code.version, ...counts);
  const cells = new Set([...code.names("co_cellvars"), ...code.names("co_freevars")]);
  const taken = new Set(code.names(field));
  let number = 0;
  const renamed = code.entries(field).map((entry, i) => {
    const isLocal = kinds === undefined ? !cells.has(textOfDraft(entry)) : (kinds[i] ?? 0) === LocalKind.local;
    if (i < parameters || !isLocal || !isString(entry)) return entry;
    while (taken.has(`_${number}`)) number++;
    const content = Uint8Array.from(`_${number++}`, (c) => c.charCodeAt(0));
    return new Draft(meant(entry).type & ~FLAG_REF, content);
  });
  if (renamed.length > 0) code.ownEntries(field).splice(0, renamed.length, ...renamed);
}
