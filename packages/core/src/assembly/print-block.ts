/** Directives of a code object as text, but for its objects. */
import { flagNames } from "../code/index.js";
import { codeLayout } from "../format/index.js";
import type { Version } from "../version/index.js";
import { labelText, wordText } from "./literal-text.js";
import { hasEndLines } from "./parse-block.js";
import type { Signature, Statement } from "./syntax.js";

/** `(a, /, b, *args, c, **rest)`. */
export function signatureText(signature: Signature): string {
  const { positionalOnly, positional, star, keywordOnly, starStar } = signature;
  const parts = positionalOnly.map(wordText);
  if (parts.length > 0) parts.push("/");
  parts.push(...positional.map(wordText));
  if (star !== undefined) parts.push(`*${wordText(star)}`);
  else if (keywordOnly.length > 0) parts.push("*");
  parts.push(...keywordOnly.map(wordText));
  if (starStar !== undefined) parts.push(`**${wordText(starStar)}`);
  return `(${parts.join(", ")})`;
}

/** The flags that are set; a number where it has a sign. */
export function flagsText(version: Version, flags: number): string {
  if (flags <= 0) return String(flags);
  return flagNames(version, flags).join(" ");
}

/** The kind of list that the version's field is, `tuple` for one that it has not. */
export function listKindOf(version: Version, field: string): "list" | "tuple" {
  const row = codeLayout(version).fields.find(({ name }) => name === field);
  return row?.holds?.startsWith("list") ? "list" : "tuple";
}

const orNone = (n: number | null) => (n === null ? "none" : String(n));

export function lineText(statement: Extract<Statement, { is: "line" }>, version: Version): string {
  const { line, endLine, column, endColumn } = statement;
  const implied = hasEndLines(version) ? line : null;
  const end = endLine === implied ? "" : `-${orNone(endLine)}`;
  const columns = column === null && endColumn === null ? "" : ` ${orNone(column)}:${orNone(endColumn)}`;
  return `.line ${orNone(line)}${end}${columns}`;
}

export function exceptText(statement: Extract<Statement, { is: "except" }>): string {
  const { start, end, target, depth, lasti } = statement;
  const range = `${labelText(start)} to ${labelText(end)} using ${labelText(target)}`;
  return `.except ${range}${depth === undefined ? "" : ` depth ${depth}`}${lasti ? " lasti" : ""}`;
}
