/** A dissection as whoever shows it goes through it: object by object, instruction by instruction. */
import { Kind } from "./kinds.js";
import type { Dissection } from "./rows.js";

/** What a walk calls, in file order. Rows are given half-open. */
export interface Visitor {
  /** An object with others in it, or with instructions or a table. */
  open(row: number): void;
  close(row: number): void;
  /** An object with nothing in it but its own parts: its group and their leaves. */
  object(row: number, end: number): void;
  /** An instruction without its cache entries. */
  instruction(row: number, end: number): void;
  /** Any other leaf. */
  leaf(row: number): void;
}

export function walk(d: Dissection, visitor: Visitor): void {
  const { kind, depth, count } = d;
  const open: number[] = [];
  for (let row = 0; row < count; ) {
    while (open.length > (depth[row] as number)) visitor.close(open.pop() as number);
    let end = row + 1;
    switch (kind[row]) {
      case Kind.group:
        end = simpleEnd(d, row);
        if (end > row) visitor.object(row, end);
        else {
          visitor.open(row);
          open.push(row);
          end = row + 1;
        }
        break;
      case Kind.extendedArg:
        visitor.instruction(row, end);
        break;
      case Kind.opcode:
        if (end < count && kind[end] === Kind.oparg) end++;
        visitor.instruction(row, end);
        break;
      default:
        visitor.leaf(row);
    }
    row = end;
  }
  while (open.length > 0) visitor.close(open.pop() as number);
}

/** The row behind an object that has nothing in it but its own parts; the object's own row if it has more. */
function simpleEnd({ kind, depth, count }: Dissection, row: number): number {
  const level = depth[row] as number;
  let end = row + 1;
  for (; end < count && (depth[end] as number) > level; end++) if (isOfContainer[kind[end] as number] === 1) return row;
  return end;
}

const isOfContainer = new Uint8Array(32);
for (const kind of [
  Kind.group,
  Kind.field,
  Kind.opcode,
  Kind.extendedArg,
  Kind.cache,
  Kind.line,
  Kind.exception,
  Kind.localKinds,
]) {
  isOfContainer[kind] = 1;
}
