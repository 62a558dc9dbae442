/**
 * The command table: every verb with its options, operands and examples, once. Parsing, help, completions and the
 * dispatch all read it; a verb's code is loaded when it is called.
 */
import type { Streams } from "./streams.js";

export interface OptionRow {
  readonly type: "boolean" | "string";
  readonly short?: string;
  /** What stands for the value in help; for `type: "string"`. */
  readonly value?: string;
  /** What completions offer for the value. */
  readonly completes?: "file" | "version";
  readonly summary: string;
}

export const optionTable = {
  python: {
    type: "string",
    value: "X.Y",
    completes: "version",
    summary: "read as this Python, whatever the magic number says",
  },
  raw: { type: "boolean", summary: "the input is a bare marshal blob without a header" },
  tolerant: { type: "boolean", summary: "show all that can be read of a damaged file" },
  output: {
    type: "string",
    short: "o",
    value: "PATH",
    completes: "file",
    summary: "write to a file; to a folder with several inputs or a trailing /",
  },
  json: { type: "boolean", summary: "JSON, one document per line" },
  markdown: { type: "boolean", summary: "Markdown tables" },
  "show-caches": { type: "boolean", summary: "list inline CACHE entries too" },
  "show-offsets": { type: "boolean", summary: "show instruction offsets beside labels" },
  "show-positions": { type: "boolean", summary: "show lines and columns of each instruction" },
  source: {
    type: "string",
    value: "FILE",
    completes: "file",
    summary: "print each source line above its instructions",
  },
  hex: { type: "boolean", summary: "a hexdump coloured by meaning, with a legend" },
  html: { type: "boolean", summary: "one self-contained page, bytes and structure linked" },
  help: { type: "boolean", short: "h", summary: "show this help" },
  version: { type: "boolean", short: "V", summary: "show pyclab's version" },
} as const satisfies Readonly<Record<string, OptionRow>>;

export type OptionName = keyof typeof optionTable;

/** The options of a call: a boolean or a text each, by the table's type. */
export type Options = {
  readonly [K in OptionName]?: (typeof optionTable)[K]["type"] extends "string" ? string : boolean;
};

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
  /** Loads the verb's code; `run` gives the exit status. */
  readonly load: () => Promise<{ readonly run: (call: Call, streams: Streams) => number }>;
}

const inputs: Operands = { kind: "inputs", least: 1, most: Number.POSITIVE_INFINITY, usage: "INPUT..." };
const oneOrTwoVersions: Operands = { kind: "versions", least: 1, most: 2, usage: "VERSION [VERSION]" };
const reading = ["python", "raw", "tolerant"] as const;

/** What `pyclab FILE` does. */
export const bare: Verb = {
  name: "",
  summary: "what the file is, then its listing",
  operands: inputs,
  options: [...reading, "output"],
  examples: [["pyclab a.pyc", "info, then dis"]],
  load: () => import("./verbs/look.js"),
};

export const verbs: readonly Verb[] = [
  {
    name: "info",
    summary: "which Python, the header's fields, the tree of code objects, warnings",
    operands: inputs,
    options: [...reading, "output", "json"],
    examples: [
      ["pyclab info a.pyc", "one screen"],
      ["pyclab info --json __pycache__", "one JSON document per file of a folder"],
      ["pyclab info - < a.pyc", "from standard input"],
    ],
    load: () => import("./verbs/info.js"),
  },
  {
    name: "dis",
    summary: "the listing, as that Python's own dis prints it",
    operands: inputs,
    options: [...reading, "output", "show-caches", "show-offsets", "show-positions", "source"],
    examples: [
      ["pyclab dis a.pyc", "the module and every code object in it"],
      ["pyclab dis --show-caches a.pyc", "with inline CACHE entries (3.11 and later)"],
      ["pyclab dis --source a.py a.pyc", "with the source lines between"],
      ["pyclab dis -o listings/ __pycache__", "a folder with one listing per file"],
    ],
    load: () => import("./verbs/dis.js"),
  },
  {
    name: "tree",
    summary: "the whole content as JSON",
    operands: inputs,
    options: [...reading, "output", "json"],
    examples: [
      ["pyclab tree a.pyc", "the module's code object"],
      ["pyclab tree --json __pycache__", "one line per file, without heads"],
    ],
    load: () => import("./verbs/tree.js"),
  },
  {
    name: "dissect",
    summary: "every byte, annotated; also as a hexdump or a page",
    operands: inputs,
    options: [...reading, "output", "hex", "html"],
    examples: [
      ["pyclab dissect a.pyc", "the notation: bytes with comments"],
      ["pyclab dissect --hex a.pyc", "a hexdump coloured by meaning"],
      ["pyclab dissect --html -o a.html a.pyc", "a page for the browser"],
    ],
    load: () => import("./verbs/dissect.js"),
  },
  {
    name: "magic",
    summary: "what a magic number, a file or a version is; alone, the whole registry",
    operands: {
      kind: "magics",
      least: 0,
      most: Number.POSITIVE_INFINITY,
      usage: "[NUMBER | BYTES | FILE | VERSION]...",
    },
    options: ["output", "json", "markdown"],
    examples: [
      ["pyclab magic 3495", "which Python has this number"],
      ["pyclab magic a70d0d0a", "the same, as the four bytes"],
      ["pyclab magic a.pyc", "which Python wrote this file"],
      ["pyclab magic 3.11", "the numbers of 3.11, pre-releases included"],
      ["pyclab magic --markdown", "the registry"],
    ],
    load: () => import("./verbs/magic.js"),
  },
  {
    name: "layout",
    summary: "the structure tables of a version, or what changed between two",
    operands: oneOrTwoVersions,
    options: ["output", "json", "markdown"],
    examples: [
      ["pyclab layout 3.8", "header and code object"],
      ["pyclab layout 3.10 3.11", "what changed"],
    ],
    load: () => import("./verbs/layout.js"),
  },
  {
    name: "opcodes",
    summary: "the opcode table of a version with stack effects, or what changed between two",
    operands: oneOrTwoVersions,
    options: ["output", "json", "markdown"],
    examples: [
      ["pyclab opcodes 3.12", "number, name, operand, caches, stack effect"],
      ["pyclab opcodes 3.11 3.12", "what changed"],
    ],
    load: () => import("./verbs/opcodes.js"),
  },
  {
    name: "completions",
    summary: "a completion script for a shell",
    operands: { kind: "shells", least: 1, most: 1, usage: "bash | zsh | fish" },
    options: ["output"],
    examples: [
      ['eval "$(pyclab completions bash)"', "in ~/.bashrc"],
      ["pyclab completions zsh > ~/.zfunc/_pyclab", "a folder on zsh's fpath"],
      ["pyclab completions fish > ~/.config/fish/completions/pyclab.fish", "for fish"],
    ],
    load: () => import("./verbs/completions.js"),
  },
];

export const shells = ["bash", "zsh", "fish"] as const;
