/** Help texts, from the command table. */
import manifest from "../package.json" with { type: "json" };
import { optionsOf } from "./arguments.js";
import type { Verb } from "./call.js";
import { coloured, type Paint, paint } from "./colour.js";
import { type OptionName, type OptionRow, optionTable } from "./options.js";
import type { Streams } from "./streams.js";
import { bare, verbs } from "./table.js";

export const { version } = manifest;

/** The help of a verb, or of the whole command for the bare form. */
export function help(verb: Verb, streams: Streams): string {
  const p = paint(coloured(streams, false));
  return verb === bare ? wholeHelp(p) : verbHelp(verb, p);
}

function wholeHelp(p: Paint): string {
  const width = Math.max(...verbs.map((verb) => verb.name.length));
  return [
    `pyclab ${version}`,
    manifest.description,
    "",
    p.strong("Usage"),
    `  pyclab VERB [OPTION]... ${bare.operands.usage}`,
    `  pyclab [OPTION]... ${bare.operands.usage.padEnd(12)}  ${bare.summary}`,
    "",
    "  INPUT is a file, a folder (its .pyc and .pyo files, recursively) or - for standard input.",
    "",
    p.strong("Verbs"),
    ...verbs.map((verb) => `  ${verb.name.padEnd(width)}  ${verb.summary}`),
    "",
    p.strong("Options"),
    ...optionLines(optionsOf(bare)),
    "",
    "Every verb has its own: pyclab VERB --help",
    "Exit status: 0 all well; 1 some input failed (the others are still done); 2 wrong usage.",
    "",
  ].join("\n");
}

function verbHelp(verb: Verb, p: Paint): string {
  const width = Math.max(...verb.examples.map(([command]) => command.length));
  return [
    `pyclab ${verb.name}: ${verb.summary}`,
    "",
    p.strong("Usage"),
    `  pyclab ${verb.name} [OPTION]... ${verb.operands.usage}`,
    "",
    p.strong("Options"),
    ...optionLines(optionsOf(verb)),
    "",
    p.strong("Examples"),
    ...verb.examples.map(([command, what]) => `  ${command.padEnd(width)}  ${p.faint(what)}`),
    "",
  ].join("\n");
}

function optionLines(names: readonly OptionName[]): string[] {
  const rows = names.map((name): [string, string] => {
    const { short, value, summary }: OptionRow = optionTable[name];
    return [`${short ? `-${short}, ` : "    "}--${name}${value ? ` ${value}` : ""}`, summary];
  });
  const width = Math.max(...rows.map(([form]) => form.length));
  return rows.map(([form, summary]) => `  ${form.padEnd(width)}  ${summary}`);
}
