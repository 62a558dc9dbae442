/** The total order of CPython's magic numbers: the place of their row in the registry. */
import { rows } from "./rows.js";

const places = new Map<number, number>();
for (const [i, row] of rows.entries()) if (row.lineage === "CPython" && !places.has(row.word)) places.set(row.word, i);

/** The place of a CPython magic's first two bytes in the total order; throws a RangeError for a word that is none. */
export function positionOf(word: number): number {
  const place = places.get(word);
  if (place === undefined) throw new RangeError(`${word} is no magic number of CPython`);
  return place;
}
