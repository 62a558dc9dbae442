/** The inputs of a call: files, folders and standard input, found without following a loop and read within a bound. */
import { closeSync, fstatSync, openSync, readdirSync, readSync, statSync } from "node:fs";

export interface Input {
  /** As it was named, or as it was found in a folder; `-` for standard input. */
  readonly name: string;
  /** What went wrong already: a folder without a compiled file, say. */
  readonly fault?: string;
}

/** Files larger than this are refused, in bytes. */
export const LARGEST = 2 ** 30;

/** Which files of a folder are inputs: those with one of these extensions, and what such a file is called. */
export interface Wanted {
  readonly ends: readonly string[];
  readonly what: string;
}

const compiled: Wanted = { ends: [".pyc", ".pyo"], what: ".pyc or .pyo file" };

/** What the operands name, folders replaced by the files below them that are wanted, in alphabetical order. */
export function expand(
  operands: readonly string[],
  wanted = compiled,
): { readonly inputs: readonly Input[]; readonly folders: boolean } {
  const inputs: Input[] = [];
  let folders = false;
  for (const name of operands) {
    if (name === "-" || !isFolder(name)) {
      inputs.push({ name });
      continue;
    }
    folders = true;
    const before = inputs.length;
    walk(name, wanted.ends, inputs);
    if (inputs.length === before) inputs.push({ name, fault: `no ${wanted.what} in this folder` });
  }
  return { inputs, folders };
}

function isFolder(name: string): boolean {
  return statSync(name, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** Files of a folder, then of those below it. A link to a folder inside it is not followed, so there are no loops. */
function walk(folder: string, ends: readonly string[], inputs: Input[]): void {
  const waiting = [folder];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    const below: string[] = [];
    try {
      const entries = readdirSync(at, { withFileTypes: true });
      entries.sort((a, b) => (a.name < b.name ? -1 : 1));
      for (const entry of entries) {
        const name = at.endsWith("/") ? at + entry.name : `${at}/${entry.name}`;
        if (entry.isDirectory()) below.push(name);
        else if (ends.some((end) => entry.name.endsWith(end)) && (entry.isFile() || isLinkToFile(entry, name)))
          inputs.push({ name });
      }
    } catch (error) {
      inputs.push({ name: at, fault: systemFault(error) });
    }
    waiting.push(...below.reverse());
  }
}

/** A link to nothing, or to itself, is an input too: it fails with a word when it is read. */
function isLinkToFile(entry: { isSymbolicLink(): boolean }, name: string): boolean {
  if (!entry.isSymbolicLink()) return false;
  try {
    return statSync(name).isFile();
  } catch {
    return true;
  }
}

/** The bytes of an input; throws an Error whose message says what is wrong with it. */
export function readInput(name: string, largest = LARGEST): Uint8Array {
  const fd = name === "-" ? 0 : openSync(name, "r");
  try {
    const { size } = fstatSync(fd);
    if (size > largest) throw new Error(`${size} bytes are more than the ${largest} that are read`);
    return readAll(fd, size, largest);
  } finally {
    if (fd !== 0) closeSync(fd);
  }
}

/** Reads to the end; `expected` is only the first guess, because pipes and devices do not tell their size. */
function readAll(fd: number, expected: number, largest: number): Uint8Array {
  let bytes = new Uint8Array(expected ? expected + 1 : 65536);
  let length = 0;
  for (;;) {
    const count = readSome(fd, bytes, length);
    if (count === 0) return bytes.subarray(0, length);
    length += count;
    if (length > largest) throw new Error(`more than the ${largest} bytes that are read`);
    if (length < bytes.length) continue;
    const longer = new Uint8Array(Math.min(length * 2, largest + 1));
    longer.set(bytes);
    bytes = longer;
  }
}

function readSome(fd: number, into: Uint8Array, at: number): number {
  for (;;) {
    try {
      return readSync(fd, into, at, into.length - at, null);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "EOF") return 0;
      if (code !== "EAGAIN") throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}

const faults: Readonly<Record<string, string>> = {
  ENOENT: "no such file or folder",
  EACCES: "permission denied",
  EPERM: "permission denied",
  EEXIST: "a file of that name is there",
  EISDIR: "is a folder",
  ENOTDIR: "a part of the path is not a folder",
  ELOOP: "too many symbolic links",
  ENOSPC: "no space left on the device",
  EROFS: "the file system is read-only",
  ENAMETOOLONG: "the name is too long",
};

/** What an error of the file system says, in a few words. */
export function systemFault(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return (code && faults[code]) || message;
}
