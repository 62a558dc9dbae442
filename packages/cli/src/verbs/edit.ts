/** `pyclab edit`: a file with changes made to it. */
import { readFileSync } from "node:fs";
import { type Pyc, writePyc } from "@pyclab/core";
import {
  type Edits,
  edit,
  fieldAddress,
  type HeaderEdit,
  headerForms,
  instructionAddress,
  isHeaderForm,
  parseLiteral,
  strippable,
} from "@pyclab/core/edit";
import type { Call } from "../call.js";
import { convert } from "../convert.js";
import { systemFault } from "../inputs.js";
import type { Options } from "../options.js";
import type { Streams } from "../streams.js";
import { UsageError } from "../usage.js";
import { pythonNamed } from "../versions.js";

export function run(call: Call, streams: Streams): number {
  const { output, "in-place": inPlace = false } = call.options;
  if (inPlace && output !== undefined) throw new UsageError("--in-place and -o: choose one");
  if (inPlace && call.operands.includes("-")) throw new UsageError("standard input cannot be changed in place");
  const editsFor = readEdits(call.options);
  return convert(call, streams, {
    extension: ".pyc",
    heads: false,
    warns: true,
    bytes: inPlace ? "in-place" : "file",
    text: (pyc) => writePyc(edit(pyc, editsFor(pyc))),
  });
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** The edits that the options ask for; values are read for the version of each file. */
function readEdits(options: Options): (pyc: Pyc) => Edits {
  const { form, magic } = options;
  const common: Mutable<Edits> = {};
  if (form !== undefined) {
    if (!isHeaderForm(form)) throw new UsageError(`--form ${form}: the forms are ${headerForms.join(", ")}`);
    common.form = form;
  }
  if (magic !== undefined) common.magic = pythonNamed(magic);
  const source = options["hash-source"];
  if (source !== undefined) common.hashSource = sourceBytes(source);
  if (options.strip !== undefined) common.strip = stripList(options.strip);
  if (options.filename !== undefined) common.filename = renaming(options.filename);
  common.instructions = [
    ...(options.insert ?? []).map((text) => instructionEdit("insert", text)),
    ...(options.replace ?? []).map((text) => instructionEdit("replace", text)),
    ...(options.delete ?? []).map((text) => instructionEdit("delete", text)),
  ];
  const sets = (options.set ?? []).map(assignment);
  if (sets.length + common.instructions.length === 0 && Object.keys(common).length === 1)
    throw new UsageError("edit: say what to change (--help shows how)");
  return (pyc) => ({ ...common, ...settings(sets, pyc) });
}

interface Assignment {
  readonly where: string;
  readonly value: string;
}

function assignment(text: string): Assignment {
  const at = text.indexOf("=");
  if (at < 1) throw new UsageError(`--set ${text}: write WHERE=VALUE`);
  return { where: text.slice(0, at).trim(), value: text.slice(at + 1).trim() };
}

const headerFields = ["flags", "mtime", "source_size", "source_hash"];

function settings(sets: readonly Assignment[], pyc: Pyc): Pick<Edits, "fields" | "header"> {
  const header: HeaderEdit = {};
  const fields: Mutable<NonNullable<Edits["fields"]>[number]>[] = [];
  for (const { where, value } of sets) {
    const address = fieldAddress(where);
    if (address !== undefined) {
      const isInteger = address.indices.length === 0 && !isObjectField(pyc, address.field);
      fields.push({ ...address, value: isInteger ? integer(where, value) : parseLiteral(value, pyc.version) });
    } else if (where === "source_hash") header.source_hash = hashBytes(value);
    else if (headerFields.includes(where)) header[where as "flags" | "mtime" | "source_size"] = unsigned(where, value);
    else {
      const known = headerFields.join(", ");
      throw new UsageError(`--set ${where}: neither a header field (${known}) nor an address such as f.co_consts[2]`);
    }
  }
  return { fields, header };
}

function isObjectField(pyc: Pyc, field: string): boolean {
  return pyc.code === undefined || pyc.code.int(field) === undefined;
}

function integer(where: string, text: string): number {
  if (!/^-?(\d+|0x[\da-f]+)$/i.test(text)) throw new UsageError(`--set ${where}=${text}: not an integer`);
  return text.startsWith("-") ? -Number(text.slice(1)) : Number(text);
}

function unsigned(where: string, text: string): number {
  const value = integer(where, text);
  if (value < 0 || value > 0xffffffff) throw new UsageError(`--set ${where}=${text}: not within 32 bits`);
  return value;
}

function hashBytes(text: string): Uint8Array {
  if (!/^[\da-f]{16}$/i.test(text)) throw new UsageError(`--set source_hash=${text}: a hash is 16 hex digits`);
  return Uint8Array.from({ length: 8 }, (_, i) => Number.parseInt(text.slice(2 * i, 2 * i + 2), 16));
}

function stripList(text: string): NonNullable<Edits["strip"]> {
  return text.split(",").map((word) => {
    const found = strippable.find((what) => what === word.trim());
    if (!found) throw new UsageError(`--strip ${word}: what can be taken out is ${strippable.join(", ")}`);
    return found;
  });
}

/** Each `PATTERN=TEXT` in turn; the pattern ends at the last `=`. */
function renaming(rules: readonly string[]): (name: string) => string {
  const parsed = rules.map((rule) => {
    const at = rule.lastIndexOf("=");
    if (at < 1) throw new UsageError(`--filename ${rule}: write PATTERN=TEXT`);
    try {
      return [new RegExp(rule.slice(0, at), "gu"), rule.slice(at + 1)] as const;
    } catch (error) {
      throw new UsageError(`--filename ${rule}: ${(error as Error).message}`);
    }
  });
  return (name) => parsed.reduce((text, [pattern, replacement]) => text.replace(pattern, replacement), name);
}

function instructionEdit(kind: "insert" | "replace" | "delete", text: string) {
  const [, where = "", code] = /^(.*?@(?:0x[\da-f]+|\d+)(?:-(?:0x[\da-f]+|\d+))?)\s*(?::(.*))?$/is.exec(text) ?? [];
  const address = instructionAddress(where);
  if (address === undefined || (code === undefined) !== (kind === "delete")) {
    const form = kind === "delete" ? "f@12 or f@12-18" : "f@12: CODE";
    throw new UsageError(`--${kind} ${text}: write ${form}, with the offset that a listing shows`);
  }
  return { ...address, do: kind, text: lines(code ?? "") };
}

/** `;` ends an instruction, but in a string. */
function lines(code: string): string {
  return code.replace(/'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|;/g, (found) => (found === ";" ? "\n" : found));
}

function sourceBytes(path: string): Uint8Array {
  try {
    return readFileSync(path === "-" ? 0 : path);
  } catch (error) {
    throw new UsageError(`--hash-source ${path}: ${systemFault(error)}`);
  }
}
