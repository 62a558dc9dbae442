/** A block's statements as steps: labels resolved, lines and exception ranges marked by the step they stand before. */
import type { Step } from "../instruction/index.js";
import type { Plain } from "../marshal/index.js";
import { OpargKind, type OpcodeTable, opcodesOf } from "../opcode/index.js";
import type { Version } from "../version/index.js";
import { directed } from "./directions.js";
import type { Faults } from "./faults.js";
import type { Instruction, Operand, Place, Statement } from "./syntax.js";

/** An instruction, or bytes, whose oparg may yet have to be looked up. */
export interface BodyStep extends Step {
  /** What the operand says of the oparg: all of it, or the bits beside an index in a pool. */
  readonly oparg: number;
  /** What is to be found in a pool. */
  readonly operand: Extract<Operand, { readonly is: "constant" | "name" | "names" }> | undefined;
  readonly place: Place | undefined;
}

export interface LineMark {
  readonly step: number;
  readonly line: number | null;
  readonly endLine: number | null;
  readonly column: number | null;
  readonly endColumn: number | null;
}

export interface RangeMark {
  readonly start: number;
  readonly end: number;
  readonly target: number;
  readonly depth: number | undefined;
  readonly lasti: boolean;
  readonly place: Place | undefined;
}

export interface Body {
  readonly steps: readonly BodyStep[];
  readonly lines: readonly LineMark[];
  readonly ranges: readonly RangeMark[];
}

/** What kind of operand an oparg of this kind may be said by, numbers apart. */
export function operandOf(kind: number): Operand["is"] {
  switch (kind) {
    case OpargKind.const:
      return "constant";
    case OpargKind.name:
    case OpargKind.globalNull:
    case OpargKind.attrMethod:
    case OpargKind.superAttr:
    case OpargKind.importName:
    case OpargKind.local:
    case OpargKind.free:
      return "name";
    case OpargKind.localPair:
      return "names";
    case OpargKind.jumpForward:
    case OpargKind.jumpBackward:
    case OpargKind.jumpAbsolute:
      return "label";
    default:
      return "number";
  }
}

export function bodyOf(statements: readonly Statement[], version: Version, faults: Faults): Body {
  return new Reading(statements, version, faults).read();
}

class Reading {
  private readonly statements: readonly Statement[];
  private readonly opcodes: OpcodeTable;
  private readonly version: Version;
  private readonly faults: Faults;
  /** The step that each label stands before. */
  private readonly labels = new Map<string, number>();

  constructor(statements: readonly Statement[], version: Version, faults: Faults) {
    this.statements = statements;
    this.version = version;
    this.opcodes = opcodesOf(version);
    this.faults = faults;
  }

  read(): Body {
    this.findLabels();
    const steps: BodyStep[] = [];
    const lines: LineMark[] = [];
    const ranges: RangeMark[] = [];
    for (const statement of this.statements) {
      switch (statement.is) {
        case "instruction":
          steps.push(this.step(statement, steps.length));
          break;
        case "bytes":
          steps.push(bytesStep(statement.bytes, statement.place));
          break;
        case "line": {
          const { line, endLine, column, endColumn } = statement;
          lines.push({ step: steps.length, line, endLine, column, endColumn });
          break;
        }
        case "except": {
          const range = this.range(statement);
          if (range !== undefined) ranges.push(range);
          break;
        }
      }
    }
    return { steps, lines, ranges };
  }

  private range(statement: Extract<Statement, { readonly is: "except" }>): RangeMark | undefined {
    const { depth, lasti, place } = statement;
    const start = this.find(statement.start, place);
    const end = this.find(statement.end, place);
    const target = this.find(statement.target, place);
    if (start < 0 || end < 0 || target < 0) return undefined;
    if (start <= end) return { start, end, target, depth, lasti, place };
    this.faults.error("range-order", place, `${statement.end} stands before ${statement.start}`, "a range");
    return undefined;
  }

  private findLabels(): void {
    let step = 0;
    for (const statement of this.statements) {
      if (statement.is === "instruction" || statement.is === "bytes") step++;
      else if (statement.is === "label") {
        if (this.labels.has(statement.name))
          this.faults.error("duplicate-label", statement.place, `the label ${statement.name} is there already`);
        else this.labels.set(statement.name, step);
      }
    }
  }

  /** The step that a label stands before; -1, and a fault, where there is none. */
  private find(label: string, place: Place | undefined): number {
    const step = this.labels.get(label);
    if (step !== undefined) return step;
    this.faults.error("unknown-label", place, `there is no label ${label} in this code object`);
    return -1;
  }

  private step(instruction: Instruction & { place?: Place }, index: number): BodyStep {
    const { operand, prefixes, caches, place } = instruction;
    let { opcode } = instruction;
    let oparg = 0;
    let target = -1;
    let looked: BodyStep["operand"];
    switch (operand.is) {
      case "none":
        break;
      case "number":
        oparg = operand.value;
        break;
      case "label":
        target = this.find(operand.label, operand.place ?? place);
        opcode = directed(opcode, target >= 0 && target <= index, this.version);
        break;
      default:
        looked = operand;
        if (operand.is === "name") oparg = operand.bits;
    }
    const wanted = operandOf(this.opcodes.kind[opcode] as number);
    if (operand.is !== wanted && operand.is !== "number" && operand.is !== "none") {
      this.faults.error("operand-kind", operand.place ?? place, `${this.name(opcode)} takes no ${operand.is}`);
      looked = undefined;
      target = -1;
    }
    if (operand.is === "none" && (this.opcodes.kind[opcode] as number) !== OpargKind.none && this.takesOperand(opcode))
      this.faults.error("missing-operand", place, `${this.name(opcode)} has no operand`, operandWords[wanted]);
    return { opcode, oparg, target, prefixes, caches, bytes: undefined, operand: looked, place };
  }

  private name(opcode: number): string {
    return this.opcodes.ownNames[opcode] ?? `<${opcode}>`;
  }

  private takesOperand(opcode: number): boolean {
    return this.version.traits.encoding === "words" || opcode >= this.opcodes.haveArgument;
  }
}

const operandWords: { readonly [K in Operand["is"]]: string } = {
  none: "",
  number: "a number",
  constant: "a constant",
  name: "a name",
  names: "two names",
  label: "a label",
};

function bytesStep(bytes: Uint8Array, place: Place | undefined): BodyStep {
  return { opcode: 0, oparg: 0, target: -1, prefixes: 0, caches: undefined, bytes, operand: undefined, place };
}

/** What a step's operand stands for in the pools: values by the pool's name. */
export function usesOf(
  step: BodyStep,
  kind: number,
): readonly { readonly pool: "co_consts" | "co_names" | "co_varnames"; readonly value: Plain }[] {
  const { operand } = step;
  if (operand === undefined) return [];
  if (operand.is === "constant") return [{ pool: "co_consts", value: operand.value }];
  if (operand.is === "names") return operand.names.map((value) => ({ pool: "co_varnames" as const, value }));
  if (kind === OpargKind.free) return [];
  return [{ pool: kind === OpargKind.local ? "co_varnames" : "co_names", value: operand.name }];
}
