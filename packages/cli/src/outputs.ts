/**
 * Where output goes: standard output, one file, or a folder with a file per input. A file is written under a
 * temporary name and then renamed, so that a reader never sees half of it.
 */
import { mkdirSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { safe } from "@pyclab/core/bytes";
import type { Call } from "./call.js";
import { systemFault } from "./inputs.js";
import type { Streams } from "./streams.js";
import { UsageError } from "./usage.js";

export interface Destination {
  /** The file for an input, or undefined for standard output. */
  fileFor(name: string, extension: string): string | undefined;
}

/** Refuses to put a `.pyc` on a terminal, or several one behind the other. */
export function checkBytesOutput(path: string | undefined, several: boolean, streams: Streams): void {
  if (several && (path === undefined || path === "-"))
    throw new UsageError("several inputs make several files: name a folder for them with -o FOLDER/");
  if (path === undefined && streams.outIsTerminal)
    throw new UsageError("a .pyc file is not for a terminal: write it to a file with -o PATH");
}

/** What `-o PATH` means for these inputs. */
export function destination(path: string | undefined, several: boolean): Destination {
  if (path === undefined || path === "-") return { fileFor: () => undefined };
  if (!several && !path.endsWith("/") && !isFolder(path)) {
    return {
      fileFor(name) {
        if (name !== "-" && sameFile(name, path)) throw new Error(`${path} is the input itself`);
        return path;
      },
    };
  }
  return folderDestination(path);
}

/** A folder with one file per input: its stem and the kind's extension. */
function folderDestination(path: string): Destination {
  const taken = new Map<string, string>();
  try {
    mkdirSync(path, { recursive: true });
  } catch (error) {
    throw new UsageError(`-o ${safe(path)} cannot be a folder for the outputs: ${systemFault(error)}`);
  }
  return {
    fileFor(name, extension) {
      const file = join(path, stem(name) + extension);
      // other systems' file names differ by more than case
      const key = process.platform === "linux" ? file : file.toLowerCase();
      const other = taken.get(key);
      if (other !== undefined) throw new Error(`not written: ${file} already holds the output for ${other}`);
      taken.set(key, name);
      return file;
    },
  };
}

/** `a/b.cpython-311.pyc` is called `b.cpython-311`. */
export function stem(name: string): string {
  return name === "-" ? "stdin" : basename(name).replace(/(?<=.)\.[^.]*$/, "");
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function sameFile(a: string, b: string): boolean {
  const [one, two] = [a, b].map((path) => statSync(path, { throwIfNoEntry: false }));
  return one !== undefined && two?.isFile() === true && one.dev === two.dev && one.ino === two.ino;
}

let written = 0;

/** Writes the file whole or not at all; a device or a pipe is written to as it is. */
export function writeOutput(path: string, content: string | Uint8Array): void {
  const there = statSync(path, { throwIfNoEntry: false });
  if (there && !there.isFile()) {
    writeFileSync(path, content);
    return;
  }
  const target = there ? realpathSync(path) : path;
  const temporary = join(dirname(target), `.${basename(target).slice(0, 100)}.${process.pid}.${written++}`);
  try {
    writeFileSync(temporary, content, { flag: "wx", mode: there ? there.mode & 0o777 : 0o666 });
    renameSync(temporary, target);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** The output of a verb that has one in all: to `-o PATH` or standard output. */
export function writeText(call: Call, streams: Streams, text: string): void {
  const path = call.options.output;
  if (path === undefined || path === "-") {
    streams.out(text);
    return;
  }
  try {
    writeOutput(path, text);
  } catch (error) {
    throw new UsageError(`-o ${safe(path)}: ${systemFault(error)}`);
  }
}
