/**
 * Which objects of a program are written once and referred to: containers that are in several places or in themselves,
 * code objects of another block, and what is long and said more than once.
 *
 * Operands and the pools of a block name the same entries, so an object of a pool is repeated by its value there, unless
 * that would take much room.
 */
import type { Plain, PlainValue } from "../marshal/index.js";
import type { CodeBlock, Operand, Program } from "./syntax.js";

/** Characters, roughly, up to which what operands name is repeated. */
const REPEATED = 100;

export class Anchors {
  /** The name of each, "" before it has one. */
  private readonly names: Map<Plain, string>;
  private readonly defined = new Set<Plain>();

  constructor(program: Program) {
    this.names = shared(program);
  }

  /**
   * What stands for an object here: `&a ` before its first text, `*a` in place of any other; undefined if it has no
   * anchor.
   * @param mayDefine false where the object cannot be written
   */
  begin(plain: Plain, mayDefine = true): string | undefined {
    if (this.names.size === 0) return undefined;
    const name = this.name(plain);
    if (name === undefined || !mayDefine || this.defined.has(plain)) return name && `*${name}`;
    this.defined.add(plain);
    return `&${name} `;
  }

  /** Whether an object is written once and referred to; whether it has been written. */
  has(plain: Plain): boolean {
    return this.names.has(plain);
  }

  isDefined(plain: Plain): boolean {
    return this.defined.has(plain);
  }

  private count = 0;

  private name(plain: Plain): string | undefined {
    let name = this.names.get(plain);
    if (name === "") {
      name = `o${++this.count}`;
      this.names.set(plain, name);
    }
    return name;
  }
}

function itemsOf(value: PlainValue): readonly Plain[] | undefined {
  return "items" in value ? value.items : undefined;
}

/** What an object takes as text, roughly; counted to `REPEATED` and not beyond. */
function weight(plain: Plain): number {
  const stack = [plain];
  let sum = 0;
  for (let next = stack.pop(); next !== undefined && sum <= REPEATED; next = stack.pop()) {
    sum += 4 + leafWeight(next.value);
    const items = itemsOf(next.value);
    if (items !== undefined) for (let i = 0; i < items.length && i <= REPEATED; i++) stack.push(items[i] as Plain);
  }
  return sum;
}

function leafWeight(value: PlainValue): number {
  if (value.kind === "str" || value.kind === "bytes") return value.value.length;
  return (value.kind === "int" || value.kind === "long") && typeof value.value === "bigint" ? bits(value.value) / 4 : 0;
}

const bits = (n: bigint) => (BigInt.asIntN(4 * REPEATED, n) === n ? 64 : 5 * REPEATED);

/** A walk over everything in a program. */
class Walk {
  readonly names = new Map<Plain, string>();
  private readonly seen = new Set<Plain>();
  /** What operands and pools of the block have named. */
  private entries = new Set<Plain>();
  private own: ReadonlySet<Plain> = new Set();
  private readonly stack: Plain[] = [];

  enter(blocks: readonly CodeBlock[]): void {
    this.entries = new Set();
    this.own = new Set(blocks.map((block) => block.object));
  }

  /** An object in a place of its own, and all in it. */
  visit(plain: Plain): void {
    const { stack } = this;
    stack.push(plain);
    for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
      const items = this.meet(next);
      if (items === undefined) continue;
      for (let i = items.length - 1; i >= 0; i--) stack.push(items[i] as Plain);
    }
  }

  /** The objects in it, if it is met for the first time. */
  private meet(plain: Plain): readonly Plain[] | undefined {
    const { value } = plain;
    if (value.kind === "code") {
      if (!this.own.has(plain)) this.names.set(plain, "");
      return undefined;
    }
    const items = itemsOf(value);
    if (items === undefined && leafWeight(value) <= REPEATED) return undefined;
    return this.first(plain) ? items : undefined;
  }

  /** Whether a container is met for the first time; else it gets an anchor. */
  first(plain: Plain): boolean {
    if (this.seen.has(plain)) {
      this.names.set(plain, "");
      return false;
    }
    this.seen.add(plain);
    return true;
  }

  /** An object that an operand or a pool names. */
  entry(plain: Plain): void {
    const { value } = plain;
    if (value.kind === "str" && value.value.length <= REPEATED) return;
    if (this.entries.has(plain)) {
      if (weight(plain) > REPEATED) this.names.set(plain, "");
      return;
    }
    if (value.kind === "code" || itemsOf(value) !== undefined || leafWeight(value) > REPEATED) {
      this.entries.add(plain);
      this.visit(plain);
    }
  }
}

function shared(program: Program): Map<Plain, string> {
  const walk = new Walk();
  const { object } = program;
  const blocks: CodeBlock[] = [...program.blocks];
  if ("is" in object) {
    walk.enter([]);
    blocks.push(object);
  } else {
    walk.enter(program.blocks);
    walk.visit(object);
  }
  for (let block = blocks.pop(); block !== undefined; block = blocks.pop()) {
    walk.enter(block.blocks);
    for (const [name, field] of block.fields) {
      if (field.is !== "object") continue;
      if (isPool(name)) pool(walk, field.value);
      else walk.visit(field.value);
    }
    for (const statement of block.body) if (statement.is === "instruction") operand(walk, statement.operand);
    blocks.push(...block.blocks);
  }
  return walk.names;
}

const isPool = (field: string) => field === "co_consts" || field === "co_names" || field === "co_varnames";

/** A pool's items are entries; the pool itself may be in several places too. */
function pool(walk: Walk, plain: Plain): void {
  const items = itemsOf(plain.value);
  if (items === undefined) walk.visit(plain);
  else if (walk.first(plain)) for (const item of items) walk.entry(item);
}

function operand(walk: Walk, what: Operand): void {
  if (what.is === "constant") walk.entry(what.value);
  else if (what.is === "name") walk.entry(what.name);
  else if (what.is === "names") for (const name of what.names) walk.entry(name);
}
