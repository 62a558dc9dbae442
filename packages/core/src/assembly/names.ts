/** Names as a version's code objects hold them, and such objects as text. */
import { latin1, utf8, utf8Fault, wtf8 } from "../bytes/index.js";
import { Plain } from "../marshal/index.js";
import type { Version } from "../version/index.js";

/** The object that a name is in a code object; undefined where it has characters that an 8-bit string cannot hold. */
export function nameObject(text: string, version: Version): Plain | undefined {
  const { strings, codeNames } = version.traits;
  if (codeNames === "utf8-bytes") return new Plain({ kind: "bytes", value: utf8(text) });
  if (strings === "bytes") return new Plain({ kind: "str", value: text });
  const value = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c > 0xff) return undefined;
    value[i] = c;
  }
  return new Plain({ kind: "bytes", value });
}

/** The name that an object is; undefined where `nameObject` would not make the same object of it. */
export function nameText({ value }: Plain, version: Version): string | undefined {
  const { strings, codeNames } = version.traits;
  const holdsText = strings === "bytes" && codeNames === "str";
  if (value.kind === "str") return holdsText && value.codePoints === undefined ? value.value : undefined;
  if (value.kind !== "bytes" || holdsText) return undefined;
  if (codeNames === "str") return latin1(value.value);
  return utf8Fault(value.value, 0, value.value.length) < 0 ? wtf8(value.value) : undefined;
}

/** The name that `<code LABEL>` stands for: the label without what tells it from others of the same name. */
export function nameOfLabel(label: string): string {
  return label.replace(/(?<=.)#\d+$/, "");
}
