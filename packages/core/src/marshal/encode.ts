/**
 * Encoding: plain objects to drafts, with the choices that the version's own marshal would make: type codes by value,
 * which objects are entered into the table of references, and which are written as references. An override takes the
 * place of a choice.
 */
import type { Version } from "../version/index.js";
import { FLAG_REF, Shape, typeCode } from "./codes.js";
import { contentOf } from "./content.js";
import { Draft, WriteError } from "./draft.js";
import { draftPath } from "./draft-path.js";
import { itemsOf, leafKey } from "./equality.js";
import type { Override, Plain, PlainCode, PlainValue } from "./plain.js";
import { IS_REFERABLE, planFor } from "./plan.js";
import { type Role, walkPlain } from "./roles.js";
import type { Share } from "./share.js";
import { identityOf, Sharing } from "./sharing.js";
import { TypeCodes } from "./type-codes.js";

const REF = 0x72; // r
const STRINGREF = 0x52; // R
const INTERNED = 0x74; // t
const TERMINATOR = 0x30; // 0

/** What the version's own writer would do with an object. */
export interface Choice {
  readonly type: number;
  /** For a reference: the index in its table. */
  readonly index: number | undefined;
  /** Whether it is the very `Plain` that was written before, and referred to now: its override was for that. */
  readonly again: boolean;
}

/** An object that can be referred to, and what it was written for. */
interface Referable {
  readonly draft: Draft;
  readonly value: PlainValue;
}

/** So many objects may be written again because the version cannot refer to them; more is a file that explodes. */
const MOST_AGAIN = 1 << 18;

/**
 * The drafts of an object as the Python of that version would write it, overrides honoured. The same `Plain` (or
 * another with the same `value`) in two places is one object: a reference where the version has references.
 * @throws WriteError where it cannot be written: a value that the type code of its override cannot hold, a reference
 * to nothing, an object that contains itself in a version without references, nesting beyond MAX_DEPTH
 */
export function encode(root: Plain, version: Version): Draft {
  const encoder = new Encoder(root, version);
  walkPlain(root, version, {
    enter(plain, role, code) {
      const choice = encoder.choice(plain, role, code);
      return encoder.write(plain, choice, choice.again ? undefined : plain.override);
    },
    leave: () => encoder.close(),
  });
  return encoder.root as Draft;
}

/** An encoding in progress. Each object, in file order, is first chosen for and then written. */
export class Encoder {
  root: Draft | undefined;
  private readonly version: Version;
  private readonly codes: TypeCodes;
  private readonly sharing: Sharing;
  private readonly shapes: Uint8Array;
  private readonly references: "none" | "interned" | "flag";
  /** What `r` and `R` index, in the order of writing. */
  private readonly referables: Referable[] = [];
  private readonly strings: Referable[] = [];
  /** Places in these tables, by what the objects are: an object itself, and all that share a key with it. */
  private readonly byIdentity = new Map<object, { readonly index: number; readonly plain: Plain }>();
  private readonly byKey = new Map<string, number>();
  private share: Share | undefined;
  private readonly open: { readonly draft: Draft; readonly plain: Plain }[] = [];
  private readonly openObjects = new Set<object>();
  private readonly begun = new Set<object>();
  private again = 0;

  constructor(root: Plain, version: Version) {
    this.version = version;
    this.codes = new TypeCodes(version);
    this.sharing = new Sharing(root, version);
    this.shapes = planFor(version).shapes;
    this.references = version.traits.references;
  }

  /** What the version's own writer would do with an object, after all that has been written so far. */
  choice(plain: Plain, role: Role, code: PlainCode | undefined): Choice {
    const share = this.sharing.of(plain, role, code);
    this.share = share;
    const same = this.byIdentity.get(identityOf(plain));
    if (same !== undefined) return { type: REF, index: same.index, again: same.plain === plain };
    const equal = share.key === undefined ? undefined : this.byKey.get(share.key);
    if (equal !== undefined) return { type: this.references === "flag" ? REF : STRINGREF, index: equal, again: false };
    const type = this.codes.of(plain.value, share.interned);
    const flagged =
      this.references === "flag" &&
      this.isReferable(type | FLAG_REF) &&
      (share.held || this.sharing.recurs(plain, share));
    return { type: flagged ? type | FLAG_REF : type, index: undefined, again: false };
  }

  /**
   * Writes an object as chosen, or as overridden.
   * @returns whether it is a container, whose objects follow until `close`
   */
  write(plain: Plain, choice: Choice, override: Override | undefined): boolean {
    const type = override?.type ?? choice.type;
    const { value } = plain;
    if (isReference(type)) {
      this.put(this.reference(type, value, override?.index ?? indexFor(type, choice)));
      return false;
    }
    if (itemsOf(value) === undefined) {
      const content = override?.content ?? contentOf(type, value, this.version);
      if (content === undefined) this.fail(`type code ${nameOf(type)} cannot hold this ${value.kind}`);
      const draft = new Draft(type, content);
      this.put(draft);
      this.note(plain, draft);
      return false;
    }
    const draft = new Draft(type, undefined, [], value.kind === "code" ? value.integers : undefined);
    this.begin(plain);
    this.put(draft);
    this.note(plain, draft);
    this.open.push({ draft, plain });
    return true;
  }

  /** Behind the last object in a container. */
  close(): void {
    const { draft, plain } = this.open.pop() as { draft: Draft; plain: Plain };
    const { value } = plain;
    this.openObjects.delete(value);
    if (value.kind === "dict" || value.kind === "frozendict")
      draft.items.push(new Draft(value.end?.type ?? TERMINATOR));
  }

  private reference(type: number, value: PlainValue, index: number | undefined): Draft {
    const table = (type & ~FLAG_REF) === REF ? this.referables : this.strings;
    const target = index === undefined ? undefined : table[index];
    if (target === undefined)
      this.fail(
        `a reference to ${index === undefined ? "nothing equal" : `object ${index} of ${table.length}`} before it`,
      );
    if (!mayBeSame(value, target.value)) this.fail(`a reference to object ${index}, which is another value`);
    const draft = new Draft(type, undefined, undefined, undefined, target.draft);
    if (this.isReferable(type)) this.referables.push({ draft, value });
    return draft;
  }

  private isReferable(type: number): boolean {
    return ((this.shapes[type] as number) & IS_REFERABLE) !== 0;
  }

  private put(draft: Draft): void {
    const parent = this.open.at(-1);
    if (parent) parent.draft.items.push(draft);
    else this.root = draft;
  }

  /** Enters an object that later ones may refer to into the tables. */
  private note(plain: Plain, draft: Draft): void {
    const { share, references } = this;
    const referable = this.isReferable(draft.type);
    const string = (draft.type & ~FLAG_REF) === INTERNED && references !== "flag";
    const key = (references === "flag" ? referable : string) ? share?.key : undefined;
    if (key !== undefined && !this.byKey.has(key))
      this.byKey.set(key, references === "flag" ? this.referables.length : this.strings.length);
    const identity = identityOf(plain);
    if (referable && !this.byIdentity.has(identity))
      this.byIdentity.set(identity, { index: this.referables.length, plain });
    if (referable) this.referables.push({ draft, value: plain.value });
    if (string) this.strings.push({ draft, value: plain.value });
  }

  /** Keeps what cannot be referred to, and so is written each time it occurs, from growing without end. */
  private begin({ value }: Plain): void {
    if (this.openObjects.has(value)) this.fail("an object that contains itself, and nothing that refers to it");
    this.openObjects.add(value);
    if (this.begun.has(value)) {
      this.again += 1 + (itemsOf(value)?.length ?? 0);
      if (this.again > MOST_AGAIN) this.fail("objects that occur too often to be written each time");
    }
    this.begun.add(value);
  }

  private fail(what: string): never {
    const last = this.open.length - 1;
    // the innermost's next item; of the others, the one that was put in last
    const steps = this.open.map(({ draft }, i) => [draft.type, draft.items.length - (i < last ? 1 : 0)] as const);
    throw new WriteError(draftPath(steps, this.version), what);
  }
}

/** Whether a reference to one may stand for the other; of containers only the kind is looked at. */
function mayBeSame(one: PlainValue, other: PlainValue): boolean {
  return one === other || (one.kind === other.kind && leafKey(one) === leafKey(other));
}

/** The index that the choice has for a reference of that type. */
export function indexFor(type: number, choice: Choice): number | undefined {
  return ((type ^ choice.type) & ~FLAG_REF) === 0 ? choice.index : undefined;
}

/** Whether the type byte is that of an `r` or `R`. */
export function isReference(type: number): boolean {
  const shape = typeCode(type)?.shape;
  return shape === Shape.reference || shape === Shape.stringReference;
}

function nameOf(type: number): string {
  return JSON.stringify(typeCode(type)?.code ?? `0x${type.toString(16)}`);
}
