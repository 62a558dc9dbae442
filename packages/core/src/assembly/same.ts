/** When two objects are the same by value, their encodings apart: what a text would say in the same words. */
import type { Plain, PlainValue } from "../marshal/index.js";

type Leaf = Exclude<PlainValue, { readonly kind: "code" } | { readonly items: Plain[] }>;

/** Pairs looked at before two objects are taken to differ, so that what is shared many times cannot grow. */
const MOST = 1 << 16;

/** Whether two objects are the same, in all their parts. A code object is the same as itself alone. */
export function isSame(one: Plain, other: Plain): boolean {
  if (one === other) return true;
  if (!("items" in one.value)) return one.value.kind !== "code" && isSameLeaf(one.value, other.value);
  const waiting: [Plain, Plain][] = [[one, other]];
  let left = MOST;
  for (let pair = waiting.pop(); pair !== undefined; pair = waiting.pop()) {
    const [a, b] = pair;
    if (a === b) continue;
    if (left-- === 0) return false;
    if (a.value.kind === "code") return false;
    if (!("items" in a.value)) {
      if (!isSameLeaf(a.value, b.value)) return false;
      continue;
    }
    if (a.value.kind !== b.value.kind || !("items" in b.value)) return false;
    const theirs = b.value.items;
    if (a.value.items.length !== theirs.length) return false;
    for (const [i, item] of a.value.items.entries()) waiting.push([item, theirs[i] as Plain]);
  }
  return true;
}

function isSameLeaf(a: Leaf, b: PlainValue): boolean {
  if (a === b) return true;
  if (a.kind !== b.kind) return false;
  switch (a.kind) {
    case "bool":
    case "int":
    case "long":
      return a.value === (b as typeof a).value;
    case "float":
      return isSameFloat(a, b as typeof a);
    case "complex":
      return isSameFloat(a.real, (b as typeof a).real) && isSameFloat(a.imag, (b as typeof a).imag);
    case "bytes":
      return isSameBytes(a.value, (b as typeof a).value);
    case "str":
      return a.value === (b as typeof a).value && `${a.codePoints}` === `${(b as typeof a).codePoints}`;
    default:
      return true;
  }
}

type Float = Extract<PlainValue, { readonly kind: "float" }>;

/** -0.0 is not 0.0; NaNs differ by their bits. */
function isSameFloat(a: Float, b: Float): boolean {
  return Object.is(a.value, b.value) && a.bits === b.bits;
}

export function isSameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
