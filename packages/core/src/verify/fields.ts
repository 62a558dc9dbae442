/** The fields of a code object: what that Python checks, or takes for granted, when it makes one. */
import { type CodeObject, flagBit, LocalKind, parameterCount } from "../code/index.js";
import { codeLayout } from "../format/index.js";
import { FLAG_REF, NO_NODE } from "../marshal/index.js";
import type { Subject } from "./finding.js";

const nameFields = ["co_names", "co_varnames", "co_freevars", "co_cellvars", "co_localsplusnames"];

export function checkFields(subject: Subject): void {
  checkNames(subject);
  checkConstants(subject);
  checkKinds(subject);
  checkCounts(subject);
  checkFlags(subject);
  const { code } = subject;
  // In a field of 16 bits, a line beyond 32767 looks negative.
  const wide = codeLayout(code.version).integers.get("co_firstlineno")?.size === 4;
  if (wide && code.firstlineno < 0) subject.tell("first-line", "co_firstlineno", `it is ${code.firstlineno}`);
}

/** The type byte of a node without FLAG_REF, as a character; "" for what a reference to nothing stands for. */
function typeOf(code: CodeObject, node: number): string {
  return node === NO_NODE ? "" : String.fromCharCode((code.table.type[node] as number) & ~FLAG_REF);
}

/** Whether an object is of the type that names have. */
export function isName(code: CodeObject, node: number): boolean {
  const type = typeOf(code, node);
  const { strings, codeNames } = code.version.traits;
  const types = strings === "str8" ? "st" : codeNames === "str" ? "utaAzZ" : "stu";
  return type !== "" && types.includes(type);
}

function checkNames({ code, tell }: Subject): void {
  for (const field of nameFields) {
    const items = code.items(field);
    for (let i = 0; i < items.length; i++)
      if (!isName(code, items[i] as number)) tell("name-type", field, `item ${i} is not a string`);
  }
}

/** Up to 1.0 the names of a function's locals are a dict, which RESERVE_FAST takes from the constants. */
function checkConstants({ code, tell }: Subject): void {
  const dicts = codeLayout(code.version).integers.has("co_nlocals") || code.version.traits.localsplus;
  code.consts.forEach((node, i) => {
    const type = typeOf(code, node);
    if (type !== "" && (dicts ? "[{<" : "[<").includes(type))
      tell(
        "mutable-constant",
        "co_consts",
        `constant ${i} is a ${type === "[" ? "list" : type === "{" ? "dict" : "set"}`,
      );
  });
}

function checkKinds({ code, tell }: Subject): void {
  if (!code.version.traits.localsplus) return;
  const kinds = code.bytes("co_localspluskinds");
  const names = code.locals.length;
  if (kinds.length !== names) {
    tell("localsplus-kinds", "co_localspluskinds", `${kinds.length} bytes for ${names} names`);
    return;
  }
  kinds.forEach((kind, i) => {
    if (!soundKind(kind)) tell("localsplus-kinds", "co_localspluskinds", `byte ${i} is 0x${kind.toString(16)}`, i);
  });
}

function soundKind(kind: number): boolean {
  const { positional, keyword, variadic, hidden, local, cell, free } = LocalKind;
  const args = positional | keyword | variadic;
  if ((kind & ~(hidden | local | cell | free | args)) !== 0 || (kind & (local | cell | free)) === 0) return false;
  if ((kind & free) !== 0) return (kind & (local | cell | args)) === 0;
  return (kind & args) === 0 || (kind & local) !== 0;
}

/** The number of local variables, parameters included; undefined where nothing tells it. */
function localCount(code: CodeObject): number | undefined {
  if (!code.version.traits.localsplus) return code.int("co_nlocals");
  return code.bytes("co_localspluskinds").reduce((sum, kind) => sum + Number((kind & LocalKind.local) !== 0), 0);
}

function checkCounts({ code, tell }: Subject): void {
  for (const field of ["co_argcount", "co_posonlyargcount", "co_kwonlyargcount", "co_nlocals"]) {
    const count = code.int(field) ?? 0;
    if (count < 0) tell(field === "co_nlocals" ? "nlocals" : "argument-count", field, `it is ${count}`);
  }
  if (code.posonlyargcount > code.argcount)
    tell("argument-count", "co_posonlyargcount", `${code.posonlyargcount} of ${code.argcount} positional parameters`);
  const locals = localCount(code);
  if (locals === undefined) return;
  const parameters = parameterCount(code.version, code.argcount, code.kwonlyargcount, code.flags);
  if (parameters > locals)
    tell("argument-count", "co_argcount", `${parameters} parameters, but ${locals} local variables`);
  const named = code.items("co_varnames").length;
  const optimized = (code.flags & flagBit(code.version, "OPTIMIZED")) !== 0;
  if (!code.version.traits.localsplus && locals !== named && (optimized || locals !== 0))
    tell("nlocals", "co_nlocals", `it is ${locals}, and co_varnames has ${named} names`);
}

const kinds = ["GENERATOR", "COROUTINE", "ASYNC_GENERATOR"] as const;

/** Which of generator, coroutine and asynchronous generator co_flags says that it is. */
export function generatorKinds(code: CodeObject): readonly string[] {
  return kinds.filter((name) => (code.flags & flagBit(code.version, name)) !== 0);
}

function checkFlags({ code, tell }: Subject): void {
  const { version, flags } = code;
  const bit = (name: string) => flagBit(version, name);
  const set = generatorKinds(code);
  const said = version.traits.coroutineFlags === "alone" ? set : set.filter((name) => name !== "GENERATOR");
  if (said.length > 1) tell("contradictory-flags", "co_flags", `it says ${said.join(" and ")}`);
  if ((flags & bit("ITERABLE_COROUTINE")) !== 0 && !set.includes("GENERATOR"))
    tell("contradictory-flags", "co_flags", "it says ITERABLE_COROUTINE without GENERATOR");
  if (bit("NOFREE") === 0 || version.traits.localsplus) return;
  if (code.cells.length > 0 && (flags & bit("NOFREE")) !== 0)
    tell("nofree-flag", "co_flags", `NOFREE is set, and there are ${code.cells.length}`);
}
