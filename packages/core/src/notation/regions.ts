/**
 * Where every byte went: the file as regions, each with its kind and the object it belongs to.
 *
 * Everything comes from the declarations: the header's fields and the code object's record (format/), the shapes of
 * the type codes (marshal/), the decoders of instructions and tables. What none of them explains is a region too,
 * "broken" or "not read", so that the regions cover the file whatever is in it.
 */
import { type CodeLayout, codeLayout, fieldSize } from "../format/index.js";
import { NO_NODE, type NodeTable, Shape, typeCode } from "../marshal/index.js";
import type { Pyc } from "../pyc/index.js";
import { type Content, contentRows, contentsOf } from "./content.js";
import { Kind } from "./kinds.js";
import { lengthAt, partsOf } from "./parts.js";
import { type Dissection, Rows } from "./rows.js";

/** Takes a file apart. Never throws: what was read of a broken file (tolerant reading) is all that it needs. */
export function dissect(pyc: Pyc): Dissection {
  const { bytes, table, header } = pyc;
  const rows = new Rows(Math.max(64, bytes.length >> 1));
  const contents = contentsOf(pyc);
  for (const [i, { field, span }] of (header?.fields ?? []).entries()) {
    rows.leaf(field.type === "magic" ? Kind.magic : Kind.header, span.end, NO_NODE, i);
  }
  if (table.count > 0) {
    rows.leaf(Kind.broken, table.start[0] as number, NO_NODE, 0);
    new NodeWalk(table, rows, contents).all();
  }
  rows.leaf(Kind.unread, bytes.length, NO_NODE, 0);
  return rows.done(pyc, contents);
}

/** An object that may have objects in it, while those are walked. */
interface Frame {
  readonly node: number;
  /** Node past the object's last. */
  readonly next: number;
  readonly shape: number;
  /** Objects in it so far. */
  children: number;
  /** Of a code object: index of the next field. */
  field: number;
}

/** Walks the nodes in file order. The open objects are a stack of our own: the host's is not touched. */
class NodeWalk {
  private readonly table: NodeTable;
  private readonly rows: Rows;
  private readonly contents: ReadonlyMap<number, Content>;
  private readonly layout: CodeLayout;
  private readonly frames: Frame[] = [];

  constructor(table: NodeTable, rows: Rows, contents: ReadonlyMap<number, Content>) {
    this.table = table;
    this.rows = rows;
    this.contents = contents;
    this.layout = codeLayout(table.version);
  }

  all(): void {
    const { table, frames, rows } = this;
    const { count, next, start, end, type } = table;
    for (let node = 0; node < count; node++) {
      this.closeUntil(node);
      const parent = frames[frames.length - 1];
      const index = parent === undefined ? 0 : parent.children++;
      if (parent?.shape === Shape.code) this.integersOf(parent);
      if (parent !== undefined) rows.leaf(Kind.broken, start[node] as number, parent.node, 0);
      const shape = typeCode(type[node] as number)?.shape ?? Shape.unknown;
      if (shape === Shape.terminator && parent?.shape === Shape.pairs && index % 2 === 0) {
        rows.leaf(Kind.type, rows.at + 1, node, index); // the end of a dict is no object of its own
        continue;
      }
      rows.open(node, index);
      rows.leaf(shape === Shape.terminator ? Kind.broken : Kind.type, rows.at + 1, node, 0);
      this.parts(node, shape);
      const past = next[node] as number;
      if (past > node + 1 || shape === Shape.code) {
        frames.push({ node, next: past, shape, children: 0, field: 0 });
      } else {
        rows.leaf(Kind.broken, end[node] as number, node, 0);
        rows.close();
      }
    }
    this.closeUntil(count);
  }

  private closeUntil(node: number): void {
    const { frames, rows, table } = this;
    for (let top = frames.at(-1); top !== undefined && node >= top.next; top = frames.at(-1)) {
      if (top.shape === Shape.code) this.integersOf(top);
      rows.leaf(Kind.broken, table.end[top.node] as number, top.node, 0);
      rows.close();
      frames.pop();
    }
  }

  /** The integer fields of a code object up to its next object. One that is cut off is left to be broken. */
  private integersOf(frame: Frame): void {
    const { rows, table } = this;
    const { fields } = this.layout;
    const limit = table.end[frame.node] as number;
    for (let field = fields[frame.field]; field !== undefined; field = fields[frame.field]) {
      if (field.type === "object") {
        frame.field++;
        return;
      }
      const end = rows.at + fieldSize[field.type];
      if (end > limit) return;
      rows.leaf(Kind.field, end, frame.node, frame.field++);
    }
  }

  /** The parts behind the type byte, up to the first object inside; what is cut off is broken. */
  private parts(node: number, shape: number): void {
    const { table, rows, contents } = this;
    const limit = table.end[node] as number;
    let length = 0;
    const parts = partsOf(shape);
    for (const [i, part] of parts.entries()) {
      let { kind, size } = part;
      if (kind === Kind.length) {
        length = lengthAt(table.bytes, rows.at, size);
        if (length < 0 && shape === Shape.long) length = -length;
        const promised = rows.at + size + length * (parts[i + 1]?.each ?? 0);
        if (length < 0 || promised > limit || isBrokenCount(table, node, shape)) kind = Kind.broken;
      } else if (part.each !== undefined) {
        size = Math.max(0, length) * part.each;
      }
      const whole = rows.at + size <= limit;
      const end = whole ? rows.at + size : limit;
      const content = kind === Kind.text ? contents.get(node) : undefined;
      if (content !== undefined) contentRows(rows, node, content, end);
      rows.leaf(whole ? kind : Kind.broken, end, node, i);
    }
  }
}

/** Whether what is broken about an object is its count: nothing else can be, where there are objects inside. */
function isBrokenCount(table: NodeTable, node: number, shape: number): boolean {
  return (shape === Shape.items32 || shape === Shape.items8) && table.broken.has(node);
}
