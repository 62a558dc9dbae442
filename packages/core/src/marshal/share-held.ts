/**
 * Sharing in CPython from 3.4 on: marshal enters into the table what more than one holds in memory. Whom else than the
 * program that may be is told by kind and place; what the compiler merged, by the version.
 */
import { latin1 } from "../bytes/index.js";
import { codeLayout } from "../format/index.js";
import type { Version, WritingTraits } from "../version/index.js";
import { Equality } from "./equality.js";
import type { Plain, PlainCode } from "./plain.js";
import type { Role } from "./roles.js";
import { BY_ITSELF, HELD, held, IS_IDENTIFIER, internedText, type Share, type ShareRule, ShortTexts } from "./share.js";

const SMALLEST_INT = -5;

/** What the compiler names code objects that have no name. */
const NAMELESS = /^<(?:module|lambda|genexpr|listcomp|setcomp|dictcomp)>$/;

export class HeldObjects implements ShareRule {
  private readonly writing: WritingTraits;
  private readonly equality = new Equality();
  private readonly texts = new ShortTexts();
  private readonly scopes = new Map<PlainCode, number>();
  private readonly constants = new Map<PlainCode, Map<number, Plain>>();
  private readonly qualname: number;

  constructor(version: Version, writing: WritingTraits) {
    this.writing = writing;
    this.qualname = codeLayout(version).order.get("co_qualname") ?? -1;
  }

  of(plain: Plain, role: Role, code: PlainCode | undefined): Share {
    const { heldFields, largestSmallInt, heldModule, ownEmptyBytes } = this.writing;
    const { value } = plain;
    const { field, level } = role;
    if (level === "field" && heldFields.includes(field)) return HELD;
    switch (value.kind) {
      case "str":
        return this.text(plain, this.texts.of(value), role, code);
      case "int":
        if (value.value >= SMALLEST_INT && value.value <= largestSmallInt) return held(`i${value.value}`);
        return this.constant(plain, role, code);
      case "bytes":
        if (value.value.length === 0) return ownEmptyBytes.includes(field) ? BY_ITSELF : held("b");
        if (value.value.length === 1 && level !== "field") return held(`b${latin1(value.value)}`);
        return this.constant(plain, role, code);
      case "tuple":
        return value.items.length === 0 ? held("()") : this.constant(plain, role, code);
      case "float":
        return Number.isNaN(value.value) ? BY_ITSELF : this.constant(plain, role, code);
      case "complex":
      case "frozenset":
      case "slice":
        return this.constant(plain, role, code);
      case "code":
        return field === "" && heldModule ? HELD : BY_ITSELF;
      default:
        return BY_ITSELF;
    }
  }

  private text(plain: Plain, text: string, role: Role, code: PlainCode | undefined): Share {
    const { writing } = this;
    const { field } = role;
    const single = text.length <= 1 && (text === "" || text.charCodeAt(0) <= 0xff);
    if (writing.heldNames.includes(text)) return held(`Z${text}`);
    if (IS_IDENTIFIER.test(text) || NAMELESS.test(text) || (single && writing.internedCharacters))
      return internedText(text, single || writing.heldStrings === "all" || isLikelyHeld(text, field));
    const own = this.isQualname(text, code);
    if (writing.internedFields.includes(field) || (own && writing.internedFields.includes("co_qualname")))
      return internedText(text, true);
    if (single) return held(`Z${text}`);
    if (field === "co_filename") return held(`F${text}`);
    if (own && code) return { key: `Q${this.scope(code)}`, interned: false, held: false };
    return this.constant(plain, role, code);
  }

  /** Whether the text is the code object's own qualified name; a class body has it among its constants. */
  private isQualname(text: string, code: PlainCode | undefined): boolean {
    const value = code?.objects[this.qualname]?.value;
    return value?.kind === "str" && this.texts.of(value) === text;
  }

  /** Constants that the compiler made one. */
  private constant(plain: Plain, { field, level }: Role, code: PlainCode | undefined): Share {
    const { mergedConstants, mergedFields } = this.writing;
    const constant = field === "co_consts" && level !== "field";
    if (mergedConstants === "module")
      return constant || mergedFields.includes(field) ? this.merged("", plain) : BY_ITSELF;
    if (mergedConstants === "none" || code === undefined || !constant) return BY_ITSELF;
    const first = this.items(code).get(this.equality.of(plain.value));
    if (first === undefined || (level === "item" && first !== plain)) return BY_ITSELF;
    return this.merged(String(this.scope(code)), plain);
  }

  private merged(scope: string, { value }: Plain): Share {
    return { key: `${scope}=${this.equality.of(value)}`, interned: false, held: false };
  }

  /** The constants of a code object, the first of those that are equal. */
  private items(code: PlainCode): ReadonlyMap<number, Plain> {
    let items = this.constants.get(code);
    if (items === undefined) {
      items = new Map();
      for (const { value } of code.objects) {
        if (value.kind !== "tuple") continue;
        for (const item of value.items) {
          const number = this.equality.of(item.value);
          if (!items.has(number)) items.set(number, item);
        }
      }
      this.constants.set(code, items);
    }
    return items;
  }

  /** A number for each code object. */
  private scope(code: PlainCode): number {
    let number = this.scopes.get(code);
    if (number === undefined) {
      number = this.scopes.size;
      this.scopes.set(code, number);
    }
    return number;
  }
}

/**
 * Whether the interpreter itself, or a library that it has loaded, has that name too. Which it has is not known;
 * measured over files of 3.4 to 3.10, most names between underscores and of exceptions are held, and most short ones.
 */
function isLikelyHeld(text: string, field: string): boolean {
  if (/^__\w+__$|^[A-Z]\w*(?:Error|Exception|Warning)$/.test(text)) return true;
  return field === "co_name" ? !/^__/.test(text) : field === "co_names" && /^[a-z]{3,5}$/.test(text);
}
