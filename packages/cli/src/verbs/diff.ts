/** `pyclab diff A B`: two files compared by what they mean. Exit status as diff's: 0 the same, 1 not, 2 trouble. */
import { resolve } from "node:path";
import { type Pyc, readPyc } from "@pyclab/core";
import { safe } from "@pyclab/core/bytes";
import { type Difference, type DiffLine, diff, diffLines, diffRecord, isSame, sameContent } from "@pyclab/core/diff";
import type { Call } from "../call.js";
import { coloured, paint } from "../colour.js";
import { sentence } from "../convert.js";
import { readInput, systemFault } from "../inputs.js";
import { destination, writeOutput } from "../outputs.js";
import type { Streams } from "../streams.js";
import { UsageError } from "../usage.js";
import { pythonNamed } from "../versions.js";

const SAME = 0;
const DIFFERENT = 1;
const TROUBLE = 2;

export function run(call: Call, streams: Streams): number {
  const [one = "", other = ""] = call.operands;
  if (one === "-" && other === "-") throw new UsageError("standard input can be one of the two only");
  const { json, brief, content, python } = call.options;
  if (json && brief) throw new UsageError("--json and --brief are two forms: choose one");
  const context = contextOf(call);
  if (python !== undefined) pythonNamed(python);
  const file = outputFile(call);
  const [a, b] = [read(one, call, streams), read(other, call, streams)];
  if (a === undefined || b === undefined) return TROUBLE;
  const difference = diff(a, b);
  const same = content ? sameContent(difference) : isSame(difference);
  const names = { a: one, b: other };
  if (json) write(file, streams, `${JSON.stringify(diffRecord(difference, names))}\n`);
  else if (brief) write(file, streams, same ? "" : `${safe(briefly(difference, one, other))}\n`);
  else {
    const colour = colours(coloured(streams, file !== undefined));
    let text = "";
    for (const line of diffLines(difference, { names, context, contentOnly: content ?? false }))
      text += `${colour(line)}\n`;
    write(file, streams, text);
  }
  if (a.errors.length + b.errors.length > 0) return TROUBLE;
  return same ? SAME : DIFFERENT;
}

const CONTEXT = 3;

function contextOf(call: Call): number {
  const { context } = call.options;
  if (context === undefined) return CONTEXT;
  if (!/^\d{1,9}$/.test(context))
    throw new UsageError(`--context ${safe(context)}: a number of instructions is wanted`);
  return Number(context);
}

/** The file that is read; undefined, and a line on standard error, where it cannot be. */
function read(name: string, call: Call, streams: Streams): Pyc | undefined {
  const { raw, tolerant, python } = call.options;
  const options = { raw: raw ?? false, tolerant: tolerant ?? false, ...(python === undefined ? {} : { python }) };
  const fault = (what: string) => streams.err(`${safe(name)}: ${safe(what)}\n`);
  try {
    const pyc = readPyc(readInput(name), { ...options, name: resolve(name) });
    for (const error of pyc.errors) fault(error.message);
    return pyc;
  } catch (error) {
    fault(sentence(error));
    return undefined;
  }
}

/** The file that `-o` names; none of the two that are compared. */
function outputFile(call: Call): string | undefined {
  const [one = "", other = ""] = call.operands;
  const { output } = call.options;
  try {
    destination(output, false).fileFor(other, EXTENSION);
    return destination(output, false).fileFor(one, EXTENSION);
  } catch (error) {
    throw error instanceof UsageError ? error : new UsageError(`-o ${safe((error as Error).message)}`);
  }
}
const EXTENSION = ".diff.txt";

function write(file: string | undefined, streams: Streams, text: string): void {
  if (file === undefined) {
    if (text !== "") streams.out(text);
    return;
  }
  try {
    writeOutput(file, text);
  } catch (error) {
    throw new UsageError(`-o ${safe(file)}: ${systemFault(error)}`);
  }
}

function briefly(difference: Difference, one: string, other: string): string {
  return `Files ${one} and ${other} differ${sameContent(difference) ? " in encoding alone" : ""}`;
}

function colours(on: boolean): (line: DiffLine) => string {
  const { strong, faint } = paint(on);
  const wrap = (open: number) => (text: string) => (on ? `\x1b[${open}m${text}\x1b[39m` : text);
  const by = { head: strong, removed: wrap(31), added: wrap(32), same: (text: string) => text, note: faint };
  return ({ kind, text }) => by[kind](text);
}
