// Writes packages/core/src/opcode/numbers/: cpythonX.Y.ts, the numbers of each final version's opcodes, from what the
// interpreters themselves told (FOLDER/opcodes-X.Y.json, with the keys `opmap` and `HAVE_ARGUMENT`, and from 3.11 on
// `specializations` and `specialized_instructions` or, 3.13 and later, the list in opcodes-specialised.mjs);
// prereleases.ts from opcodes-prereleases.mjs; and index.ts, which lists them in order.
//
//   node tools/opcodes.mjs FOLDER
//
// packages/core/src/opcode/parse.ts describes the notation.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { firstWords, preReleases } from "./opcodes-prereleases.mjs";
import { specialised } from "./opcodes-specialised.mjs";

const [folder] = process.argv.slice(2);
const target = new URL("../packages/core/src/opcode/numbers/", import.meta.url);

/** `0 A B 9 C` of a map from number to name. */
function sequence(names) {
  const words = [];
  let next = -1;
  for (const number of [...names.keys()].sort((a, b) => a - b)) {
    if (number !== next) words.push(String(number));
    words.push(names.get(number));
    next = number + 1;
  }
  return words;
}

/** The map from number to name that a text changes. */
function parse(text, names = new Map()) {
  let number = 0;
  for (const word of text.trim().split(/\s+/)) {
    if (/^\d+$/.test(word)) number = Number(word);
    else if (word === "-") names.delete(number++);
    else if (word !== "") names.set(number++, word);
  }
  return names;
}

/** Names of 3.11's and 3.12's specialised opcodes in the slots that no opcode takes. */
function intoSlots(names, used) {
  const slots = new Map();
  let slot = 0;
  for (const name of names) {
    while (used.has(slot)) slot++;
    slots.set(slot++, name);
  }
  return slots;
}

function baseByPrefix(name, known) {
  let base = name;
  while (base !== "" && !known.has(base)) base = base.slice(0, Math.max(0, base.lastIndexOf("_")));
  return base;
}

/** Numbers of a later version that writes the same magic number. */
const alike = { 1.5: "1.6" };

const bits = "62 BINARY_LSHIFT BINARY_RSHIFT BINARY_AND BINARY_XOR BINARY_OR";

/** What files of those versions hold, and opcode.h of 1.3 names. */
const unnamed = {
  "0.9.8": `15 UNARY_INVERT ${bits} 99 UNPACK_VARARG`,
  "0.9.9": `${bits} 109 ACCESS_MODE`,
  "1.0.1": `${bits} 85 EXEC_STMT 109 ACCESS_MODE`,
  "1.0.2": `${bits} 85 EXEC_STMT 109 ACCESS_MODE`,
  1.1: `${bits} 109 ACCESS_MODE`,
  1.2: `${bits} 109 ACCESS_MODE`,
  1.3: `${bits} 130 RAISE_VARARGS CALL_FUNCTION MAKE_FUNCTION`,
  1.4: bits,
};

function factsOf(python) {
  return JSON.parse(readFileSync(join(folder, `opcodes-${python}.json`), "utf8"));
}

function mainNames(facts) {
  const entries = Object.entries(facts.opmap).filter(([name, n]) => n < 256 && !name.startsWith("INSTRUMENTED_"));
  return new Map(entries.map(([name, number]) => [number, name]));
}

/** What the version's compiler never writes. */
function otherNames(facts, python, main) {
  const others = new Map();
  for (const [name, number] of Object.entries(alike[python] ? factsOf(alike[python]).opmap : {})) {
    if (facts.opmap[name] === undefined) others.set(number, `${name}=${name}`);
  }
  for (const [name, number] of Object.entries(facts.opmap)) {
    if (name.startsWith("INSTRUMENTED_")) others.set(number, name);
  }
  const used = new Set([...main.keys(), ...others.keys()]);
  const listed = specialised[python];
  const specials = listed ? parse(listed) : intoSlots(facts.specialized_instructions ?? [], used);
  const known = new Set(main.values());
  const families = Object.entries(facts.specializations ?? {});
  for (const [number, name] of specials) {
    const base = families.find(([, names]) => names.includes(name))?.[0];
    others.set(number, base === undefined || baseByPrefix(name, known) === base ? name : `${name}=${base}`);
  }
  return others;
}

/** The finals told in full, the others as changes to one of them. */
const bases = [
  { base: "1.6", from: "0.9.8", to: "1.5" },
  { base: "2.7", from: "2.0", to: "2.6" },
  { base: "3.8", from: "3.0", to: "3.10" },
  { base: "3.12", from: "3.11", to: "3.11" },
];
const order = (a, b) => a.localeCompare(b, "en", { numeric: true });

function baseSet(python) {
  const found = bases.find(
    ({ base, from, to }) => base !== python && order(from, python) <= 0 && order(python, to) <= 0,
  );
  return found?.base;
}

/** What changes from one map to another, `-` for what goes. */
function changes(before, after) {
  const out = new Map();
  for (const number of new Set([...before.keys(), ...after.keys()])) {
    if (before.get(number) !== after.get(number)) out.set(number, after.get(number) ?? "-");
  }
  return out;
}

function textOf(facts, python, base) {
  const main = mainNames(facts);
  const others = otherNames(facts, python, main);
  const words = facts.HAVE_ARGUMENT === 90 ? [] : [`@${facts.HAVE_ARGUMENT}`];
  words.push(...sequence(base === undefined ? main : changes(mainNames(factsOf(base)), main)));
  if (others.size > 0) words.push("|", ...sequence(others));
  if (unnamed[python]) words.push("~", ...unnamed[python].split(" "));
  return lines(words);
}

/** A line per run of numbers: neighbouring versions then share whole lines, which compress away. */
function lines(words) {
  return words.join(" ").replace(/ (?=[\d|~])/g, "\n");
}

const constantName = (python) => `cpython${python.replaceAll(".", "_")}`;

function writeFinal(python) {
  const facts = factsOf(python);
  const base = baseSet(python) ? ` Changes to those of ${baseSet(python)}.` : "";
  const source = [
    `// Generated by tools/opcodes.mjs from what Python ${facts.version ?? python} tells; do not edit.${base}`,
    `export const ${constantName(python)} = \``,
    textOf(facts, python, baseSet(python)),
    "`;\n",
  ].join("\n");
  writeFileSync(new URL(`cpython${python}.ts`, target), source);
}

/** CPython's own numbering, from a set in which it already applies. */
function renumber(before, { remove = "", without = "", with: withOparg = "", fixed = {} }) {
  const gone = new Set([remove, without, withOparg].join(" ").split(" "));
  const places = new Map([...before.fixed, ...Object.entries(fixed)]);
  const names = (list, added) =>
    [...list.filter((name) => !gone.has(name)), ...added.split(" ")].filter((name) => name && !places.has(name)).sort();
  const plain = names(before.plain, without);
  const args = names(before.args, withOparg);
  const numbers = new Map([...places].map(([name, number]) => [number, name]));
  let next = 1;
  let haveArgument = 0;
  for (const name of [...plain, ...args]) {
    while (numbers.has(next)) next++;
    numbers.set(next, name);
    if (name === plain.at(-1)) haveArgument = next;
  }
  // The number of a specialised opcode, which is no part of the set.
  numbers.delete(3);
  return { plain, args, fixed: places, numbers, haveArgument };
}

/** A final's set, split as the numbering needs it. */
function splitFinal(python) {
  const facts = factsOf(python);
  const main = mainNames(facts);
  const fixedNames = ["CACHE", "RESERVED", "RESUME", ...[...main].filter(([n]) => n > 250).map(([, name]) => name)];
  const fixed = new Map([["BINARY_OP_INPLACE_ADD_UNICODE", 3], ...fixedNames.map((name) => [name, facts.opmap[name]])]);
  const rest = [...main].filter(([, name]) => !fixed.has(name));
  const pick = (test) => rest.filter(([n]) => test(n)).map(([, name]) => name);
  return { plain: pick((n) => n <= facts.HAVE_ARGUMENT), args: pick((n) => n > facts.HAVE_ARGUMENT), fixed };
}

/** A check of the rule itself: the finals' own numbers come out. */
for (const python of ["3.13", "3.14", "3.15"]) {
  const facts = factsOf(python);
  const { numbers, haveArgument } = renumber(splitFinal(python), {});
  const wrong = [...mainNames(facts)].filter(([n, name]) => numbers.get(n) !== name);
  if (wrong.length > 0 || haveArgument !== facts.HAVE_ARGUMENT) throw new Error(`${python}: ${wrong} ${haveArgument}`);
}

function preReleaseSets() {
  const sets = [];
  let before;
  for (const row of preReleases) {
    const { word, base, text, unsure } = row;
    if (base !== undefined && text === undefined) before = splitFinal(base);
    const set = { key: String(word), since: word, ...(unsure && { certain: false }) };
    if (text !== undefined) {
      sets.push({ ...set, base: base ?? sets.at(-1).key, text: text.replace(/\s+/g, " ") });
    } else {
      before = renumber(before, row);
      sets.push({ ...set, text: lines([`@${before.haveArgument}`, ...sequence(before.numbers)]) });
    }
  }
  return sets;
}

function writePreReleases() {
  const quote = (text) => (text.includes("\n") ? `\`\n${text}\n\`` : JSON.stringify(text));
  const lines = preReleaseSets().map(({ key, since, certain, base, text }) => {
    const fields = [
      `key: "${key}"`,
      `since: ${since}`,
      base && `base: "${base}"`,
      certain === false && "certain: false",
    ];
    return `  { ${[...fields, `text: ${quote(text)}`].filter(Boolean).join(", ")} },`;
  });
  const source = [
    "// Generated by tools/opcodes.mjs from tools/opcodes-prereleases.mjs; do not edit.",
    'import type { NumberSet } from "../parse.js";\n',
    "export const preReleaseNumbers: readonly NumberSet[] = [",
    ...lines,
    "];\n",
  ].join("\n");
  writeFileSync(new URL("prereleases.ts", target), source);
}

function writeIndex(pythons) {
  const source = [
    "// Generated by tools/opcodes.mjs; do not edit.",
    'import type { NumberSet } from "../parse.js";\n\nexport type { NumberSet };',
    ...pythons.map((python) => `import { ${constantName(python)} } from "./cpython${python}.js";`),
    'import { preReleaseNumbers } from "./prereleases.js";',
    'import { pypyNumbers } from "./pypy.js";',
    "\n/** Every set of opcode numbers. */",
    "export const numberSets: readonly NumberSet[] = [",
    ...pythons.map((python) => {
      const base = baseSet(python) ? `, base: "${baseSet(python)}"` : "";
      return `  { key: "${python}", since: ${JSON.stringify(firstWords[python])}${base}, text: ${constantName(python)} },`;
    }),
    "  ...preReleaseNumbers,",
    "  ...pypyNumbers,",
    "];\n",
  ].join("\n");
  writeFileSync(new URL("index.ts", target), source);
}

const pythons = readdirSync(folder)
  .map((file) => /^opcodes-([\d.]+)\.json$/.exec(file)?.[1])
  .filter((python) => python !== undefined && firstWords[python] !== undefined)
  .sort(order);
for (const python of pythons) writeFinal(python);
writePreReleases();
writeIndex(pythons);
