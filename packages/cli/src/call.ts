/** What a verb is, and what a call of one is. */
import type { OptionName, Options } from "./options.js";
import type { Streams } from "./streams.js";

/** What the operands are: files and folders, or words with how many are wanted. */
export interface Operands {
  readonly kind: "inputs" | "versions" | "magics" | "shells";
  readonly least: number;
  readonly most: number;
  /** As the usage line shows them. */
  readonly usage: string;
}

export interface Call {
  readonly verb: Verb;
  readonly operands: readonly string[];
  readonly options: Options;
}

export interface Verb {
  /** The word that calls it; empty for what a call without a verb does. */
  readonly name: string;
  readonly summary: string;
  readonly operands: Operands;
  readonly options: readonly OptionName[];
  /** Command lines with a few words on each. */
  readonly examples: readonly (readonly [command: string, what: string])[];
  /** Loads the code for a call of the verb; `run` gives the exit status. */
  readonly load: (call: Call) => Promise<{ readonly run: (call: Call, streams: Streams) => number }>;
}
