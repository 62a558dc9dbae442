/** `pyclab forge`: the notation made into a file, bit for bit. */
import { forge } from "@pyclab/core";
import { build } from "../build.js";
import type { Call } from "../call.js";
import type { Streams } from "../streams.js";
import { UsageError } from "../usage.js";

export function run(call: Call, streams: Streams): number {
  const { fill = "0" } = call.options;
  if (!/^[0-9a-f]$/i.test(fill)) throw new UsageError("--fill takes one hex digit, 0 to f: --fill 9");
  return build(call, streams, { extension: ".pycn", bytes: (text) => forge(text, { fill }) });
}
