/** Calls the command inside the test's own process and keeps what it writes. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import { main } from "../src/main.js";

export const root = fileURLToPath(new URL("../../../", import.meta.url));
export const example = join(root, "examples/misc_code.pyc");

export interface Outcome {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

export interface Surroundings {
  readonly env?: Record<string, string>;
  readonly terminal?: boolean;
}

export async function pyclab(
  argv: readonly string[],
  { env = {}, terminal = false }: Surroundings = {},
): Promise<Outcome> {
  let out = "";
  let err = "";
  const status = await main(argv, {
    out(text) {
      out += typeof text === "string" ? text : Buffer.from(text).toString();
    },
    err(text) {
      err += text;
    },
    outIsTerminal: terminal,
    errIsTerminal: terminal,
    env,
  });
  return { status, out, err };
}

/** A folder that is gone when the test ends. */
export function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "pyclab-"));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}
