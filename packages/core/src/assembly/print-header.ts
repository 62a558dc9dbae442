/** The lines before the object: the version and the fields of the header. */
import { hex } from "../bytes/index.js";
import { nameOf } from "../version/index.js";
import type { HeaderValues, Program } from "./syntax.js";

export function headerLines({ version, header }: Program): string[] {
  const lines = [`.python ${nameOf(version)}`];
  if (header === undefined) return [...lines, ".raw"];
  const { magic, source_hash } = header;
  if (magic !== undefined) lines.push(`.magic ${magicText(magic)}`);
  for (const name of ["flags", "mtime", "source_size"] as const satisfies (keyof HeaderValues)[]) {
    const value = header[name];
    if (value !== undefined) lines.push(`.${name} ${value}`);
  }
  if (source_hash !== undefined) lines.push(`.source_hash ${hex(source_hash)}`);
  return lines;
}

/** The word of a magic number whose other two bytes are 0d 0a; else all four. */
function magicText(magic: Uint8Array): string {
  const [low = 0, high = 0, third, fourth] = magic;
  return third === 0x0d && fourth === 0x0a ? String(low | (high << 8)) : hex(magic);
}
