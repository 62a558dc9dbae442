/** Every option of the command, once. */
export interface OptionRow {
  readonly type: "boolean" | "string";
  readonly short?: string;
  /** Whether it may be given more than once; its value is a list then. */
  readonly multiple?: boolean;
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
    summary: "the source: dis prints its lines, verify holds the file against it",
  },
  asm: { type: "boolean", summary: "the assembly language, which asm makes a file of again" },
  "no-exact": { type: "boolean", summary: "leave encodings out; what the file means stays" },
  hex: { type: "boolean", summary: "a hexdump coloured by meaning, with a legend" },
  html: { type: "boolean", summary: "one self-contained page, bytes and structure linked" },
  fill: { type: "string", value: "DIGIT", summary: "the hex digit that free nibbles (x) become; 0 unless said" },
  set: {
    type: "string",
    multiple: true,
    value: "WHERE=VALUE",
    summary: "a header field, a field, an entry: mtime=0, f.co_consts[2]='x'; repeatable",
  },
  form: {
    type: "string",
    value: "FORM",
    summary: "the header's form (3.7 and later): timestamp, checked-hash or unchecked-hash",
  },
  "hash-source": {
    type: "string",
    value: "FILE",
    completes: "file",
    summary: "put the hash of this source into the header",
  },
  magic: {
    type: "string",
    value: "X.Y",
    completes: "version",
    summary: "the magic number and header form of this Python; the rest stays as it is",
  },
  filename: {
    type: "string",
    multiple: true,
    value: "PATTERN=TEXT",
    summary: "replace what a regular expression matches in every co_filename; repeatable",
  },
  strip: {
    type: "string",
    value: "WHAT",
    summary: "take out docstrings, lines or locals (their names), or several: a,b",
  },
  insert: {
    type: "string",
    multiple: true,
    value: "WHERE: CODE",
    summary: "put instructions before one: 'f@12: LOAD_CONST 1; POP_TOP'; repeatable",
  },
  replace: {
    type: "string",
    multiple: true,
    value: "WHERE: CODE",
    summary: "put instructions in the place of some: 'f@12-18: LOAD_CONST 1'; repeatable",
  },
  delete: {
    type: "string",
    multiple: true,
    value: "WHERE",
    summary: "take instructions out: 'f@12' or 'f@12-18'; repeatable",
  },
  "in-place": { type: "boolean", summary: "change the input itself, by writing a new file and renaming it" },
  context: { type: "string", value: "N", summary: "show so many instructions around those that differ (3)" },
  content: { type: "boolean", summary: "let how things are encoded count for nothing" },
  brief: { type: "boolean", summary: "say in one line whether the files differ" },
  help: { type: "boolean", short: "h", summary: "show this help" },
  version: { type: "boolean", short: "V", summary: "show pyclab's version" },
} as const satisfies Readonly<Record<string, OptionRow>>;

export type OptionName = keyof typeof optionTable;

/** The options of a call: a boolean, a text or a list of texts each, by the table. */
export type Options = {
  readonly [K in OptionName]?: (typeof optionTable)[K] extends { multiple: true }
    ? readonly string[]
    : (typeof optionTable)[K]["type"] extends "string"
      ? string
      : boolean;
};
