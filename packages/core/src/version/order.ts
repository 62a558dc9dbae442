/**
 * The total order of CPython's magic numbers: the place of their row in the registry, whose CPython sections come
 * first and are chronological. Two rows that share a magic number (1.1 and 1.2, 1.5 and 1.6a2) have places of their own.
 */
import { type Row, rows } from "./rows.js";

const places = new Map<number | string, number>();
for (const [i, row] of rows.entries()) {
  if (row.lineage !== "CPython") break;
  if (!places.has(row.word)) places.set(row.word, i);
  if (!places.has(row.release)) places.set(row.release, i);
  if (row.stage === "final") places.set(`final ${row.python}`, i);
}

/**
 * The place of a CPython magic number in the total order, by its `word` (the first two bytes, little-endian); the
 * first place where several versions share it.
 * @throws RangeError for a word that is no magic number of CPython
 */
export function positionOf(word: number): number {
  return placeOf(word);
}

/** The same, also by the text of a row's `release`, for a row that shares its word with an older one. */
export function placeOf(wordOrRelease: number | string): number {
  const place = places.get(wordOrRelease);
  if (place === undefined) throw new RangeError(`${wordOrRelease} is no magic number of CPython`);
  return place;
}

/** The place of a row: its own, or that of the final CPython which another lineage follows; -1 where that is unknown. */
export function placeOfRow(row: Row, index: number): number {
  return row.lineage === "CPython" ? index : (places.get(`final ${row.python}`) ?? -1);
}
