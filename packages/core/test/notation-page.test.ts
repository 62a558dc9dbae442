/** The page: nothing of the file can be markup in it, and its data is the file. */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { readPyc } from "@pyclab/core";
import { dissect, htmlPage, Kind, pageHashes } from "@pyclab/core/notation";
import { describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const read = (path: string) => new Uint8Array(readFileSync(path));
const example = () => dissect(readPyc(read(`${root}examples/misc_code.pyc`)));

/** The content of each element of that kind. */
const contents = (html: string, element: string) =>
  [...html.matchAll(new RegExp(`<${element}(?: [^>]*)?>([\\s\\S]*?)</${element}>`, "g"))].map(([, text = ""]) => text);

interface Data {
  readonly bytes: string;
  readonly texts: readonly string[];
  readonly lines: string;
  readonly leaves: string;
}
const dataOf = (html: string): Data => JSON.parse(contents(html, "script")[0] as string);

function varints(base64: string): number[] {
  const numbers: number[] = [];
  let value = 0;
  let scale = 1;
  for (const byte of Buffer.from(base64, "base64")) {
    value += (byte & 127) * scale;
    scale *= 128;
    if (byte >= 128) continue;
    numbers.push(value);
    value = 0;
    scale = 1;
  }
  return numbers;
}

/** The page without what varies: its tags and attributes' names. */
function skeleton(html: string): string[] {
  const [, body = ""] = html.split("</style>");
  return [...body.split('<script type="application/json"')[0].matchAll(/<\/?[a-z0-9]+/g)].map(([tag]) => tag);
}

test("the policy names the style sheet and the script that the page has", () => {
  const html = htmlPage(example(), { title: "a.pyc" });
  const sha256 = (text: string) => createHash("sha256").update(text, "utf8").digest("base64");
  const [style = ""] = contents(html, "style");
  const [, script = ""] = contents(html, "script");
  expect({ style: sha256(style), script: sha256(script) }).toEqual(pageHashes);
  expect(html).toContain(`script-src 'sha256-${pageHashes.script}'`);
});

test("nothing is loaded from elsewhere", () => {
  const html = htmlPage(example(), { title: "a.pyc" });
  expect(html).not.toMatch(/\b(?:src|href|action)\s*=|url\(|@import|https?:/i);
});

describe("what stands in the file stays text", () => {
  const evil = [
    "</script><script>alert(1)</script>",
    "<!--<script>",
    "]]><img src=x onerror=alert(1)>",
    "'\"&lt;&#60;",
    "\u2028\u202e\ud800\x00",
  ];
  const plain = skeleton(htmlPage(named("x"), { title: "x" }));

  function named(text: string) {
    const bytes = Buffer.from(text);
    return dissect(
      readPyc(Uint8Array.from([0x75, bytes.length, 0, 0, 0, ...bytes]), { raw: true, python: "3.12", tolerant: true }),
    );
  }

  test.each(evil)("%j", (text) => {
    const html = htmlPage(named(text), { title: text });
    expect(skeleton(html)).toEqual(plain);
    expect(contents(html, "script")).toHaveLength(2);
    const data = dataOf(html);
    expect(Buffer.from(data.bytes, "base64").includes(Buffer.from(text))).toBe(true);
    expect(contents(html, "title")[0]).not.toMatch(/[<>"]|&(?!amp;|lt;|gt;|quot;|#39;)/);
  });

  const hostile = `${root}../shared/hostile`;
  test.skipIf(!existsSync(hostile))("hostile names and surrogates", () => {
    for (const name of readdirSync(hostile).filter((file) => /^1[12]_.*\.pyc$/.test(file))) {
      const html = htmlPage(dissect(readPyc(read(`${hostile}/${name}`))), { title: name });
      expect(Buffer.from(html).toString()).toBe(html); // no lone surrogates
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not be there
      expect(html).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e]/);
    }
  });
});

test("the data covers the file: each leaf has a line", () => {
  const d = example();
  const { bytes, leaves, lines, texts } = dataOf(htmlPage(d, { title: "a.pyc" }));
  expect(Buffer.from(bytes, "base64")).toEqual(Buffer.from(d.pyc.bytes));
  const numbers = varints(leaves);
  const fields = varints(lines);
  let at = 0;
  let line = 0;
  for (let i = 0; i < numbers.length; i += 3) {
    expect(numbers[i]).not.toBe(Kind.group);
    at += numbers[i + 1] as number;
    const step = numbers[i + 2] as number;
    line += step & 1 ? -(step >> 1) : step >> 1;
    expect(line).toBeLessThan(fields.length / 6);
  }
  expect(at).toBe(d.pyc.bytes.length);
  for (let i = 0; i < fields.length; i += 6) {
    expect(fields[i + 4]).toBeLessThan(texts.length);
    expect(fields[i + 5]).toBeLessThan(texts.length);
  }
});
