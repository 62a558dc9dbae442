/** Exception tables compared by the instructions that their ranges begin and end at, and that their handlers are. */
import { type ExceptionEntry, exceptionEntries } from "../exceptiontable/index.js";
import { align } from "./align.js";
import type { ExceptionDifference } from "./difference.js";
import type { Effort } from "./effort.js";
import { Numbering } from "./identity.js";
import type { Matching } from "./matching.js";
import type { Operations } from "./operations.js";

export function exceptionDifference(matching: Matching, effort: Effort): ExceptionDifference | undefined {
  const [a, b] = [exceptionEntries(matching.a.code), exceptionEntries(matching.b.code)];
  const numbering = new Numbering();
  const numbersOf = (side: "a" | "b", entries: readonly ExceptionEntry[]) =>
    Float64Array.from(entries, (entry) => {
      const places = offsetsOf(entry).map((offset) => placeOf(matching, side, offset));
      return numbering.of([...places, entry.depth, entry.lasti].join());
    });
  const { to } = align(numbersOf("a", a), numbersOf("b", b), effort);
  const removed: string[] = [];
  const added: string[] = [];
  let [i, j] = [0, 0];
  for (let at = 0; at <= a.length; at++) {
    const other = at < a.length ? (to[at] as number) : b.length;
    if (other < 0) continue;
    for (; i < at || j < other; i++, j++) {
      // in what lies between, those that follow each other may still be the same
      const [one, two] = [i < at ? a[i] : undefined, j < other ? b[j] : undefined];
      if (one !== undefined && two !== undefined && isSame(matching, one, two)) continue;
      if (one !== undefined) removed.push(wordsOf(one));
      if (two !== undefined) added.push(wordsOf(two));
    }
    [i, j] = [at + 1, other + 1];
  }
  return removed.length + added.length === 0 ? undefined : { a: removed, b: added };
}

const offsetsOf = ({ start, end, target }: ExceptionEntry) => [start, end, target];

function placeOf(matching: Matching, side: "a" | "b", offset: number): string {
  const operations = matching[side];
  const at = operations.at(offset);
  return `${matching.place(side, at)} ${astray(operations, at, offset)}`;
}

const astray = (operations: Operations, at: number, offset: number) => offset - operations.start(at);

function isSame(matching: Matching, one: ExceptionEntry, two: ExceptionEntry): boolean {
  const { a, b } = matching;
  const others = offsetsOf(two);
  return (
    one.depth === two.depth &&
    one.lasti === two.lasti &&
    offsetsOf(one).every((offset, k) => {
      const other = others[k] as number;
      const [i, j] = [a.at(offset), b.at(other)];
      return matching.samePlace(i, j) && astray(a, i, offset) === astray(b, j, other);
    })
  );
}

const wordsOf = ({ start, end, target, depth, lasti }: ExceptionEntry) =>
  `${start} to ${end}: handler ${target}, depth ${depth}${lasti ? ", lasti" : ""}`;
