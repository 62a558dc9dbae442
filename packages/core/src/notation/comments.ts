/**
 * The comments of a text that stand beside bytes, as columns of numbers: what they are beside, and where they are.
 * Kept for whoever holds them against the bytes (`lint.ts`).
 */

/** Numbers per comment. */
const WIDTH = 6;

/** No group begins the line. */
export const NO_GROUP = -1;

export class Comments {
  count = 0;
  private rows = new Int32Array(WIDTH << 8);

  /**
   * @param from offset of the first byte of its line
   * @param to offset past the last byte of its line, so far
   * @param start place of its first slash
   * @param end place past its last character
   * @param index which group of its parent the one is that begins the line, or NO_GROUP
   * @param parent offset of that parent's first byte; -1 where the group stands in none
   */
  add(from: number, to: number, start: number, end: number, index: number, parent: number): void {
    const at = WIDTH * this.count++;
    if (at === this.rows.length) {
      const wider = new Int32Array(at * 2);
      wider.set(this.rows);
      this.rows = wider;
    }
    const { rows } = this;
    rows[at] = from;
    rows[at + 1] = to;
    rows[at + 2] = start;
    rows[at + 3] = end;
    rows[at + 4] = index;
    rows[at + 5] = parent;
  }

  from(i: number): number {
    return this.rows[WIDTH * i] as number;
  }
  to(i: number): number {
    return this.rows[WIDTH * i + 1] as number;
  }
  start(i: number): number {
    return this.rows[WIDTH * i + 2] as number;
  }
  end(i: number): number {
    return this.rows[WIDTH * i + 3] as number;
  }
  index(i: number): number {
    return this.rows[WIDTH * i + 4] as number;
  }
  parent(i: number): number {
    return this.rows[WIDTH * i + 5] as number;
  }
}
