/** What every verb that reads .pyc files shares: each input read, worked on, written; faults told, the rest still done. */
import { resolve } from "node:path";
import { FormatError, type Pyc, readPyc } from "@pyclab/core";
import { safe } from "@pyclab/core/bytes";
import type { Call } from "./call.js";
import { expand, type Input, readInput, systemFault } from "./inputs.js";
import { checkBytesOutput, destination, writeOutput } from "./outputs.js";
import { startProgress } from "./progress.js";
import { BrokenPipe, type Streams } from "./streams.js";
import { pythonNamed } from "./versions.js";

export interface Work {
  /** Of the file that is written for an input: `.dis.txt`. */
  readonly extension: string;
  /** Whether several outputs in a row are told apart by `==> name <==`; not where a program reads them. */
  readonly heads: boolean;
  /** Whether what is odd about an input is told on standard error; not where the output itself tells it. */
  readonly warns: boolean;
  /** The output for an input: a text with a line feed at its end, or bytes. */
  readonly text: (pyc: Pyc, input: Input) => string | Uint8Array;
  /** For bytes: whether they are a file of their own, or take the place of the input. */
  readonly bytes?: "file" | "in-place";
  /** The output for an input that could not be read, where there is one. */
  readonly failed?: (error: unknown, input: Input) => string;
}

/** Runs the work on every input of the call; the exit status is 1 if one failed. */
export function convert(call: Call, streams: Streams, work: Work): number {
  const { raw, tolerant, python } = call.options;
  if (python !== undefined) pythonNamed(python);
  const options = { raw: raw ?? false, tolerant: tolerant ?? false, ...(python === undefined ? {} : { python }) };
  const { inputs, folders } = expand(call.operands);
  const several = folders || inputs.length > 1;
  const inPlace = work.bytes === "in-place";
  if (work.bytes === "file") checkBytesOutput(call.options.output, several, streams);
  const { fileFor } = destination(call.options.output, several);
  const progress = startProgress(streams, inputs.length, call.options.output !== undefined);
  let failed = false;
  let headed = false;

  const fault = (input: Input, what: string) => {
    failed = true;
    progress.clear();
    streams.err(`${safe(input.name)}: ${safe(what)}\n`);
  };
  const write = (input: Input, text: string | Uint8Array) => {
    const file = inPlace ? input.name : fileFor(input.name, work.extension);
    if (file !== undefined) {
      writeOutput(file, text);
      return;
    }
    if (several && work.heads) streams.out(`${headed ? "\n" : ""}==> ${safe(input.name)} <==\n`);
    headed = true;
    streams.out(text);
  };
  const one = (input: Input) => {
    if (input.fault) throw new Error(input.fault);
    const pyc = readPyc(readInput(input.name), { ...options, name: resolve(input.name) });
    const odd = work.warns ? oddities(pyc) : [];
    if (odd.length) progress.clear();
    for (const line of odd) streams.err(`${safe(input.name)}: ${safe(line)}\n`);
    write(input, work.text(pyc, input));
    for (const error of pyc.errors) fault(input, error.message);
  };

  for (const input of inputs) {
    progress.next(input.name);
    try {
      one(input);
    } catch (error) {
      if (error instanceof BrokenPipe) throw error;
      if (work.failed) write(input, work.failed(error, input));
      fault(input, sentence(error));
    }
  }
  progress.clear();
  return failed ? 1 : 0;
}

/** How many warnings of one file standard error shows. */
const SHOWN = 20;

/** What is odd about a file that could be read, a line each. */
function oddities(pyc: Pyc): readonly string[] {
  const lines = pyc.warnings().map((warning) => `offset 0x${warning.offset.toString(16)}: warning: ${warning.message}`);
  if (lines.length <= SHOWN) return lines;
  return [...lines.slice(0, SHOWN), `${lines.length - SHOWN} more warnings (pyclab info lists them)`];
}

/** Errors of the library that tell what is wrong with what was asked for, by name: their rooms are loaded when called. */
const ofLibrary = ["EditError", "TextError", "WriteError"];

/** What an error says of its input, in one line. */
export function sentence(error: unknown): string {
  if (error instanceof FormatError) return error.message;
  if (error instanceof Error && ofLibrary.includes(error.name)) return error.message;
  const known = error instanceof Error && (error.constructor === Error || "code" in error);
  return known ? systemFault(error) : `this is a fault of pyclab itself: ${error}`;
}

/** What `--json` says of an input that could not be read. */
export function failureRecord(error: unknown, input: Input): object {
  const where = error instanceof FormatError ? { code: error.code, offset: error.offset, path: error.path } : {};
  return { name: input.name, error: { ...where, message: sentence(error) } };
}
