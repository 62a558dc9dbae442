/** The bytes that a printed notation stands for: as much of the language as is printed, read strictly. */

/** @throws Error at the first thing that is not the language */
export function notationBytes(text: string): Uint8Array {
  const out: number[] = [];
  let depth = 0;
  const token =
    /\s+|\/\/[^\n]*|([0-9a-f]{2})(?=[\s)]|$)|'([^'\\\n])'( \| 0x80)?|"((?:[^"\\\n]|\\(?:[\\"ntr]|x[0-9a-f]{2}))*)"|([()])/y;
  while (token.lastIndex < text.length) {
    const at = token.lastIndex;
    const match = token.exec(text);
    if (match === null) throw new Error(`not the notation at ${at}: ${JSON.stringify(text.slice(at, at + 40))}`);
    const [, pair, char, flag, string, paren] = match;
    if (pair !== undefined) out.push(Number.parseInt(pair, 16));
    else if (char !== undefined) out.push(char.charCodeAt(0) | (flag === undefined ? 0 : 0x80));
    else if (string !== undefined) out.push(...stringBytes(string));
    else if (paren !== undefined) depth += paren === "(" ? 1 : -1;
    if (depth < 0) throw new Error(`a group that closes at ${at} and was not open`);
  }
  if (depth !== 0) throw new Error(`${depth} groups left open`);
  return Uint8Array.from(out);
}

const named: { readonly [c: string]: number } = { n: 10, r: 13, t: 9 };

function stringBytes(source: string): number[] {
  const out: number[] = [];
  for (const [piece] of source.matchAll(/\\x..|\\.|[\s\S]/g)) {
    if (piece.startsWith("\\x")) out.push(Number.parseInt(piece.slice(2), 16));
    else if (piece.length === 2) out.push(named[piece[1] as string] ?? piece.charCodeAt(1));
    else if (piece > "~" || piece < " ") throw new Error(`${JSON.stringify(piece)} in a string`);
    else out.push(piece.charCodeAt(0));
  }
  return out;
}
