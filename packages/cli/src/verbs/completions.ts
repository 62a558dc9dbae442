/** `pyclab completions SHELL`: a completion script, from the command table. */
import { optionsOf } from "../arguments.js";
import type { Call, Verb } from "../call.js";
import { type OptionName, type OptionRow, optionTable } from "../options.js";
import { writeText } from "../outputs.js";
import type { Streams } from "../streams.js";
import { bare, shells, verbs } from "../table.js";
import { UsageError } from "../usage.js";
import { pythonNames } from "../versions.js";

const scripts: Readonly<Record<(typeof shells)[number], () => string>> = { bash, zsh, fish };

export function run(call: Call, streams: Streams): number {
  const [shell = ""] = call.operands;
  const script = Object.hasOwn(scripts, shell) ? scripts[shell as keyof typeof scripts] : undefined;
  if (!script) throw new UsageError(`completions are there for ${shells.join(", ")}`);
  writeText(call, streams, script());
  return 0;
}

const rows: Readonly<Record<OptionName, OptionRow>> = optionTable;
const versionNames = pythonNames.join(" ");

/** Words that an operand of the verb may be; files are offered besides where it reads inputs. */
function operandWords(verb: Verb): string {
  if (verb.operands.kind === "shells") return shells.join(" ");
  return verb.operands.kind === "inputs" ? "" : versionNames;
}

const takesFiles = (verb: Verb) => verb.operands.kind === "inputs" || verb.operands.kind === "magics";
const forms = (name: OptionName) => [...(rows[name].short ? [`-${rows[name].short}`] : []), `--${name}`];
const withValue = (kind: OptionRow["completes"]) =>
  (Object.keys(rows) as OptionName[]).filter((name) => rows[name].completes === kind).flatMap(forms);

function bash(): string {
  const cases = [bare, ...verbs].map((verb) => {
    const words = [...optionsOf(verb).flatMap(forms)].join(" ");
    return `    ${verb.name || '""'}) options="${words}" words="${operandWords(verb)}" files=${takesFiles(verb) ? 1 : 0} ;;`;
  });
  return `# bash completion for pyclab
_pyclab() {
  local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]} verb="" options words files i
  local verbs="${verbs.map((verb) => verb.name).join(" ")}"
  for ((i = 1; i < COMP_CWORD; i++)); do
    if [[ " $verbs " == *" \${COMP_WORDS[i]} "* ]]; then verb=\${COMP_WORDS[i]}; break; fi
  done
  case $verb in
${cases.join("\n")}
  esac
  COMPREPLY=()
  case $before in
    ${withValue("version").join("|")}) COMPREPLY=($(compgen -W "${versionNames}" -- "$word")); return ;;
    ${withValue("file").join("|")}) compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen -f -- "$word")); return ;;
  esac
  if [[ $word == -* ]]; then COMPREPLY=($(compgen -W "$options" -- "$word")); return; fi
  [[ -z $verb ]] && words="$verbs"
  [[ -n $words ]] && COMPREPLY=($(compgen -W "$words" -- "$word"))
  if [[ $files == 1 ]]; then compopt -o filenames 2>/dev/null; COMPREPLY+=($(compgen -f -- "$word")); fi
}
complete -F _pyclab pyclab
`;
}

function zsh(): string {
  const quoted = (text: string) => text.replace(/'/g, "'\\''").replace(/[[\]:]/g, "\\$&");
  const option = (name: OptionName) => {
    const { value, completes, summary, short } = rows[name];
    const action = value ? `:${value}:${completes === "version" ? `(${versionNames})` : "_files"}` : "";
    const names = short ? `'(-${short} --${name})'{-${short},--${name}}` : `--${name}`;
    return `${names}'[${quoted(summary)}]${action}'`;
  };
  const operands = (verb: Verb) => {
    const words = operandWords(verb);
    if (words && takesFiles(verb)) return `'*: :{compadd ${words}; _files}'`;
    return words ? `'*: :(${words})'` : "'*: :_files'";
  };
  const cases = [bare, ...verbs].map(
    (verb) =>
      `    ${verb.name || '""'}) _arguments -s ${[...optionsOf(verb).map(option), operands(verb)].join(" \\\n      ")} ;;`,
  );
  return `#compdef pyclab
# zsh completion for pyclab
_pyclab() {
  local -a verbs=(
${verbs.map((verb) => `    '${verb.name}:${quoted(verb.summary)}'`).join("\n")}
  )
  local verb="" word
  for word in \${words[2,CURRENT-1]}; do
    if (( \${verbs[(I)$word:*]} )); then verb=$word; break; fi
  done
  [[ -z $verb && \${words[CURRENT]} != -* ]] && _describe verb verbs
  case $verb in
${cases.join("\n")}
  esac
}
if [[ \${funcstack[1]} == _pyclab ]]; then _pyclab "$@"; else compdef _pyclab pyclab; fi
`;
}

function fish(): string {
  const quoted = (text: string) => text.replace(/[\\']/g, "\\$&");
  const line = (verb: Verb, name: OptionName) => {
    const { short, completes, summary } = rows[name];
    const value = completes === "version" ? ` -x -a '${versionNames}'` : completes === "file" ? " -r -F" : "";
    const when = verb.name ? `__fish_seen_subcommand_from ${verb.name}` : "__fish_use_subcommand";
    return `complete -c pyclab -n '${when}'${short ? ` -s ${short}` : ""} -l ${name}${value} -d '${quoted(summary)}'`;
  };
  const operands = verbs
    .filter((verb) => operandWords(verb))
    .map((verb) => {
      const files = takesFiles(verb) ? "" : " -f";
      return `complete -c pyclab -n '__fish_seen_subcommand_from ${verb.name}'${files} -a '${operandWords(verb)}'`;
    });
  return [
    "# fish completion for pyclab",
    ...verbs.map((verb) => `complete -c pyclab -n __fish_use_subcommand -a ${verb.name} -d '${quoted(verb.summary)}'`),
    ...[bare, ...verbs].flatMap((verb) => optionsOf(verb).map((name) => line(verb, name))),
    ...operands,
    "",
  ].join("\n");
}
