/** Directives of the header's fields. */
import { headerFields } from "../format/index.js";
import type { Version } from "../version/index.js";
import { type Lexer, quoted } from "./lexer.js";
import type { HeaderValues } from "./syntax.js";

const LARGEST = 0xffffffff;

/** Reads a field of the header; the lexer stands behind its name. */
export function readHeader(lexer: Lexer, version: Version, name: string, header: HeaderValues, from: number): void {
  const key = name as keyof HeaderValues;
  const known = headerFields(version, key === "source_hash").some((field) => field.name === name);
  if (!known) throw lexer.fail("unknown-field", `.${name}: headers of ${version.python} have no ${name}`, "", from);
  if (header[key] !== undefined) throw lexer.fail("duplicate", `a second .${name}`, "one of each", from);
  switch (key) {
    case "magic":
      header.magic = magic(lexer);
      break;
    case "source_hash":
      header.source_hash = hash(lexer);
      break;
    default:
      header[key] = lexer.integer(0, LARGEST, "a number");
  }
}

/** `3495`, a word that 0d 0a follows; or the four bytes in hex. */
function magic(lexer: Lexer): Uint8Array {
  const from = lexer.at;
  const text = lexer.rest();
  const word = Number(text);
  if (/^[0-9a-fA-F]{8}$/.test(text)) return pairs(text);
  if (/^\d{1,5}$/.test(text) && word <= 0xffff) return Uint8Array.of(word & 255, word >> 8, 0x0d, 0x0a);
  throw lexer.fail(
    "bad-number",
    quoted(text),
    "a magic number such as 3495, or its four bytes as eight hex digits",
    from,
  );
}

function hash(lexer: Lexer): Uint8Array {
  const from = lexer.at;
  const text = lexer.rest();
  if (/^[0-9a-fA-F]{16}$/.test(text)) return pairs(text);
  throw lexer.fail("bad-hex", quoted(text), "sixteen hex digits", from);
}

const pairs = (text: string) => Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
