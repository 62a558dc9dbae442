/** Code objects with given fields, marshalled by hand from the record that reads them; and those of a file. */
import { CodeObject } from "@pyclab/core/code";
import { codeLayout, fieldSize } from "@pyclab/core/format";
import { readNodes, Values } from "@pyclab/core/marshal";
import type { Pyc } from "@pyclab/core/pyc";
import { type Version, versionNamed } from "@pyclab/core/version";

export type Fields = { readonly [field: string]: number | Uint8Array | readonly number[] };

const int = (n: number, size = 4) => Array.from({ length: size }, (_, i) => (n >> (8 * i)) & 255);

/** The code object as marshal writes it; fields that are not given are 0 or an empty bytes object. */
export function marshalled(version: Version, fields: Fields): Uint8Array {
  const out: (readonly number[] | Uint8Array)[] = [[codeLayout(version).integers.size > 0 ? 0x63 : 0x43]];
  for (const { name, type } of codeLayout(version).fields) {
    const value = fields[name] ?? (type === "object" ? new Uint8Array(0) : 0);
    if (typeof value === "number") out.push(int(value, fieldSize[type]));
    else if (value instanceof Uint8Array) out.push([0x73, ...int(value.length)], value);
    else out.push(value);
  }
  return Uint8Array.from(out.flatMap((part) => [...part]));
}

export function codeOf(python: string, fields: Fields): CodeObject {
  const version = versionNamed(python);
  return new CodeObject(new Values(readNodes(marshalled(version, fields), 0, version)), 0);
}

/** Every code object of a file, the module's first. */
export function* codesOf(pyc: Pyc): Generator<CodeObject> {
  const pending = pyc.code ? [pyc.code] : [];
  for (let code = pending.pop(); code !== undefined; code = pending.pop()) {
    yield code;
    for (const node of code.nested) pending.push(new CodeObject(code.values, node));
  }
}
