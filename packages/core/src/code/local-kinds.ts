/** The bits of co_localspluskinds (3.11 and later), by the names that CPython gives them, CO_FAST_ left out. */

export const LocalKind = {
  positional: 0x02,
  keyword: 0x04,
  variadic: 0x08,
  hidden: 0x10,
  local: 0x20,
  cell: 0x40,
  free: 0x80,
} as const;

const words: readonly (readonly [bit: number, word: string])[] = [
  [LocalKind.positional, "positional argument"],
  [LocalKind.keyword, "keyword argument"],
  [LocalKind.variadic, "variadic argument"],
  [LocalKind.hidden, "hidden"],
  [LocalKind.local, "local"],
  [LocalKind.cell, "cell"],
  [LocalKind.free, "free"],
];

/** What a kind byte says, a word for each bit, lowest first; bits without a meaning as one hexadecimal number. */
export function localKindWords(kind: number): string[] {
  const said = words.filter(([bit]) => (kind & bit) !== 0).map(([, word]) => word);
  const rest = words.reduce((left, [bit]) => left & ~bit, kind);
  return rest === 0 ? said : [...said, `0x${rest.toString(16)}`];
}
