/** `pyclab edit`: a file with changes made to it. */
import { UsageError } from "../usage.js";

export function run(): number {
  throw new UsageError("edit is not built yet");
}
