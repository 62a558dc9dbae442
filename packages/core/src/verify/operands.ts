/** Instructions one by one: prefixes, cache entries, and what opargs stand for beyond the pools that they index. */
import { type CodeObject, LocalKind } from "../code/index.js";
import type { Graph } from "../flow/index.js";
import { isCode, NO_NODE } from "../marshal/index.js";
import { OpargKind, opcodesOf } from "../opcode/index.js";
import type { Subject } from "./finding.js";
import { opcodeRules } from "./opargs.js";

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
  const { names } = opcodesOf(code.version);
  const { opargs, internal } = opcodeRules(code.version);
  for (let row = 0; row < rows.count; row++) {
    const opcode = rows.opcode[row] as number;
    const at = rows.offset[row] as number;
    if (internal[opcode] === 1)
      tell("internal-opcode", "co_code", `${names[opcode]} where an instruction should be`, at);
    const range = opargs[opcode];
    if (range === undefined) continue;
    const oparg = (rows.oparg[row] as number) >>> 0;
    const number = oparg >>> range.shift;
    const within = number >= range.least && number <= range.most;
    if (within && (range.oneBit !== true || (number & (number - 1)) === 0)) continue;
    tell("oparg-out-of-range", "co_code", `${names[opcode]} ${oparg} stands for nothing`, at);
  }
}

/** The instructions that reach for a container must find it on the stack, `before` they are executed. */
export function checkReach({ code, tell }: Subject, { rows }: Graph, before: Int32Array): void {
  const { reaches, fromZero } = opcodeRules(code.version);
  for (let row = 0; row < rows.count; row++) {
    const opcode = rows.opcode[row] as number;
    const takes = reaches[opcode] as number;
    const depth = before[row] as number;
    if (takes === 0 || depth < 0) continue;
    const oparg = (rows.oparg[row] as number) >>> 0;
    if ((oparg > 0 || fromZero[opcode] === 1) && oparg <= depth - takes) continue;
    const name = opcodesOf(code.version).names[opcode];
    const what = `${name} ${oparg} reaches for what is not on a stack of ${depth}`;
    tell("stack-underflow", "co_code", what, rows.offset[row] as number);
  }
}

/** From 3.11 on an oparg names any fast local: those of opcodes for cells must name one that is a cell. */
function checkCells({ code, tell }: Subject, { rows }: Graph): void {
  const { cellIndex, localsplus } = code.version.traits;
  if (!localsplus) return;
  const table = opcodesOf(code.version);
  const kinds = code.bytes("co_localspluskinds");
  const free = kinds.reduce((sum, kind) => sum + Number((kind & LocalKind.free) !== 0), 0);
  const copyFreeVars = table.number("COPY_FREE_VARS");
  let copied = copyFreeVars === undefined ? free : 0;
  for (let row = 0; row < rows.count; row++) {
    const opcode = rows.opcode[row] as number;
    const oparg = (rows.oparg[row] as number) >>> 0;
    if (opcode === copyFreeVars) copied = oparg;
    if (table.kind[opcode] !== OpargKind.free || cellIndex !== "localsplus" || oparg >= kinds.length) continue;
    if (((kinds[oparg] as number) & (LocalKind.cell | LocalKind.free)) !== 0) continue;
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
  const { codeBefore } = opcodeRules(code.version);
  const names = namesAmong(code);
  /** Rows of the last instructions, without their prefixes. */
  let [last, secondLast] = [-1, -1];
  for (let row = 0; row < rows.count; row++) {
    const opcode = rows.opcode[row] as number;
    if (opcode === table.extendedArg) continue;
    const back = codeBefore[opcode];
    const from = back === 2 ? secondLast : back === 1 ? last : -1;
    [secondLast, last] = [last, row];
    const at = rows.offset[row] as number;
    if (opcode === keywordNames && !names((rows.oparg[row] as number) >>> 0))
      tell("keyword-names", "co_code", "KW_NAMES with a constant that is something else", at);
    if (from < 0 || rows.opcode[from] !== loadConst) continue;
    const node = consts[(rows.oparg[from] as number) >>> 0] ?? NO_NODE;
    if (node !== NO_NODE && !isCode(code.table.type[node] as number))
      tell("function-code", "co_code", `${table.names[opcode]} of a constant that is something else`, at);
  }
}

/** Tells whether a constant is a tuple of strings, looking at each once; one that is not there is told of elsewhere. */
function namesAmong(code: CodeObject): (constant: number) => boolean {
  const known = new Map<number, boolean>();
  return (constant) => {
    const node = code.consts[constant] ?? NO_NODE;
    let sound = node === NO_NODE || known.get(node);
    if (sound === undefined) {
      const value = code.values.of(node);
      sound = value.kind === "tuple" && value.items.every((item) => item.kind === "str");
      known.set(node, sound);
    }
    return sound;
  };
}
