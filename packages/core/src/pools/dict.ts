/**
 * The order of a Python 2 dict whose keys are strings: the symbol tables of 2.1 to 2.4 were such, and the locals of a
 * function stand in their order. Only the low 32 bits of a hash count, which do not depend on the machine.
 */
import type { CompilerTraits } from "../version/index.js";

export type DictStyle = Exclude<CompilerTraits["localOrder"], "first-use">;

interface Style {
  readonly least: number;
  /** How many times what is used a table grows to be larger than. */
  readonly growth: number;
  /** Whether a full table grows when something is put into it, known or not; or when it has become full. */
  readonly before: boolean;
  readonly place: (slots: Int32Array, hash: number) => number;
}

const styles: { readonly [S in DictStyle]: Style } = {
  "dict-2.1": { least: 4, growth: 2, before: true, place: placeByPolynomial },
  "dict-2.2": { least: 8, growth: 2, before: false, place: placeByPerturbation },
  "dict-2.3": { least: 8, growth: 4, before: false, place: placeByPerturbation },
};

/** hash() of an 8-bit string, its low 32 bits. */
export function stringHash(text: string): number {
  if (text === "") return 0;
  let x = text.charCodeAt(0) << 7;
  for (let i = 0; i < text.length; i++) x = Math.imul(1000003, x) ^ text.charCodeAt(i);
  x ^= text.length;
  return x === -1 ? -2 : x;
}

/** The keys in the order of a dict into which they are put one after the other; some may be put there again. */
export function dictOrder(keys: Iterable<string>, style: DictStyle): string[] {
  const { least, growth, before, place } = styles[style];
  const known = new Map<string, number>(); // the hash
  const entries: string[] = [];
  let slots = new Int32Array(least).fill(-1);
  const put = (entry: number) => {
    slots[place(slots, known.get(entries[entry] as string) as number)] = entry;
  };
  const growIfFull = () => {
    const used = entries.length;
    if (used * 3 < slots.length * 2) return;
    let size = least;
    while (size <= used * growth) size *= 2;
    const old = slots;
    slots = new Int32Array(size).fill(-1);
    for (const entry of old) if (entry >= 0) put(entry);
  };
  for (const key of keys) {
    if (before) growIfFull();
    if (known.has(key)) continue;
    known.set(key, stringHash(key));
    put(entries.push(key) - 1);
    if (!before) growIfFull();
  }
  return Array.from(slots)
    .filter((entry) => entry >= 0)
    .map((entry) => entries[entry] as string);
}

function placeByPerturbation(slots: Int32Array, hash: number): number {
  const mask = slots.length - 1;
  let i = hash & mask;
  for (let perturb = hash >>> 0; slots[i & mask] !== -1; perturb >>>= 5) i = ((i << 2) + i + perturb + 1) >>> 0;
  return i & mask;
}

/** Irreducible polynomials by the size of the table, from 4 on, without their highest term. */
const polynomials = [
  3, 3, 3, 5, 3, 3, 29, 17, 9, 5, 83, 27, 43, 3, 45, 9, 39, 39, 9, 5, 3, 33, 27, 9, 71, 39, 9, 5, 83,
];

function placeByPolynomial(slots: Int32Array, hash: number): number {
  const size = slots.length;
  const mask = size - 1;
  const polynomial = size + (polynomials[Math.log2(size) - 2] as number);
  const start = ~hash & mask;
  if (slots[start] === -1) return start;
  let step = (hash ^ (hash >>> 3)) & mask || mask;
  for (;;) {
    const i = (start + step) & mask;
    if (slots[i] === -1) return i;
    step <<= 1;
    if (step > mask) step ^= polynomial;
  }
}
