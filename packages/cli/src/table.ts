/**
 * The command table: every verb with its options, operands and examples, once. Parsing, help, completions and the
 * dispatch all read it; a verb's code is loaded when it is called.
 */
import type { Operands, Verb } from "./call.js";

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
    options: [...reading, "output", "show-caches", "show-offsets", "show-positions", "source", "asm", "no-exact"],
    examples: [
      ["pyclab dis a.pyc", "the module and every code object in it"],
      ["pyclab dis --show-caches a.pyc", "with inline CACHE entries (3.11 and later)"],
      ["pyclab dis --source a.py a.pyc", "with the source lines between"],
      ["pyclab dis -o listings/ __pycache__", "a folder with one listing per file"],
      ["pyclab dis --asm -o a.pyasm a.pyc", "assembly, of which asm makes the same file"],
      ["pyclab dis --asm --no-exact a.pyc", "for reading, and for writing by hand"],
    ],
    load: ({ options }) => (options.asm ? import("./verbs/dis-asm.js") : import("./verbs/dis.js")),
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
    name: "forge",
    summary: "a file from the notation that dissect prints, bit for bit",
    operands: inputs,
    options: ["output", "fill"],
    examples: [
      ["pyclab forge -o a.pyc a.pycn", "the bytes of one text"],
      ["pyclab forge -o files/ texts", "a folder with one file per .pycn text"],
      ["pyclab forge - < a.pycn > a.pyc", "from standard input to standard output"],
      ["pyclab forge --fill f -o a.pyc a.pycn", "with f where the text says x"],
    ],
    load: () => import("./verbs/forge.js"),
  },
  {
    name: "asm",
    summary: "assembly made into a .pyc file",
    operands: inputs,
    options: ["output", "python"],
    examples: [
      ["pyclab asm -o a.pyc a.pyasm", "what dis --asm printed, edited or not"],
      ["pyclab asm --python 3.12 -o a.pyc a.pyasm", "for that Python, whatever the text says"],
      ["pyclab asm -o built/ listings", "a file for each .pyasm in a folder"],
    ],
    load: () => import("./verbs/asm.js"),
  },
  {
    name: "edit",
    summary: "change header, names, constants, flags, instructions; what depends on them is mended",
    operands: inputs,
    options: [
      "python",
      "raw",
      "set",
      "form",
      "hash-source",
      "magic",
      "filename",
      "strip",
      "insert",
      "replace",
      "delete",
      "in-place",
      "output",
    ],
    examples: [
      ["pyclab edit --set mtime=0 -o b.pyc a.pyc", "a header field"],
      ["pyclab edit --set \"f.co_consts[2]='hello'\" -o b.pyc a.pyc", "a constant of f"],
      ["pyclab edit --filename '^/home/[^/]*/=' --in-place build/", "file names, all through a folder"],
      ["pyclab edit --strip docstrings,lines -o b.pyc a.pyc", "what a program runs without"],
      ["pyclab edit --form checked-hash --hash-source a.py --in-place a.pyc", "another form of the header"],
      ["pyclab edit --insert 'f@4: LOAD_CONST 1; POP_TOP' -o b.pyc a.pyc", "before the instruction at offset 4"],
    ],
    load: () => import("./verbs/edit.js"),
  },
  {
    name: "verify",
    summary: "what its Python relies on in a file, checked; with --source, whether it is that source's",
    operands: inputs,
    options: [...reading, "output", "json", "source"],
    examples: [
      ["pyclab verify __pycache__", "a line for each finding, and for each sound file"],
      ["pyclab verify --source a.py a.pyc", "match, mismatch, or cannot tell"],
      ["pyclab verify --json a.pyc", "for programs"],
    ],
    load: () => import("./verbs/verify.js"),
  },
  {
    name: "diff",
    summary: "two files compared by what they mean; encoding told apart",
    operands: { kind: "inputs", least: 2, most: 2, usage: "A B" },
    options: [...reading, "output", "json", "context", "content", "brief"],
    examples: [
      ["pyclab diff a.pyc b.pyc", "exit status 0: the same, 1: not, 2: trouble"],
      ["pyclab diff --content a.pyc b.pyc", "how things are encoded is no difference"],
      ["pyclab diff --brief a.pyc b.pyc", "one line"],
      ["pyclab diff --context 10 old.pyc - < new.pyc", "with more instructions around"],
    ],
    load: () => import("./verbs/diff.js"),
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
