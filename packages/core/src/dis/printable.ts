/** Which characters Python 3 prints as they are: `str.isprintable` of each version's Unicode tables. */
import { runs, unicodeVersions } from "./printable.generated.js";

/** Where each run of code points begins, and the Unicode version from which on its characters are printable. */
interface Runs {
  readonly start: Uint32Array;
  readonly since: Float64Array;
}

let made: Runs | undefined;

function parse(): Runs {
  const words = runs.match(/[A-Z][0-9a-f]*/g) ?? [];
  const start = new Uint32Array(words.length + 1);
  const since = new Float64Array(words.length + 1);
  words.forEach((word, i) => {
    since[i] = unicodeVersions[word.charCodeAt(0) - 65] ?? Number.POSITIVE_INFINITY;
    start[i + 1] = (start[i] as number) + (word.length > 1 ? Number.parseInt(word.slice(1), 16) : 1);
  });
  return { start, since };
}

/** Whether a Python with that version of Unicode (5.1 to 17.0) calls the code point printable. */
export function isPrintable(point: number, unicode: number): boolean {
  made ??= parse();
  const { start, since } = made;
  let low = 0;
  let high = start.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((start[middle] as number) <= point) low = middle;
    else high = middle;
  }
  return (since[low] as number) <= unicode;
}
