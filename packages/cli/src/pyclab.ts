/** The entry of the bundle: runs the command on this process's arguments and streams. */
import { main } from "./main.js";
import { processStreams } from "./streams.js";

main(process.argv.slice(2), processStreams).then((status) => {
  process.exitCode = status;
});
