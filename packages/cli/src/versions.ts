/** Versions by the names that people type. */
import { finals, type Version, versionNamed } from "@pyclab/core/version";
import { UsageError } from "./arguments.js";
import { nearest } from "./nearest.js";

/** The releases of CPython by name, 0.9.8 to the newest. */
export const pythonNames: readonly string[] = [...new Set(finals.map((version) => version.python))];

/** The version of that name, or wrong usage with the name that was probably meant. */
export function pythonNamed(name: string): Version {
  try {
    return versionNamed(name);
  } catch (error) {
    const meant = nearest(name, pythonNames);
    throw new UsageError(
      `${(error as Error).message.replace(/^offset 0x0: /, "")}${meant ? `; did you mean ${meant}?` : ""}`,
    );
  }
}
