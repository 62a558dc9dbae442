/**
 * Constants that the compiler made of others while it improved the code it had: the operands had come into the pool
 * where they stood, the value came behind everything. From the value its operands are told again, as far as that is
 * possible: the items of a tuple, what a minus stood before; but not the terms of a sum.
 */
import { Plain, type PlainValue } from "../marshal/index.js";
import { opcodesOf } from "../opcode/index.js";
import { compilerOf, type Traits } from "../version/index.js";
import type { PoolBlock } from "./block.js";
import { consumersOf } from "./stack.js";

export interface Folded {
  /** What was loaded in its place, in that order. */
  readonly before: readonly Plain[];
  /** What was folded on the way, in that order, without the value itself. */
  readonly between: readonly Plain[];
}

/** Opcodes whose tuple the compiler itself puts together. */
const takesWhole = new Set(
  "IMPORT_NAME CALL_KW CALL_FUNCTION_KW BUILD_CONST_KEY_MAP KW_NAMES MATCH_CLASS IMPORT_FROM".split(" "),
);

/** Opcodes for which a tuple is built of what was folded before: a function's defaults, a call's arguments. */
const takesBuilt = new Set(
  "MAKE_FUNCTION SET_FUNCTION_ATTRIBUTE CALL_FUNCTION_EX BUILD_TUPLE_UNPACK_WITH_CALL BUILD_TUPLE_UNPACK MATCH_KEYS".split(
    " ",
  ),
);

/** Objects that are looked at in all the folded constants of a block; containers shared often could be without end. */
const MOST_OBJECTS = 1 << 16;

type IsFolded = (value: PlainValue, consumer: string, next: string) => boolean;

const isTuple = ({ kind }: PlainValue) => kind === "tuple" || kind === "frozenset";

/** Annotations are a tuple of names up to 3.5, and MAKE_FUNCTION takes it. */
const everywhere: IsFolded = (value, _consumer, next) => !isTuple(value) || !takesWhole.has(next);

const folds: { readonly [K in Traits["constantFolding"]]: IsFolded } = {
  none: () => false,
  code: everywhere,
  tree: (value, consumer) => value.kind === "tuple" && takesBuilt.has(consumer),
};

/** Tells of each step whether the constant it loads was folded, and from what. */
export function foldingOf(block: PoolBlock): (step: number) => Folded | undefined {
  const { steps, version } = block;
  const { constantFolding } = version.traits;
  const minus = compilerOf(version).negatives === "folded";
  const isFolded = folds[constantFolding];
  const { ownNames } = opcodesOf(version);
  const name = (i: number) => ownNames[steps[i]?.opcode ?? -1] ?? "";
  let budget = MOST_OBJECTS;
  return (i) => {
    const use = steps[i]?.uses[0];
    if (
      use?.pool !== "co_consts" ||
      name(i) !== "LOAD_CONST" ||
      !(isTuple(use.value.value) || (minus && isNegative(use.value.value)))
    )
      return undefined;
    const consumers = consumersOf(block);
    const consumer = consumers[i] as number;
    if (isName(steps[consumer]?.uses[0]?.value, "__static_attributes__")) return undefined;
    if (isFormat(use.value.value) && takesEvaluator.test(name(consumers[consumer] ?? -1))) return undefined;
    if (!isFolded(use.value.value, name(consumer), name(i + 1))) return undefined;
    const before: Plain[] = [];
    const between: Plain[] = [];
    if (constantFolding === "tree") return { before: itemsOf(use.value.value), between };
    budget -= unfold(use.value, minus, budget, before, between);
    if (budget <= 0) return undefined;
    between.pop();
    return { before, between };
  };
}

const itemsOf = (value: PlainValue) => ("items" in value ? value.items : []);

/** The default of a function that evaluates a type parameter or alias, which the compiler adds of itself. */
function isFormat(value: PlainValue): boolean {
  const item = value.kind === "tuple" && value.items.length === 1 ? value.items[0]?.value : undefined;
  return item?.kind === "int" && item.value === 1;
}

/** What takes such a function. */
const takesEvaluator = /^(CALL_INTRINSIC_[12]|BUILD_TUPLE)$/;

function isName(plain: Plain | undefined, name: string): boolean {
  return plain?.value.kind === "str" && plain.value.value === name;
}

function isNegative(value: PlainValue): boolean {
  switch (value.kind) {
    case "int":
    case "long":
      return value.value < 0;
    case "float":
      return value.value < 0 || Object.is(value.value, -0);
    case "complex":
      return Object.is(value.real.value, -0) && value.imag.value <= 0;
    default:
      return false;
  }
}

/**
 * Takes a value apart, in the order of its making: what was loaded goes to `before`, what came of it to `between`, it
 * itself last. Gives how many objects were looked at; shared ones count each time, and `most` is the end of it.
 */
function unfold(root: Plain, minus: boolean, most: number, before: Plain[], between: Plain[]): number {
  const open: [plain: Plain, made: boolean][] = [[root, false]];
  let count = 0;
  for (let top = open.pop(); top !== undefined && count < most; top = open.pop()) {
    const [plain, made] = top;
    const { value } = plain;
    count++;
    if (made) between.push(plain);
    else if (value.kind === "tuple" || value.kind === "frozenset") {
      open.push([plain, true]);
      for (let k = value.items.length - 1; k >= 0; k--) open.push([value.items[k] as Plain, false]);
    } else if (minus && isNegative(value)) {
      before.push(new Plain(negated(value)));
      between.push(plain);
    } else before.push(plain);
  }
  return count;
}

function negated(value: PlainValue): PlainValue {
  switch (value.kind) {
    case "int":
    case "long":
      return { kind: value.kind, value: -value.value };
    case "float":
      return { kind: "float", value: -value.value };
    case "complex":
      return {
        kind: "complex",
        real: { kind: "float", value: -value.real.value },
        imag: { kind: "float", value: -value.imag.value },
      };
    default:
      return value;
  }
}
