/**
 * repr of constants. Containers are walked with a stack of our own; one that contains itself prints as dots, and a
 * text that grows beyond its limit (shared references may stand for any length) ends there with a word.
 */
import type { PyItems, PyPairs, PyStr, PyValue } from "../marshal/index.js";
import type { Traits } from "../version/index.js";
import { complexRepr, floatRepr } from "./float.js";
import { marker } from "./marker.js";
import { bytesRepr, strRepr } from "./string.js";

/** A container that is being written: its items, how many are done, what ends it. */
interface Open {
  readonly value: PyValue;
  readonly items: readonly PyValue[];
  readonly close: string;
  /** Whether items are keys and values by turns. */
  readonly paired: boolean;
  done: number;
}

type Containers = "tuple" | "list" | "set" | "frozenset";

/** How each container opens and closes in Python 2 and 3; a tuple of one item has a comma more. */
const BRACKETS: { readonly [old in "str8" | "bytes"]: { readonly [kind in Containers]: readonly [string, string] } } = {
  str8: { tuple: ["(", ")"], list: ["[", "]"], set: ["set([", "])"], frozenset: ["frozenset([", "])"] },
  bytes: { tuple: ["(", ")"], list: ["[", "]"], set: ["{", "}"], frozenset: ["frozenset({", "})"] },
};

/** What a container prints in place of itself, inside itself. */
const DOTS: { readonly [kind: string]: string } = {
  tuple: "(...)",
  list: "[...]",
  set: "set(...)",
  frozenset: "frozenset(...)",
  dict: "{...}",
  frozendict: "frozendict({...})",
  slice: "slice(...)",
};

/** Above this many bits an integer prints as hexadecimal digits. */
const MOST_BITS = 332_193;

/**
 * repr of a value.
 * @param codeRepr repr of a code object, by its node
 * @param limit characters after which no further item is written
 */
export function constantRepr(
  value: PyValue,
  traits: Traits,
  codeRepr: (node: number) => string,
  limit: number,
): string {
  switch (value.kind) {
    case "None":
      return "None";
    case "int":
      return integer(value.value);
    case "str":
      return text(value, traits);
    case "code":
      return codeRepr(value.node);
  }
  const top = container(value, traits);
  if (top === undefined) return leaf(value, traits, codeRepr);
  const [opening, outermost] = top;
  const stack: Open[] = [outermost];
  const open = new Set<PyValue>([value]);
  let out = opening;
  for (;;) {
    const at = stack[stack.length - 1] as Open;
    if (at.done === at.items.length) {
      out += at.close;
      stack.pop();
      open.delete(at.value);
      if (stack.length === 0) return out;
      continue;
    }
    if (out.length > limit) return out + marker.cut;
    if (at.done > 0) out += at.paired && (at.done & 1) === 1 ? ": " : ", ";
    const item = at.items[at.done++] as PyValue;
    const inner = container(item, traits);
    if (inner === undefined) out += leaf(item, traits, codeRepr);
    else if (open.has(item)) out += DOTS[item.kind];
    else {
      out += inner[0];
      stack.push(inner[1]);
      open.add(item);
    }
  }
}

function container(value: PyValue, traits: Traits): [opening: string, open: Open] | undefined {
  switch (value.kind) {
    case "tuple":
    case "list":
    case "set":
    case "frozenset":
      return sequence(value, traits);
    case "dict":
    case "frozendict":
      return mapping(value);
    case "slice":
      return ["slice(", { value, items: [value.start, value.stop, value.step], close: ")", paired: false, done: 0 }];
    default:
      return undefined;
  }
}

function sequence(value: PyItems, traits: Traits): [string, Open] {
  const { kind, items } = value;
  let [opening, close] = BRACKETS[traits.strings][kind];
  if (kind === "tuple" && items.length === 1) close = ",)";
  if (items.length === 0 && traits.strings === "bytes" && kind !== "tuple" && kind !== "list") {
    opening = `${kind}(`;
    close = ")";
  }
  return [opening, { value, items, close, paired: false, done: 0 }];
}

function mapping(value: PyPairs): [string, Open] {
  const items = value.entries.flat();
  const named = value.kind === "frozendict";
  return [named ? "frozendict({" : "{", { value, items, close: named ? "})" : "}", paired: true, done: 0 }];
}

function leaf(value: PyValue, traits: Traits, codeRepr: (node: number) => string): string {
  switch (value.kind) {
    case "str":
      return text(value, traits);
    case "bytes":
      return (traits.strings === "bytes" ? "b" : "") + bytesRepr(value.value, traits);
    case "int":
      return integer(value.value);
    case "long":
      return `${integer(value.value)}L`;
    case "float":
      return floatRepr(value, traits.floats);
    case "complex":
      return complexRepr(value.real, value.imag, traits.floats, traits.complexes);
    case "bool":
      return value.value ? "True" : "False";
    case "code":
      return codeRepr(value.node);
    case "StopIteration":
      return traits.strings === "bytes" ? "<class 'StopIteration'>" : "<type 'exceptions.StopIteration'>";
    case "NULL":
      return marker.null;
    case "missing":
      return marker.missing;
    default:
      return value.kind; // None, Ellipsis; containers do not come here
  }
}

function text(value: PyStr, traits: Traits): string {
  const repr = strRepr(value, traits);
  return traits.strings === "str8" ? `u${repr}` : repr;
}

/** Decimal digits; hexadecimal ones where decimal ones would take the host long. */
function integer(value: number | bigint): string {
  if (typeof value === "number") return String(value);
  const hex = value.toString(16);
  if (hex.length * 4 <= MOST_BITS) return value.toString();
  return marker.digits(hex.startsWith("-") ? `-0x${hex.slice(1)}` : `0x${hex}`);
}
