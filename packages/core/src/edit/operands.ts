/**
 * Opargs of new instructions, looked up in the pools of the code object that they are put into; what a pool lacks is
 * added at its end.
 */
import { nameText, type Operand } from "../assembly/index.js";
import { LocalKind } from "../code/index.js";
import { Draft, encode, FLAG_REF, isCode, type Plain, writeDraft } from "../marshal/index.js";
import { indexesNames, nameShift, OpargKind, opcodesOf } from "../opcode/index.js";
import type { Version } from "../version/index.js";
import { EditError } from "./address.js";
import { type CodeDraft, meant } from "./code-draft.js";
import { replacement } from "./values.js";

/** Bits of the second local in an oparg that has two. */
const SECOND_LOCAL = 15;

export class Pools {
  private readonly code: CodeDraft;
  /** Constants by the bytes that a canonical writer would make of them. */
  private constants: Map<string, number> | undefined;
  private readonly own = new Map<string, Draft[]>();
  /** Told when a local is put before the cells and free variables, which then count one more: its index. */
  onLocal: (index: number) => void = () => {};

  constructor(code: CodeDraft) {
    this.code = code;
  }

  /** The oparg of an operand that is no jump. */
  oparg(opcode: number, operand: Operand): number {
    const { kind, names } = opcodesOf(this.code.version);
    const of = kind[opcode] as number;
    const opname = names[opcode] as string;
    switch (operand.is) {
      case "none":
        return 0;
      case "number":
        return operand.value;
      case "constant":
        return this.constant(operand.value);
      case "name": {
        if (indexesNames(of)) return ((this.name("co_names", operand.name) << nameShift(of)) | operand.bits) >>> 0;
        return of === OpargKind.free ? this.cell(operand.name) : this.local(operand.name);
      }
      case "names": {
        const [first, second] = operand.names.map((name) => this.local(name)) as [number, number];
        if (first > SECOND_LOCAL || second > SECOND_LOCAL)
          throw new EditError(`${opname} holds the first 16 locals only: ${first} and ${second}`);
        return (first << 4) | second;
      }
      default:
        throw new EditError(`${opname} does not take a label`);
    }
  }

  private entries(field: string): Draft[] {
    let items = this.own.get(field);
    if (items === undefined) {
      items = this.code.ownEntries(field);
      this.own.set(field, items);
    }
    return items;
  }

  private constant(value: Plain): number {
    const { version } = this.code;
    const key = String(writeDraft(encode(value, version), version));
    this.constants ??= this.constantKeys();
    const at = this.constants.get(key);
    if (at !== undefined) return at;
    const items = this.entries("co_consts");
    items.push(encode(value, version));
    this.constants.set(key, items.length - 1);
    return items.length - 1;
  }

  /** Of the constants without references in them; others are not found, and a new entry is made. */
  private constantKeys(): Map<string, number> {
    const { version } = this.code;
    const keys = new Map<string, number>();
    for (const [i, entry] of this.code.entries("co_consts").entries()) {
      const plain = unflagged(meant(entry));
      if (plain === undefined) continue;
      const key = String(writeDraft(plain, version));
      if (!keys.has(key)) keys.set(key, i);
    }
    return keys;
  }

  private name(field: string, name: Plain): number {
    const wanted = textOf(name, this.code.version);
    const at = this.code.names(field).indexOf(wanted);
    if (at >= 0) return at;
    const items = this.entries(field);
    items.push(replacement(items[0] && meant(items[0]), name, this.code.version));
    return items.length - 1;
  }

  private cell(name: Plain): number {
    const { code } = this;
    const wanted = textOf(name, code.version);
    const all =
      code.version.traits.cellIndex === "cells"
        ? [...code.names("co_cellvars"), ...code.names("co_freevars")]
        : localNames(code);
    const at = all.indexOf(wanted);
    if (at < 0) throw new EditError(`${wanted} is no cell or free variable here: ${all.join(", ") || "there is none"}`);
    return at;
  }

  private local(name: Plain): number {
    const { code } = this;
    const wanted = textOf(name, this.code.version);
    const at = localNames(code).indexOf(wanted);
    if (at >= 0) return at;
    return code.version.traits.localsplus ? this.newLocalsplus(name) : this.newVarname(name);
  }

  private newVarname(name: Plain): number {
    const index = this.name("co_varnames", name);
    this.code.setInt("co_nlocals", Math.max(this.code.int("co_nlocals"), index + 1));
    return index;
  }

  /** Cells and free variables follow the locals: the new one goes before them. */
  private newLocalsplus(name: Plain): number {
    const kinds = this.code.bytes("co_localspluskinds");
    let index = kinds.findIndex((kind) => (kind & LocalKind.local) === 0);
    if (index < 0) index = kinds.length;
    const items = this.entries("co_localsplusnames");
    items.splice(index, 0, replacement(items[0] && meant(items[0]), name, this.code.version));
    this.code.setBytes(
      "co_localspluskinds",
      Uint8Array.from([...kinds.subarray(0, index), LocalKind.local, ...kinds.subarray(index)]),
    );
    if (index < kinds.length) this.onLocal(index);
    return index;
  }
}

function localNames(code: CodeDraft): string[] {
  return code.names(code.version.traits.localsplus ? "co_localsplusnames" : "co_varnames");
}

function textOf(name: Plain, version: Version): string {
  const text = nameText(name, version);
  if (text === undefined) throw new EditError("a name is a string, as the version holds them");
  return text;
}

/** A copy without flags; undefined for what holds references, code objects or very much. */
function unflagged(draft: Draft): Draft | undefined {
  if (draft.target !== undefined || isCode(draft.type) || draft.items.length > 1000) return undefined;
  const items: Draft[] = [];
  for (const item of draft.items) {
    const copy = unflagged(meant(item));
    if (copy === undefined) return undefined;
    items.push(copy);
  }
  const strings: Readonly<Record<string, string>> = { Z: "z", A: "a" };
  const type = draft.type & ~FLAG_REF;
  const code = strings[String.fromCharCode(type)];
  return new Draft(code === undefined ? type : code.charCodeAt(0), draft.content, items, draft.integers);
}
