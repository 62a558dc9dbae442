/** Versions by the names that people type. */
import { finals, type Version, versionNamed } from "@pyclab/core/version";
import { UsageError } from "./usage.js";

/** The releases of CPython by name, 0.9.8 to the newest. */
export const pythonNames: readonly string[] = [...new Set(finals.map((version) => version.python))];

/** The version of that name; a name that is none is wrong usage. */
export function pythonNamed(name: string): Version {
  try {
    return versionNamed(name);
  } catch (error) {
    throw new UsageError((error as Error).message.replace(/^offset 0x0: /, ""));
  }
}
