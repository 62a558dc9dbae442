/** What happens when the code is run: the stack on all paths, blocks, loops, generators. */
import {
  bodyOf,
  type FlowProblemKind,
  type Graph,
  NO_ROW,
  reachable,
  type StackDepths,
  stackDepths,
} from "../flow/index.js";
import { opcodesOf } from "../opcode/index.js";
import { generatorKinds } from "./fields.js";
import type { Subject } from "./finding.js";
import { checkReach } from "./operands.js";
import type { RuleId } from "./rules.js";

const ids: { readonly [kind in FlowProblemKind]: RuleId } = {
  "unknown-effect": "stack-unknown",
  underflow: "stack-underflow",
  uneven: "stack-uneven",
  "into-instruction": "jump-into-instruction",
  "out-of-code": "jump-out-of-code",
  "past-end": "past-end",
  "no-block": "blocks",
  "too-many-blocks": "blocks",
};

/** Jumps are looked at one by one elsewhere, whether execution gets there or not. */
const toldElsewhere: ReadonlySet<FlowProblemKind> = new Set(["into-instruction", "out-of-code"]);

export function checkStack(subject: Subject): StackDepths {
  const { code, tell } = subject;
  const depths = stackDepths(bodyOf(code));
  for (const { kind, offset, message } of depths.problems)
    if (!toldElsewhere.has(kind)) tell(ids[kind], "co_code", message, offset);
  const { graph, before } = depths;
  const size = code.int("co_stacksize");
  if (size !== undefined && size >= 0 && depths.max > size) {
    const row = before.findIndex((depth) => depth > size);
    const at = graph.rows.offset[Math.max(0, row)] as number;
    tell("stack-overflow", "co_code", `the stack gets ${depths.max} deep, and co_stacksize is ${size}`, at);
  }
  checkReach(subject, graph, before);
  checkLoopEnds(subject, graph);
  checkGenerator(subject, graph);
  return depths;
}

/** From 3.12 on, FOR_ITER goes on behind the END_FOR that it jumps to, and SEND jumps to an END_SEND. */
function checkLoopEnds({ code, tell }: Subject, { rows, jump }: Graph): void {
  const { number, names } = opcodesOf(code.version);
  for (const [jumping, ending] of [
    ["FOR_ITER", "END_FOR"],
    ["SEND", "END_SEND"],
  ] as const) {
    const [opcode, end] = [number(jumping), number(ending)];
    if (opcode === undefined || end === undefined) continue;
    for (let row = 0; row < rows.count; row++) {
      const to = jump[row] as number;
      if (rows.opcode[row] !== opcode || to < 0 || rows.opcode[to] === end) continue;
      const found = names[rows.opcode[to] as number];
      tell("loop-end", "co_code", `${jumping} jumps to ${found}, not to ${ending}`, rows.offset[row] as number);
    }
  }
}

function checkGenerator({ code, tell }: Subject, graph: Graph): void {
  const { rows } = graph;
  const { number } = opcodesOf(code.version);
  const yields = generatorKinds(code).length > 0;
  const begins = number("RETURN_GENERATOR") ?? number("GEN_START") ?? NO_ROW;
  const yielding = ["YIELD_VALUE", "YIELD_FROM", "YIELD_STMT"].map((name) => number(name) ?? NO_ROW);
  const seen = reachable(graph);
  let beginning = false;
  for (let row = 0; row < rows.count; row++) {
    if (seen[row] === 0) continue;
    const opcode = rows.opcode[row] as number;
    const at = rows.offset[row] as number;
    if (opcode === begins) beginning = true;
    if (!yields && yielding.includes(opcode))
      tell("yield-outside-generator", "co_code", "co_flags says it is none", at);
  }
  if (begins === NO_ROW || beginning === yields || rows.count === 0) return;
  const what = yields ? "co_flags says it is a generator, and the instruction is missing" : "co_flags says it is none";
  tell("generator-prologue", "co_code", what, 0);
}
