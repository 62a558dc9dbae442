/**
 * Which objects of a program are one object in the memory of the Python that writes it, and how often each occurs. A
 * file does not tell all of it; where the rules guess, they were chosen to agree with most of what real files have.
 */
import { type Version, writingOf } from "../version/index.js";
import { itemsOf } from "./equality.js";
import type { Plain, PlainCode } from "./plain.js";
import { type Role, walkPlain } from "./roles.js";
import { BY_ITSELF, type Share, type ShareRule } from "./share.js";
import { HeldObjects } from "./share-held.js";
import { PypyObjects } from "./share-pypy.js";
import { InternedStrings } from "./share-strings.js";

function ruleFor(root: Plain, version: Version): ShareRule {
  const writing = writingOf(version);
  switch (writing.sharing) {
    case "none":
      return { of: () => BY_ITSELF };
    case "interned":
      return new InternedStrings(writing);
    case "refcount":
      return new HeldObjects(version, writing);
    case "pypy":
      return new PypyObjects(root, version);
  }
}

/** How often each object occurs, counted before anything is written. */
export class Sharing {
  private readonly rule: ShareRule;
  /** Occurrences by key, and of objects with an identity by what they are. */
  private readonly occurrences = new Map<string | object, number>();

  constructor(root: Plain, version: Version) {
    this.rule = ruleFor(root, version);
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

  /** What is known of the sharing of an object that stands there. */
  of(plain: Plain, role: Role, code: PlainCode | undefined): Share {
    return this.rule.of(plain, role, code);
  }

  /** Whether the object occurs more than once. */
  recurs(plain: Plain, { key }: Share): boolean {
    return this.isRepeated(identityOf(plain)) || (key !== undefined && this.isRepeated(key));
  }

  private isRepeated(what: string | object): boolean {
    return (this.occurrences.get(what) ?? 0) > 1;
  }
}

/** What makes two occurrences one object: a container's value, a leaf itself. */
export function identityOf(plain: Plain): object {
  return itemsOf(plain.value) === undefined ? plain : plain.value;
}
