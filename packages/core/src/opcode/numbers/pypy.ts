/**
 * PyPy's opcode numbers, by the Python they follow: the CPython whose numbers they start from, and what differs.
 *
 * The changes are written as the numbers of a CPython are: a number, then names for it and the numbers after it. A
 * name takes the place of what stands there; `-` leaves the number without an opcode.
 *
 * From PyPy's own opcode.py of 2.7, 3.3, 3.6, 3.9 (and a running 3.9) and 3.11; 3.5 and 3.7 from its commits, 3.8 from
 * its compiler, with the numbers of its neighbours; 3.10 has what 3.11 took over from it. docs/pypy.md tells more.
 */
const METHODS = "201 LOOKUP_METHOD CALL_METHOD BUILD_LIST_FROM_ARG JUMP_IF_NOT_DEBUG";
const KEYWORDS = "203 BUILD_LIST_FROM_ARG CALL_METHOD_KW LOAD_REVDB_VAR";
const UPDATES = "162 - - LIST_EXTEND SET_UPDATE DICT_MERGE DICT_UPDATE";
const OLD_CALLS = "134 MAKE_CLOSURE 140 CALL_FUNCTION_VAR CALL_FUNCTION_KW CALL_FUNCTION_VAR_KW 158 -";

export const pypyNumbers: Readonly<Record<string, readonly [base: string, changes: string]>> = {
  "2.7": ["2.7", `${METHODS} LOAD_REVDB_VAR`],
  "3.2": ["3.2", METHODS],
  "3.3": ["3.3", METHODS],
  "3.5": ["3.5", `155 FORMAT_VALUE 157 BUILD_STRING ${METHODS} LOAD_REVDB_VAR`],
  "3.6": ["3.6", `${OLD_CALLS} ${METHODS} LOAD_REVDB_VAR`],
  "3.7": ["3.7", `127 STORE_ANNOTATION 158 - 160 - 201 LOOKUP_METHOD ${KEYWORDS}`],
  "3.8": ["3.8", `121 SETUP_EXCEPT 158 - 160 - 201 LOOKUP_METHOD ${KEYWORDS}`],
  "3.9": ["3.9", `120 SETUP_EXCEPT ${UPDATES} ${KEYWORDS}`],
  "3.10": ["3.10", `120 SETUP_EXCEPT 129 - ${UPDATES} ${KEYWORDS}`],
  "3.11": ["3.10", `37 CHECK_EG_MATCH 88 PREP_RERAISE_STAR 120 SETUP_EXCEPT 129 - ${UPDATES} ${KEYWORDS}`],
};
