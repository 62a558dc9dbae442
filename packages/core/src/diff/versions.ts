/** What two versions are called, told apart. */
import type { Version } from "../version/index.js";
import type { Both } from "./difference.js";

/** `Python 3.11`; with the magic number where two versions of one Python differ. */
export function versionLabels({ a, b }: Both<Version>): Both<string> {
  const [one, other] = [label(a), label(b)];
  return one === other && a !== b
    ? { a: `${one}, magic number ${a.word}`, b: `${other}, magic number ${b.word}` }
    : { a: one, b: other };
}

const label = ({ lineage, python }: Version) => `${lineage === "CPython" ? "Python" : lineage} ${python}`;
