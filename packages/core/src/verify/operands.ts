/** Instructions one by one: prefixes, cache entries, and what opargs stand for beyond the pools that they index. */
import type { CodeObject } from "../code/index.js";
import type { Graph } from "../flow/index.js";
import { isCode, NO_NODE } from "../marshal/index.js";
import { OpargKind, type OpcodeTable, opcodesOf } from "../opcode/index.js";
import { Kind } from "./fields.js";
import type { Subject } from "./finding.js";

/** Opcodes that stand in no file: what only a running interpreter has where another stood. */
const internal = new Set("CACHE RESERVED ENTER_EXECUTOR TRACE_RECORD INTERPRETER_EXIT EXIT_INIT_CHECK".split(" "));

const ANY = 0xffffffff;

/** The opargs there are, of opcodes whose oparg is a plain number but not any. */
const plain: Readonly<Record<string, readonly [least: number, most: number]>> = {
  RAISE_VARARGS: [0, 3],
  RERAISE: [0, 2],
  BUILD_SLICE: [2, 3],
  DUP_TOPX: [1, 5],
  COPY: [1, ANY],
  SWAP: [2, ANY],
  ROT_N: [2, ANY],
  CALL_FUNCTION_EX: [0, 1],
  LOAD_SMALL_INT: [0, 255],
  GET_AWAITABLE: [0, 2],
};

/** Opcodes that reach down to a container, counted from below what they take. */
const reaching = new Set("LIST_APPEND SET_ADD MAP_ADD LIST_EXTEND SET_UPDATE DICT_UPDATE DICT_MERGE".split(" "));

/** Whether an oparg stands for something, for the kinds that stand for one of a few. */
function stands(kind: number, oparg: number, table: OpcodeTable): boolean {
  const within = (list: readonly string[], least = 0) => oparg >= least && oparg < list.length;
  const compares = table.compare.filter((name) => name !== "BAD").length;
  switch (kind) {
    case OpargKind.compare:
      return oparg < compares;
    case OpargKind.compareShift4:
      return oparg >>> 4 < compares;
    case OpargKind.compareShift5:
      return oparg >>> 5 < compares;
    case OpargKind.binaryOp:
      return within(table.binaryOps);
    case OpargKind.intrinsic1:
      return within(table.intrinsics1, 1);
    case OpargKind.intrinsic2:
      return within(table.intrinsics2, 1);
    case OpargKind.commonConstant:
      return within(table.commonConstants);
    case OpargKind.specialMethod:
      return within(table.specialMethods);
    case OpargKind.convert:
      return oparg >= 1 && oparg <= 3;
    case OpargKind.format:
      return oparg < 8;
    case OpargKind.resume:
    case OpargKind.functionFlags:
      return oparg < 16;
    case OpargKind.functionAttribute:
      return oparg > 0 && oparg <= 16 && (oparg & (oparg - 1)) === 0;
    case OpargKind.isOp:
    case OpargKind.containsOp:
      return oparg <= 1;
    default:
      return true;
  }
}

export function checkOperands(subject: Subject, graph: Graph): void {
  checkPrefixes(subject, graph);
  checkCaches(subject, graph);
  checkOpargs(subject, graph);
  checkCells(subject, graph);
  checkConstants(subject, graph);
}

function checkPrefixes({ code, tell }: Subject, { rows, jump }: Graph): void {
  const { extendedArg, haveArgument } = opcodesOf(code.version);
  const words = code.version.traits.encoding === "words";
  for (let row = 0; row < rows.count; row++) {
    const at = rows.offset[row] as number;
    if (rows.opcode[row] === extendedArg) {
      if (row + 1 === rows.count) tell("dangling-extended-arg", "co_code", "nothing follows EXTENDED_ARG", at);
      else if (!words && (rows.opcode[row + 1] as number) < haveArgument)
        tell("dangling-extended-arg", "co_code", "EXTENDED_ARG before an instruction without an oparg", at);
    }
    const to = jump[row] as number;
    if (to >= 0 && rows.start[to] !== rows.offset[to])
      tell(
        "jump-past-prefix",
        "co_code",
        `a jump to ${rows.offset[to]}, behind an EXTENDED_ARG that belongs there`,
        at,
      );
  }
}

function checkCaches({ code, tell }: Subject, { rows }: Graph): void {
  const { caches, names } = opcodesOf(code.version);
  const bytes = code.code;
  for (let row = 0; row < rows.count; row++) {
    const size = rows.caches[row] as number;
    const due = 2 * (caches[rows.opcode[row] as number] as number);
    const at = (rows.offset[row] as number) + (rows.size[row] as number);
    if (size < due)
      tell("cut-off-cache", "co_code", `${names[rows.opcode[row] as number]} lacks ${due - size} bytes of them`, at);
    for (let i = at; i < at + size; i++) {
      if (bytes[i] === 0) continue;
      tell("nonzero-cache", "co_code", `a cache entry of ${names[rows.opcode[row] as number]} is not zero`, i);
      break;
    }
  }
}

function checkOpargs({ code, tell }: Subject, { rows }: Graph): void {
  const table = opcodesOf(code.version);
  const limits = table.ownNames.map((name) => plain[name ?? ""]);
  for (let row = 0; row < rows.count; row++) {
    const opcode = rows.opcode[row] as number;
    const oparg = (rows.oparg[row] as number) >>> 0;
    const at = rows.offset[row] as number;
    if (table.known[opcode] !== 2 && internal.has(table.ownNames[opcode] ?? ""))
      tell("internal-opcode", "co_code", `${table.names[opcode]} where an instruction should be`, at);
    const kind = table.kind[opcode] as number;
    const limit = kind === OpargKind.raw ? limits[opcode] : undefined;
    if (limit === undefined ? stands(kind, oparg, table) : oparg >= limit[0] && oparg <= limit[1]) continue;
    tell("oparg-out-of-range", "co_code", `${table.names[opcode]} ${oparg} stands for nothing`, at);
  }
}

/** The instructions that reach for a container must find it on the stack, `before` they are executed. */
export function checkReach({ code, tell }: Subject, { rows }: Graph, before: Int32Array): void {
  const { names, kind } = opcodesOf(code.version);
  for (let row = 0; row < rows.count; row++) {
    const opcode = rows.opcode[row] as number;
    const name = names[opcode] as string;
    if (!reaching.has(name) || kind[opcode] !== OpargKind.raw || (before[row] as number) < 0) continue;
    const oparg = (rows.oparg[row] as number) >>> 0;
    const below = (before[row] as number) - (name === "MAP_ADD" ? 2 : 1);
    // Those of PyPy that are about a dict count from 0.
    if ((oparg > 0 || name.startsWith("DICT_")) && oparg <= below) continue;
    const at = rows.offset[row] as number;
    tell("stack-underflow", "co_code", `${name} ${oparg} reaches for what is not on a stack of ${before[row]}`, at);
  }
}

/** From 3.11 on an oparg names any fast local: those of opcodes for cells must name one that is a cell. */
function checkCells({ code, tell }: Subject, { rows }: Graph): void {
  const { cellIndex, localsplus } = code.version.traits;
  if (!localsplus) return;
  const table = opcodesOf(code.version);
  const kinds = code.bytes("co_localspluskinds");
  const free = kinds.reduce((sum, kind) => sum + Number((kind & Kind.free) !== 0), 0);
  const makeCell = table.number("MAKE_CELL");
  const copyFreeVars = table.number("COPY_FREE_VARS");
  let copied = copyFreeVars === undefined ? free : 0;
  for (let row = 0; row < rows.count; row++) {
    const opcode = rows.opcode[row] as number;
    const oparg = (rows.oparg[row] as number) >>> 0;
    if (opcode === copyFreeVars) copied = oparg;
    if (table.kind[opcode] !== OpargKind.free || cellIndex !== "localsplus" || oparg >= kinds.length) continue;
    const wanted = opcode === makeCell ? Kind.cell : Kind.cell | Kind.free;
    if (((kinds[oparg] as number) & wanted) !== 0) continue;
    tell(
      "not-a-cell",
      "co_code",
      `${table.names[opcode]} ${oparg} is for a local variable`,
      rows.offset[row] as number,
    );
  }
  if (copied !== free) tell("free-variables", "co_code", `it copies ${copied}, and there are ${free}`, 0);
}

/** Constants that an instruction takes for granted to be of one type. */
function checkConstants({ code, tell }: Subject, { rows }: Graph): void {
  const table = opcodesOf(code.version);
  const loadConst = table.number("LOAD_CONST");
  const keywordNames = table.number("KW_NAMES");
  const consts = code.consts;
  /** How far before it the code object is loaded, where a constant is. */
  const back = table.effects.map((effect) =>
    /\bcode, name --/.test(effect) ? 2 : /\bcode -- func/.test(effect) ? 1 : 0,
  );
  /** Rows of the last instructions, without their prefixes. */
  let [last, secondLast] = [-1, -1];
  for (let row = 0; row < rows.count; row++) {
    const opcode = rows.opcode[row] as number;
    if (opcode === table.extendedArg) continue;
    const from = back[opcode] === 2 ? secondLast : back[opcode] === 1 ? last : -1;
    [secondLast, last] = [last, row];
    const at = rows.offset[row] as number;
    if (opcode === keywordNames && !isNames(code, consts[(rows.oparg[row] as number) >>> 0]))
      tell("keyword-names", "co_code", "KW_NAMES with a constant that is something else", at);
    if (from < 0 || rows.opcode[from] !== loadConst) continue;
    const node = consts[(rows.oparg[from] as number) >>> 0] ?? NO_NODE;
    if (node !== NO_NODE && !isCode(code.table.type[node] as number))
      tell("function-code", "co_code", `${table.names[opcode]} of a constant that is something else`, at);
  }
}

/** Whether a constant is a tuple of strings; one that is not there is told of elsewhere. */
function isNames(code: CodeObject, node: number | undefined): boolean {
  if (node === undefined || node === NO_NODE) return true;
  const value = code.values.of(node);
  return value.kind === "tuple" && value.items.every((item) => item.kind === "str");
}
