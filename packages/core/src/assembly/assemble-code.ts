/**
 * A block's code object: every field as it is said, and what is left out computed from the rest, in an order in which
 * each has what it needs.
 *
 * `programOf` goes through the very same steps with a review at hand, which compares what is computed with what a file
 * has, and says outright what would come out differently.
 */
import { LocalKind, parameterCount } from "../code/index.js";
import { codeLayout, type Field as RecordField } from "../format/index.js";
import { layout as layOut } from "../instruction/index.js";
import { linesOfSetLineno } from "../linetable/index.js";
import { Plain, type PlainCode } from "../marshal/index.js";
import { OpargKind, opcodesOf } from "../opcode/index.js";
import type { Pool } from "../pools/index.js";
import type { Version } from "../version/index.js";
import { type Body, bodyOf } from "./assemble-body.js";
import { inferredPools, opargsOf, type Placed, Pools, poolBlock } from "./assemble-pools.js";
import { stackSizeOf } from "./assemble-stack.js";
import { encodedLines, encodedRanges, rangesOf } from "./assemble-tables.js";
import type { Faults } from "./faults.js";
import { type BlockRole, computedFlags } from "./flags.js";
import { joinLocals, type LocalLists, type Localsplus, splitLocals } from "./locals.js";
import { nameObject, nameOfLabel, nameText } from "./names.js";
import type { CodeBlock, Signature } from "./syntax.js";

/** What a block takes from the one that it stands in. */
export interface Enclosing {
  readonly role: BlockRole;
  /** Whether it is a function, or stands in one. */
  readonly nests: boolean;
  /** What stands before the names of blocks in it to make their qualified names. */
  readonly prefix: string;
  readonly filename: Plain;
  readonly flags: number;
}

/** What a file has, asked as each field is computed. */
export interface Review {
  /** Before anything depends on it, so that the block can say its docstring. */
  begin(body: Body): void;
  /** The value that holds: the computed one, or another that is then said in the block. */
  integer(field: string, computed: number): number;
  object(field: string, computed: Plain): Plain;
  /** Whether a pool is the file's; if not, the block says it now, and all begins anew. */
  pool(pool: Pool, inferred: readonly Plain[]): boolean;
  /** Whether the instructions are the file's; if not, the block says them differently now, and all begins anew. */
  code(code: Uint8Array, opargs: readonly number[]): boolean;
}

export interface BuiltCode {
  readonly code: PlainCode;
  /** For the blocks in it. */
  readonly enclosing: Enclosing;
}

/** Computes the code object of a block; undefined where the review wants to begin anew. */
export function buildCode(
  block: CodeBlock,
  version: Version,
  outer: Enclosing | undefined,
  faults: Faults,
  review?: Review,
): BuiltCode | undefined {
  return new Builder(block, version, outer, faults, review).build();
}

const NOTHING = new Uint8Array(0);
/** The file name of a program that says none. */
const UNNAMED = "<assembly>";
const OPTIMIZED = 1;
const VARARGS = 4;
const VARKEYWORDS = 8;
/** What computes annotations is no method of their class. */
const ANNOTATE = "__annotate__";
/** What these blocks hold is named as if it stood around them. */
const GENERIC = "<generic parameters of ";

const tuple = (items: readonly Plain[]) => new Plain({ kind: "tuple", items: [...items] });
const bytes = (value: Uint8Array) => new Plain({ kind: "bytes", value });

class Builder {
  private readonly block: CodeBlock;
  private readonly version: Version;
  private readonly outer: Enclosing | undefined;
  private readonly faults: Faults;
  private readonly review: Review | undefined;
  private readonly fields: readonly RecordField[];
  private readonly integers = new Map<string, number>();
  private readonly objects = new Map<string, Plain>();

  constructor(
    block: CodeBlock,
    version: Version,
    outer: Enclosing | undefined,
    faults: Faults,
    review: Review | undefined,
  ) {
    this.block = block;
    this.version = version;
    this.outer = outer;
    this.faults = faults;
    this.review = review;
    this.fields = codeLayout(version).fields;
  }

  build(): BuiltCode | undefined {
    const { block, version, faults } = this;
    this.checkFields();
    if (this.fields.every(({ name }) => this.integers.has(name) || this.objects.has(name))) {
      const flags = this.integers.get("co_flags") ?? 0;
      const enclosing = this.enclosing(this.role(flags), this.name(), flags);
      return { code: this.record(), enclosing };
    }
    const body = bodyOf(block.body, version, faults);
    this.review?.begin(body);
    this.counts();
    const name = this.name();
    const lists = this.saidLocals();
    const flags = this.flags(name, this.roleBySignature(), lists, body);
    const role = this.role(flags);
    const first = this.firstLine(body);
    const pools = this.pools(name, lists, role, flags, first, body);
    if (pools === undefined) return undefined;
    const opargs = opargsOf(body, pools.pools, pools.indices, version, faults);
    const steps = body.steps.map((step, i) => ({ ...step, oparg: opargs[i] as number }));
    const laid = layOut(steps, version);
    if (this.objects.get("co_code") === undefined) {
      for (const { step, what } of laid.problems) faults.error("bad-instruction", body.steps[step]?.place, what);
      if (this.review !== undefined && !this.review.code(laid.code, opargs)) return undefined;
    }
    const code = this.code(laid.code);
    this.tables(body, laid.offsets, code, first, pools.pools);
    const enclosing = this.enclosing(role, name, flags);
    return { code: this.record(), enclosing };
  }

  private has(field: string): boolean {
    return this.fields.some((row) => row.name === field);
  }

  /** Fields that are said: integers and objects where they belong. */
  private checkFields(): void {
    for (const [name, field] of this.block.fields) {
      const row = this.fields.find((each) => each.name === name);
      const isList = lists.has(name) && row === undefined;
      if (name === "docstring" || (isList && this.version.traits.localsplus)) continue;
      if (row === undefined) {
        this.faults.error("unknown-field", field.place, `code objects of ${this.version.python} have no ${name}`);
      } else if ((row.type === "object") !== (field.is === "object")) {
        const what = row.type === "object" ? "an object" : "an integer";
        this.faults.error("field-type", field.place, `${name} is ${what}`);
      } else if (field.is === "integer") this.integers.set(name, this.ranged(row, field.value, field.place));
      else this.objects.set(name, field.value);
    }
  }

  /** As the record reads it, with its sign. */
  private ranged(row: RecordField, value: number, place: CodeBlock["place"]): number {
    const bits = row.type === "i16" ? 16 : 32;
    if (Number.isInteger(value) && value >= -(2 ** (bits - 1)) && value < 2 ** bits)
      return bits === 16 ? (value << 16) >> 16 : value | 0;
    this.faults.error("field-range", place, `${value} does not fit into the ${bits} bits of ${row.name}`);
    return 0;
  }

  /** An integer field: said, else computed. */
  private integer(field: string, compute: () => number): number {
    const said = this.integers.get(field);
    if (said !== undefined) return said;
    const row = this.fields.find(({ name }) => name === field);
    if (row === undefined) return 0;
    const computed = this.ranged(row, compute(), this.block.place);
    const value = this.review?.integer(field, computed) ?? computed;
    this.integers.set(field, value);
    return value;
  }

  private object(field: string, compute: () => Plain): Plain | undefined {
    const said = this.objects.get(field);
    if (said !== undefined || !this.has(field)) return said;
    const computed = compute();
    const value = this.review?.object(field, computed) ?? computed;
    this.objects.set(field, value);
    return value;
  }

  private counts(): void {
    const { signature } = this.block;
    const positional = (signature?.positionalOnly.length ?? 0) + (signature?.positional.length ?? 0);
    this.integer("co_argcount", () => positional);
    this.integer("co_posonlyargcount", () => signature?.positionalOnly.length ?? 0);
    this.integer("co_kwonlyargcount", () => signature?.keywordOnly.length ?? 0);
  }

  private name(): string {
    const text = nameOfLabel(this.block.label);
    const name = this.object("co_name", () => this.named(text));
    return (name && nameText(name, this.version)) ?? text;
  }

  private named(text: string): Plain {
    const name = nameObject(text, this.version);
    if (name !== undefined) return name;
    this.faults.error("bad-name", this.block.place, `${text} has characters that an 8-bit string cannot hold`);
    return bytes(NOTHING);
  }

  /** The locals as far as they are said: co_varnames undefined where it is left out. */
  private saidLocals(): Omit<LocalLists, "varnames"> & { readonly varnames: readonly Plain[] | undefined } {
    const said = this.saidLocalsplus();
    if (said !== undefined) return splitLocals(said);
    const list = (name: string) => {
      const field = this.block.fields.get(name);
      return field?.is === "object" ? itemsOf(field.value) : undefined;
    };
    return {
      varnames: list("co_varnames"),
      cellvars: list("co_cellvars") ?? [],
      freevars: list("co_freevars") ?? [],
    };
  }

  private saidLocalsplus(): Localsplus | undefined {
    const names = this.objects.get("co_localsplusnames");
    const kinds = this.objects.get("co_localspluskinds");
    if (names === undefined || kinds?.value.kind !== "bytes") return undefined;
    return { names: itemsOf(names), kinds: kinds.value.value };
  }

  private roleBySignature(): BlockRole {
    const { signature } = this.block;
    if (signature !== undefined && !isOfClass(signature)) return "function";
    return this.outer === undefined ? "module" : "class";
  }

  /** What it is, which flags that are said tell too. */
  private role(flags: number): BlockRole {
    return this.block.fields.has("co_flags") && (flags & OPTIMIZED) !== 0 ? "function" : this.roleBySignature();
  }

  private flags(
    name: string,
    role: BlockRole,
    { cellvars, freevars }: Omit<LocalLists, "varnames">,
    body: Body,
  ): number {
    const { signature } = this.block;
    return this.integer("co_flags", () =>
      computedFlags(this.version, {
        role,
        nested: this.outer?.nests ?? false,
        method: this.outer?.role === "class" && name !== ANNOTATE,
        star: signature?.star !== undefined,
        starStar: signature?.starStar !== undefined,
        cells: cellvars.length + freevars.length > 0,
        docstring: this.block.fields.has("docstring") || (role !== "function" && this.storesDocstring(body)),
        around: this.outer?.flags ?? 0,
        steps: body.steps,
      }),
    );
  }

  private storesDocstring({ steps }: Body): boolean {
    const store = opcodesOf(this.version).number("STORE_NAME");
    return steps.some(
      ({ opcode, operand }) =>
        opcode === store && operand?.is === "name" && nameText(operand.name, this.version) === "__doc__",
    );
  }

  private firstLine(body: Body): number {
    return this.integer("co_firstlineno", () => {
      const first = body.lines.find(({ line }) => line !== null);
      if (first !== undefined) return Math.max(1, first.line as number);
      const { kind } = opcodesOf(this.version);
      return body.steps.find((step) => kind[step.opcode] === OpargKind.line)?.oparg ?? 1;
    });
  }

  /** The names of the parameters, as far as they are known. */
  private parameters(varnames: readonly Plain[] | undefined, flags: number): readonly Plain[] {
    const { signature } = this.block;
    if (signature === undefined) {
      const count = (field: string) => this.integers.get(field) ?? 0;
      const all = parameterCount(this.version, count("co_argcount"), count("co_kwonlyargcount"), flags);
      return varnames?.slice(0, Math.max(0, all)) ?? [];
    }
    const { positionalOnly, positional, star, keywordOnly, starStar } = signature;
    const names = [...positionalOnly, ...positional, ...keywordOnly];
    if (star !== undefined) names.push(star);
    if (starStar !== undefined) names.push(starStar);
    return names.map((name) => this.named(name));
  }

  private pools(
    name: string,
    lists: ReturnType<Builder["saidLocals"]>,
    role: BlockRole,
    flags: number,
    firstlineno: number,
    body: Body,
  ):
    | { readonly pools: Pools; readonly indices: { readonly [P in Pool]?: readonly (readonly number[])[] } }
    | undefined {
    const { version, block, review } = this;
    const { cellvars, freevars } = lists;
    const parameters = this.parameters(lists.varnames, flags);
    const frame = { version, name, flags, parameters, cellvars, freevars, firstlineno };
    const said = block.fields.get("docstring");
    const docstring = said?.is === "object" ? said.value : undefined;
    const saidPools: { readonly [P in Pool]: readonly Plain[] | undefined } = {
      co_consts: this.saidPool("co_consts"),
      co_names: this.saidPool("co_names"),
      co_varnames: lists.varnames,
    };
    const left = (Object.keys(saidPools) as Pool[]).filter((pool) => saidPools[pool] === undefined);
    const inferred = left.length > 0 ? inferredPools(poolBlock(frame, body, docstring)) : undefined;
    const indices: { [P in Pool]?: readonly (readonly number[])[] } = {};
    const pool = (which: Pool): readonly Plain[] => saidPools[which] ?? inferred?.[which] ?? [];
    if (inferred !== undefined) {
      if (review !== undefined && left.filter((which) => !review.pool(which, inferred[which])).length > 0)
        return undefined;
      for (const which of left) indices[which] = inferred.indices;
    }
    const all = { co_consts: pool("co_consts"), co_names: pool("co_names"), co_varnames: pool("co_varnames") };
    this.object("co_consts", () => this.container("co_consts", all.co_consts));
    this.object("co_names", () => this.container("co_names", all.co_names));
    const [locals, cells] = this.locals({ varnames: all.co_varnames, cellvars, freevars }, role, flags);
    return { pools: new Pools(all, locals, cells), indices };
  }

  private saidPool(pool: "co_consts" | "co_names"): readonly Plain[] | undefined {
    const said = this.objects.get(pool);
    return said && itemsOf(said);
  }

  /** A pool as the version has it: a tuple, or up to 1.0 a list. */
  private container(field: string, items: readonly Plain[]): Plain {
    const isList = this.fields.find(({ name }) => name === field)?.holds?.startsWith("list") ?? false;
    return isList ? new Plain({ kind: "list", items: [...items] }) : tuple(items);
  }

  /** Makes the fields that name the locals; what opargs of fast locals and of cells count through. */
  private locals(lists: LocalLists, role: BlockRole, flags: number): readonly [Placed, Placed] {
    const { varnames, cellvars, freevars } = lists;
    const variables = [...cellvars, ...freevars].map((name, i) => [name, i] as const);
    if (!this.version.traits.localsplus) {
      this.object("co_varnames", () => tuple(varnames));
      this.object("co_freevars", () => tuple(freevars));
      this.object("co_cellvars", () => tuple(cellvars));
      // Modules of 2.1 to 2.4 have names there and yet no fast locals.
      this.integer("co_nlocals", () => (role === "module" ? 0 : varnames.length));
      return [varnames.map((name, i) => [name, i] as const), variables];
    }
    const parameters = {
      positionalOnly: this.integers.get("co_posonlyargcount") ?? 0,
      positional: this.integers.get("co_argcount") ?? 0,
      keywordOnly: this.integers.get("co_kwonlyargcount") ?? 0,
      star: (flags & VARARGS) !== 0,
      starStar: (flags & VARKEYWORDS) !== 0,
    };
    const joined = joinLocals(lists, parameters, role === "function", this.version);
    this.object("co_localsplusnames", () => tuple(joined.names));
    this.object("co_localspluskinds", () => bytes(joined.kinds));
    this.integer("co_nlocals", () => varnames.length);
    const { names, kinds } = this.saidLocalsplus() ?? { names: [], kinds: NOTHING };
    const of = (bits: number): Placed =>
      names.map((name, i) => [name, i] as const).filter(([, i]) => ((kinds[i] ?? 0) & bits) !== 0);
    const bound = this.version.traits.cellIndex === "localsplus" ? of(LocalKind.cell | LocalKind.free) : variables;
    return [[...of(LocalKind.local), ...names.map((name, i) => [name, i] as const)], bound];
  }

  private code(laid: Uint8Array): Uint8Array {
    const said = this.object("co_code", () => bytes(laid));
    return said?.value.kind === "bytes" ? said.value.value : NOTHING;
  }

  private tables(body: Body, offsets: ArrayLike<number>, code: Uint8Array, firstlineno: number, pools: Pools): void {
    const { version, block, faults } = this;
    const table = ["co_lnotab", "co_linetable"].find((name) => this.has(name));
    if (table === undefined) {
      if (body.lines.length > 0)
        faults.error("no-line-table", block.place, `${version.python} has no line table`, "no .line");
    } else
      this.object(table, () => {
        const told = body.lines.length === 0 ? linesOfSetLineno(code, version)?.lnotab : undefined;
        return bytes(told ?? encodedLines(body, offsets, code.length, firstlineno, version, faults, block.place));
      });
    for (const name of ["co_endlinetable", "co_columntable"]) this.object(name, () => new Plain({ kind: "None" }));
    if (!version.traits.exceptionTable && body.ranges.length > 0)
      faults.error("no-exception-table", body.ranges[0]?.place, `${version.python} has no exception table`);
    const ranges = version.traits.exceptionTable ? rangesOf(body.ranges, offsets, code, version) : [];
    this.object("co_exceptiontable", () => bytes(encodedRanges(ranges, faults, block.place)));
    this.integer("co_stacksize", () =>
      stackSizeOf({ version, code, exceptions: ranges }, block, pools.lists.co_consts),
    );
  }

  private enclosing(role: BlockRole, name: string, flags: number): Enclosing {
    const { outer, version } = this;
    const filename = this.object("co_filename", () =>
      outer === undefined ? this.named(UNNAMED) : new Plain(outer.filename.value),
    );
    const whole = `${outer?.prefix ?? ""}${name}`;
    const qualname = this.object("co_qualname", () => this.named(whole));
    const text = (qualname && nameText(qualname, version)) ?? whole;
    const prefix = role === "module" ? "" : role === "class" ? `${text}.` : `${text}.<locals>.`;
    return {
      role,
      nests: role === "function" || (outer?.nests ?? false),
      prefix: name.startsWith(GENERIC) ? (outer?.prefix ?? "") : prefix,
      filename: filename ?? this.named(UNNAMED),
      flags,
    };
  }

  private record(): PlainCode {
    const integers: number[] = [];
    const objects: Plain[] = [];
    for (const { name, type } of this.fields) {
      if (type === "object") objects.push(this.objects.get(name) ?? new Plain({ kind: "None" }));
      else integers.push(this.integers.get(name) ?? 0);
    }
    return { kind: "code", integers, objects };
  }
}

/** Whether the parameters are those of a class body: of 3.0 to 3.3, and PyPy's, whose only one is its namespace. */
function isOfClass({ positional, positionalOnly, keywordOnly, star, starStar }: Signature): boolean {
  if (positional.length !== 1 || positional[0] !== "__locals__") return false;
  return positionalOnly.length + keywordOnly.length === 0 && star === undefined && starStar === undefined;
}

/** What from 3.11 on is said in place of the localsplus fields. */
const lists: ReadonlySet<string> = new Set(["co_varnames", "co_cellvars", "co_freevars"]);

/** The items of a pool; none where it is no sequence. */
export function itemsOf({ value }: Plain): readonly Plain[] {
  return value.kind === "tuple" || value.kind === "list" ? value.items : [];
}
