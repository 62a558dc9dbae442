// The size of reading and listing in a browser: bundled, minified, gzipped. Fails above the limit.
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const LIMIT = 70_000; // bytes, gzipped

const { outputFiles, metafile } = await build({
  stdin: {
    contents: 'export { readPyc, listing } from "@pyclab/core";',
    resolveDir: new URL("../packages/cli", import.meta.url).pathname,
  },
  bundle: true,
  minify: true,
  format: "esm",
  platform: "browser",
  target: "es2022",
  write: false,
  metafile: true,
});
const [{ contents }] = outputFiles;
const size = gzipSync(contents, { level: 9 }).length;
const [{ inputs }] = Object.values(metafile.outputs);
const rooms = new Map();
for (const [file, { bytesInOutput }] of Object.entries(inputs)) {
  const room = /core\/(?:src|dist)\/([^/]+)\//.exec(file)?.[1] ?? "index";
  rooms.set(room, (rooms.get(room) ?? 0) + bytesInOutput);
}
for (const [room, bytes] of [...rooms].sort((a, b) => b[1] - a[1]))
  console.log(`${String(bytes).padStart(8)}  ${room}`);
console.log(`${String(contents.length).padStart(8)}  minified`);
console.log(`${String(size).padStart(8)}  gzipped; the limit is ${LIMIT}`);
if (size > LIMIT) process.exitCode = 1;
