/** Comments beside instructions: the mnemonic, the oparg, what it means. */
import { OpargKind, opcodesOf } from "../opcode/index.js";
import { finals } from "../version/index.js";
import type { InstructionContent } from "./content.js";
import type { Describer } from "./describe.js";
import { Kind } from "./kinds.js";
import { type Beside, contradict } from "./lint-said.js";
import { pair } from "./source.js";

/** `12 LOAD_CONST 0 (None)`, behind offsets, lines and marks as listings have them: the whole comment, or it is prose. */
const mnemonic = /^(?:(?:\d+|>>|-->)\s+)*([A-Z][A-Z0-9_]*(?:\+\d)?)(?:\s+(\d+))?(?:\s+(\S.*))?$/;

export function lintInstruction(beside: Beside, row: number): void {
  const { d, to, words, describer } = beside;
  const match = mnemonic.exec(words);
  if (match === null || !isWhole(beside, row)) return;
  const [, told = "", number, rest = ""] = match;
  const content = describer.instructionsOf(row);
  const i = d.detail[row] as number;
  const op = content.list.opcode[i] as number;
  const { names, ownNames, hasArg } = describer.opcodes;
  const inParentheses = rest.startsWith("(") && rest.endsWith(")");
  if (told !== names[op] && told !== ownNames[op]) {
    const isOperand = rest === "" || inParentheses || operators(describer.opcodes).includes(normal(rest));
    if (isOperand && isOpcode(told, describer.opcodes.number))
      contradict(
        beside,
        "comment-opcode",
        `the comment says ${told}; ${pair(op)} is ${names[op]} in ${python(beside)}`,
      );
    return;
  }
  if (hasArg[op] === 0 || beside.isFree) return;
  const oparg = (content.list.oparg[i] as number) >>> 0;
  if (number !== undefined && Number(number) !== oparg) {
    const prefixed = content.list.start[i] !== content.list.offset[i];
    if (prefixed && Number(number) === (d.pyc.bytes[to - 1] as number)) return;
    contradict(beside, "comment-operand", `the comment says oparg ${number}; it is ${oparg}`);
    return;
  }
  if (rest !== "") lintMeaning(beside, content, i, inParentheses ? rest.slice(1, -1) : rest);
}

/** Whether the bytes of the line are one instruction, with or without its cache entries. */
function isWhole({ d, to }: Beside, row: number): boolean {
  const { kind, end, node, count } = d;
  const isPart = (other: number, what: number) => other < count && kind[other] === what && node[other] === node[row];
  let last = row;
  if (kind[row] === Kind.opcode && isPart(row + 1, Kind.oparg)) last++;
  if (end[last] === to) return true;
  return isPart(last + 1, Kind.cache) && end[last + 1] === to;
}

function python({ d }: Beside): string {
  const { lineage, python } = d.pyc.version;
  return `${lineage} ${python}`;
}

/** Whether some version has an opcode of that name. */
function isOpcode(name: string, number: (name: string) => number | undefined): boolean {
  return number(name) !== undefined || finals.some((version) => opcodesOf(version).number(name) !== undefined);
}

type Table = Beside["describer"]["opcodes"];

/** `IS_NOT` and `is not` are the same. */
const normal = (words: string) => words.toLowerCase().replaceAll("_", " ");

/** The words that opargs of comparisons and other operators index. */
const operators = ({ compare, binaryOps }: Table) => [...compare, ...binaryOps].map(normal);

/** What the oparg is said to mean: a constant, a name, an operator. */
function lintMeaning(beside: Beside, content: InstructionContent, i: number, told: string): void {
  const { operands, opcodes } = beside.describer;
  const meaning = operands.meaning(content, i);
  if (meaning === told || meaning === "") return;
  const op = content.list.opcode[i] as number;
  const oparg = (content.list.oparg[i] as number) >>> 0;
  const kind = opcodes.kind[op] as number;
  switch (kind) {
    case OpargKind.const: {
      const [one, other] = [literal(told), literal(meaning)];
      if (one === undefined || other === undefined || one === other) return;
      contradict(beside, "comment-operand", `the comment says ${told}; constant ${oparg} is ${meaning}`);
      return;
    }
    case OpargKind.name:
    case OpargKind.local: {
      const index = indicesOf(beside, content, kind).get(told);
      if (index !== undefined)
        contradict(beside, "comment-operand", `the comment says ${told}, which is ${index}; ${oparg} is ${meaning}`);
      return;
    }
    case OpargKind.compare:
    case OpargKind.binaryOp:
    case OpargKind.isOp:
    case OpargKind.containsOp: {
      const list = kind === OpargKind.binaryOp ? opcodes.binaryOps : opcodes.compare;
      if (normal(told) === normal(meaning) || !operators(opcodes).includes(normal(told))) return;
      const index = list[oparg] === meaning ? list.findIndex((item) => normal(item) === normal(told)) : -1;
      const where = index < 0 ? "" : `, which is ${index}`;
      contradict(beside, "comment-operand", `the comment says ${told}${where}; ${oparg} is ${meaning}`);
    }
  }
}

/** A constant that is written in one way only, or undefined: a string without escapes, an integer, a name of one. */
function literal(text: string): string | undefined {
  const [, quote, content] = /^[bu]?(['"])([^'"\\]*)\1$/.exec(text) ?? [];
  if (quote !== undefined) return `'${content}'`;
  const [, digits] = /^(-?\d{1,15})L?$/.exec(text) ?? [];
  if (digits !== undefined) return String(Number(digits));
  return /^(?:None|True|False|Ellipsis)$/.test(text) ? text : undefined;
}

/** Most names of a pool that are looked through. */
const MOST = 1000;
const pools = new WeakMap<Describer, Map<number, ReadonlyMap<string, number>>>();

/** The indices of the names that an oparg indexes. Code objects may share them, however many there are. */
function indicesOf({ d, describer }: Beside, { code }: InstructionContent, kind: number): ReadonlyMap<string, number> {
  const locals = d.pyc.version.traits.localsplus ? "co_localsplusnames" : "co_varnames";
  const field = kind === OpargKind.local ? locals : "co_names";
  const known = pools.get(describer) ?? new Map<number, ReadonlyMap<string, number>>();
  pools.set(describer, known);
  const holder = code.fieldNode(field);
  let indices = known.get(holder);
  if (indices === undefined) {
    const nodes = code.items(field).slice(0, MOST);
    indices = new Map(nodes.map((node, i) => [describer.brief.name(node), i] as const).reverse());
    known.set(holder, indices);
  }
  return indices;
}
