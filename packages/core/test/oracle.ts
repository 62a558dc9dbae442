/**
 * Real interpreters' answers, and how they are compared with ours.
 *
 * `fixtures/VERSION/STEM.pyc` was compiled by that Python; `STEM.dis.txt.gz` is what its own `dis` printed of it
 * (nested code objects in 3.7's way for every version) and `STEM.tree.json.gz` its content. Three things may differ
 * between two honest answers: addresses, white space at line ends, and the order in which the elements of a set or a
 * dict stand.
 */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";

const root = fileURLToPath(new URL("../../../", import.meta.url));

export interface Sample {
  readonly version: string;
  readonly stem: string;
  readonly bytes: Uint8Array;
  /** What that Python's `dis` printed. */
  readonly dis: () => string;
  /** Its content as JSON text. */
  readonly tree: () => string;
}

/** The folders of `fixtures/` in order: a version each, then `pypy/VERSION`. */
export function fixtureVersions(): readonly string[] {
  const numbered = (folder: string) =>
    readdirSync(folder)
      .filter((name) => /^\d/.test(name))
      .sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
  return [...numbered(`${root}fixtures`), ...numbered(`${root}fixtures/pypy`).map((name) => `pypy/${name}`)];
}

export function fixturesOf(version: string): readonly Sample[] {
  return samplesIn(`${root}fixtures/${version}`, version);
}

/** The samples of a folder, in alphabetical order. */
export function samplesIn(folder: string, version: string): readonly Sample[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".pyc"))
    .sort()
    .map((name) => {
      const path = `${folder}/${name.slice(0, -4)}`;
      return {
        version,
        stem: name.slice(0, -4),
        bytes: new Uint8Array(readFileSync(`${path}.pyc`)),
        dis: () => gunzipSync(readFileSync(`${path}.dis.txt.gz`)).toString(),
        tree: () => gunzipSync(readFileSync(`${path}.tree.json.gz`)).toString(),
      };
    });
}

/** The first line where two listings differ, in words, or undefined. */
export function listingDifference(expected: string, got: string): string | undefined {
  const wanted = comparableLines(expected);
  const lines = comparableLines(got);
  for (let i = 0; i < Math.max(wanted.length, lines.length); i++) {
    const [want, line] = [wanted[i], lines[i]];
    if (want === line || (want !== undefined && line !== undefined && sorted(want) === sorted(line))) continue;
    return `line ${i + 1}\n  expected |${want ?? "nothing more"}\n  got      |${line ?? "nothing more"}`;
  }
  return undefined;
}

function comparableLines(text: string): string[] {
  const lines = text.split("\n").map((line) => line.trimEnd().replace(/ at (?:0x)?[\da-fA-F]+(?=[,>]|$)/g, " at 0x"));
  while (lines.at(-1) === "") lines.pop();
  return lines;
}

const closing: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" };

/** The line with the elements of every set and dict display, and of `frozenset([…])`, in alphabetical order. */
function sorted(line: string): string {
  interface Open {
    readonly close: string;
    readonly anyOrder: boolean;
    readonly done: string[];
    text: string;
  }
  const stack: Open[] = [{ close: "", anyOrder: false, done: [], text: "" }];
  let quote = "";
  for (let i = 0; i < line.length; i++) {
    const c = line[i] as string;
    const top = stack[stack.length - 1] as Open;
    if (quote) {
      top.text += c === "\\" ? c + (line[++i] ?? "") : c;
      if (c === quote) quote = "";
    } else if (c === "'" || c === '"') {
      quote = c;
      top.text += c;
    } else if (closing[c]) {
      const anyOrder = c === "{" || (c === "[" && top.text.endsWith("frozenset("));
      stack.push({ close: closing[c], anyOrder, done: [], text: c });
    } else if (c === top.close) {
      stack.pop();
      (stack[stack.length - 1] as Open).text += finished(top) + c;
    } else if (c === "," && top.anyOrder) {
      top.done.push(top.text.trim());
      top.text = "";
    } else top.text += c;
  }
  return stack.map(finished).join("");
}

function finished(open: { anyOrder: boolean; done: string[]; text: string }): string {
  if (!open.anyOrder) return open.text;
  const elements = [...open.done, open.text.trim()];
  const first = elements[0] as string;
  return first[0] + [first.slice(1), ...elements.slice(1)].sort().join(", ");
}

/** Where two trees (JSON texts) differ first, in words, or undefined. */
export function treeDifference(expected: string, got: string): string | undefined {
  return difference(JSON.parse(expected), JSON.parse(got), "");
}

/** Keys that our tree may have where the interpreter's has none. */
const additional = new Set(["linestarts", "lines", "positions"]);

function difference(want: unknown, got: unknown, path: string): string | undefined {
  if (Array.isArray(want) && Array.isArray(got)) {
    if (want.length !== got.length) return `${path}: ${want.length} items expected, ${got.length} found`;
    return firstOf(want.keys(), (i) => difference(want[i], got[i], `${path}[${i}]`));
  }
  if (isObject(want) && isObject(got)) {
    const extra = Object.keys(got).find((key) => !(key in want) && !additional.has(key));
    if (extra !== undefined) return `${path}.${extra}: not expected`;
    return firstOf(Object.keys(want), (key) => {
      if (!(key in got)) return `${path}.${key}: missing`;
      const free = key === "v" && (want.t === "set" || want.t === "frozenset" || want.t === "dict");
      return free
        ? difference(inAnyOrder(want[key]), inAnyOrder(got[key]), `${path}.v`)
        : difference(want[key], got[key], `${path}.${key}`);
    });
  }
  return Object.is(want, got) ? undefined : `${path}: expected ${JSON.stringify(want)}, got ${JSON.stringify(got)}`;
}

function firstOf<T>(items: Iterable<T>, find: (item: T) => string | undefined): string | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Elements as JSON texts with sorted keys, sorted. */
function inAnyOrder(elements: unknown): unknown {
  return Array.isArray(elements) ? elements.map(keyed).sort() : elements;
}

function keyed(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(keyed).join()}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const entries = Object.keys(value).sort();
  return `{${entries.map((key) => `${JSON.stringify(key)}:${keyed(key === "v" && value.t !== "tuple" ? inAnyOrder(value[key]) : value[key])}`).join()}}`;
}
