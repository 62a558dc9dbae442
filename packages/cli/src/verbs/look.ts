/** `pyclab FILE`: info, then dis. */
import { listing } from "@pyclab/core";
import type { Call } from "../call.js";
import { coloured } from "../colour.js";
import { convert } from "../convert.js";
import { infoText } from "../info.js";
import type { Streams } from "../streams.js";

export function run(call: Call, streams: Streams): number {
  const colour = coloured(streams, call.options.output !== undefined);
  return convert(call, streams, {
    extension: ".txt",
    heads: true,
    warns: false,
    text: (pyc) => `${infoText(pyc, colour)}\n${listing(pyc)}`,
  });
}
