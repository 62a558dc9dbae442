/**
 * When two objects are one entry of a pool: when they are of the same type and value, in all their parts. A code object
 * is the same as itself alone.
 *
 * Each distinct object has a number. A container's is found by those of its items, so that one which is shared many
 * times is looked at once; one that contains itself is known by its identity.
 */
import { latin1 } from "../bytes/index.js";
import type { Plain, PlainValue } from "../marshal/index.js";

export class PoolKeys {
  private readonly byText = new Map<string, number>();
  private readonly byPlain = new Map<Plain, number>();
  private count = 0;

  /** The number of an object: equal for equal ones. */
  of(plain: Plain): number {
    const known = this.byPlain.get(plain);
    if (known !== undefined) return known;
    // What is open waits for its items; an item that is open already is a cycle.
    const open = [plain];
    const entered = new Set<Plain>();
    while (open.length > 0) {
      const top = open[open.length - 1] as Plain;
      const items = "items" in top.value && !entered.has(top) ? top.value.items : [];
      entered.add(top);
      const before = open.length;
      for (const item of items) {
        if (this.byPlain.has(item)) continue;
        if (entered.has(item)) this.byPlain.set(item, this.count++);
        else open.push(item);
      }
      if (open.length > before) continue;
      open.pop();
      if (!this.byPlain.has(top)) this.byPlain.set(top, this.number(top.value));
    }
    return this.byPlain.get(plain) as number;
  }

  private number(value: PlainValue): number {
    if (value.kind === "code") return this.count++;
    const text = "items" in value ? `${value.kind} ${value.items.map((item) => this.byPlain.get(item))}` : leaf(value);
    const known = this.byText.get(text);
    if (known !== undefined) return known;
    this.byText.set(text, this.count);
    return this.count++;
  }
}

type Leaf = Exclude<PlainValue, { readonly kind: "code" } | { readonly items: Plain[] }>;

function leaf(value: Leaf): string {
  switch (value.kind) {
    case "bool":
    case "int":
    case "long":
      return `${value.kind} ${value.value}`;
    case "float":
      return `float ${float(value)}`;
    case "complex":
      return `complex ${float(value.real)} ${float(value.imag)}`;
    case "bytes":
      return `bytes ${latin1(value.value)}`;
    case "str":
      return value.codePoints === undefined ? `str ${value.value}` : `str of ${value.codePoints}`;
    default:
      return value.kind;
  }
}

/** -0.0 is not 0.0; NaNs differ by their bits. */
function float({ value, bits }: { readonly value: number; readonly bits?: bigint }): string {
  return Object.is(value, -0) ? "-0" : `${value}${bits ?? ""}`;
}

/** Entries of a pool in the order in which they came. */
export class Entries {
  readonly values: Plain[] = [];
  private readonly at = new Map<number, number>();
  private readonly keys = new PoolKeys();

  /** The index of the entry, which is made where there is none. */
  add(value: Plain): number {
    return this.at.get(this.keys.of(value)) ?? this.append(value);
  }

  /** The index of an entry that is made in any case. */
  append(value: Plain): number {
    const index = this.values.push(value) - 1;
    const key = this.keys.of(value);
    if (!this.at.has(key)) this.at.set(key, index);
    return index;
  }
}
