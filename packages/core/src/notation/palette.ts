/**
 * A colour for each kind of byte. Terminals get colours of the 256 that stand out from black and from white alike (at
 * least 3.6 to 1); pages get a hue and take its lightness from their theme.
 */
import { Kind } from "./kinds.js";

export interface Colour {
  /** Parameters of the terminal's SGR sequence. */
  readonly ansi: string;
  /** Hue in degrees and chroma, as CSS's oklch has them. */
  readonly hue: number;
  readonly chroma: number;
}

const colour = (ansi: string, hue: number, chroma = 0.14): Colour => ({ ansi, hue, chroma });

/** By kind. */
export const palette: { readonly [K in Exclude<Kind, typeof Kind.group>]: Colour } = {
  [Kind.magic]: colour("1;38;5;133", 328, 0.17),
  [Kind.header]: colour("38;5;98", 300),
  [Kind.type]: colour("1;38;5;27", 260, 0.18),
  [Kind.length]: colour("38;5;30", 200, 0.1),
  [Kind.text]: colour("38;5;28", 145),
  [Kind.number]: colour("38;5;130", 65),
  [Kind.field]: colour("38;5;67", 240, 0.08),
  [Kind.reference]: colour("38;5;163", 345, 0.19),
  [Kind.opcode]: colour("1;38;5;160", 27, 0.19),
  [Kind.oparg]: colour("38;5;166", 48),
  [Kind.extendedArg]: colour("4;38;5;161", 10, 0.19),
  [Kind.cache]: colour("38;5;243", 250, 0.01),
  [Kind.line]: colour("38;5;100", 110, 0.12),
  [Kind.exception]: colour("38;5;132", 360, 0.1),
  [Kind.localKinds]: colour("38;5;29", 170, 0.11),
  [Kind.unread]: colour("38;5;96", 310, 0.05),
  [Kind.broken]: colour("7;38;5;196", 25, 0.22),
};
