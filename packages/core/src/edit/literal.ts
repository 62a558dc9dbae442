/** Values and instructions as the assembly language writes them; what is wrong with them, said of the edit. */
import { type ParsedAssembly, parseAssembly } from "../assembly/index.js";
import { TextError } from "../bytes/index.js";
import type { Plain } from "../marshal/index.js";
import { nameOf, type Version } from "../version/index.js";
import { EditError } from "./address.js";

/**
 * The value of a literal of that version: `'x'`, `(1, 2.5)`.
 * @throws EditError where it is none
 */
export function parseLiteral(text: string, version: Version): Plain {
  const { object } = parsed(`.object ${text}\n`, version).program;
  if ("is" in object) throw new EditError("a value, not a code object, is wanted");
  return object;
}

/** A text of the assembly language without its header; a fault names the line that it is in. */
export function parsed(text: string, version: Version): ParsedAssembly {
  try {
    return parseAssembly(text, { python: nameOf(version) });
  } catch (error) {
    if (!(error instanceof TextError)) throw error;
    const fault = error.faults.find(({ warning }) => !warning) ?? error.faults[0];
    if (fault === undefined) throw error;
    const line =
      text
        .split("\n")
        [fault.line - 1]?.trim()
        .replace(/^\.object /, "") ?? "";
    throw new EditError(`${line}: ${fault.what}${fault.expected === "" ? "" : `; expected ${fault.expected}`}`);
  }
}
