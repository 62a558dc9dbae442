/**
 * What is odd about a code object: things that its Python would not have written, or that would stop or mislead a
 * reader. Nothing here is an error: the code object was read, and is listed as it stands.
 */
import { safe } from "../bytes/index.js";
import { type CodeObject, textOf, unknownFlags } from "../code/index.js";
import { exceptionTable } from "../exceptiontable/index.js";
import { decode, type Instructions, jumpTarget, NO_TARGET } from "../instruction/index.js";
import { entries } from "../linetable/index.js";
import { FLAG_REF, NO_NODE } from "../marshal/index.js";
import { OpargKind, type OpcodeTable, opcodesOf } from "../opcode/index.js";

/** Ids of what is odd, for programs. */
export type OddityCode =
  | "no-instructions"
  | "odd-code-length"
  | "cut-off-instruction"
  | "unknown-opcode"
  | "internal-opcode"
  | "index-out-of-range"
  | "jump-out-of-code"
  | "jump-into-instruction"
  | "long-extended-arg"
  | "stacksize"
  | "unknown-flags"
  | "line-table"
  | "exception-table"
  | "field-type"
  | "unsafe-name";

export interface Oddity {
  readonly code: OddityCode;
  /** File offset in bytes. */
  readonly offset: number;
  readonly message: string;
}

/** Deepest value stack that is taken for earnest. */
const DEEPEST = 100_000;

/** What is odd about a code object itself, its nested ones apart; of one kind, the first and how many there are. */
export function oddities(code: CodeObject): Oddity[] {
  const found = new Findings();
  fields(code, found);
  instructions(code, found);
  tables(code, found);
  names(code, found);
  return found.list();
}

/**
 * How many bytes of the file `oddities` goes over for a code object. References let any number of code objects share
 * one large table, so who looks into many has to add this up.
 */
export function effort(code: CodeObject): number {
  const { start, end } = code.table;
  let sum = 64;
  for (const field of [...bytesFields, ...tupleFields]) {
    const node = code.fieldNode(field);
    if (node !== NO_NODE) sum += (end[node] as number) - (start[node] as number);
  }
  return sum;
}

/** The first finding of each kind, and how often it was met. */
class Findings {
  private readonly byCode = new Map<OddityCode, { first: Oddity; count: number }>();

  add(code: OddityCode, offset: number, message: string): void {
    const known = this.byCode.get(code);
    if (known) known.count++;
    else this.byCode.set(code, { first: { code, offset, message }, count: 1 });
  }

  list(): Oddity[] {
    return [...this.byCode.values()].map(({ first, count }) =>
      count === 1 ? first : { ...first, message: `${first.message} (and ${count - 1} more of the kind)` },
    );
  }
}

/** File offset of the first byte of a bytes field's content, or of the code object where it holds something else. */
function contentOffset(code: CodeObject, field: string): number {
  const node = code.fieldNode(field);
  return node === NO_NODE ? code.offset : (code.table.start[node] as number) + 5;
}

const bytesFields = ["co_code", "co_lnotab", "co_linetable", "co_exceptiontable", "co_localspluskinds"];
const tupleFields = ["co_consts", "co_names", "co_varnames", "co_freevars", "co_cellvars", "co_localsplusnames"];
const textFields = ["co_filename", "co_name", "co_qualname"];

function fields(code: CodeObject, found: Findings): void {
  const expect = (names: readonly string[], types: string, what: string) => {
    for (const name of names) {
      const node = code.fieldNode(name);
      if (node === NO_NODE) continue;
      const type = String.fromCharCode((code.table.type[node] as number) & ~FLAG_REF);
      if (!types.includes(type)) found.add("field-type", code.table.start[node] as number, `${name} is not ${what}`);
    }
  };
  expect(bytesFields, "st", "a string of bytes");
  expect(tupleFields, "()[", "a tuple");
  // A lambda of 1.0 has no name.
  expect(textFields, code.version.traits.strings === "str8" ? "stuN" : "stuaAzZ", "a string");
  const depth = code.int("co_stacksize") ?? 0;
  if (depth < 0 || depth > DEEPEST) found.add("stacksize", code.offset, `co_stacksize is ${depth}`);
  const unknown = unknownFlags(code.version, code.flags);
  if (unknown !== 0)
    found.add("unknown-flags", code.offset, `co_flags has 0x${unknown.toString(16)}, which means nothing`);
}

/** How many entries the pools have that opargs index. */
interface Pools {
  readonly consts: number;
  readonly names: number;
  readonly locals: number;
  readonly cells: number;
}

function pools(code: CodeObject): Pools {
  const { localsplus } = code.version.traits;
  const locals = code.locals.length;
  // Before 1.3 nothing says how many fast locals there are.
  const told = code.fieldNode(localsplus ? "co_localsplusnames" : "co_varnames") !== NO_NODE;
  return {
    consts: code.consts.length,
    names: code.names.length,
    locals: told ? locals : Number.POSITIVE_INFINITY,
    cells: localsplus ? locals : code.cells.length,
  };
}

/** Whether an oparg indexes something that is not there. */
function outOfRange(kind: number, oparg: number, p: Pools): boolean {
  switch (kind) {
    case OpargKind.const:
      return oparg >= p.consts;
    case OpargKind.name:
      return oparg >= p.names;
    case OpargKind.globalNull:
    case OpargKind.attrMethod:
      return oparg >>> 1 >= p.names;
    case OpargKind.superAttr:
    case OpargKind.importName:
      return oparg >>> 2 >= p.names;
    case OpargKind.local:
      return oparg >= p.locals;
    case OpargKind.localPair:
      return oparg >>> 4 >= p.locals || (oparg & 15) >= p.locals;
    case OpargKind.free:
      return oparg >= p.cells;
    default:
      return false;
  }
}

function instructions(code: CodeObject, found: Findings): void {
  const bytes = code.code;
  const { version } = code;
  const at = contentOffset(code, "co_code");
  if (bytes.length === 0) {
    found.add("no-instructions", at, "co_code holds no instructions");
    return;
  }
  if (version.traits.encoding === "words" && bytes.length % 2 === 1) {
    found.add("odd-code-length", at, `co_code has ${bytes.length} bytes, which is no whole number of code units`);
  }
  const table = opcodesOf(version);
  const rows = decode(bytes, version);
  const starts = new Uint8Array(bytes.length + 1);
  for (let i = 0; i < rows.count; i++) starts[rows.offset[i] as number] = 1;
  const sizes = pools(code);
  for (let i = 0; i < rows.count; i++) instruction(code, table, rows, i, sizes, starts, at, found);
  const last = rows.count - 1;
  const end = (rows.offset[last] as number) + (rows.size[last] as number);
  if (version.traits.encoding === "bytes" && end - (rows.offset[last] as number) === 2) {
    found.add("cut-off-instruction", at + end, "the last instruction is cut off");
  }
}

function instruction(
  code: CodeObject,
  table: OpcodeTable,
  rows: Instructions,
  i: number,
  sizes: Pools,
  starts: Uint8Array,
  at: number,
  found: Findings,
): void {
  const op = rows.opcode[i] as number;
  const offset = rows.offset[i] as number;
  const oparg = (rows.oparg[i] as number) >>> 0;
  const name = table.names[op] as string;
  if (table.known[op] === 0) found.add("unknown-opcode", at + offset, `${op} is no opcode of ${code.version.python}`);
  else if (table.known[op] === 2) {
    found.add("internal-opcode", at + offset, `${name} is an opcode that no compiler writes into a file`);
  }
  const kind = table.kind[op] as number;
  if (outOfRange(kind, oparg, sizes)) found.add("index-out-of-range", at + offset, `${name} ${oparg}: there is none`);
  if (offset - (rows.start[i] as number) > 6) {
    const prefixes = `more EXTENDED_ARG before ${name} than an oparg has bytes for`;
    found.add("long-extended-arg", at + (rows.start[i] as number), prefixes);
  }
  const next = offset + (rows.size[i] as number) + (rows.caches[i] as number);
  const target = jumpTarget(kind, oparg, next, code.version.traits.jumpUnit);
  if (target === NO_TARGET) return;
  if (target < 0 || target >= starts.length - 1) {
    // Python 2 and older jump to the end of the code where nothing follows a block.
    if (target !== starts.length - 1 || code.version.traits.encoding === "words") {
      found.add(
        "jump-out-of-code",
        at + offset,
        `${name} jumps to ${target}, out of the ${starts.length - 1} bytes of code`,
      );
    }
  } else if (starts[target] === 0) {
    found.add("jump-into-instruction", at + offset, `${name} jumps to ${target}, into the middle of an instruction`);
  }
}

function tables(code: CodeObject, found: Findings): void {
  const lines = entries(code);
  for (const fault of lines?.faults ?? []) {
    found.add("line-table", contentOffset(code, lines?.field ?? "") + fault.start, `the line table: ${fault.what}`);
  }
  for (const fault of exceptionTable(code).faults) {
    const offset = contentOffset(code, "co_exceptiontable") + fault.start;
    found.add("exception-table", offset, `the exception table: ${fault.what}`);
  }
}

function names(code: CodeObject, found: Findings): void {
  const check = (node: number) => {
    if (node === NO_NODE) return;
    const text = textOf(code.values.of(node));
    const shown = safe(text);
    if (shown !== text) {
      const start = code.table.start[node] as number;
      found.add("unsafe-name", start, `a name that would mislead a reader or a terminal: ${shown}`);
    }
  };
  for (const field of tupleFields) if (field !== "co_consts") for (const node of code.items(field)) check(node);
  for (const field of textFields) check(code.fieldNode(field));
}
