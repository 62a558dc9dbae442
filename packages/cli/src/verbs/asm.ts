/** `pyclab asm`: the assembly language made into a file. */
import { writePyc } from "@pyclab/core";
import { assemble, parseAssembly } from "@pyclab/core/assembly";
import { build } from "../build.js";
import type { Call } from "../call.js";
import type { Streams } from "../streams.js";
import { pythonNamed } from "../versions.js";

export function run(call: Call, streams: Streams): number {
  const { python } = call.options;
  if (python !== undefined) pythonNamed(python);
  const options = python === undefined ? {} : { python };
  return build(call, streams, {
    extension: ".pyasm",
    bytes: (text) => {
      const { program, warnings } = parseAssembly(text, options);
      const assembled = assemble(program);
      return { bytes: writePyc(assembled.draft), warnings: [...warnings, ...assembled.warnings] };
    },
  });
}
