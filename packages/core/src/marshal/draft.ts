/**
 * Objects as they shall be written: every choice made. `write.ts` turns them into bytes and computes what follows from
 * them (lengths, counts, the indexes of references), so that what is put in or taken out is accounted for.
 */

const NOTHING: Uint8Array = new Uint8Array(0);
const NO_ITEMS: Draft[] = [];
const NO_INTEGERS: number[] = [];

export class Draft {
  /** The type byte, FLAG_REF included. */
  type: number;
  /** A leaf's bytes behind its type byte; for strings those behind the length. */
  content: Uint8Array;
  /** The objects in it, in file order: items; keys and values and the terminator; the objects of a code object. */
  items: Draft[];
  /** The integers of a code object, in the order of its record. */
  integers: number[];
  /** What an `r` or `R` refers to: a draft that is written before it. */
  target: Draft | undefined;

  constructor(type: number, content = NOTHING, items = NO_ITEMS, integers = NO_INTEGERS, target?: Draft) {
    this.type = type;
    this.content = content;
    this.items = items;
    this.integers = integers;
    this.target = target;
  }
}

/** Objects that cannot be written: where, and why. */
export class WriteError extends Error {
  override readonly name = "WriteError";
  /** The object: `co_consts[3].co_code`; "" for the outermost. */
  readonly path: string;
  readonly what: string;

  constructor(path: string, what: string) {
    super(path === "" ? what : `${path}: ${what}`);
    this.path = path;
    this.what = what;
  }
}
