/** From the arguments to the exit status: 0 all well, 1 some input failed, 2 wrong usage. */
import { parse } from "./arguments.js";
import { BrokenPipe, type Streams } from "./streams.js";
import { UsageError } from "./usage.js";

export async function main(argv: readonly string[], streams: Streams): Promise<number> {
  try {
    const call = parse(argv);
    if (call.options.help) {
      const { help } = await import("./help.js");
      streams.out(help(call.verb, streams));
      return 0;
    }
    if (call.options.version) {
      const { version } = await import("./help.js");
      streams.out(`pyclab ${version}\n`);
      return 0;
    }
    return (await call.verb.load(call)).run(call, streams);
  } catch (error) {
    if (error instanceof BrokenPipe) return 0;
    if (!(error instanceof UsageError)) throw error;
    streams.err(`pyclab: ${error.message}\n`);
    return 2;
  }
}
