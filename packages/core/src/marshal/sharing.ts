/**
 * Which objects of a program are one object in the memory of the Python that writes it: what it interned, the small
 * constants that it has once, and the constants that its compiler merged.
 */
import { latin1 } from "../bytes/index.js";
import { type Version, type WritingTraits, writingOf } from "../version/index.js";
import { Equality, itemsOf } from "./equality.js";
import type { Plain, PlainCode, PlainValue } from "./plain.js";
import { type Role, walkPlain } from "./roles.js";

/** What is known of an object's sharing. */
export interface Share {
  /** Objects with the same key are one object; undefined: this one is by itself. */
  readonly key: string | undefined;
  /** Whether it is interned. */
  readonly interned: boolean;
  /** Whether something else than the program holds it too, so that marshal takes it for shared though it occurs once. */
  readonly held: boolean;
}

const BY_ITSELF: Share = { key: undefined, interned: false, held: false };
const HELD: Share = { key: undefined, interned: false, held: true };

/** How often each object occurs, counted before anything is written. */
export class Sharing {
  private readonly writing: WritingTraits;
  private readonly equality = new Equality();
  private readonly scopes = new Map<PlainCode, number>();
  /** Occurrences by key, and of objects with an identity by what they are. */
  private readonly occurrences = new Map<string | object, number>();

  constructor(root: Plain, version: Version) {
    this.writing = writingOf(version);
    walkPlain(root, version, {
      enter: (plain, role, code) => {
        const first = this.count(identityOf(plain));
        const { key } = this.of(plain, role, code);
        const firstEqual = key === undefined || this.count(key);
        return first && firstEqual && itemsOf(plain.value) !== undefined;
      },
      leave: () => {},
    });
  }

  /** @returns whether it is the first */
  private count(what: string | object): boolean {
    const before = this.occurrences.get(what) ?? 0;
    this.occurrences.set(what, before + 1);
    return before === 0;
  }

  /** Whether the object occurs more than once. */
  recurs(plain: Plain, { key }: Share): boolean {
    return (
      (this.occurrences.get(identityOf(plain)) ?? 0) > 1 || (key !== undefined && (this.occurrences.get(key) ?? 0) > 1)
    );
  }

  /** What is known of the sharing of an object that stands there. */
  of({ value }: Plain, role: Role, code: PlainCode | undefined): Share {
    switch (this.writing.sharing) {
      case "interned":
        return value.kind === "bytes" ? byteString(latin1(value.value), role) : BY_ITSELF;
      case "refcount":
        return this.counted(value, role, code);
      default:
        return BY_ITSELF;
    }
  }

  private counted(value: PlainValue, role: Role, code: PlainCode | undefined): Share {
    const { writing } = this;
    const { field, level } = role;
    const own = level === "field";
    if (own && writing.heldFields.includes(field)) return HELD;
    switch (value.kind) {
      case "str":
        return this.text(value.value, value, role, code);
      case "int":
        if (value.value >= SMALLEST && value.value <= LARGEST) return held(`i${value.value}`);
        return this.constant(value, role, code);
      case "bytes":
        if (value.value.length === 0 || (value.value.length === 1 && !own)) return held(`b${latin1(value.value)}`);
        return this.constant(value, role, code);
      case "tuple":
        return value.items.length === 0 ? held("()") : this.constant(value, role, code);
      case "float":
      case "complex":
      case "frozenset":
      case "slice":
        return this.constant(value, role, code);
      case "code":
        return field === "" && own ? HELD : BY_ITSELF;
      default:
        return BY_ITSELF;
    }
  }

  private text(text: string, value: PlainValue, role: Role, code: PlainCode | undefined): Share {
    const { writing } = this;
    const { field } = role;
    const single = text.length <= 1 && (text === "" || text.charCodeAt(0) <= 0xff);
    const interned =
      writing.internedFields.includes(field) || isIdentifier(text) || (single && writing.internedCharacters);
    if (interned) return { key: `Z${text}`, interned, held: single || writing.heldStrings.includes(field) };
    if (single) return held(`1${text}`);
    if (field === "co_filename") return { key: `F${text}`, interned: false, held: true };
    return this.constant(value, role, code);
  }

  /** Constants that the compiler made one. */
  private constant(value: PlainValue, role: Role, code: PlainCode | undefined): Share {
    const { writing } = this;
    const { field, level } = role;
    const merged = field === "co_consts" && level !== "field" ? true : writing.mergedFields.includes(field);
    if (!merged) return BY_ITSELF;
    const scope = writing.mergedConstants === "module" || code === undefined ? "" : this.scope(code);
    return { key: `m${scope}:${this.equality.of(value)}`, interned: false, held: false };
  }

  /** A number for each code object. */
  private scope(code: PlainCode): number {
    let number = this.scopes.get(code);
    if (number === undefined) {
      number = this.scopes.size;
      this.scopes.set(code, number);
    }
    return number;
  }
}

const SMALLEST = -5;
const LARGEST = 256;

function held(key: string): Share {
  return { key, interned: false, held: true };
}

/** Letters, digits and underscores: strings that the compiler interns. */
function isIdentifier(text: string): boolean {
  return /^\w*$/.test(text);
}

/** An 8-bit string. */
function byteString(text: string, { field, level, names }: Role): Share {
  const plain = text.length === 1 ? /^[ -[\]-~]$/.test(text) : isIdentifier(text);
  const interned = names ? level !== "field" : field === "co_name" || plain;
  return interned && field !== "co_filename" ? { key: `Z${text}`, interned: true, held: false } : BY_ITSELF;
}

/** What makes two occurrences one object: a container's value, a leaf itself. */
export function identityOf(plain: Plain): object {
  return itemsOf(plain.value) === undefined ? plain : plain.value;
}
