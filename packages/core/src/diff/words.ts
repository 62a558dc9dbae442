/** Values and names in a few characters: cut with a word on what is left out, every unsafe character escaped. */
import { safe } from "../bytes/index.js";
import { textOf } from "../code/index.js";
import { marker, Repr } from "../dis/index.js";
import { isCode, NO_NODE, type PyBytes, type PyStr, resolve } from "../marshal/index.js";
import type { Pyc } from "../pyc/index.js";

/** Characters of a value that are shown. */
const MOST = 64;

/** Characters that the values of a file may have before they are cut: so many, and so many per byte. */
const LEAST_BUDGET = 1 << 20;
const PER_BYTE = 16;

export class Words {
  private readonly pyc: Pyc;
  private readonly repr: Repr;
  private readonly nameOfCode: (node: number) => string;
  private readonly values = new Map<number, string>();
  private readonly names = new Map<number, string>();

  /** @param nameOfCode the qualified name of the code object at a node */
  constructor(pyc: Pyc, nameOfCode: (node: number) => string) {
    this.pyc = pyc;
    this.repr = new Repr(pyc.values, LEAST_BUDGET + PER_BYTE * pyc.bytes.length);
    this.nameOfCode = nameOfCode;
  }

  /** A constant as that Python writes it; a code object by its name. */
  value(node: number): string {
    return kept(this.values, node, () => this.makeValue(node));
  }

  /** A name as it is. */
  name(node: number): string {
    return kept(this.names, node, () => this.makeName(node));
  }

  private makeValue(unresolved: number): string {
    const node = unresolved === NO_NODE ? NO_NODE : resolve(this.pyc.table, unresolved);
    if (node === NO_NODE) return marker.missing;
    if (isCode(this.pyc.table.type[node] as number)) return `<code object ${this.nameOfCode(node)}>`;
    const value = this.pyc.values.of(node);
    if ((value.kind === "str" || value.kind === "bytes") && value.value.length > MOST) return this.longString(value);
    return cut(safe(this.repr.constant(node)));
  }

  private makeName(unresolved: number): string {
    const node = unresolved === NO_NODE ? NO_NODE : resolve(this.pyc.table, unresolved);
    if (node === NO_NODE) return marker.missing;
    const value = this.pyc.values.of(node);
    if (value.kind !== "str" && value.kind !== "bytes") return marker.notName(this.value(node));
    return value.value.length > MOST ? safe(head(value)) + more(value) : this.repr.name(node);
  }

  private longString(value: PyStr | PyBytes): string {
    const { strings } = this.pyc.version.traits;
    const prefix = value.kind === "bytes" ? (strings === "bytes" ? "b" : "") : strings === "str8" ? "u" : "";
    const text = head(value).replace(/[\\']/g, "\\$&");
    const shown = value.kind === "str" ? text : text.replace(/[\x80-\xff]/g, escapeByte);
    return `${prefix}'${safe(shown)}'${more(value)}`;
  }
}

function kept(map: Map<number, string>, node: number, make: () => string): string {
  let text = map.get(node);
  if (text === undefined) {
    text = make();
    map.set(node, text);
  }
  return text;
}

const head = (value: PyStr | PyBytes): string =>
  value.kind === "str" ? value.value.slice(0, MOST) : textOf({ kind: "bytes", value: value.value.subarray(0, MOST) });

const more = ({ value }: PyStr | PyBytes): string => `... ${value.length - MOST} more`;

const escapeByte = (c: string) => `\\x${c.charCodeAt(0).toString(16)}`;

/** The beginning of a text that is fit to be shown, and how much of it is left out. */
function cut(text: string): string {
  if (text.length <= MOST + 16) return text;
  const atLeast = text.endsWith(marker.cut) ? "more than " : "";
  return `${safe(text.slice(0, MOST))}... ${atLeast}${text.length - MOST} more`;
}
