// Prints how many answers were held, and fails where there were fewer than expected.json records, or any differed.
//
//   node .ci/counts.mjs REPORT          REPORT is what the check wrote: rows of { suite, version, what, passed, total }
import { readFileSync } from "node:fs";

const expected = JSON.parse(readFileSync(new URL("expected.json", import.meta.url), "utf8"));
const rows = JSON.parse(readFileSync(process.argv[2], "utf8"));

for (const [what, wanted] of Object.entries(expected)) {
  const mine = rows.filter((row) => row.what === what);
  const passed = mine.reduce((sum, row) => sum + row.passed, 0);
  const total = mine.reduce((sum, row) => sum + row.total, 0);
  const good = passed === total && total >= wanted;
  console.log(`${what}: ${passed} of ${total} held, ${wanted} expected${good ? "" : ": FAILED"}`);
  if (!good) process.exitCode = 1;
}
