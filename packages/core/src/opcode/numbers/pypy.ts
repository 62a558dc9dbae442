/**
 * PyPy's opcode numbers, as changes to those of the CPython that each follows (in the form that `parse.ts` reads).
 *
 * From PyPy's own opcode.py of 2.7, 3.3, 3.6, 3.9 (held against a running 3.9) and 3.11; 3.5 and 3.7 from its commits,
 * 3.8 from its compiler, with the numbers of its neighbours; 3.10 is what 3.11 took over from it. See docs/pypy.md.
 */
import type { NumberSet } from "./index.js";

const METHODS = "201 LOOKUP_METHOD CALL_METHOD BUILD_LIST_FROM_ARG JUMP_IF_NOT_DEBUG";
const KEYWORDS = "203 BUILD_LIST_FROM_ARG CALL_METHOD_KW LOAD_REVDB_VAR";
const UPDATES = "162 - - LIST_EXTEND SET_UPDATE DICT_MERGE DICT_UPDATE";
const OLD_CALLS = "134 MAKE_CLOSURE 140 CALL_FUNCTION_VAR CALL_FUNCTION_KW CALL_FUNCTION_VAR_KW 158 -";

export const pypyNumbers: readonly NumberSet[] = [
  { key: "pypy2.7", base: "2.7", text: `${METHODS} LOAD_REVDB_VAR` },
  { key: "pypy3.2", base: "3.2", text: METHODS },
  { key: "pypy3.3", base: "3.3", text: METHODS },
  { key: "pypy3.5", base: "3.5", text: `155 FORMAT_VALUE 157 BUILD_STRING ${METHODS} LOAD_REVDB_VAR` },
  { key: "pypy3.6", base: "3.6", text: `${OLD_CALLS} ${METHODS} LOAD_REVDB_VAR` },
  { key: "pypy3.7", base: "3.7", text: `127 STORE_ANNOTATION 158 - 160 - 201 LOOKUP_METHOD ${KEYWORDS}` },
  { key: "pypy3.8", base: "3.8", text: `121 SETUP_EXCEPT 158 - 160 - 201 LOOKUP_METHOD ${KEYWORDS}` },
  { key: "pypy3.9", base: "3.9", text: `120 SETUP_EXCEPT ${UPDATES} ${KEYWORDS}` },
  { key: "pypy3.10", base: "3.10", text: `120 SETUP_EXCEPT 129 - ${UPDATES} ${KEYWORDS}` },
  { key: "pypy3.11", base: "pypy3.10", text: "37 CHECK_EG_MATCH 88 PREP_RERAISE_STAR" },
];
