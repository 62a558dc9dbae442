/** Every option of the command, once. */
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
