/** Tables as text with aligned columns, as Markdown, and what changed between two of them. */
import { safe } from "@pyclab/core/bytes";
import { type Paint, paint } from "./colour.js";

export interface Column {
  readonly name: string;
  /** Numbers stand at the right. */
  readonly right?: boolean;
}

export interface Table {
  readonly title: string;
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly string[])[];
}

const plain = paint(false);

/** The table as aligned text; an empty title is left out. */
export function textTable(table: Table, p: Paint = plain): string {
  const rows = table.rows.map((row) => row.map(safe));
  const widths = table.columns.map((column, i) =>
    rows.reduce((width, row) => Math.max(width, row[i]?.length ?? 0), column.name.length),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, i) => (table.columns[i]?.right ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0)))
      .join("  ")
      .trimEnd();
  const title = table.title ? [p.strong(safe(table.title)), ""] : [];
  return [...title, p.faint(line(table.columns.map((column) => column.name))), ...rows.map(line), ""].join("\n");
}

/** The table in GitHub's Markdown. */
export function markdownTable(table: Table): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => safe(cell).replace(/[|\\<]/g, "\\$&")).join(" | ")} |`;
  const title = table.title ? [`## ${safe(table.title)}`, ""] : [];
  return [
    ...title,
    line(table.columns.map((column) => column.name)),
    `|${table.columns.map((column) => (column.right ? "---:" : "---")).join("|")}|`,
    ...table.rows.map(line),
    "",
  ].join("\n");
}

/** What a row is called, and its cells. */
export type KeyedRow = readonly [key: string, cells: readonly string[]];

export interface Changes {
  readonly added: readonly KeyedRow[];
  readonly removed: readonly KeyedRow[];
  readonly changed: readonly (readonly [key: string, before: readonly string[], after: readonly string[]])[];
}

/** What changed from one list of rows to another, rows told apart by their keys. */
export function changes(before: readonly KeyedRow[], after: readonly KeyedRow[]): Changes {
  const was = new Map(before);
  const is = new Map(after);
  const differs = (a: readonly string[], b: readonly string[]) => a.some((cell, i) => cell !== b[i]);
  return {
    added: after.filter(([key]) => !was.has(key)),
    removed: before.filter(([key]) => !is.has(key)),
    changed: after.flatMap(([key, cells]) => {
      const old = was.get(key);
      return old && differs(old, cells) ? [[key, old, cells] as const] : [];
    }),
  };
}

/** The changes as a table: `+` and `-` rows, and `~` rows whose changed cells read `old → new`. */
export function changeTable(title: string, columns: readonly Column[], found: Changes): Table {
  return {
    title,
    columns: [{ name: "" }, ...columns],
    rows: [
      ...found.removed.map(([, cells]) => ["-", ...cells]),
      ...found.added.map(([, cells]) => ["+", ...cells]),
      ...found.changed.map(([, old, cells]) => [
        "~",
        ...cells.map((cell, i) => (cell === old[i] ? cell : `${old[i] || "none"} → ${cell || "none"}`)),
      ]),
    ],
  };
}
