/**
 * How much work a comparison may take. Files share objects by references, so that what is small as bytes can be large
 * as a tree; whatever is not bounded by the bytes of the files takes from here and stops when it is spent.
 */
export class Effort {
  private left: number;

  /** @param steps about the number of items that may be looked at */
  constructor(steps: number) {
    this.left = steps;
  }

  take(steps: number): void {
    this.left -= steps;
  }

  get isSpent(): boolean {
    return this.left <= 0;
  }
}
