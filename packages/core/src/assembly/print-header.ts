/** The lines before the object: the version and the fields of the header. */
import { hex } from "../bytes/index.js";
import { type Version, versionNamed } from "../version/index.js";
import type { HeaderValues, Program } from "./syntax.js";

export function headerLines({ version, header }: Program): string[] {
  const lines = [`.python ${versionText(version)}`];
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

/** A name of the version that `versionNamed` takes. */
function versionText(version: Version): string {
  const { lineage, python, release, word, magic } = version;
  const other = lineage === "CPython" ? python : lineage.toLowerCase() + python;
  const names = [other, release.split(" ")[0] as string, String(word), magic];
  return names.find((name) => isNamed(name, version)) ?? magic;
}

function isNamed(name: string, version: Version): boolean {
  try {
    return versionNamed(name) === version;
  } catch {
    return false;
  }
}
