// Chooses the fixtures: a few small files of every version that between them show every instruction and every type
// of constant that the version's samples have. The files are copied as they are.
//
//   npm run fixtures -- FOLDER     FOLDER has samples/VERSION/STEM.{pyc,dis.txt.gz,tree.json.gz}, and probes/ likewise;
//                                  PyPy's fixtures have a tool of their own
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { gunzipSync } from "node:zlib";

const LIMIT = 5_600_000; // bytes, all of them; PyPy's come on top
const PER_VERSION = 155_000; // what one version may take
const SUFFIXES = [".pyc", ".dis.txt.gz", ".tree.json.gz"];

const [from] = process.argv.slice(2);
if (!from) {
  console.error("usage: npm run fixtures -- FOLDER");
  process.exit(2);
}
const to = new URL("../fixtures", import.meta.url).pathname;

/** The samples of a folder that are complete, with their sizes and what they show. */
function samplesOf(folder) {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".pyc"))
    .map((name) => basename(name, ".pyc"))
    .filter((stem) => SUFFIXES.every((suffix) => existsSync(join(folder, stem + suffix))))
    .sort()
    .map((stem) => {
      const files = SUFFIXES.map((suffix) => join(folder, stem + suffix));
      return { stem, files, size: files.reduce((sum, file) => sum + statSync(file).size, 0), shows: featuresOf(files) };
    })
    .filter((sample) => sample.size <= PER_VERSION / 3);
}

/** Words that tell what a sample shows: instructions and the shapes of operands, types of constants, type bytes. */
function featuresOf([pyc, dis, tree]) {
  const shows = new Set();
  const listing = gunzipSync(readFileSync(dis)).toString();
  for (const [, name] of listing.matchAll(/\s(?!L\d)([A-Z][A-Z_0-9+]{2,})(?=\s|$)/gm)) shows.add(name);
  for (const mark of [">>", "-->", "ExceptionTable", "NULL|self", " lasti"])
    if (listing.includes(mark)) shows.add(mark);
  for (const [, kind, digits] of listing.matchAll(/\\([xuU0-7nrt\\'"])([\da-fA-F]*)/g))
    shows.add(`escape ${kind} ${/[A-F]/.test(digits) ? "upper" : ""}`);
  for (const [form] of listing.matchAll(/\d+[Lj]\b|\d\.\d|\de[+-]?\d|\b-?(?:inf|nan)\b|\b[urb]+['"]/g))
    shows.add(`form ${form.replace(/\d+/g, "1")}`);
  for (const [, type] of gunzipSync(readFileSync(tree))
    .toString()
    .matchAll(/"t": ?"(\w+)"/g))
    shows.add(`type ${type}`);
  for (const byte of readFileSync(pyc).subarray(16)) if (byte >= 0xc0) shows.add(`byte ${byte & 0x7f}`);
  return shows;
}

/** Greedy cover: again and again the sample that shows most new things for its size; then the smallest of the rest. */
function choose(samples) {
  const chosen = [];
  const shown = new Set();
  const rest = new Set(samples);
  let left = PER_VERSION;
  for (;;) {
    let best;
    let most = 0;
    for (const sample of rest) {
      if (sample.size > left) continue;
      const fresh = [...sample.shows].filter((feature) => !shown.has(feature)).length;
      const worth = fresh / Math.sqrt(sample.size);
      if (worth > most) [best, most] = [sample, worth];
    }
    best ??= [...rest].filter((sample) => sample.size <= left).sort((a, b) => a.size - b.size)[0];
    if (!best) return chosen;
    rest.delete(best);
    chosen.push(best);
    left -= best.size;
    for (const feature of best.shows) shown.add(feature);
  }
}

let total = 0;
let count = 0;
for (const version of readdirSync(join(from, "samples")).sort()) {
  const suites = ["samples", "probes"].map((suite) => join(from, suite, version));
  const samples = suites.flatMap((suite) => (existsSync(suite) ? samplesOf(suite) : []));
  const chosen = choose(samples);
  const folder = join(to, version);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const { files, size } of chosen) {
    for (const file of files) copyFileSync(file, join(folder, basename(file)));
    total += size;
    count++;
  }
  const all = new Set(samples.flatMap((sample) => [...sample.shows]));
  const shown = new Set(chosen.flatMap((sample) => [...sample.shows]));
  console.log(
    `${version.padEnd(8)} ${chosen.length} of ${samples.length} files, ${shown.size} of ${all.size} features`,
  );
}
console.log(`${count} files, ${total} bytes`);
if (total > LIMIT) {
  console.error(`more than ${LIMIT} bytes`);
  process.exitCode = 1;
}
