/** What verbs that write .pyc files from texts share: each text read, made into bytes, written; faults told by line. */
import { faultLine, safe, TextError, type TextFault, utf8Fault } from "@pyclab/core/bytes";
import type { Call } from "./call.js";
import { sentence } from "./convert.js";
import { expand, type Input, readInput } from "./inputs.js";
import { checkBytesOutput, destination, writeOutput } from "./outputs.js";
import { startProgress } from "./progress.js";
import { BrokenPipe, type Streams } from "./streams.js";

export interface Building {
  /** Of the texts that are looked for in folders: `.pycn`. */
  readonly extension: string;
  /** The bytes of a text; throws a TextError if it has faults. */
  readonly bytes: (
    text: string,
    input: Input,
  ) => { readonly bytes: Uint8Array; readonly warnings: readonly TextFault[] };
}

/** Builds every input of the call; the exit status is 1 if one failed. */
export function build(call: Call, streams: Streams, { extension, bytes }: Building): number {
  const { output } = call.options;
  const { inputs, folders } = expand(call.operands, { ends: [extension], what: `${extension} file` });
  const several = folders || inputs.length > 1;
  checkBytesOutput(output, several, streams);
  const { fileFor } = destination(output, several);
  const progress = startProgress(streams, inputs.length, output !== undefined);
  let failed = false;

  const one = (input: Input) => {
    if (input.fault) throw new Error(input.fault);
    const text = decoded(readInput(input.name));
    const tell = (faults: readonly TextFault[]) => {
      if (faults.length > 0) progress.clear();
      for (const fault of faults) streams.err(told(input, text.shown, fault));
    };
    try {
      if (text.fault) throw new TextError([text.fault]);
      const built = bytes(text.shown, input);
      tell(built.warnings);
      const file = fileFor(input.name, ".pyc");
      if (file === undefined) streams.out(built.bytes);
      else writeOutput(file, built.bytes);
    } catch (error) {
      if (!(error instanceof TextError)) throw error;
      failed = true;
      tell(error.faults);
    }
  };

  for (const input of inputs) {
    progress.next(input.name);
    try {
      one(input);
    } catch (error) {
      if (error instanceof BrokenPipe) throw error;
      failed = true;
      progress.clear();
      streams.err(`${safe(input.name)}: ${safe(sentence(error))}\n`);
    }
  }
  progress.clear();
  return failed ? 1 : 0;
}

/** `name:3:9: what; expected …`, the line, and a caret below it. */
function told({ name }: Input, text: string, fault: TextFault): string {
  const { line, column, warning, what, expected } = fault;
  const word = warning ? "warning: " : "";
  const wanted = expected === "" ? "" : `; expected ${expected}`;
  return `${safe(name)}:${line}:${column}: ${word}${safe(what + wanted)}\n${faultLine(text, fault)}`;
}

const LF = 10;

/** UTF-8 as text, without a byte order mark; where it is none, the text as far as it can be shown, and the fault. */
function decoded(bytes: Uint8Array): { readonly shown: string; readonly fault?: TextFault } {
  try {
    return { shown: new TextDecoder("utf-8", { fatal: true }).decode(bytes) };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
  }
  const at = notUtf8(bytes);
  const lossy = new TextDecoder("utf-8");
  const start = bytes.lastIndexOf(LF, at - 1) + 1;
  let line = 1;
  for (let end = bytes.indexOf(LF); end >= 0 && end < at; end = bytes.indexOf(LF, end + 1)) line++;
  const byte = `0x${(bytes[at] as number).toString(16).padStart(2, "0")}`;
  const fault = {
    code: "not-utf8",
    warning: false,
    line,
    column: lossy.decode(bytes.subarray(start, at)).length + 1,
    length: 1,
    what: `the byte ${byte} at offset ${at} is not UTF-8`,
    expected: "a text in UTF-8",
  };
  return { shown: lossy.decode(bytes), fault };
}

/** The first byte that is not UTF-8; a surrogate is none. */
function notUtf8(bytes: Uint8Array): number {
  const at = utf8Fault(bytes, 0, bytes.length);
  const end = at < 0 ? bytes.length : at;
  for (let i = bytes.indexOf(0xed); i >= 0 && i < end; i = bytes.indexOf(0xed, i + 1))
    if ((bytes[i + 1] as number) >= 0xa0) return i;
  return Math.min(end, bytes.length - 1);
}
