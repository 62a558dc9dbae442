/** `pyclab layout`: the header's and the code object's structure, from the declarations that read the file. */
import { codeLayout, type Field, fieldSize, headerFields } from "@pyclab/core/format";
import type { Version } from "@pyclab/core/version";
import type { Call } from "../call.js";
import { compareVersions, type Section } from "../compare.js";
import type { Streams } from "../streams.js";
import type { Column } from "../tables.js";

export function run(call: Call, streams: Streams): number {
  return compareVersions(call, streams, sections);
}

const headerColumns: readonly Column[] = [
  { name: "offset", right: true },
  { name: "size", right: true },
  { name: "field" },
  { name: "meaning" },
];
const codeColumns: readonly Column[] = [{ name: "field" }, { name: "stored as" }, { name: "meaning" }];

function sections(version: Version): readonly Section[] {
  const plain = headerFields(version);
  const hashed = headerFields(version, true);
  const twoForms = hashed.some((field, i) => field.name !== plain[i]?.name);
  const header = (name: string, fields: readonly Field[]): Section => ({
    name,
    columns: headerColumns,
    rows: placed(fields).map(([field, offset]) => [
      field.name,
      [String(offset), String(fieldSize[field.type]), field.name, field.meaning],
    ]),
  });
  return [
    header(twoForms ? "header, timestamp-based" : "header", plain),
    ...(twoForms ? [header("header, hash-based (flags bit 0)", hashed)] : []),
    {
      name: "code object",
      columns: codeColumns,
      rows: codeLayout(version).fields.map((field) => [field.name, [field.name, storedAs(field), field.meaning]]),
    },
  ];
}

function placed(fields: readonly Field[]): [Field, number][] {
  let offset = 0;
  return fields.map((field) => {
    const at = offset;
    offset += fieldSize[field.type];
    return [field, at];
  });
}

function storedAs(field: Field): string {
  if (field.type === "object") return field.holds ?? "object";
  return `${fieldSize[field.type] * 8}-bit integer`;
}
