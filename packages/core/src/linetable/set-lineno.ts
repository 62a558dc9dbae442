/**
 * Up to 2.2 an instruction of its own, SET_LINENO, tells the line. 1.5 adds co_lnotab, which says the same and stays
 * where SET_LINENO is left out (-O); there it is what counts.
 */
import type { CodeObject } from "../code/index.js";
import { codeLayout } from "../format/index.js";
import { opcodesOf } from "../opcode/index.js";
import type { LineCodec, LineStarts } from "./table.js";

/** Lines from the table where the code object has one, from the instructions where it has none. */
export function setLineno(table: LineCodec): LineCodec {
  return {
    starts: (code) => (hasTable(code) ? table.starts(code) : scan(code)),
    entries: (code) => (hasTable(code) ? table.entries(code) : { field: "", entries: [], faults: [] }),
  };
}

/** Each SET_LINENO begins its line. */
function scan(co: CodeObject): LineStarts {
  const code = co.code;
  const opcodes = opcodesOf(co.version);
  const { haveArgument } = opcodes;
  const lineOpcode = opcodes.number("SET_LINENO");
  const most = Math.ceil(code.length / 3);
  const offset = new Uint32Array(most);
  const line = new Int32Array(most);
  let count = 0;
  for (let i = 0; i + 2 < code.length; i += (code[i] as number) >= haveArgument ? 3 : 1) {
    if (code[i] !== lineOpcode) continue;
    offset[count] = i;
    line[count++] = (code[i + 1] as number) | ((code[i + 2] as number) << 8);
  }
  return { count, offset, line };
}

const hasTable = (code: CodeObject) => codeLayout(code.version).objects.includes("co_lnotab");
