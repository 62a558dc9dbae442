/** What is odd about a file: its header, its stream, and every code object in it. Found when asked for. */
import { codeObjects } from "../code/index.js";
import { CHECK_SOURCE, HASH_BASED } from "../format/index.js";
import { FLAG_REF, typeCode } from "../marshal/index.js";
import { opcodesOf } from "../opcode/index.js";
import type { Pyc } from "./file.js";
import { effort, type OddityCode, oddities } from "./oddities.js";
import { pathOf } from "./path.js";

export type WarningCode =
  | OddityCode
  | "uncertain-version"
  | "uncertain-opcodes"
  | "header-flags"
  | "trailing-bytes"
  | "late-type-code"
  | "not-a-code-object"
  | "not-looked-into";

export interface Warning {
  readonly code: WarningCode;
  /** File offset in bytes. */
  readonly offset: number;
  /** The code object it is about: `co_consts[3]`; "" for the module's and for the file itself. */
  readonly path: string;
  readonly message: string;
}

/** So many times the file's size is gone over in search of what is odd; no sane file needs more than once or twice. */
const MOST_EFFORT = 8;

/** All warnings, those of the file first, then those of each code object in file order. */
export function warningsOf(pyc: Pyc): Warning[] {
  const out = ofFile(pyc);
  let left = MOST_EFFORT * pyc.bytes.length;
  for (const code of codeObjects(pyc.values)) {
    left -= effort(code);
    if (left < 0) {
      const message = "code objects that share so much that they, and those behind them, were not looked into";
      out.push({ code: "not-looked-into", offset: code.offset, path: pathOf(pyc.table, code.node), message });
      break;
    }
    const found = oddities(code);
    if (found.length === 0) continue;
    const path = pathOf(pyc.table, code.node);
    for (const oddity of found) out.push({ ...oddity, path });
  }
  return out;
}

function ofFile(pyc: Pyc): Warning[] {
  const out: Warning[] = [];
  const add = (code: WarningCode, offset: number, message: string) => out.push({ code, offset, path: "", message });
  const { version, header, table } = pyc;
  if (!pyc.certainty.sure) add("uncertain-version", 0, pyc.certainty.why);
  const opcodes = opcodesOf(version);
  if (!opcodes.certain) {
    const whose = `the opcode numbers of ${version.release} are not known; those of ${opcodes.key} stand in`;
    add("uncertain-opcodes", 0, whose);
  }
  const unknown = (header?.flags ?? 0) & ~(HASH_BASED | CHECK_SOURCE);
  if (unknown !== 0) {
    const bits = (unknown >>> 0).toString(16);
    add("header-flags", 4, `the header's flags have 0x${bits}, which means nothing; importlib refuses such a file`);
  } else if (header?.flags === CHECK_SOURCE) {
    add("header-flags", 4, "the header says check_source without a hash; importlib takes it for a timestamp header");
  }
  for (const [byte, offset] of table.anachronisms) {
    const type = typeCode(byte);
    const flag = byte >= FLAG_REF && type && version.traits.typeCodes.includes(type.code) ? " with FLAG_REF" : "";
    const what = `type code ${JSON.stringify(type?.code ?? "?")}${flag}`;
    add("late-type-code", offset, `${what}, which the marshal of ${version.python} does not read`);
  }
  if (pyc.code === undefined) add("not-a-code-object", table.start[0] ?? 0, "the file's object is no code object");
  if (pyc.trailing) {
    const size = pyc.trailing.end - pyc.trailing.start;
    add("trailing-bytes", pyc.trailing.start, `${size} bytes behind the module's object, which no Python reads`);
  }
  return out;
}
