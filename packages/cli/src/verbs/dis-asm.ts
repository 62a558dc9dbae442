/** `pyclab dis --asm`: the assembly language. Apart from the listings, which start faster without it. */
import { assemblyText, programOf } from "@pyclab/core/assembly";
import type { Call } from "../call.js";
import { convert } from "../convert.js";
import type { Streams } from "../streams.js";
import { UsageError } from "../usage.js";

/** What a listing is asked for with, and assembly is not; nor can it be made of half a file. */
const ofListings = ["show-caches", "show-offsets", "show-positions", "source", "tolerant"] as const;

export function run(call: Call, streams: Streams): number {
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
