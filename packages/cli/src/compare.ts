/** What `layout` and `opcodes` share: tables of one version, or what changed between two. */
import type { Version } from "@pyclab/core/version";
import type { Call } from "./call.js";
import { coloured, paint } from "./colour.js";
import { writeText } from "./outputs.js";
import type { Streams } from "./streams.js";
import {
  type Changes,
  type Column,
  changes,
  changeTable,
  type KeyedRow,
  markdownTable,
  type Table,
  textTable,
} from "./tables.js";
import { pythonNamed } from "./versions.js";

/** One table of a version; its rows have keys by which two versions are compared. */
export interface Section {
  readonly name: string;
  readonly columns: readonly Column[];
  readonly rows: readonly KeyedRow[];
}

export function compareVersions(
  call: Call,
  streams: Streams,
  sections: (version: Version) => readonly Section[],
): number {
  const [one, other] = call.operands.map(pythonNamed);
  if (!one) return 2;
  if (!other) {
    const tables = sections(one).map((section) => wholeTable(title(one, section.name), section));
    write(call, streams, tables, { ...names(one), sections: sections(one).map(sectionRecord) });
    return 0;
  }
  const before = new Map(sections(one).map((section) => [section.name, section]));
  const pairs = pairUp(before, sections(other));
  const found = pairs.map(([section, old]) => ({ section, what: changes(old?.rows ?? [], section.rows) }));
  const tables = found
    .filter(({ what }) => any(what))
    .map(({ section, what }) => {
      return changeTable(`${title(one, section.name)} → ${shown(other)}`, section.columns, what);
    });
  const record = {
    from: names(one),
    to: names(other),
    sections: found.map(({ section, what }) => changeRecord(section, what)),
  };
  write(call, streams, tables, record, `nothing changed from ${shown(one)} to ${shown(other)}\n`);
  return 0;
}

/** The sections of either version, each with the other's of the same name; one that is gone is paired with no rows. */
function pairUp(
  before: ReadonlyMap<string, Section>,
  after: readonly Section[],
): readonly [Section, Section | undefined][] {
  const kept = new Set(after.map((section) => section.name));
  const gone = [...before.values()].filter((section) => !kept.has(section.name));
  return [
    ...after.map((section): [Section, Section | undefined] => [section, before.get(section.name)]),
    ...gone.map((section): [Section, Section | undefined] => [{ ...section, rows: [] }, section]),
  ];
}

const any = (what: Changes) => what.added.length + what.removed.length + what.changed.length > 0;
const shown = (version: Version) =>
  version.lineage === "CPython" ? version.python : `${version.lineage} ${version.python}`;
const title = (version: Version, name: string) => `${name}, ${shown(version)}`;
const names = (version: Version) => ({ implementation: version.lineage, python: version.python, magic: version.magic });

function wholeTable(heading: string, section: Section): Table {
  return { title: heading, columns: section.columns, rows: section.rows.map(([, cells]) => cells) };
}

function rowRecord(section: Section, cells: readonly string[]): object {
  return Object.fromEntries(section.columns.map(({ name, right }, i) => [name, right ? Number(cells[i]) : cells[i]]));
}

function sectionRecord(section: Section): object {
  return { name: section.name, rows: section.rows.map(([, cells]) => rowRecord(section, cells)) };
}

function changeRecord(section: Section, what: Changes): object {
  const record = (cells: readonly string[]) => rowRecord(section, cells);
  return {
    name: section.name,
    added: what.added.map(([, cells]) => record(cells)),
    removed: what.removed.map(([, cells]) => record(cells)),
    changed: what.changed.map(([, before, after]) => ({ before: record(before), after: record(after) })),
  };
}

function write(call: Call, streams: Streams, tables: readonly Table[], record: object, otherwise = ""): void {
  const { json, markdown, output } = call.options;
  const p = paint(coloured(streams, output !== undefined));
  const text = () => tables.map((table) => (markdown ? markdownTable(table) : textTable(table, p))).join("\n");
  writeText(call, streams, json ? `${JSON.stringify(record)}\n` : text() || otherwise);
}
