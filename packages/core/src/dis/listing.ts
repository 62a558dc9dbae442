/**
 * The walk: the module's code object, then for each code object among its constants, in order, a blank line, a
 * heading, its listing and its own nested ones. So does dis.py from 3.7 on; here it is done for every version.
 */
import type { CodeObject } from "../code/index.js";
import { codeLayout } from "../format/index.js";
import { NO_NODE } from "../marshal/index.js";
import type { Pyc } from "../pyc/index.js";
import { legacy } from "./legacy.js";
import { marker } from "./marker.js";
import { modern } from "./modern.js";
import { Listing, type ListingOptions } from "./style.js";

/** Characters written by default: so many, and so many per byte of the file. */
const LEAST_BUDGET = 4 * 1024 * 1024;
const PER_BYTE = 64;

/**
 * The listing of a file, ended by a line feed, exactly as that Python's own `dis` prints it but for this: addresses
 * are offsets in the file, and what would not be safe to show is escaped (`safe`). What refers to nothing is marked
 * (`marker`); nothing that could be read throws. Where the file's object is no code object, its repr is marked as that,
 * and the code objects that it may hold are listed as nested ones.
 */
export function listing(pyc: Pyc, options: ListingOptions = {}): string {
  const { table, values } = pyc;
  const budget = options.budget ?? LEAST_BUDGET + PER_BYTE * table.bytes.length;
  const out = new Listing(values, options, budget);
  walk(out);
  return out.text();
}

/** A code object that is listed and whose nested ones are being listed. */
interface Open {
  readonly node: number;
  /** Of its constants, in `Elements`. */
  next: number;
  readonly end: number;
}

function walk(out: Listing): void {
  const { repr, elements } = out;
  const style = modern(out.version) ?? legacy(out.version);
  const tables = codeLayout(out.version).objects.filter((name) => /^co_(code|lnotab|\w+table)$/.test(name));
  const stack: Open[] = [];
  const open = new Set<number>();
  const list = (node: number) => {
    let constants = node;
    if (repr.isCode(node)) {
      const code = repr.codeObject(node);
      for (const field of tables) out.left -= sizeOf(code, field); // shared by references, they cost time all the same
      style(out, code);
      constants = code.fieldNode("co_consts");
    } else out.write(`${marker.notCode(repr.constant(node))}\n`);
    const at = elements.of(constants);
    stack.push({ node, next: at, end: at + elements.count(at) });
    open.add(node);
  };
  list(0);
  while (stack.length > 0 && !out.isFull) {
    const last = stack[stack.length - 1] as Open;
    while (last.next < last.end && !repr.isCode(elements.nodes[last.next] as number)) last.next++;
    if (last.next === last.end) {
      open.delete(last.node);
      stack.pop();
      continue;
    }
    const node = elements.nodes[last.next++] as number;
    out.write("\nDisassembly of ");
    out.writeCode(node);
    out.write(":\n");
    if (open.has(node)) out.write(`${marker.cycle}\n`);
    else list(node);
  }
  if (!out.isFull) return;
  let left = 0;
  for (const { next, end } of stack)
    for (let i = next; i < end; i++) if (repr.isCode(elements.nodes[i] as number)) left++;
  if (left > 0 || out.leftOut > 0) out.write(`${marker.budget(out.leftOut, left)}\n`);
}

function sizeOf(code: CodeObject, field: string): number {
  const node = code.fieldNode(field);
  return node === NO_NODE ? 0 : (code.table.end[node] as number) - (code.table.start[node] as number);
}
