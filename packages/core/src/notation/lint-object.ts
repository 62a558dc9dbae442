/** Comments beside objects, their parts and the header: names of fields and types, lengths, values. */
import { int32 } from "../bytes/index.js";
import { flagNames } from "../code/index.js";
import { codeLayout } from "../format/index.js";
import { FLAG_REF, Shape, typeCode, typeCodes } from "../marshal/index.js";
import { finals, type Version, versionsOfMagic } from "../version/index.js";
import { Kind } from "./kinds.js";
import { type Beside, contradict } from "./lint-said.js";
import { lengthAt } from "./parts.js";

const minor = ({ python }: Version) => /^\d+\.\d+/.exec(python)?.[0];

/** The comment beside the magic number. False where it is about another version than the one that was read. */
export function lintMagic(beside: Beside, row: number): boolean {
  const { words, d, describer } = beside;
  const { bytes, version } = d.pyc;
  const [, told] = /^(?:C?Python|PyPy)\s+(\d+\.\d+)/.exec(words) ?? [];
  if (told !== undefined) {
    if (versionsOfMagic(bytes).some((other) => minor(other) === told)) return true;
    contradict(beside, "comment-magic", `the comment says ${told}; the magic number is ${whose(version)}'s`);
    return false;
  }
  const [, number] = /^magic (\d+)/.exec(words) ?? [];
  if (number === undefined || words === describer.leaf(row)) return true;
  const word = (bytes[0] as number) | ((bytes[1] as number) << 8);
  if (Number(number) !== word) contradict(beside, "comment-magic", `the comment says ${number}; the number is ${word}`);
  return false;
}

const whose = ({ lineage, release }: Version) => `${lineage} ${release}`;

/** Other names of a field, in what is written about some version. */
const aliases: { readonly [name: string]: string } = { co_lnotab: "co_linetable" };
const isNamed = (told: string, name: string) => told === name || aliases[told] === name || aliases[name] === told;

let fieldNames: ReadonlySet<string> | undefined;

/** Whether any version has a field of that name. */
function isField(name: string): boolean {
  fieldNames ??= new Set(finals.flatMap((version) => codeLayout(version).fields.map((field) => field.name)));
  return fieldNames.has(name);
}

/** `( // co_names`, `( … ) // co_consts[3]  INT 7`. */
export function lintGroup(beside: Beside, row: number): void {
  const { words, describer } = beside;
  if (!words.startsWith("co_")) return;
  const [match = "", told = "", index] = /^(co_[a-z]+)(?:\[(\d+)\])?(?![\w[])/.exec(words) ?? [];
  if (match === "") return;
  const label = describer.label(row);
  const [, name = "", place] = /^(co_[a-z]+)(?:\[(\d+)\])?$/.exec(label) ?? [];
  if (name === "" || (index === undefined) !== (place === undefined)) return;
  if (!isNamed(told, name)) {
    if (isField(told)) contradict(beside, "comment-field", `the comment says ${match}; this is ${label}`);
  } else if (index !== place) contradict(beside, "comment-id", `the comment says ${match}; this is ${label}`);
}

/** What stands on one line: a field, a type byte, a length, a number, a reference. */
export function lintLeaf(beside: Beside, row: number): void {
  const { d, to } = beside;
  if (d.end[row] !== to) return;
  switch (d.kind[row]) {
    case Kind.header:
      lintHeader(beside, row);
      break;
    case Kind.field:
      lintField(beside, row);
      break;
    case Kind.type:
      lintType(beside);
      break;
    case Kind.length:
    case Kind.reference:
    case Kind.number:
      lintNumber(beside, row);
      break;
  }
}

/** What the fields of a header are called. */
const headerNames: readonly (readonly [said: RegExp, name: string])[] = [
  [/^flags?\b/i, "flags"],
  [/^(?:mtime|timestamp)\b/i, "mtime"],
  [/^(?:file|source)[ _]size\b/i, "source_size"],
  [/^(?:source[ _])?hash\b/i, "source_hash"],
];

function lintHeader(beside: Beside, row: number): void {
  const { words, d, describer, isFree } = beside;
  const [, told] = headerNames.find(([said]) => said.test(words)) ?? [];
  const name = d.pyc.header?.fields[d.detail[row] as number]?.field.name;
  if (told === undefined || name === undefined) return;
  if (told !== name) contradict(beside, "comment-field", `the comment says ${told}; this is ${name}`);
  else if (!isFree && /^\w+ \d/.test(words) && words !== describer.leaf(row))
    contradict(beside, "comment-value", `the comment says ${words}; this is ${describer.leaf(row)}`);
}

function lintField(beside: Beside, row: number): void {
  const { words, d, describer, isFree } = beside;
  const [match, told = "", value = ""] = /^(co_[a-z]+)(?![\w[])[\s:;=]*(.*)$/.exec(words) ?? [];
  if (match === undefined) return;
  const [name, is] = describer.parts(row);
  if (told !== name) {
    if (isField(told)) contradict(beside, "comment-field", `the comment says ${told}; this is ${name}`);
    return;
  }
  if (isFree) return;
  const [number = "", ...rest] = value.split(" ");
  const isFlags = name === "co_flags";
  if (/^(?:0x[\da-f]+|-?\d+)$/i.test(number) && (rest.length === 0 || isFlags)) {
    const [first = ""] = is.split(" ");
    // a 16-bit field may be told with its sign or without
    const bits = 8 * ((d.end[row] as number) - (d.start[row] as number));
    if ((Number(number) - Number(first)) % 2 ** bits !== 0)
      contradict(beside, "comment-value", `the comment says ${name} ${number}; this is ${first}`);
  } else if (isFlags) lintFlags(beside, value, Number(is.split(" ")[0]));
}

/** `co_flags = CO_NOFREE`: flags by name, all of which are set. */
function lintFlags(beside: Beside, value: string, flags: number): void {
  if (!/^CO_[A-Z_]+(?:[\s,|+]+CO_[A-Z_]+)*$/.test(value)) return;
  const { version } = beside.d.pyc;
  const every = flagNames(version, 0xffffffff);
  const set = flagNames(version, flags);
  for (const [, flag = ""] of value.matchAll(/CO_([A-Z_]+)/g)) {
    if (!every.includes(flag) || set.includes(flag)) continue;
    contradict(beside, "comment-value", `the comment says CO_${flag}; this is ${set.join(", ") || "no flag"}`);
    return;
  }
}

const typeName = (name: string) => name.replace(/ .*/, "");
const typeNames: ReadonlySet<string> = new Set(typeCodes.map(({ name }) => typeName(name)));
/** What types are called in prose, and the codes that may be meant. */
const prose: readonly (readonly [said: RegExp, codes: string])[] = [
  [/^code object$/i, "cC"],
  [/^none$/i, "N"],
  [/^small tuple$/i, ")"],
  [/^tuple$/i, "()"],
  [/^list$/i, "["],
  [/^dict(?:ionary)?$/i, "{}"],
  [/^string(?: object)?$/i, "stuaAzZR"],
  [/^(?:small|short) ascii$/i, "zZ"],
  [/^int(?:eger)? ?32$/i, "i"],
  [/^reference$/i, "rR"],
];

function lintType(beside: Beside): void {
  const { words, d, from } = beside;
  const type = typeCode(d.pyc.bytes[from] as number);
  if (type === undefined) return;
  const is = typeName(type.name);
  const [told] = /^[A-Z][A-Z0-9_]+\b/.exec(words) ?? [];
  if (told !== undefined && typeNames.has(told)) {
    if (told !== is) contradict(beside, "comment-type", `the comment says ${told}; '${type.code}' is ${is}`);
    return;
  }
  const alone = words.replace(/\s*[&;,(].*$/, "");
  const [, codes] = prose.find(([said]) => said.test(alone)) ?? [];
  if (codes !== undefined && !codes.includes(type.code))
    contradict(beside, "comment-type", `the comment says ${alone}; '${type.code}' is ${is}`);
}

/** A length, the index of a reference, the value of an integer. */
function lintNumber(beside: Beside, row: number): void {
  const { words, d, from, to, isFree } = beside;
  const kind = d.kind[row];
  const [isLength, number] = /^(?:(?:string|tuple|list)\s+)?(?:length|count|digits):?(?:\s+(\d+))?$/i.exec(words) ?? [];
  if (isLength !== undefined) {
    if (kind === Kind.reference)
      contradict(beside, "comment-type", `the comment says ${words}; this is the index of a reference`);
    if (kind === Kind.length) compare(beside, number, lengthAt(d.pyc.bytes, from, to - from));
    return;
  }
  if (/^(?:pointer|index) in(?:to|side)?(?: the)? ref/i.test(words)) {
    if (kind === Kind.length) contradict(beside, "comment-type", `the comment says ${words}; this is a length`);
    return;
  }
  const shape = typeCode((d.pyc.table.type[d.node[row] as number] as number) & ~FLAG_REF)?.shape;
  if (kind !== Kind.number || shape !== Shape.int32 || isFree) return;
  compare(beside, /^value:?\s+(-?\d+)$/i.exec(words)?.[1], int32(d.pyc.bytes, from));
}

function compare(beside: Beside, told: string | undefined, is: number): void {
  if (told === undefined || beside.isFree || Number(told) === is) return;
  contradict(beside, "comment-value", `the comment says ${told}; this is ${is}`);
}
