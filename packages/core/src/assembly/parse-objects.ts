/**
 * What names in a text stand for: `<code LABEL>` for the code objects of the block that is open, `*a` for an object
 * anywhere. Both may be used before what they name is read; then the object is made at once, and filled in later.
 */
import { Plain } from "../marshal/index.js";
import type { Lexer } from "./lexer.js";
import type { Anchor, Referents } from "./literal.js";
import type { Place } from "./syntax.js";

interface Named {
  readonly object: Plain;
  /** Where it was named first. */
  readonly place: Place;
  defined: boolean;
}

const NONE: Plain["value"] = { kind: "None" };

export class Objects implements Referents {
  private readonly lexer: Lexer;
  private readonly anchors = new Map<string, Named>();
  private readonly anchored = new Set<Plain>();
  /** The code objects of the open blocks, the innermost last; first those of the program. */
  private readonly scopes: Map<string, Named>[] = [new Map()];

  constructor(lexer: Lexer) {
    this.lexer = lexer;
  }

  enter(): void {
    this.scopes.push(new Map());
  }

  /** The block ends: what it names must be there. */
  leave(): void {
    this.check(this.scopes.pop() as Map<string, Named>, "unknown-code", "no code object here is labelled");
  }

  finish(): void {
    for (const scope of this.scopes) this.check(scope, "unknown-code", "no code object here is labelled");
    this.check(this.anchors, "unknown-anchor", "no object has the anchor");
  }

  private check(names: Map<string, Named>, code: string, what: string): void {
    for (const [name, { defined, place }] of names)
      if (!defined && !this.lexer.full) this.lexer.fault(code, place, `${what} ${printable(name)}`);
  }

  code(label: string, place: Place, anchor: string | undefined): Plain {
    const scope = this.scopes[this.scopes.length - 1] as Map<string, Named>;
    return this.named(scope, label, place, () => this.forward(anchor) ?? codeObject()).object;
  }

  /** The object that an anchor which is defined now was named for further up, made a code object. */
  private forward(anchor: string | undefined): Plain | undefined {
    const named = anchor === undefined ? undefined : this.anchors.get(anchor);
    if (named === undefined || named.defined) return undefined;
    named.object.value = codeObject().value;
    return named.object;
  }

  /** The object of a `.code` directive. */
  block(label: string, place: Place, anchor: Anchor | undefined): Plain {
    const scope = this.scopes[this.scopes.length - 1] as Map<string, Named>;
    const named = scope.get(label);
    if (named?.defined)
      this.lexer.fault("duplicate-code", place, `a second code object labelled ${printable(label)} here`);
    const object = named?.object ?? this.forward(anchor?.name) ?? codeObject();
    scope.set(label, { object, place: named?.place ?? place, defined: true });
    if (anchor !== undefined) this.define(anchor.name, anchor.place, object);
    return object;
  }

  anchor(name: string, place: Place): Plain {
    return this.named(this.anchors, name, place, () => new Plain(NONE)).object;
  }

  define(name: string, place: Place, given?: Plain): Plain {
    const named = this.named(this.anchors, name, place, () => given ?? new Plain(NONE));
    const { lexer } = this;
    if (named.defined) {
      lexer.fault("duplicate-anchor", place, `a second object with the anchor ${printable(name)}`);
      return named.object;
    }
    named.defined = true;
    const { object } = named;
    if (given === undefined || given === object) return this.sole(object, place);
    if (given.value.kind === "code" || this.anchored.has(given)) {
      const what = `*${printable(name)} stands before the code object that has the anchor`;
      lexer.fault("bad-anchor", place, what, "the anchor at the first mention");
    }
    object.value = given.value;
    return this.sole(object, place);
  }

  /** Notes that an object has an anchor; two would be two names of one. */
  private sole(object: Plain, place: Place): Plain {
    if (this.anchored.has(object)) this.lexer.fault("bad-anchor", place, "a second anchor on one object", "one anchor");
    this.anchored.add(object);
    return object;
  }

  private named(names: Map<string, Named>, name: string, place: Place, make: () => Plain): Named {
    let named = names.get(name);
    if (named === undefined) {
      named = { object: make(), place, defined: false };
      names.set(name, named);
    }
    return named;
  }
}

const codeObject = () => new Plain({ kind: "code", integers: [], objects: [] });

const printable = (name: string) => name.slice(0, 60).replace(/[^ -~]/gu, "\ufffd");
