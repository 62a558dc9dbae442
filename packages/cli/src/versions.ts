/** Versions by the names that people type. */
import { finals, type Version, versionNamed } from "@pyclab/core/version";
import { UsageError } from "./arguments.js";
import { nearest } from "./nearest.js";

/** The version of that name, or wrong usage with the name that was probably meant. */
export function pythonNamed(name: string): Version {
  try {
    return versionNamed(name);
  } catch (error) {
    const known = finals.map((version) => version.python);
    const meant = nearest(name, known);
    throw new UsageError(
      `${(error as Error).message.replace(/^offset 0x0: /, "")}${meant ? `; did you mean ${meant}?` : ""}`,
    );
  }
}
