/** `pyclab dissect`: every byte, annotated: as notation, as a hexdump, as a page. */
import { dissect } from "@pyclab/core";
import { hexdump, htmlPage, notationText } from "@pyclab/core/notation";
import type { Call } from "../call.js";
import { coloured } from "../colour.js";
import { convert } from "../convert.js";
import type { Streams } from "../streams.js";
import { UsageError } from "../usage.js";

export function run(call: Call, streams: Streams): number {
  const { hex, html, output } = call.options;
  if (hex && html) throw new UsageError("--hex and --html are two forms: choose one");
  if (html) {
    return convert(call, streams, {
      extension: ".html",
      heads: false,
      warns: true,
      text: (pyc, input) => htmlPage(dissect(pyc), { title: input.name }),
    });
  }
  if (hex) {
    const color = coloured(streams, output !== undefined);
    return convert(call, streams, {
      extension: ".hex.txt",
      heads: true,
      warns: true,
      text: (pyc) => hexdump(dissect(pyc), { color }),
    });
  }
  return convert(call, streams, {
    extension: ".pycn",
    heads: true,
    warns: true,
    text: (pyc) => notationText(dissect(pyc)),
  });
}
