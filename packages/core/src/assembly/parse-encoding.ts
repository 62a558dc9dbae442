/** `.as` and `.content`: encodings that are not the encoder's own choice. */
import { Char, isDigit, type Lexer } from "./lexer.js";
import type { Literals } from "./literal.js";
import { readBytes } from "./literal-string.js";
import type { Encoding } from "./syntax.js";

/** Reads what stands behind the directive's name into `encodings`. */
export function readEncoding(
  lexer: Lexer,
  literals: Literals,
  name: "as" | "content",
  encodings: Map<string, Encoding>,
  paths: () => string[],
): void {
  const type = name === "as" ? typeByte(lexer) : undefined;
  lexer.blank();
  const index = name === "as" && isDigit(lexer.code()) ? lexer.integer(0, 0xffffffff, "an index") : undefined;
  lexer.blank();
  if (name === "as" && type === undefined && index === undefined)
    throw lexer.unexpected("a type byte such as 'Z'|0x80, or an index");
  const named: string[] = [];
  for (;;) {
    const from = lexer.at;
    const read = paths();
    const place = lexer.place(from);
    for (const path of read) {
      const found = encodings.get(path);
      const isThere =
        name === "as" ? found?.type !== undefined || found?.index !== undefined : found?.content !== undefined;
      if (isThere || (name === "content" && named.length > 0 && named.includes(path)))
        throw lexer.fail(
          "duplicate",
          `a second .${name} for ${path === "" ? "the object itself" : path}`,
          "one of each",
          from,
        );
      named.push(path);
      const override: Encoding = found ?? { place };
      if (type !== undefined) override.type = type;
      if (index !== undefined) override.index = index;
      encodings.set(path, override);
    }
    lexer.blank();
    if (name === "content" || lexer.ends()) break;
  }
  if (name === "as") return;
  const content = literals.readAnyBytes();
  for (const path of named) (encodings.get(path) as Encoding).content = content;
}

/** `'Z'`, `'Z'|0x80`. */
function typeByte(lexer: Lexer): number | undefined {
  const c = lexer.code();
  if (c !== Char.quote && c !== Char.quotes) return undefined;
  const from = lexer.at;
  const bytes = readBytes(lexer);
  if (bytes.length !== 1) throw lexer.fail("bad-literal", "a type byte", "one character in quotes", from);
  lexer.blank();
  if (!lexer.takes(Char.bar)) return bytes[0] as number;
  lexer.blank();
  const flag = lexer.integer(0, 0xff, "0x80");
  if (flag !== 0x80) throw lexer.fail("out-of-range", `a flag of ${flag}`, "0x80, which is FLAG_REF", from);
  return (bytes[0] as number) | flag;
}
