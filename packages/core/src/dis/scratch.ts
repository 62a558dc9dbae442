/** What one listing leaves for the next to work in: arrays of some size, whose content means nothing any more. */
import type { Instructions } from "../instruction/index.js";
import { Page } from "./page.js";

/** Arrays that are longer are not kept. */
const MOST = 0x20000;
const LEAST = 0x400;

export class Scratch {
  rows: Instructions | undefined;
  /** Marks of offsets; longer than the longest code so far. */
  marks = new Uint8Array(LEAST);
  /** For `Elements`: elements, and by node where they begin. */
  elements = new Uint32Array(LEAST);
  private byNode = new Uint32Array(LEAST);
  /** For `Spans`: what is known, by node. */
  private known = new Uint8Array(LEAST);
  private sheet: Page | undefined;

  /** Zeros, one for each of so many nodes at least. */
  zeros32(count: number): Uint32Array {
    if (this.byNode.length < count) this.byNode = new Uint32Array(2 * count);
    else this.byNode.fill(0, 0, count);
    return this.byNode;
  }
  zeros8(count: number): Uint8Array {
    if (this.known.length < count) this.known = new Uint8Array(2 * count);
    else this.known.fill(0, 0, count);
    return this.known;
  }
  /** Lets go of what is large. */
  shrink(): void {
    if (this.rows !== undefined && this.rows.opcode.length > MOST) this.rows = undefined;
    if (this.marks.length > MOST) this.marks = new Uint8Array(LEAST);
    if (this.elements.length > MOST) this.elements = new Uint32Array(LEAST);
    if (this.byNode.length > MOST) this.byNode = new Uint32Array(LEAST);
    if (this.known.length > MOST) this.known = new Uint8Array(LEAST);
  }

  /** A page, blank until somebody writes on it. */
  get page(): Page {
    this.sheet ??= new Page();
    return this.sheet;
  }
}

let spare: Scratch | undefined;

export function takeScratch(): Scratch {
  const scratch = spare ?? new Scratch();
  spare = undefined;
  return scratch;
}

/** Gives it back, the page blank. */
export function returnScratch(scratch: Scratch): void {
  scratch.shrink();
  spare = scratch;
}
