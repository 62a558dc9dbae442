/**
 * Sharing in PyPy: marshal enters strings, bytes, sets and large ints into the table without asking who else holds
 * them, and only interned strings are ever met again.
 */
import type { Version } from "../version/index.js";
import { itemsOf } from "./equality.js";
import type { Plain } from "./plain.js";
import { type Role, walkPlain } from "./roles.js";
import { BY_ITSELF, HELD, internedText, type Share, type ShareRule, ShortTexts } from "./share.js";

/** A name as Python has them, in any script. */
const IS_NAME = /^[\p{L}_][\p{L}\p{M}\p{N}_]*$/u;

export class PypyObjects implements ShareRule {
  /** What the compiler interned: names of globals and attributes, and constants that look like names. */
  private readonly interned = new Set<string>();
  private readonly texts = new ShortTexts();

  constructor(root: Plain, version: Version) {
    const seen = new Set<object>();
    walkPlain(root, version, {
      enter: ({ value }, { field, level }) => {
        if (value.kind === "str") {
          const name = field === "co_names" || (field === "co_consts" && level === "item" && IS_NAME.test(value.value));
          if (name) this.interned.add(value.value);
        }
        if (itemsOf(value) === undefined || seen.has(value)) return false;
        seen.add(value);
        return true;
      },
      leave: () => {},
    });
  }

  of({ value }: Plain, { field, level }: Role): Share {
    switch (value.kind) {
      case "str":
        if (field === "co_filename") return HELD;
        if (this.interned.has(value.value)) return internedText(this.texts.of(value), true);
        return field === "co_name" ? BY_ITSELF : HELD;
      case "bytes":
        return level === "field" && field !== "" ? BY_ITSELF : HELD;
      case "int":
        return value.value >= -0x80000000 && value.value <= 0x7fffffff ? BY_ITSELF : HELD;
      case "set":
      case "frozenset":
        return HELD;
      default:
        return BY_ITSELF;
    }
  }
}
