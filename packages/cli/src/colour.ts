/** Colour, where a person looks at a terminal: NO_COLOR turns it off everywhere, FORCE_COLOR on. */
import type { Streams } from "./streams.js";

/** Whether what goes to standard output may be coloured; a file gets colour only by FORCE_COLOR. */
export function coloured(streams: Streams, toFile: boolean): boolean {
  const { NO_COLOR, FORCE_COLOR, TERM } = streams.env;
  if (NO_COLOR) return false;
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== "") return FORCE_COLOR !== "0" && FORCE_COLOR !== "false";
  return !toFile && TERM !== "dumb" && streams.outIsTerminal;
}

export interface Paint {
  strong(text: string): string;
  faint(text: string): string;
  warning(text: string): string;
}

const wrap =
  (on: boolean, open: number, close: number) =>
  (text: string): string =>
    on && text ? `\x1b[${open}m${text}\x1b[${close}m` : text;

export function paint(on: boolean): Paint {
  return { strong: wrap(on, 1, 22), faint: wrap(on, 2, 22), warning: wrap(on, 33, 39) };
}
