/** What opargs index: pools that are said, or inferred; and the opargs of what stands in them. */
import { Plain } from "../marshal/index.js";
import { nameShift, OpargKind, opcodesOf } from "../opcode/index.js";
import { type InferredPools, inferPools, type Pool, type PoolBlock, PoolKeys, type PoolStep } from "../pools/index.js";
import type { Version } from "../version/index.js";
import { type Body, type BodyStep, type LineMark, usesOf } from "./assemble-body.js";
import type { Faults } from "./faults.js";

/** What of a block the pools depend on, its body apart. */
export type PoolFrame = Omit<PoolBlock, "steps" | "handlers" | "docstring">;

const NO_USES: PoolStep["uses"] = [];
const UNTOLD = { line: -1, column: -1, endColumn: -1 };

function placeOf(mark: LineMark | undefined): typeof UNTOLD {
  const { line, column, endColumn } = mark ?? { line: null, column: null, endColumn: null };
  return { line: line ?? -1, column: column ?? -1, endColumn: endColumn ?? -1 };
}

/** The block as `inferPools` and `docstringOf` see it. */
export function poolBlock(frame: PoolFrame, body: Body, docstring: Plain | undefined): PoolBlock {
  const { kind } = opcodesOf(frame.version);
  let at = UNTOLD;
  let mark = 0;
  const steps = body.steps.map((step, i): PoolStep => {
    for (; mark < body.lines.length && (body.lines[mark]?.step as number) <= i; mark++) at = placeOf(body.lines[mark]);
    const of = kind[step.opcode] as number;
    const { opcode, oparg, target, operand } = step;
    const { line, column, endColumn } = at;
    const uses = operand === undefined ? NO_USES : usesOf(step, of);
    const cell = of === OpargKind.free && operand?.is === "name" ? operand.name : undefined;
    return { opcode, oparg, uses, cell, target, line, column, endColumn };
  });
  return { ...frame, docstring, steps, handlers: body.ranges };
}

/**
 * The pools that are inferred. An entry is the object of the first operand that stands for it; what the compiler adds of
 * itself is an object of this program's own.
 */
export function inferredPools(block: PoolBlock): InferredPools {
  const pools = inferPools(block);
  const firsts = {
    co_consts: new Map<number, Plain>(),
    co_names: new Map<number, Plain>(),
    co_varnames: new Map<number, Plain>(),
  };
  for (const [i, { uses }] of block.steps.entries())
    for (const [k, { pool, value }] of uses.entries()) {
      const index = pools.indices[i]?.[k] ?? -1;
      if (index >= 0 && !firsts[pool].has(index)) firsts[pool].set(index, value);
    }
  const given = new Set<Plain | undefined>([block.docstring, ...block.parameters]);
  for (const { uses } of block.steps) for (const { value } of uses) given.add(value);
  for (const first of Object.values(firsts)) for (const value of first.values()) given.delete(value);
  const own = (pool: Pool) =>
    pools[pool].map((plain, i) => firsts[pool].get(i) ?? (given.delete(plain) ? plain : copyOf(plain, 0)));
  const [co_consts, co_names, co_varnames] = [own("co_consts"), own("co_names"), own("co_varnames")];
  return { co_consts, co_names, co_varnames, indices: pools.indices };
}

/** What a compiler folds is not nested deeper. */
const DEEPEST = 8;

/** A fresh object of the same value. */
function copyOf({ value }: Plain, depth: number): Plain {
  if (!("items" in value) || depth === DEEPEST) return new Plain(value);
  return new Plain({ ...value, items: value.items.map((item) => copyOf(item, depth + 1)) });
}

/** What an oparg counts through, and where in it a name stands. */
export type Placed = readonly (readonly [name: Plain, oparg: number])[];

/** The pools of a block, and where in them things are. */
export class Pools {
  readonly lists: { readonly [P in Pool]: readonly Plain[] };
  /** Fast locals, by what is looked for first. */
  private readonly locals: Placed;
  /** Cells and free variables. */
  private readonly cells: Placed;
  private readonly keys = new PoolKeys();
  private readonly places = new Map<unknown, Map<number, number>>();

  constructor(lists: { readonly [P in Pool]: readonly Plain[] }, locals: Placed, cells: Placed) {
    this.lists = lists;
    this.locals = locals;
    this.cells = cells;
  }

  /** The first place of an object in a pool, or -1. */
  find(pool: Pool, value: Plain): number {
    return this.place(this.lists[pool], value, () => this.lists[pool].map((item, i) => [item, i] as const));
  }
  local(name: Plain): number {
    return this.place(this.locals, name, () => this.locals);
  }
  cell(name: Plain): number {
    return this.place(this.cells, name, () => this.cells);
  }

  private place(of: unknown, value: Plain, list: () => Placed): number {
    let places = this.places.get(of);
    if (places === undefined) {
      places = new Map();
      for (const [item, oparg] of list()) {
        const key = this.keys.of(item);
        if (!places.has(key)) places.set(key, oparg);
      }
      this.places.set(of, places);
    }
    return places.get(this.keys.of(value)) ?? -1;
  }
}

/**
 * The opargs of all steps.
 * @param indices what was inferred for each use of a pool, where that pool was not said
 */
export function opargsOf(
  body: Body,
  pools: Pools,
  indices: { readonly [P in Pool]?: readonly (readonly number[])[] },
  version: Version,
  faults: Faults,
): number[] {
  const { kind, ownNames } = opcodesOf(version);
  const finder = new Finder(pools, indices, faults);
  return body.steps.map((step, i) => {
    if (step.operand === undefined) return step.oparg;
    return finder.oparg(step, i, kind[step.opcode] as number, ownNames[step.opcode] ?? `<${step.opcode}>`);
  });
}

class Finder {
  private readonly pools: Pools;
  private readonly indices: { readonly [P in Pool]?: readonly (readonly number[])[] };
  private readonly faults: Faults;

  constructor(pools: Pools, indices: Finder["indices"], faults: Faults) {
    this.pools = pools;
    this.indices = indices;
    this.faults = faults;
  }

  oparg(step: BodyStep, index: number, kind: number, opname: string): number {
    const { operand } = step;
    switch (operand?.is) {
      case "constant":
        return this.index("co_consts", operand.value, step, index, 0, opname);
      case "names": {
        const [first, second] = operand.names.map((name, use) => this.local(name, step, index, use, opname)) as [
          number,
          number,
        ];
        if (first < 16 && second < 16) return (first << 4) | second;
        const what = `${opname} has room for the first 16 locals only`;
        this.faults.error("operand-range", operand.place ?? step.place, what);
        return 0;
      }
      case "name":
        return this.name(operand.name, step, index, kind, opname);
      default:
        return step.oparg;
    }
  }

  private name(name: Plain, step: BodyStep, index: number, kind: number, opname: string): number {
    if (kind === OpargKind.local) return this.local(name, step, index, 0, opname);
    if (kind !== OpargKind.free) {
      const shift = nameShift(kind);
      return this.index("co_names", name, step, index, 0, opname) * 2 ** shift + step.oparg;
    }
    const at = this.pools.cell(name);
    if (at >= 0) return at;
    return this.missing(step, "unknown-cell", `${opname} has a name that is neither in co_cellvars nor in co_freevars`);
  }

  private local(name: Plain, step: BodyStep, index: number, use: number, opname: string): number {
    const inferred = this.indices.co_varnames?.[index]?.[use];
    if (inferred !== undefined && inferred >= 0) return inferred;
    const at = this.pools.local(name);
    if (at >= 0) return at;
    return this.missing(step, "unknown-local", `${opname} has a name that co_varnames lacks`);
  }

  private index(pool: Pool, value: Plain, step: BodyStep, index: number, use: number, opname: string): number {
    const inferred = this.indices[pool]?.[index]?.[use];
    if (inferred !== undefined && inferred >= 0) return inferred;
    const at = this.pools.find(pool, value);
    if (at >= 0) return at;
    const code = pool === "co_consts" ? "unknown-constant" : "unknown-name";
    return this.missing(step, code, `${opname} has an operand that ${pool}, as it is said here, lacks`);
  }

  private missing(step: BodyStep, code: string, what: string): number {
    this.faults.error(code, step.operand?.place ?? step.place, what, "one that is there, or no list of them");
    return 0;
  }
}
