/**
 * Standard input, output and error as the command uses them: plain file descriptors written at once, because Node's
 * stream objects cost several milliseconds to load. Tests put an object of the same shape in their place.
 */
import { fstatSync, writeSync } from "node:fs";

export interface Streams {
  /** Writes to standard output; throws BrokenPipe when nobody reads it any more. */
  out(text: string | Uint8Array): void;
  /** Writes to standard error; a closed one is no matter. */
  err(text: string): void;
  readonly outIsTerminal: boolean;
  readonly errIsTerminal: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Whoever read the output has gone: the command ends quietly. */
export class BrokenPipe extends Error {}

export const processStreams: Streams = {
  out(text) {
    try {
      writeAll(1, text);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EPIPE") throw new BrokenPipe();
      throw error;
    }
  },
  err(text) {
    try {
      writeAll(2, text);
    } catch {
      // there is nowhere left to say it
    }
  },
  get outIsTerminal() {
    return mayBeTerminal(1) && process.stdout.isTTY === true;
  },
  get errIsTerminal() {
    return mayBeTerminal(2) && process.stderr.isTTY === true;
  },
  env: process.env,
};

function writeAll(fd: number, text: string | Uint8Array): void {
  let rest = typeof text === "string" ? Buffer.from(text) : text;
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(fd, rest));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
      // a pipe that another process made non-blocking is full: wait a moment
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2);
    }
  }
}

/** Whether it is worth loading Node's stream to ask whether it is a terminal. */
function mayBeTerminal(fd: number): boolean {
  try {
    return fstatSync(fd).isCharacterDevice();
  } catch {
    return false;
  }
}
