/** Operands as text: a word only where it reads back as the same oparg, else the number in brackets. */
import { OpargKind, type OpcodeTable } from "../opcode/index.js";
import type { Version } from "../version/index.js";
import type { LiteralTexts } from "./literal-text.js";
import { labelText } from "./literal-text.js";
import { bitWords, isJump, isNameless, secondNumber, wordsOf } from "./operand.js";
import type { Operand } from "./syntax.js";

export class Operands {
  private readonly table: OpcodeTable;
  private readonly literals: LiteralTexts;

  /** By kind: 0 where a number stands in brackets. */
  private readonly plain: Uint8Array;

  constructor(version: Version, table: OpcodeTable, literals: LiteralTexts) {
    this.table = table;
    this.literals = literals;
    const { none, const: constant, localPair } = OpargKind;
    this.plain = Uint8Array.from({ length: 256 }, (_, kind) => {
      if (kind === constant || kind === localPair || isJump(kind)) return 0;
      if (kind === none) return version.traits.encoding === "bytes" ? 1 : 0;
      return bitWords(kind) === undefined || isNameless(kind, version) ? 1 : 0;
    });
  }

  text(opcode: number, operand: Exclude<Operand, { is: "none" }>): string {
    const { literals } = this;
    switch (operand.is) {
      case "constant":
        return literals.operand(operand.value);
      case "name":
        return literals.name(operand.name) + this.bits(opcode, operand.bits);
      case "names":
        return `${literals.name(operand.names[0])}, ${literals.name(operand.names[1])}`;
      case "label":
        return labelText(operand.label);
      case "number":
        return this.number(this.table.kind[opcode] as number, operand.value);
    }
  }

  private bits(opcode: number, bits: number): string {
    if (bits === 0) return "";
    const words = bitWords(this.table.kind[opcode] as number) ?? [];
    if (bits >>> words.length !== 0) throw new RangeError(`${bits} are more bits than a name has beside it`);
    return words.map((word, bit) => (((bits >> bit) & 1) === 1 ? ` + ${word}` : "")).join("");
  }

  private number(kind: number, value: number): string {
    if (this.plain[kind] === 0) return `[${value}]`;
    const words = wordsOf(this.table, kind);
    if (words !== undefined) return words.texts.get(value) ?? (value === 0 ? "0" : `[${value}]`);
    const most = secondNumber(kind);
    if (most === 0 || value <= 0xff) return String(value);
    const second = Math.floor(value / 256);
    return second <= most ? `${value & 0xff}, ${second}` : `[${value}]`;
  }
}
