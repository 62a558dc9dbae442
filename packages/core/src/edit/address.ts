/**
 * Addresses: `f.co_consts[2]` is a field of f or an entry of it, `f@12` the instruction at offset 12 of f. A code object
 * is called by its qualified name, in which `<locals>` may be left out; `#2` behind it takes the second of that name.
 * Without a name the module's is meant.
 */
import type { CodeDraft } from "./code-draft.js";

/** A change that cannot be made: what was asked for, and why not. */
export class EditError extends Error {
  override readonly name = "EditError";
}

/** A code object, by what it is called: `outer.<locals>.inner`, `<module>`. */
export interface Named {
  readonly code: CodeDraft;
  readonly qualname: string;
}

/** CO_OPTIMIZED, which tells functions from classes and modules. */
const OPTIMIZED = 1;

/** The code objects of a tree, each once, in the order of the constants they are in. */
export function namedCode(root: CodeDraft): Named[] {
  const out: Named[] = [];
  const seen = new Set<object>();
  const waiting: [code: CodeDraft, prefix: string][] = [[root, ""]];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const [code, prefix] = next;
    if (seen.has(code.draft)) continue;
    seen.add(code.draft);
    const name = code.text("co_name");
    const qualname = code.text("co_qualname") || (code === root ? name || "<module>" : prefix + name);
    out.push({ code, qualname });
    const isFunction = !code.has("co_flags") || (code.int("co_flags") & OPTIMIZED) !== 0;
    const inner = code === root ? "" : `${qualname}${isFunction ? ".<locals>" : ""}.`;
    for (const nested of code.nested().reverse()) waiting.push([nested, inner]);
  }
  return out;
}

const withoutLocals = (qualname: string) => qualname.replaceAll(".<locals>", "");

/** The code object that a name means. */
export function findCode(all: readonly Named[], name: string): Named {
  if (name === "") return all[0] as Named;
  const [, wanted = "", number] = /^(.*?)(?:#(\d+))?$/s.exec(name) ?? [];
  const exact = all.filter(({ qualname }) => qualname === wanted);
  const found =
    exact.length > 0 ? exact : all.filter(({ qualname }) => withoutLocals(qualname) === withoutLocals(wanted));
  const one = found[number === undefined ? 0 : Number(number) - 1];
  if (one === undefined) {
    const names = [...new Set(all.map(({ qualname }) => qualname))];
    const shown = names.slice(0, 10).join(", ") + (names.length > 10 ? ", …" : "");
    throw new EditError(`there is no code object ${name}; there are ${shown}`);
  }
  if (found.length > 1 && number === undefined) {
    throw new EditError(`${found.length} code objects are called ${name}: ${name}#1 to ${name}#${found.length}`);
  }
  return one;
}

export interface FieldAddress {
  readonly code: string;
  readonly field: string;
  /** Indices of entries, the outermost first. */
  readonly indices: readonly number[];
}

/** `Class.f.co_consts[2][0]`; undefined where the text is no such address. */
export function fieldAddress(text: string): FieldAddress | undefined {
  const [, code = "", field = "", indices = ""] = /^(?:(.+)\.)?(co_\w+)((?:\[\d+\])*)$/s.exec(text) ?? [];
  if (field === "") return undefined;
  return { code, field, indices: [...indices.matchAll(/\d+/g)].map(([digits]) => Number(digits)) };
}

export interface InstructionAddress {
  readonly code: string;
  /** Offsets in co_code: of the first instruction, and of the last. */
  readonly from: number;
  readonly to: number;
}

/** `f@12`, `f@12-18`, `@0x1c`; undefined where the text is no such address. */
export function instructionAddress(text: string): InstructionAddress | undefined {
  const [, code = "", from, to] = /^(.*)@(0x[\da-f]+|\d+)(?:-(0x[\da-f]+|\d+))?$/is.exec(text) ?? [];
  return from === undefined ? undefined : { code, from: Number(from), to: Number(to ?? from) };
}
