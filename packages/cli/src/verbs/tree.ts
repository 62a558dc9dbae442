/** `pyclab tree`: the whole content as JSON. */
import { tree } from "@pyclab/core";
import { convert } from "../convert.js";
import type { Streams } from "../streams.js";
import type { Call } from "../table.js";

export function run(call: Call, streams: Streams): number {
  return convert(call, streams, {
    extension: ".tree.json",
    heads: !call.options.json,
    warns: true,
    text: (pyc) => `${tree(pyc).trimEnd()}\n`,
  });
}
