/**
 * Stack effects in CPython's own notation, `owner -- attr, self_or_null if (oparg & 1)`: what leaves the stack, what
 * comes on it, the top last. An item may be an array, `args[oparg]`, or conditional, `x if (oparg & 1)`; a size is a C
 * expression over `oparg`.
 *
 * Two signs are ours. `A | B` is A where execution goes on with the next instruction and B where it jumps (for the
 * SETUP_* opcodes the jump is to the handler, so B is what the handler finds). What stands after `!` is what that
 * version's compiler counts, and `dis.stack_effect` answers, where it is not what happens: the older compilers only
 * sought an upper bound.
 */

/** How many items: a constant and what depends on oparg. */
type Amount = (oparg: number) => number;

/** One way through an instruction. */
export interface Flow {
  readonly pops: Amount;
  readonly pushes: Amount;
}

export interface Effect {
  readonly next: Flow;
  readonly jump: Flow;
  /** What the compiler counts in their place. */
  readonly counted: { readonly next: Flow; readonly jump: Flow };
}

type Operator = (a: number, b: number) => number;

/** Binary operators, loosest first. */
const levels: readonly Readonly<Record<string, Operator>>[] = [
  { "&": (a, b) => a & b },
  { "==": (a, b) => Number(a === b) },
  { "<<": (a, b) => a << b, ">>": (a, b) => a >> b },
  { "+": (a, b) => a + b, "-": (a, b) => a - b },
  { "*": (a, b) => a * b },
];

/** Parses and evaluates in one go: expressions are a dozen characters long. */
function evaluate(text: string, oparg: number): number {
  const tokens = text.match(/\d+|\w+|<<|>>|==|\S/g) ?? [];
  let at = 0;
  const primary = (): number => {
    const token = tokens[at++] as string;
    if (token === "oparg") return oparg;
    if (token !== "(") return Number(token);
    const value = binary(0);
    at++;
    return value;
  };
  const binary = (level: number): number => {
    const operators = levels[level];
    if (operators === undefined) return primary();
    let value = binary(level + 1);
    for (;;) {
      const operator = operators[tokens[at] ?? ""];
      if (operator === undefined) return value;
      at++;
      value = operator(value, binary(level + 1));
    }
  };
  return binary(0);
}

function amountOf(items: string): Amount {
  let fixed = 0;
  const sizes: string[] = [];
  const conditions: string[] = [];
  for (const item of items.split(",")) {
    const [, size, condition] = /^\s*\w+(?:\[(.*)\])?(?: if \((.*)\))?\s*$/.exec(item) ?? [];
    if (size !== undefined) sizes.push(size);
    else if (condition !== undefined) conditions.push(condition);
    else if (item.trim() !== "") fixed++;
  }
  if (sizes.length + conditions.length === 0) return () => fixed;
  return (oparg) => {
    let amount = fixed;
    for (const size of sizes) amount += evaluate(size, oparg);
    for (const condition of conditions) if (evaluate(condition, oparg) !== 0) amount++;
    return amount;
  };
}

function flowOf(text: string): Flow {
  const [inputs = "", outputs = ""] = text.split("--");
  return { pops: amountOf(inputs), pushes: amountOf(outputs) };
}

function waysOf(text: string): { next: Flow; jump: Flow } {
  const [first = "", second] = text.split("|");
  const next = flowOf(first);
  return { next, jump: second === undefined ? next : flowOf(second) };
}

const parsed = new Map<string, Effect>();

/** The effect a text of the fact table stands for; undefined for the empty text, which says that it is not known. */
export function parseEffect(text: string): Effect | undefined {
  if (text === "") return undefined;
  let effect = parsed.get(text);
  if (effect === undefined) {
    const [real = "", counted] = text.split("!");
    const ways = waysOf(real);
    effect = { ...ways, counted: counted === undefined ? ways : waysOf(counted) };
    parsed.set(text, effect);
  }
  return effect;
}

/** The change of depth, pushes less pops. */
export function change(flow: Flow, oparg: number): number {
  return flow.pushes(oparg) - flow.pops(oparg);
}
