/** What `info` tells about a file, as text and as a record. */
import type { Pyc } from "@pyclab/core";
import { hex, safe } from "@pyclab/core/bytes";
import { CodeObject, flagNames } from "@pyclab/core/code";
import { CHECK_SOURCE, HASH_BASED } from "@pyclab/core/format";
import { type Paint, paint } from "./colour.js";
import { textTable } from "./tables.js";

/** How many code objects and warnings the text shows. */
const SHOWN = 1000;
/** Nesting beyond this is not indented further. */
const DEEPEST = 20;

export function infoText(pyc: Pyc, colour: boolean): string {
  const p = paint(colour);
  const rows = [...aboutPython(pyc), ...aboutHeader(pyc), ...aboutFile(pyc)];
  const width = Math.max(...rows.map(([label]) => label.length));
  return [
    ...rows.map(([label, what]) => `${p.faint(label.padEnd(width))}  ${safe(what)}`),
    "",
    codeTable(codeObjects(pyc), p),
    ...warningLines(pyc, p),
  ].join("\n");
}

type Line = readonly [label: string, what: string];

function aboutPython({ version, certainty, header, bytes }: Pyc): Line[] {
  const { lineage, python, release } = version;
  const others = certainty.candidates
    .filter((other) => other !== version)
    .map((other) => `${other.lineage} ${other.release}`);
  const magic = header ? bytes.subarray(0, 4) : undefined;
  return [
    ["Python", `${lineage === "CPython" ? "" : `${lineage} `}${python} (${lineage} ${release})`],
    [certainty.sure ? "sure" : "not sure", certainty.why],
    ...(others.length ? [["or", others.join(", ")] as const] : []),
    ...(magic && magic.length === 4 ? [["magic", `${magicNumber(magic)}${spaced(magic)}`] as const] : []),
  ];
}

/** The 16-bit number, where CR LF follows it as it does from 1.3 on. */
function magicNumber([low = 0, high = 0, cr, lf]: Uint8Array): string {
  return cr === 13 && lf === 10 ? `${low | (high << 8)} = ` : "";
}

const spaced = (bytes: Uint8Array) => hex(bytes).replace(/..(?=.)/g, "$& ");

function aboutHeader({ header }: Pyc): Line[] {
  if (!header) return [["header", "none"]];
  const { flags, mtime, sourceSize, sourceHash } = header;
  const lines: Line[] = [["header", `${header.span.end} bytes`]];
  if (flags !== undefined) lines.push(["flags", `0x${flags.toString(16).padStart(8, "0")}: ${flagWords(flags)}`]);
  if (mtime !== undefined) lines.push(["mtime", `${mtime} = ${isoDate(mtime)}`]);
  if (sourceSize !== undefined) lines.push(["source size", `${sourceSize} bytes`]);
  if (sourceHash) lines.push(["source hash", hex(sourceHash)]);
  return lines;
}

/** The header's flags in words (PEP 552). */
export function flagWords(flags: number): string {
  const kind =
    (flags & HASH_BASED) === 0
      ? "timestamp-based"
      : `hash-based, ${flags & CHECK_SOURCE ? "checked against the source" : "never checked"}`;
  const rest = (flags & ~(HASH_BASED | CHECK_SOURCE)) >>> 0;
  return rest ? `${kind}; undefined bits 0x${rest.toString(16)}, which importlib rejects` : kind;
}

const isoDate = (seconds: number) => new Date(seconds * 1000).toISOString().replace(".000Z", "Z");

function aboutFile({ bytes, trailing, code, header }: Pyc): Line[] {
  const start = header ? header.span.end : 0;
  const end = trailing ? trailing.start : bytes.length;
  const parts = `${bytes.length} bytes: header ${start}, ${code ? "code object" : "object"} ${end - start}`;
  return [
    ["file", trailing ? `${parts}, ${bytes.length - end} behind it` : parts],
    ...(code ? [["compiled from", code.filename] as const] : []),
  ];
}

interface CodeFacts {
  readonly depth: number;
  readonly offset: number;
  readonly name: string;
  readonly firstLine: number | undefined;
  readonly codeSize: number;
  readonly consts: number;
  readonly names: number;
  readonly locals: number;
  readonly stackSize: number | undefined;
  readonly flags: readonly string[];
  /** The same code object stands earlier in the list, with those inside it. */
  readonly again: boolean;
}

/** The code objects in the order of their listings; one that is shared is opened once. */
function codeObjects(pyc: Pyc): readonly CodeFacts[] {
  const out: CodeFacts[] = [];
  const seen = new Set<number>();
  const waiting: { code: CodeObject; depth: number }[] = pyc.code ? [{ code: pyc.code, depth: 0 }] : [];
  for (let at = waiting.pop(); at; at = waiting.pop()) {
    const { code, depth } = at;
    const again = seen.has(code.node);
    out.push(facts(code, depth, again));
    if (again) continue;
    seen.add(code.node);
    for (const node of [...code.nested].reverse())
      waiting.push({ code: new CodeObject(pyc.values, node), depth: depth + 1 });
  }
  return out;
}

function facts(code: CodeObject, depth: number, again: boolean): CodeFacts {
  return {
    depth,
    offset: code.offset,
    name: code.name,
    firstLine: code.int("co_firstlineno"),
    codeSize: code.code.length,
    consts: code.consts.length,
    names: code.names.length,
    locals: code.locals.length,
    stackSize: code.int("co_stacksize"),
    flags: flagNames(code.version, code.flags),
    again,
  };
}

function codeTable(found: readonly CodeFacts[], p: Paint): string {
  if (!found.length) return "no code object\n";
  const number = (value: number | undefined) => (value === undefined ? "-" : String(value));
  const table = textTable(
    {
      title: "",
      columns: [
        { name: "code object" },
        { name: "line", right: true },
        { name: "bytes", right: true },
        { name: "consts", right: true },
        { name: "names", right: true },
        { name: "locals", right: true },
        { name: "stack", right: true },
        { name: "flags" },
      ],
      rows: found
        .slice(0, SHOWN)
        .map((one) => [
          `${"  ".repeat(Math.min(one.depth, DEEPEST))}${one.name || "?"}`,
          number(one.firstLine),
          number(one.codeSize),
          number(one.consts),
          number(one.names),
          number(one.locals),
          number(one.stackSize),
          one.again ? "(shared, see above)" : one.flags.join(" "),
        ]),
    },
    p,
  );
  return found.length > SHOWN ? `${table}and ${found.length - SHOWN} more code objects\n` : table;
}

function warningLines(pyc: Pyc, p: Paint): string[] {
  const warnings = pyc.warnings();
  if (!warnings.length) return [];
  const lines = warnings
    .slice(0, SHOWN)
    .map((one) => `  offset 0x${one.offset.toString(16)}: ${one.path ? `${one.path}: ` : ""}${one.message}`);
  if (warnings.length > SHOWN) lines.push(`  and ${warnings.length - SHOWN} more`);
  return [p.warning(warnings.length === 1 ? "1 warning" : `${warnings.length} warnings`), ...lines.map(safe), ""];
}

/** The same facts as one JSON document. */
export function infoRecord(pyc: Pyc, name: string): object {
  const { version, certainty, header, trailing, bytes } = pyc;
  const { lineage, python, release, word, magic } = version;
  return {
    name,
    size: bytes.length,
    python,
    implementation: lineage,
    release,
    magic: { number: word, bytes: magic },
    sure: certainty.sure,
    why: certainty.why,
    candidates: certainty.candidates.map((one) => ({
      implementation: one.lineage,
      python: one.python,
      release: one.release,
    })),
    header: header && {
      size: header.span.end,
      fields: header.fields.map(({ field, span }) => ({
        name: field.name,
        ...span,
        bytes: hex(bytes, span.start, span.end),
      })),
      ...(header.flags === undefined ? {} : { flags: header.flags, flagsMeaning: flagWords(header.flags) }),
      ...(header.mtime === undefined ? {} : { mtime: header.mtime, date: isoDate(header.mtime) }),
      ...(header.sourceSize === undefined ? {} : { sourceSize: header.sourceSize }),
      ...(header.sourceHash ? { sourceHash: hex(header.sourceHash) } : {}),
    },
    filename: pyc.code?.filename,
    codeObjects: codeObjects(pyc),
    trailing,
    warnings: pyc.warnings().map(({ code, offset, path, message }) => ({ code, offset, path, message })),
    errors: pyc.errors.map(({ code, offset, path, message }) => ({ code, offset, path, message })),
  };
}
