/**
 * A page that shows a file: its bytes and its structure side by side, linked. One document without anything from
 * elsewhere; what comes from the file stands in it as JSON or as escaped text, and a content security policy lets
 * nothing run but the page's own script.
 */
import { safe } from "../bytes/index.js";
import { base64 } from "./base64.js";
import { findingsOf } from "./findings.js";
import { Kind, kindNames } from "./kinds.js";
import { type PageLines, pageLines } from "./page-lines.js";
import { pageScript } from "./page-script.js";
import { pageStyle } from "./page-style.js";
import type { Dissection } from "./rows.js";

export interface PageOptions {
  /** What the page is called: the file's name. */
  readonly title: string;
}

/** SHA-256 of the style sheet and the script in base64, which the policy names; a test holds them to be true. */
export const pageHashes = {
  style: "D4+2Qz5UuN3fe2PcvW/diR+b2nLf0FS84hFX/l5h8dg=",
  script: "qQ2uRYu3k1zJCmCkqenSxzTJ9MEQZQAoFaQeXUkXexo=",
} as const;

const policy = [
  "default-src 'none'",
  `style-src 'sha256-${pageHashes.style}'`,
  `script-src 'sha256-${pageHashes.script}'`,
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

/** Kinds whose bytes the page also shows as an integer. */
const integers = [
  Kind.magic,
  Kind.header,
  Kind.length,
  Kind.number,
  Kind.field,
  Kind.reference,
  Kind.opcode,
  Kind.oparg,
];

/** Findings that are listed. */
const MOST = 200;

/** The whole page as HTML. */
export function htmlPage(d: Dissection, { title }: PageOptions): string {
  const name = text(title);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${name}</title>
<style>${pageStyle}</style>
</head>
<body>
<header>
<div class="head">
<div><h1>${name}</h1><p>${summary(d)}</p></div>
<div class="tools">
<label>Find <input type="search" id="find" placeholder="text or 0x1f4" autocomplete="off" spellcheck="false"></label>
<label><input type="checkbox" id="follow" checked> Follow the pointer</label>
<button type="button" id="fold">Fold all</button>
</div>
</div>
${legend(d)}
${findings(d)}
</header>
<main>
<section aria-labelledby="hex-name">
<h2 id="hex-name">Bytes</h2>
<div id="hex" class="list" role="grid" tabindex="0" aria-labelledby="hex-name" aria-readonly="true"><div class="space" role="rowgroup"></div></div>
</section>
<section aria-labelledby="tree-name">
<h2 id="tree-name">Structure</h2>
<div id="tree" class="list" role="tree" tabindex="0" aria-labelledby="tree-name"><div class="space" role="presentation"></div></div>
</section>
</main>
<footer>
<p id="what"></p><p class="bytes"><span id="kind"></span> <span id="number"></span></p>
<p id="path"></p><p class="bytes" id="span"></p>
<p id="said" class="unseen" aria-live="polite"></p>
</footer>
<noscript><p>Bytes and structure are drawn by a script that stands in this page; nothing is loaded.</p></noscript>
<script type="application/json" id="data">${json(data(d))}</script>
<script>${pageScript}</script>
</body>
</html>
`;
}

/** What the script works on. */
function data(d: Dissection): PageLines & { bytes: string; kinds: readonly string[]; integers: readonly number[] } {
  return { bytes: base64(d.pyc.bytes), kinds: kindNames, integers, ...pageLines(d) };
}

function summary({ pyc }: Dissection): string {
  const { version, bytes, header, certainty } = pyc;
  const size = `${bytes.length.toLocaleString("en")} bytes`;
  const words = [`${version.lineage} ${version.python}`, `magic ${version.word}`, size];
  if (header === undefined) words.push("no header");
  if (!certainty.sure) words.push(`uncertain: ${certainty.why}`);
  return text(words.join(", "));
}

/** A button for each kind of byte that occurs, with how many there are. */
function legend({ kind, start, end, count }: Dissection): string {
  const bytes = new Array<number>(kindNames.length).fill(0);
  for (let row = 0; row < count; row++) {
    const of = kind[row] as number;
    if (of !== Kind.group) bytes[of] = (bytes[of] as number) + (end[row] as number) - (start[row] as number);
  }
  const items = bytes.map((n, of) =>
    n === 0
      ? ""
      : `<li><button type="button" class="k k${of}" data-kind="${of}" aria-pressed="false">${kindNames[of]} <span>${n}</span></button></li>`,
  );
  return `<ul class="legend" id="legend" aria-label="Kinds of bytes: choose one to single it out">${items.join("")}</ul>`;
}

/** What is broken or odd, each a button that leads to it. */
function findings({ pyc }: Dissection): string {
  const all = findingsOf(pyc);
  if (all.length === 0) return "";
  const items = all
    .slice(0, MOST)
    .map(
      ({ offset, what, message }) =>
        `<li><button type="button" data-at="${offset}">${what}: ${text(message)}</button></li>`,
    );
  const more = all.length > MOST ? `<li>and ${all.length - MOST} more</li>` : "";
  const how = `${all.length} ${all.length === 1 ? "finding" : "findings"}`;
  return `<details${pyc.errors.length > 0 ? " open" : ""}><summary>${how}</summary><ul>${items.join("")}${more}</ul></details>`;
}

const entities: { readonly [c: string]: string } = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Text as HTML: nothing in it is markup, and nothing moves or hides what stands beside it. */
function text(value: string): string {
  return safe(value).replace(/[&<>"']/g, (c) => entities[c] as string);
}

/** JSON that cannot end the script element that it stands in. */
function json(value: unknown): string {
  return JSON.stringify(value).replace(/</g, "\\u003c");
}
