/** One line on standard error that says how far a long batch is, when a person watches and nothing else goes there. */
import { safe } from "@pyclab/core/bytes";
import type { Streams } from "./streams.js";

export interface Progress {
  next(name: string): void;
  clear(): void;
}

/** Batches below this many inputs show nothing, nor does any batch in its first moments. */
const LONG = 20;
const PATIENCE = 500;
const BETWEEN = 100;

/** `quiet`: standard output is not written to, so the line disturbs nothing. */
export function startProgress(streams: Streams, total: number, quiet: boolean): Progress {
  if (total < LONG || !quiet || !streams.errIsTerminal) return { next() {}, clear() {} };
  const began = Date.now();
  let shown = began + PATIENCE - BETWEEN;
  let done = 0;
  let visible = false;
  return {
    next(name) {
      done++;
      if (Date.now() - shown < BETWEEN) return;
      shown = Date.now();
      visible = true;
      streams.err(`\r\x1b[K${done}/${total} ${safe(name).slice(-60)}`);
    },
    clear() {
      if (visible) streams.err("\r\x1b[K");
      visible = false;
    },
  };
}
