/** `pyclab info`: one screen about a file. */

import type { Call } from "../call.js";
import { coloured } from "../colour.js";
import { convert, failureRecord } from "../convert.js";
import { infoRecord, infoText } from "../info.js";
import type { Streams } from "../streams.js";

export function run(call: Call, streams: Streams): number {
  const { json, output } = call.options;
  const colour = coloured(streams, output !== undefined);
  if (!json) {
    return convert(call, streams, {
      extension: ".info.txt",
      heads: true,
      warns: false,
      text: (pyc) => infoText(pyc, colour),
    });
  }
  return convert(call, streams, {
    extension: ".info.json",
    heads: false,
    warns: false,
    text: (pyc, input) => `${JSON.stringify(infoRecord(pyc, input.name))}\n`,
    failed: (error, input) => `${JSON.stringify(failureRecord(error, input))}\n`,
  });
}
