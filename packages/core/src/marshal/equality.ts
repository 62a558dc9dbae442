/**
 * Which plain objects are equal as constants: of the same type, with the same content. Each value has a number, and a
 * container's is that of its kind and its items' numbers, so that shared and deep objects take linear time.
 */
import { latin1 } from "../bytes/index.js";
import type { Plain, PlainValue } from "./plain.js";
import type { PyFloat } from "./values.js";

const scratch = new DataView(new ArrayBuffer(8));

/** A leaf's type and content as text; undefined for a container. */
export function leafKey(value: PlainValue): string | undefined {
  switch (value.kind) {
    case "str":
      return value.codePoints === undefined ? `s${value.value}` : `S${value.codePoints.join()}`;
    case "bytes":
      return `b${latin1(value.value)}`;
    case "int":
    case "long":
      return value.kind + value.value.toString(16);
    case "float":
      return `f${floatBits(value)}`;
    case "complex":
      return `c${floatBits(value.real)} ${floatBits(value.imag)}`;
    case "bool":
      return value.value ? "True" : "False";
    case "None":
    case "Ellipsis":
    case "StopIteration":
    case "NULL":
      return value.kind;
    default:
      return undefined;
  }
}

function floatBits({ value, bits }: PyFloat): bigint {
  if (bits !== undefined) return bits;
  scratch.setFloat64(0, value);
  return scratch.getBigUint64(0);
}

/** The objects in a container, or undefined for a leaf. */
export function itemsOf(value: PlainValue): readonly Plain[] | undefined {
  return "items" in value ? value.items : "objects" in value ? value.objects : undefined;
}

/** Longest text of a leaf that is looked up each time. */
const LONG = 256;

/** A number for each value; equal ones have the same. Lists, sets, dicts and code objects equal only themselves. */
export class Equality {
  private readonly numbers = new Map<string, number>();
  /** Of containers, and of leaves whose text is long. */
  private readonly known = new Map<PlainValue, number>();
  private count = 0;

  of(value: PlainValue): number {
    const known = this.known.get(value);
    if (known !== undefined) return known;
    const key = leafKey(value);
    if (key === undefined) return this.container(value);
    const number = this.numbered(key);
    if (key.length > LONG) this.known.set(value, number);
    return number;
  }

  private numbered(key: string): number {
    let number = this.numbers.get(key);
    if (number === undefined) {
      number = this.count++;
      this.numbers.set(key, number);
    }
    return number;
  }

  /** Innermost first, with a stack of its own; a container that is met inside itself equals only itself. */
  private container(root: PlainValue): number {
    const stack = [root];
    const open = new Set<PlainValue>();
    for (let value = stack.at(-1); value !== undefined; value = stack.at(-1)) {
      const items = isConstant(value) ? (itemsOf(value) as readonly Plain[]) : undefined;
      if (this.known.has(value)) {
        stack.pop();
      } else if (items === undefined) {
        this.known.set(value, this.count++);
        stack.pop();
      } else if (open.has(value)) {
        const numbers = items.map((item) => this.of(item.value));
        this.known.set(value, this.numbered(`${value.kind}(${numbers.join()})`));
        stack.pop();
      } else {
        open.add(value);
        for (const item of items) {
          if (itemsOf(item.value) === undefined || this.known.has(item.value)) continue;
          if (open.has(item.value)) this.known.set(item.value, this.count++);
          else stack.push(item.value);
        }
      }
    }
    return this.known.get(root) as number;
  }
}

function isConstant({ kind }: PlainValue): boolean {
  return kind === "tuple" || kind === "frozenset" || kind === "slice";
}
