/** `pyclab dis`: the listing, as that Python's own dis prints it. */
import { readFileSync } from "node:fs";
import { listing } from "@pyclab/core";
import type { Call } from "../call.js";
import { convert } from "../convert.js";
import { systemFault } from "../inputs.js";
import type { Streams } from "../streams.js";
import { UsageError } from "../usage.js";

export function run(call: Call, streams: Streams): number {
  const { source } = call.options;
  if (call.options["no-exact"]) throw new UsageError("--no-exact is for --asm");
  const options = {
    showCaches: call.options["show-caches"] ?? false,
    showOffsets: call.options["show-offsets"] ?? false,
    showPositions: call.options["show-positions"] ?? false,
    ...(source === undefined ? {} : { source: sourceText(source) }),
  };
  return convert(call, streams, {
    extension: ".dis.txt",
    heads: true,
    warns: true,
    text: (pyc) => listing(pyc, options),
  });
}

function sourceText(path: string): string {
  try {
    return readFileSync(path === "-" ? 0 : path, "utf8");
  } catch (error) {
    throw new UsageError(`--source ${path}: ${systemFault(error)}`);
  }
}
