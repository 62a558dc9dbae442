/**
 * What a page shows of a dissection: the lines of its structure, and for every leaf the line that it belongs to. One
 * line is an object, a field, an instruction or an entry of a table; type bytes, lengths and contents belong to the
 * line of their object.
 */
import { lineStarts, NO_LINE } from "../linetable/index.js";
import { Varints } from "./base64.js";
import { Describer } from "./describe.js";
import { Kind } from "./kinds.js";
import type { Dissection } from "./rows.js";
import { walk } from "./walk.js";

export interface PageLines {
  /**
   * Per line as varints: kind, depth, start less the start of the line before, bytes; then the indices of its name and
   * of its value among `texts`.
   */
  readonly lines: string;
  /** Per leaf as varints: kind, bytes, line less the line of the leaf before (twice; odd for less than none). */
  readonly leaves: string;
  readonly texts: readonly string[];
  /** Source lines that begin at a line, by its index. */
  readonly marks: { readonly [line: number]: string };
}

/** Kinds of leaves that belong to the line of their object. */
const ofObject: ReadonlySet<number> = new Set([Kind.type, Kind.length, Kind.text, Kind.number, Kind.reference]);

export function pageLines(d: Dissection): PageLines {
  const describe = new Describer(d);
  const lines = new Varints();
  const texts = new Map<string, number>();
  let count = 0;
  const marks: { [line: number]: string } = {};
  const lineOf = new Uint32Array(d.count);
  const groups: number[] = [];
  let before = 0;
  let content: unknown;
  let begins = new Map<number, number>();
  const add = (row: number, end: number, kind: number, name: string, value: string): number => {
    const start = d.start[row] as number;
    lines.add(kind);
    lines.add(d.depth[row] as number);
    lines.add(start - before);
    lines.add((d.end[end - 1] as number) - start);
    before = start;
    lines.add(indexIn(texts, name));
    lines.add(indexIn(texts, value));
    lineOf.fill(count, row, end);
    return count++;
  };
  walk(d, {
    open(row) {
      groups.push(add(row, row + 1, Kind.group, describe.label(row), describe.whole(row)));
    },
    close() {
      groups.pop();
    },
    object(row, end) {
      const line = add(row, row + 1, kindOfObject(d, end), describe.label(row), describe.whole(row));
      lineOf.fill(line, row, end);
    },
    instruction(row, end) {
      const of = describe.instructionsOf(row);
      if (content !== of) {
        content = of;
        const { count, offset, line } = lineStarts(of.code);
        begins = new Map(Array.from({ length: count }, (_, i) => [offset[i] as number, line[i] as number]));
      }
      const i = d.detail[row] as number;
      const at = of.list.offset[i] as number;
      const [name, value] = describe.instructionParts(of, i);
      const line = add(
        row,
        end,
        d.kind[row] as number,
        `${String(at).padStart(4)} ${value === "" ? name : name.padEnd(20)}`,
        value,
      );
      const begun = begins.get(at);
      if (begun !== undefined) marks[line] = begun === NO_LINE ? "no line" : `line ${begun}`;
    },
    leaf(row) {
      const kind = d.kind[row] as number;
      const group = groups[groups.length - 1];
      if (group !== undefined && ofObject.has(kind)) lineOf[row] = group;
      else add(row, row + 1, kind, ...describe.parts(row));
    },
  });
  return { lines: lines.text(), leaves: leaves(d, lineOf), texts: [...texts.keys()], marks };
}

function indexIn(texts: Map<string, number>, text: string): number {
  const known = texts.get(text);
  if (known !== undefined) return known;
  texts.set(text, texts.size);
  return texts.size - 1;
}

/** An object on one line has the colour of what it holds. */
function kindOfObject(d: Dissection, end: number): number {
  const last = d.kind[end - 1] as number;
  return last === Kind.length ? Kind.type : last;
}

function leaves(d: Dissection, lineOf: Uint32Array): string {
  const out = new Varints();
  let before = 0;
  for (let row = 0; row < d.count; row++) {
    if (d.kind[row] === Kind.group) continue;
    const line = lineOf[row] as number;
    const step = line - before;
    out.add(d.kind[row] as number);
    out.add((d.end[row] as number) - (d.start[row] as number));
    out.add(step < 0 ? -step * 2 + 1 : step * 2);
    before = line;
  }
  return out.text();
}
