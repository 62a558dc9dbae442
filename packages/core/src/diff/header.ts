/** Headers compared field by field. */
import { hex } from "../bytes/index.js";
import type { Pyc } from "../pyc/index.js";
import type { FieldDifference } from "./difference.js";

export function headerDifferences(a: Pyc, b: Pyc): readonly FieldDifference[] {
  const [one, other] = [fieldsOf(a), fieldsOf(b)];
  return [...new Set([...one.keys(), ...other.keys()])]
    .map((field) => ({ field, a: one.get(field), b: other.get(field) }))
    .filter((each) => each.a !== each.b);
}

/** The fields of a header as texts, in their order; none where there is no header. */
function fieldsOf({ header, bytes, version }: Pyc): ReadonlyMap<string, string> {
  const out = new Map<string, string>();
  for (const { field, span } of header?.fields ?? []) {
    const raw = hex(bytes, span.start, span.end);
    if (field.name === "magic") out.set(field.name, raw === version.magic ? `${raw} (${version.word})` : raw);
    else if (field.type === "hash") out.set(field.name, raw);
    else out.set(field.name, wordOf(field.name, new DataView(bytes.buffer, bytes.byteOffset + span.start, 4)));
  }
  return out;
}

function wordOf(name: string, at: DataView): string {
  const value = at.getUint32(0, true);
  if (name === "flags") return `0x${value.toString(16)}`;
  return name === "mtime" ? `${value} (${new Date(value * 1000).toISOString().replace(".000Z", "Z")})` : String(value);
}
