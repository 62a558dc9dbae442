/** `pyclab tree`: the whole content as JSON. */
import { tree } from "@pyclab/core";
import type { Call } from "../call.js";
import { convert } from "../convert.js";
import type { Streams } from "../streams.js";

export function run(call: Call, streams: Streams): number {
  return convert(call, streams, {
    extension: ".tree.json",
    heads: !call.options.json,
    warns: true,
    text: (pyc) => `${tree(pyc).trimEnd()}\n`,
  });
}
