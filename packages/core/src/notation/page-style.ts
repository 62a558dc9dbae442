/** The page's style sheet. Kinds of bytes have a hue each; how light they are is the theme's choice. */
import { palette } from "./palette.js";

const hues = Object.entries(palette)
  .map(([kind, { hue, chroma }]) => `.k${kind}{--h:${hue};--c:${chroma}}`)
  .join("\n");

export const pageStyle = `
:root {
  color-scheme: light dark;
  --page: #f6f7f9; --pane: #ffffff; --line: #d9dde3; --ink: #1c2128; --muted: #57606a; --accent: #0550ae;
  --text-l: 0.42; --tint-l: 0.955; --tint-c: 0.16; --mark-l: 0.86; --mark-c: 0.45; --within: #e7edf6; --row: 22px;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #0d1117; --pane: #12171f; --line: #2b323d; --ink: #e6e9ee; --muted: #9aa4b2; --accent: #7cb7ff;
    --text-l: 0.83; --tint-l: 0.265; --tint-c: 0.26; --mark-l: 0.42; --mark-c: 0.6; --within: #1e2837;
  }
}
* { box-sizing: border-box; }
html, body { height: 100%; margin: 0; }
body {
  display: grid; grid-template-rows: auto minmax(0, 1fr) auto; background: var(--page); color: var(--ink);
  font: 14px/1.45 system-ui, sans-serif;
}
header { padding: 14px 20px 10px; display: grid; gap: 8px; }
.head { display: flex; flex-wrap: wrap; gap: 6px 24px; align-items: baseline; justify-content: space-between; }
h1 { font-size: 19px; margin: 0; font-weight: 650; overflow-wrap: anywhere; }
.head p { margin: 2px 0 0; color: var(--muted); }
.tools { display: flex; flex-wrap: wrap; gap: 10px 16px; align-items: center; }
input[type="search"] {
  font: inherit; color: inherit; background: var(--pane); border: 1px solid var(--line); border-radius: 6px;
  padding: 4px 9px; width: 17em; max-width: 100%;
}
button { font: inherit; color: inherit; cursor: pointer; }
.tools button {
  background: var(--pane); border: 1px solid var(--line); border-radius: 6px; padding: 4px 11px;
}
ul { list-style: none; margin: 0; padding: 0; }
.legend { display: flex; flex-wrap: wrap; gap: 5px; }
.legend button { border: 1px solid transparent; border-radius: 5px; padding: 1px 8px; font-size: 12.5px; }
.legend button span { opacity: 0.85; font-variant-numeric: tabular-nums; }
.legend button[aria-pressed="true"] { border-color: currentColor; box-shadow: 0 0 0 1px currentColor; }
.k { color: oklch(var(--text-l) var(--c) var(--h)); background: oklch(var(--tint-l) calc(var(--c) * var(--tint-c)) var(--h)); }
details { color: var(--muted); }
details ul { max-height: 9em; overflow: auto; padding: 4px 0; }
details button { background: none; border: 0; padding: 1px 0; text-align: left; color: var(--accent); }
main { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 12px; padding: 0 20px; min-height: 0; }
section { display: grid; grid-template-rows: auto minmax(0, 1fr); min-height: 0; min-width: 0; }
h2 {
  margin: 0; padding: 0 2px 4px; font-size: 12px; font-weight: 600; color: var(--muted);
}
.list {
  overflow: auto; background: var(--pane); border: 1px solid var(--line); border-radius: 8px; padding: 6px 0;
  font: 13px/22px ui-monospace, "SFMono-Regular", Menlo, Consolas, "DejaVu Sans Mono", monospace; outline-offset: -2px;
}
.list:focus-visible, button:focus-visible, input:focus-visible, summary:focus-visible { outline: 2px solid var(--accent); outline-offset: 1px; }
.space { position: relative; }
.row { position: absolute; left: 0; right: 0; top: 0; height: var(--row); white-space: pre; padding: 0 14px; }
#hex { scrollbar-gutter: stable; }
#hex .space { width: calc((var(--digits, 4) + 65) * 1ch + 60px); }
#hex .row { display: grid; grid-template-columns: max-content max-content max-content; gap: 16px; width: max-content; }
.at { color: var(--muted); font-variant-numeric: tabular-nums; }
.pairs { display: grid; grid-template-columns: repeat(8, 3ch) 1ch repeat(8, 3ch); }
.pairs i, .chars i { font-style: normal; cursor: default; height: 18px; line-height: 18px; margin: 2px 0; text-align: center; }
.pairs i:nth-child(9) { grid-column: 10; }
.chars { display: grid; grid-template-columns: repeat(16, 1ch); }
.first { border-top-left-radius: 4px; border-bottom-left-radius: 4px; }
.last { border-top-right-radius: 4px; border-bottom-right-radius: 4px; }
.dim { opacity: 0.22; }
i.within { box-shadow: inset 0 -2px 0 oklch(var(--text-l) var(--c) var(--h)); }
i.on { background: oklch(var(--mark-l) calc(var(--c) * var(--mark-c)) var(--h)); box-shadow: inset 0 -2px 0 currentColor; }
i.cursor { outline: 2px solid var(--accent); outline-offset: -1px; border-radius: 3px; }
#tree .row { display: flex; gap: 8px; overflow: hidden; cursor: default; }
#tree .row.on { background: var(--within); }
#tree .row[aria-selected="true"] { background: var(--within); box-shadow: inset 3px 0 0 var(--accent); }
.fold { width: 1.4em; color: var(--muted); text-align: center; cursor: pointer; flex: none; }
#tree .at { flex: none; }
.name { flex: none; margin-left: -6px; }
.name.k { background: none; }
.group { font-weight: 600; }
.value { color: var(--muted); overflow: hidden; text-overflow: ellipsis; }
.mark { flex: none; width: 8ch; color: var(--muted); text-align: right; font-size: 11.5px; }
footer {
  display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 4px 20px; padding: 8px 20px 10px; min-height: 4.6em;
  font-size: 13px;
}
footer p { margin: 0; overflow-wrap: anywhere; white-space: pre-wrap; }
#path { color: var(--muted); }
#kind { border-radius: 4px; padding: 1px 7px; }
.bytes { font-family: ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace; color: var(--muted); text-align: right; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
@media (max-width: 1000px) {
  html, body { height: auto; min-height: 100%; }
  body { grid-template-rows: auto 40rem auto; }
  main { grid-template-columns: minmax(0, 1fr); grid-template-rows: minmax(0, 1fr) minmax(0, 1fr); }
}
@media (max-width: 640px) {
  header, main, footer { padding-left: 10px; padding-right: 10px; }
  .list { font-size: 12px; }
  .bytes { text-align: left; }
  footer { grid-template-columns: minmax(0, 1fr); }
}
@media (forced-colors: active) {
  i.on, #tree .row.on, #tree .row[aria-selected="true"] { outline: 1px solid Highlight; }
}
${hues}
`;
