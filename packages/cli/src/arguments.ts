/** Reads a command line by the command table. */
import { existsSync } from "node:fs";
import { parseArgs } from "node:util";
import { safe } from "@pyclab/core/bytes";
import type { Call, Verb } from "./call.js";
import { nearest } from "./nearest.js";
import { type OptionName, type OptionRow, optionTable } from "./options.js";
import { bare, verbs } from "./table.js";
import { UsageError } from "./usage.js";

const everywhere: readonly OptionName[] = ["help", "version"];
const rows: Readonly<Record<string, OptionRow>> = optionTable;

/** The options of a verb, those that every verb has included. */
export function optionsOf(verb: Verb): readonly OptionName[] {
  return [...verb.options, ...everywhere];
}

/**
 * The call that the arguments ask for. The verb is the first operand if it names one; options may stand anywhere
 * before `--`, and what follows `--` is operands only.
 */
export function parse(argv: readonly string[]): Call {
  const { tokens } = parseArgs({ args: [...argv], options: optionTable, strict: false, tokens: true });
  const operands: string[] = [];
  const given: { name: string; raw: string; value: string | undefined }[] = [];
  let verb: Verb | undefined;
  let onlyOperands = false;
  for (const token of tokens) {
    if (token.kind === "option-terminator") onlyOperands = true;
    else if (token.kind === "option") given.push({ name: token.name, raw: token.rawName, value: token.value });
    else {
      const named = operands.length || verb || onlyOperands ? undefined : verbs.find((v) => v.name === token.value);
      if (named) verb = named;
      else operands.push(token.value);
    }
  }
  verb ??= onlyOperands ? bare : withoutVerb(operands);
  const options = checkedOptions(verb, given);
  if (!options.help && !options.version) checkOperands(verb, operands);
  return { verb, operands, options };
}

/** No verb was named: an operand that is a mistyped one is told so; all else is the bare form. */
function withoutVerb(operands: readonly string[]): Verb {
  const [first] = operands;
  if (first !== undefined && /^[a-z]+$/.test(first) && !existsSync(first)) {
    const meant = nearest(
      first,
      verbs.map((v) => v.name),
    );
    if (meant) throw new UsageError(`there is no verb ${first}; did you mean ${meant}?`);
  }
  return bare;
}

function checkedOptions(
  verb: Verb,
  given: readonly { name: string; raw: string; value: string | undefined }[],
): Call["options"] {
  const known = optionsOf(verb);
  const options: Record<string, string | boolean | string[]> = {};
  for (const { name, raw, value } of given) {
    const row = rows[name];
    if (row === undefined || !known.includes(name as OptionName)) throw new UsageError(unknownOption(verb, raw, known));
    if (row.type === "string" && value === undefined) throw new UsageError(`${raw} needs a value: ${raw} ${row.value}`);
    if (row.type === "boolean" && value !== undefined) throw new UsageError(`${raw} takes no value`);
    if (row.multiple) options[name] = [...((options[name] as string[] | undefined) ?? []), value as string];
    else options[name] = value ?? true;
  }
  return options;
}

function unknownOption(verb: Verb, raw: string, known: readonly OptionName[]): string {
  const command = verb.name ? `pyclab ${verb.name}` : "pyclab";
  const meant = nearest(
    raw,
    known.map((name) => `--${name}`),
  );
  const hint = meant ? `; did you mean ${meant}?` : "";
  return `${verb.name ? `${verb.name} has` : "there is"} no option ${safe(raw)}${hint} (${command} --help lists them)`;
}

function checkOperands(verb: Verb, operands: readonly string[]): void {
  const { least, most, usage, kind } = verb.operands;
  if (operands.length >= least && operands.length <= most) return;
  const call = verb.name ? `pyclab ${verb.name} ${usage}` : `pyclab ${usage}`;
  if (operands.length > most) throw new UsageError(`too many operands: ${call}`);
  const wanted = kind === "inputs" ? "name a file, a folder, or - for standard input" : `usage: ${call}`;
  throw new UsageError(`${verb.name ? `${verb.name}: ` : ""}${wanted} (--help shows how)`);
}
