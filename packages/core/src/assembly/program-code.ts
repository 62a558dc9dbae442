/**
 * A code object that was read, as a block: says what cannot be computed. It is built as `assemble` would build it, and
 * whatever comes out differently from what the file has is said outright.
 */
import type { TextFault } from "../bytes/index.js";
import { type CodeObject, LocalKind } from "../code/index.js";
import { codeLayout } from "../format/index.js";
import { Plain, type PlainCode } from "../marshal/index.js";
import { OpargKind } from "../opcode/index.js";
import { docstringOf, type Pool, PoolKeys } from "../pools/index.js";
import type { Body } from "./assemble-body.js";
import { type BuiltCode, buildCode, type Enclosing, itemsOf, type Review } from "./assemble-code.js";
import { poolBlock } from "./assemble-pools.js";
import { Faults } from "./faults.js";
import { type LocalLists, splitLocals } from "./locals.js";
import { nameText } from "./names.js";
import { type Indexed, type ReadBody, readBody, type Symbols } from "./program-body.js";
import { isSame, isSameBytes } from "./same.js";
import type { CodeBlock, Signature } from "./syntax.js";

export interface ProgramOptions {
  /** Whether the file is to come out the same to the last byte; else only what it holds. */
  readonly exact: boolean;
  /** When pools are listed: where inferring them would give others, or always. */
  readonly pools?: "always" | "needed";
}

/**
 * Fills the block of a code object.
 * @param plain what it holds
 * @param shared objects that stand in several places, which therefore cannot be made anew
 */
export function fillBlock(
  block: CodeBlock,
  code: CodeObject,
  plain: PlainCode,
  outer: Enclosing | undefined,
  shared: ReadonlySet<Plain>,
  options: ProgramOptions,
): Enclosing {
  return new Filling(block, code, plain, outer, shared, options).fill();
}

/** Fills it with every field as it is. */
export function fillRaw(block: CodeBlock, code: CodeObject, plain: PlainCode, outer: Enclosing | undefined): Enclosing {
  const fields = new Fields(code, plain);
  for (const name of fields.integerNames) block.fields.set(name, { is: "integer", value: fields.integer(name) });
  for (const name of fields.objectNames) block.fields.set(name, { is: "object", value: fields.object(name) as Plain });
  return (buildCode(block, code.version, outer, new Faults()) as BuiltCode).enclosing;
}

/** What the file has, by name. */
class Fields {
  readonly integerNames: readonly string[];
  readonly objectNames: readonly string[];
  private readonly plain: PlainCode;

  constructor(code: CodeObject, plain: PlainCode) {
    const { fields, objects } = codeLayout(code.version);
    this.integerNames = fields.filter(({ type }) => type !== "object").map(({ name }) => name);
    this.objectNames = objects;
    this.plain = plain;
  }

  integer(name: string): number {
    return this.plain.integers[this.integerNames.indexOf(name)] ?? 0;
  }
  object(name: string): Plain | undefined {
    return this.plain.objects[this.objectNames.indexOf(name)];
  }
  items(name: string): readonly Plain[] {
    const object = this.object(name);
    return object === undefined ? [] : itemsOf(object);
  }
  bytes(name: string): Uint8Array | undefined {
    const value = this.object(name)?.value;
    return value?.kind === "bytes" ? value.value : undefined;
  }
}

/** How instructions are said, from the most readable on; each step says more by numbers. */
const Level = { symbols: 0, firsts: 1, entries: 2, labels: 3, raw: 4 } as const;

const OPTIMIZED = 1;
const NEWLOCALS = 2;
const VARARGS = 4;
const VARKEYWORDS = 8;
const NO_BYTES = new Uint8Array(0);

class Filling implements Review {
  private readonly block: CodeBlock;
  private readonly source: CodeObject;
  private readonly fields: Fields;
  private readonly outer: Enclosing | undefined;
  private readonly shared: ReadonlySet<Plain>;
  private readonly options: ProgramOptions;
  private readonly lists: LocalLists;
  private readonly pools: { readonly [P in Pool]: readonly Plain[] };
  private readonly indexed: Indexed;
  /** What the block says by now. */
  private readonly said = new Set<Pool>();
  private level: number = Level.symbols;
  private lines = true;
  private handlers = true;
  private anew = false;
  private faults: readonly TextFault[] = [];
  private read: ReadBody | undefined;

  constructor(
    block: CodeBlock,
    source: CodeObject,
    plain: PlainCode,
    outer: Enclosing | undefined,
    shared: ReadonlySet<Plain>,
    options: ProgramOptions,
  ) {
    this.block = block;
    this.shared = shared;
    this.source = source;
    this.fields = new Fields(source, plain);
    this.outer = outer;
    this.options = options;
    const { fields } = this;
    const { localsplus, cellIndex } = source.version.traits;
    const names = fields.items("co_localsplusnames");
    const kinds = fields.bytes("co_localspluskinds") ?? NO_BYTES;
    this.lists = localsplus
      ? splitLocals({ names, kinds })
      : {
          varnames: fields.items("co_varnames"),
          cellvars: fields.items("co_cellvars"),
          freevars: fields.items("co_freevars"),
        };
    const { varnames, cellvars, freevars } = this.lists;
    this.pools = { co_consts: fields.items("co_consts"), co_names: fields.items("co_names"), co_varnames: varnames };
    this.indexed = {
      consts: this.pools.co_consts,
      names: this.pools.co_names,
      locals: localsplus ? names : varnames,
      cells: cellIndex === "localsplus" ? names.map((name, i) => bound(name, kinds[i])) : [...cellvars, ...freevars],
    };
    for (const pool of poolNames) {
      const own = fields.object(pool);
      if (options.pools === "always" || (own !== undefined && shared.has(own))) this.said.add(pool);
    }
  }

  fill(): Enclosing {
    this.block.signature = this.signature();
    for (;;) {
      this.anew = false;
      this.say();
      const faults = new Faults(Number.POSITIVE_INFINITY);
      this.faults = faults.list;
      const built = buildCode(this.block, this.source.version, this.outer, faults, this);
      for (const { code } of faults.list) this.sayRaw(code);
      if (built !== undefined && !this.anew) return built.enclosing;
    }
  }

  /** Leaves what no table can tell to a raw one. */
  private sayRaw(code: string): void {
    if (code === "line-table") {
      this.anew ||= this.lines;
      this.lines = false;
    } else if (code === "exception-table") {
      this.anew ||= this.handlers;
      this.handlers = false;
    }
  }

  /** Says anew what is not left to be computed. */
  private say(): void {
    const { block, lists, pools, fields } = this;
    const { localsplus } = this.source.version.traits;
    block.fields.clear();
    const list = (name: string, items: readonly Plain[]) => {
      const own = fields.object(name);
      const value = localsplus || own === undefined ? new Plain({ kind: "tuple", items: [...items] }) : own;
      block.fields.set(name, { is: "object", value });
    };
    if (lists.cellvars.length > 0) list("co_cellvars", lists.cellvars);
    if (lists.freevars.length > 0) list("co_freevars", lists.freevars);
    for (const pool of this.said) {
      const own = fields.object(pool);
      if (own !== undefined) block.fields.set(pool, { is: "object", value: own });
      else if (localsplus && pool === "co_varnames") list(pool, pools.co_varnames);
    }
    if (this.level === Level.raw) {
      block.fields.set("co_code", { is: "object", value: fields.object("co_code") as Plain });
      block.body = [];
      return;
    }
    this.read = readBody(this.source, this.indexed, this.symbols(), this.options.exact);
    block.body = [...this.read.statements];
  }

  private symbols(): Symbols {
    const { level, lines, handlers } = this;
    const rest = { labels: level < Level.labels, lines, handlers };
    if (level === Level.symbols) return { entry: () => true, ...rest };
    if (level > Level.firsts) return { entry: () => false, ...rest };
    const keys = new PoolKeys();
    const firsts = new Map<unknown, Int32Array>();
    const isFirst = (pool: readonly (Plain | undefined)[], index: number) => {
      let found = firsts.get(pool);
      if (found === undefined) {
        const first = new Map<number, number>();
        found = Int32Array.from(pool, (plain, i) => {
          if (plain === undefined) return -1;
          const key = keys.of(plain);
          if (!first.has(key)) first.set(key, i);
          return first.get(key) as number;
        });
        firsts.set(pool, found);
      }
      return found[index] === index;
    };
    const { consts, names, locals, cells } = this.indexed;
    return {
      entry: (kind, index) => {
        if (kind === OpargKind.const) return isFirst(consts, index);
        if (kind === OpargKind.free) return isFirst(cells, index);
        return isFirst(kind === OpargKind.local || kind === OpargKind.localPair ? locals : names, index);
      },
      ...rest,
    };
  }

  /** The names of the parameters, where the counts and flags imply any, or it is a function. */
  private signature(): Signature | undefined {
    const { fields } = this;
    const { version } = this.source;
    if (!fields.integerNames.includes("co_argcount")) return undefined;
    const flags = fields.integer("co_flags");
    const positional = fields.integer("co_argcount");
    const positionalOnly = fields.integer("co_posonlyargcount");
    const keywordOnly = fields.integer("co_kwonlyargcount");
    const isFunction = (flags & OPTIMIZED) !== 0 && (flags & NEWLOCALS) !== 0;
    const star = (flags & VARARGS) !== 0;
    const starStar = (flags & VARKEYWORDS) !== 0;
    if (positionalOnly < 0 || positional < positionalOnly || keywordOnly < 0) return undefined;
    const count = positional + keywordOnly + Number(star) + Number(starStar);
    if ((count === 0 && !isFunction) || count > this.lists.varnames.length) return undefined;
    const names: string[] = [];
    for (const name of this.lists.varnames.slice(0, count)) {
      const text = nameText(name, version);
      if (text === undefined) return undefined;
      names.push(text);
    }
    const variadic = positional + keywordOnly;
    return {
      positionalOnly: names.slice(0, positionalOnly),
      positional: names.slice(positionalOnly, positional),
      keywordOnly: names.slice(positional, variadic),
      star: star ? names[variadic] : undefined,
      starStar: starStar ? names[count - 1] : undefined,
    };
  }

  begin(body: Body): void {
    if (this.said.has("co_consts")) return;
    const { version } = this.source;
    const name = this.fields.object("co_name");
    const frame = {
      version,
      name: (name && nameText(name, version)) ?? "",
      flags: this.fields.integer("co_flags"),
      parameters: [],
      cellvars: [],
      freevars: [],
      firstlineno: 0,
    };
    const docstring = docstringOf(poolBlock(frame, body, undefined), this.pools.co_consts);
    if (docstring !== undefined) this.block.fields.set("docstring", { is: "object", value: docstring });
  }

  integer(field: string, computed: number): number {
    const value = this.fields.integer(field);
    if (value !== computed) this.block.fields.set(field, { is: "integer", value });
    return value;
  }

  object(field: string, computed: Plain): Plain {
    const value = this.fields.object(field);
    if (value === undefined || (!this.shared.has(value) && isSame(value, computed))) return computed;
    if (field === "co_lnotab" || field === "co_linetable") {
      if (!this.options.exact && this.read?.lines) return computed;
      this.sayRaw("line-table");
    } else if (field === "co_exceptiontable") {
      if (!this.options.exact && this.read?.handlers) return computed;
      this.sayRaw("exception-table");
    } else if (field === "co_code" && !this.options.exact && value.value.kind === "bytes") return computed;
    this.block.fields.set(field, { is: "object", value });
    return value;
  }

  pool(pool: Pool, inferred: readonly Plain[]): boolean {
    const own = this.pools[pool];
    if (own.length === inferred.length && own.every((plain, i) => isSame(plain, inferred[i] as Plain))) return true;
    this.said.add(pool);
    return false;
  }

  code(code: Uint8Array, opargs: readonly number[]): boolean {
    const own = this.fields.bytes("co_code");
    if (own === undefined) return true; // said as it is
    const isOwn = this.options.exact ? isSameBytes(code, own) : this.hasOpargs(opargs);
    if (isOwn && this.faults.length === 0) return true;
    this.level++;
    if (this.level === Level.firsts) for (const pool of poolNames) if (hasEqual(this.pools[pool])) this.said.add(pool);
    return false;
  }

  /** Whether what stands in pools is found where it is in the file. */
  private hasOpargs(opargs: readonly number[]): boolean {
    const steps = this.read?.steps.steps ?? [];
    return steps.every(({ oparg, target, bytes }, i) => bytes !== undefined || target >= 0 || oparg === opargs[i]);
  }
}

/** A name if it is that of a cell or free variable. */
const bound = (name: Plain, kind = 0) => ((kind & (LocalKind.cell | LocalKind.free)) !== 0 ? name : undefined);

const poolNames: readonly Pool[] = ["co_consts", "co_names", "co_varnames"];

/** Whether two entries of a pool are equal. */
function hasEqual(pool: readonly Plain[]): boolean {
  const keys = new PoolKeys();
  return new Set(pool.map((plain) => keys.of(plain))).size < pool.length;
}
