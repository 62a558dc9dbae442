/** Where strings stand in the file, and which of them print as a name byte for byte: most do. */
import { FLAG_REF, NO_NODE, type NodeTable } from "../marshal/index.js";

/** What is known of a node. */
const KNOWN = 1;
const PLAIN = 2;

/** Longer ones are left to whoever looks at characters. */
const MOST = 256;

/** Bytes from the type byte to the first of a string, by type code; 0 for what is no string. */
const LEAD = new Uint8Array(128);
for (const code of "zZ") LEAD[code.charCodeAt(0)] = 2; // one byte of length
for (const code of "stuaA") LEAD[code.charCodeAt(0)] = 5; // four

export class Spans {
  private readonly table: NodeTable;
  private readonly known: Uint8Array;

  /** @param known zeros, one for each node at least */
  constructor(table: NodeTable, known: Uint8Array) {
    this.table = table;
    this.known = known;
  }

  /** Whether the node is a string, not empty, that prints as a name byte for byte. */
  isName(node: number): boolean {
    const known = this.known[node] as number;
    return known === 0 ? this.look(node) : (known & PLAIN) !== 0;
  }

  /** Where a string's bytes begin; they end where the node does. 0 for what is no string that can be read. */
  start(node: number): number {
    const lead = LEAD[(this.table.type[node] as number) & ~FLAG_REF] as number;
    return lead === 0 ? 0 : (this.table.start[node] as number) + lead;
  }

  private look(node: number): boolean {
    if (node === NO_NODE) return false;
    const plain = this.isPlain(node);
    this.known[node] = plain ? KNOWN | PLAIN : KNOWN;
    return plain;
  }

  private isPlain(node: number): boolean {
    const { bytes, end, broken } = this.table;
    const from = this.start(node);
    const to = end[node] as number;
    if (from === 0 || to <= from || to - from > MOST || broken.has(node)) return false;
    for (let i = from; i < to; i++) {
      const c = bytes[i] as number;
      if (c < 0x20 || c > 0x7e) return false;
    }
    return true;
  }
}
