/** `pyclab dis`: the listing, as that Python's own dis prints it; or the assembly language. */
import { readFileSync } from "node:fs";
import { listing } from "@pyclab/core";
import { assemblyText, programOf } from "@pyclab/core/assembly";
import type { Call } from "../call.js";
import { convert } from "../convert.js";
import { systemFault } from "../inputs.js";
import type { Streams } from "../streams.js";
import { UsageError } from "../usage.js";

export function run(call: Call, streams: Streams): number {
  const { source, asm } = call.options;
  if (asm) return assembly(call, streams);
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

/** What a listing is asked for with, and assembly is not; nor can it be made of half a file. */
const ofListings = ["show-caches", "show-offsets", "show-positions", "source", "tolerant"] as const;

function assembly(call: Call, streams: Streams): number {
  const other = ofListings.find((name) => call.options[name] !== undefined);
  if (other !== undefined) throw new UsageError(`--asm and --${other} do not go together`);
  const exact = call.options["no-exact"] !== true;
  return convert(call, streams, {
    extension: ".pyasm",
    heads: true,
    warns: true,
    text: (pyc) => assemblyText(programOf(pyc, { exact })),
  });
}

function sourceText(path: string): string {
  try {
    return readFileSync(path === "-" ? 0 : path, "utf8");
  } catch (error) {
    throw new UsageError(`--source ${path}: ${systemFault(error)}`);
  }
}
