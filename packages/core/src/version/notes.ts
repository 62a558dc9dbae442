/**
 * What changed with a magic number, in a few words; nothing where nothing is known. Apart from the registry, so that
 * a program that only reads files need not carry it.
 *
 * Sections as in `registry.ts`; a row is the magic as it stands there, a space, and the note.
 */
import type { Version } from "./lookup.js";
import { noteKey, parseNotes } from "./rows.js";

const text = `
# CPython 0.9.9
x01999900 code objects have a name
# CPython 1.1
x03999900 names and constants are tuples
# CPython 1.2
x03999900 constant 0 of functions and classes is the docstring
# CPython 1.3
11913 CR LF in the magic; argument counts, fast locals by number, CO_* flags
# CPython 1.4
5892 complex numbers, Ellipsis
# CPython 1.5
20121 co_stacksize, co_firstlineno, co_lnotab
# CPython 1.6
20121 Unicode; CALL_FUNCTION_VAR and _KW, under the number of 1.5
# CPython 2.0
50823 augmented assignment, import-as, print to a file
# CPython 2.1
60202 nested scopes: cell and free variables
# CPython 2.2
60717 iterators, generators, true division
# CPython 2.3
62011 no SET_LINENO: lines only in co_lnotab; 32-bit counts
62021 for a time between two of 62011
# CPython 2.4
62041 interned strings are written once
# CPython 2.5
62071 binary floats, sets in marshal
62081 the compiler that works on a syntax tree
62091 with statement
62092 WITH_CLEANUP changed
62101 unpacking to one target in for
62111 yield within augmented assignment
62121 line table of for loops; fewer unused constants
62131 unpacking to one target in comprehensions
# CPython 2.6
62151 STORE_MAP, peephole optimizations
62161 WITH_CLEANUP optimized
# CPython 2.7
62171 LIST_APPEND takes a stack depth
62181 POP_JUMP_IF_FALSE, POP_JUMP_IF_TRUE
62191 SETUP_WITH
62201 BUILD_SET
62211 MAP_ADD, SET_ADD
# CPython 3.0
3010 backquotes gone
3020 BUILD_SET
3030 keyword-only parameters
3040 annotations
3050 print is a function
3060 metaclass keyword (PEP 3115)
3061 literals are Unicode
3071 raise from (PEP 3109)
3081 bytes as of PEP 3137
3091 interning of 8-bit strings gone
3101 what 62151 did
3103 __file__ names the source
3111 WITH_CLEANUP optimized
3130 files have 3131
3131 POP_EXCEPT, exceptions restored lexically
# CPython 3.1
3141 comprehensions by LIST_APPEND, SET_ADD, MAP_ADD with a depth
3150 files have 3151
3151 POP_JUMP_IF_FALSE, POP_JUMP_IF_TRUE
# CPython 3.2
3160 SETUP_WITH
3170 DUP_TOP_TWO for DUP_TOPX, no ROT_FOUR
3180 DELETE_DEREF
# CPython 3.3
3190 __class__ closure
3200 __qualname__ (PEP 3155)
3210 source size in the header
3220 yield from reworked
3230 __class__ closure back as it was
# CPython 3.4
3250 positional defaults evaluated first; FLAG_REF in marshal within its time
3260 LOAD_CLASSDEREF
3270 __class__ closure
3280 no implicit class argument; short strings and tuples in marshal within its time
3290 __qualname__
3300 __qualname__
3310 __qualname__
# CPython 3.5
3320 matrix multiplication (PEP 465)
3330 unpacking in calls and displays (PEP 448)
3340 evaluation order in dict displays
# CPython 3.5.1
3350 GET_YIELD_FROM_ITER
# CPython 3.5
3351 BUILD_MAP_UNPACK_WITH_CALL repaired
# CPython 3.6
3360 FORMAT_VALUE
3361 signed line deltas in co_lnotab
3370 two-byte code units
3371 BUILD_CONST_KEY_MAP
3372 MAKE_FUNCTION with flags, no MAKE_CLOSURE
3373 BUILD_STRING
3375 SETUP_ANNOTATIONS, STORE_ANNOTATION
3376 simpler calls
3377 __class__ cell set by type.__new__
3378 BUILD_TUPLE_UNPACK_WITH_CALL
3379 stricter __class__ cell
# CPython 3.7
3390 LOAD_METHOD, CALL_METHOD
3391 GET_AITER
3392 flags in the header, hash-based files (PEP 552)
3393 no STORE_ANNOTATION
3394 docstring is a statement again
# CPython 3.8
3400 block stack handled by the compiler
3401 END_ASYNC_FOR
3410 positional-only parameters (PEP 570)
3411 key before value in dict comprehensions
3412 order within ast.arguments
3413 break and continue in finally
# CPython 3.9
3420 LOAD_ASSERTION_ERROR
3421 simpler with blocks
3422 finally without BEGIN_, END_, CALL_ and POP_FINALLY
3423 IS_OP, CONTAINS_OP, JUMP_IF_NOT_EXC_MATCH
3424 simpler *unpacking
3425 simpler **unpacking
# CPython 3.10
3430 postponed annotations by default
3431 line table of PEP 626
3432 annotations given as a tuple
3433 RERAISE can restore the last instruction
3434 match statement (PEP 634)
3435 jumps count code units
3436 GEN_START
3437 annotations by default evaluated again
3438 line table read within bounds
3439 ROT_N
# CPython 3.11
3450 exception table
3451 CALL_METHOD_KW
3452 no co_nlocals in files
3453 locals, cells and free variables in one tuple, with kinds
3454 cells counted on from the locals
3455 MAKE_CELL
3456 argument cells among the locals
3457 local kinds as bytes
3458 calls of imported names without LOAD_METHOD
3459 end lines and columns in two more tables (PEP 657)
3460 co_qualname
3461 JUMP_ABSOLUTE goes backwards only
3462 COPY; MATCH_CLASS and MATCH_KEYS changed
3463 JUMP_IF_NOT_EXC_MATCH keeps the exception
3464 BINARY_OP
3465 COPY_FREE_VARS
3466 except* (PEP 654)
3467 other CALL opcodes
3468 SEND
3469 an exception is one stack item
3470 PREP_RERAISE_STAR without the last instruction
3471 no POP_EXCEPT_AND_RERAISE
3472 POP_TOP for GEN_START
3473 POP_JUMP_IF_NONE, POP_JUMP_IF_NOT_NONE
3474 RESUME
3475 RETURN_GENERATOR
3476 ASYNC_GEN_WRAP
3477 COPY and SWAP for DUP_TOP and ROT_TWO
3478 CALL reworked
3479 PUSH_NULL
3480 CALL reworked again
3481 inline cache: BINARY_OP
3482 inline caches: UNPACK_SEQUENCE, LOAD_GLOBAL
3483 inline caches: COMPARE_OP, BINARY_SUBSCR
3484 inline caches: LOAD_ATTR, LOAD_METHOD, STORE_ATTR
3485 GET_AWAITABLE has an oparg
3486 inline caches: PRECALL, CALL
3487 no counter in opargs
3488 LOAD_GLOBAL may push NULL
3489 JUMP_BACKWARD, no JUMP_ABSOLUTE
3490 CHECK_EXC_MATCH
3491 CHECK_EG_MATCH, JUMP_BACKWARD_NO_INTERRUPT
3492 POP_JUMP_IF_… relative
3493 JUMP_IF_…_OR_POP relative
3494 one table of locations
3495 a module's RESUME is on line 0
# CPython 3.12
3500 no PRECALL
3501 oparg of YIELD_VALUE: stack depth
3502 LOAD_FAST_CHECK
3503 smaller cache: LOAD_METHOD
3504 LOAD_METHOD becomes LOAD_ATTR
3505 inline cache: FOR_ITER
3506 BINARY_SLICE, STORE_SLICE
3507 a module's RESUME is on line 0
3508 CLEANUP_THROW
3509 conditional jumps go forward only
3510 FOR_ITER leaves its iterator
3511 STOPITERATION_ERROR
3512 unused constants removed
3513 CALL_INTRINSIC_1
3514 no UNARY_POSITIVE, LIST_TO_TUPLE, ASYNC_GEN_WRAP
3515 mask in the oparg of COMPARE_OP
3516 COMPARE_AND_BRANCH
3517 oparg of YIELD_VALUE: block depth
3518 RETURN_CONST
3519 SEND changed
3520 CALL_INTRINSIC_2
3521 smaller cache: LOAD_GLOBAL
3522 no JUMP_IF_…_OR_POP
3523 no COMPARE_AND_BRANCH
3524 smaller cache: BINARY_SUBSCR
3525 smaller cache: CALL
3526 instrumentation
3527 LOAD_SUPER_ATTR
3528 LOAD_SUPER_ATTR specialized
3529 comprehensions inlined
3530 smaller cache: LOAD_SUPER_ATTR
3531 type parameters (PEP 695)
# CPython 3.13
3550 room for optimizers
3551 two locals in one oparg
3552 fewer superinstructions
3553 SET_FUNCTION_ATTRIBUTE
3554 f-strings by FORMAT_SIMPLE and CONVERT_VALUE
3555 specialized opcodes generated
3556 LOAD_CLOSURE only in the compiler
3557 TO_BOOL before jumps
3558 callable below NULL for CALL
3559 numbers generated from names
3560 RESUME_CHECK
3561 inline caches: branches
3562 internal opcodes numbered apart
3563 CALL_KW, no KW_NAMES
3564 opargs of YIELD_VALUE and RESUME
3565 YIELD_VALUE tells of yield from
3566 jumps that no signal interrupts
3567 lines carried on by other rules
3568 END_FOR changed
3569 CONTAINS_OP specialized
3570 __firstlineno__
3571 private names in generic classes
# CPython 3.14
3600 LOAD_COMMON_CONSTANT
3601 private names in generic classes
3602 LOAD_SPECIAL for BEFORE_WITH
3603 no BUILD_CONST_KEY_MAP
3604 one test in while loops
3605 ENTER_EXECUTOR is 255
3606 CALL_KW specialized
3607 JUMP_IF_TRUE and JUMP_IF_FALSE in the compiler
3608 slices as constants
3609 LOAD_SMALL_INT, no RETURN_CONST
3610 annotationlib's fake globals
3611 NOT_TAKEN
3612 POP_ITER
3613 LOAD_CONST_MORTAL
3614 BINARY_OP_EXTEND
3615 CALL_FUNCTION_EX always has a mapping
3616 subscripts by BINARY_OP
3617 branches of async for are monitored
3618 oparg of END_ASYNC_FOR
3619 RESUME is 128
3620 all, any, tuple over generator expressions
3621 LOAD_FAST_BORROW
3622 annotations under other keys
3623 template strings
3624 no borrowing of deleted locals
3625 borrowing and what stays on the stack
3626 handlers around and/or
3627 annotations of modules
# CPython 3.15
3651 LOAD_CONST simplified
3652 virtual iterators
3653 what 3625 did
3654 what 3626 did
3655 what 3627 did
3656 TRACE_RECORD
3657 characters of strings specialized
3658 list and set over generator expressions
3659 CALL_FUNCTION_EX specialized
3660 how generators begin
3661 lazy imports
3662 inline cache: RESUME
3663 GET_ITER also for yield from; SEND like FOR_ITER
3664 __qualname__ of __annotate__
3665 FOR_ITER and GET_ITER specialized
3666 SEND specialized
# CPython 3.16
3701 the empty tuple as a common constant
3702 no DELETE_NAME
3703 no DELETE_GLOBAL
3704 no DELETE_ATTR
3705 intrinsic for conditional annotations
3706 intrinsic for class patterns
# CPython-Meta 3.14
3628 its own opcode for lazy imports
# Jython 2.7
65226 or 65526: which of the two is not known
65526 or 65226: which of the two is not known
# Jython ?
xcafebabe a Java class file
# Dropbox 2.5
62135 opcodes renumbered, code encrypted
# NeoX 3.11
3496 opcodes renumbered
# RustPython 3.13
3531 CPython 3.12's number over a body that marshal does not read
# RustPython 3.14
3627 the same bytes as CPython 3.14
`;

let notes: ReadonlyMap<string, string> | undefined;

/** What changed with this version's magic number, or an empty string. */
export function noteOf(version: Version): string {
  notes ??= parseNotes(text);
  return notes.get(noteKey(version)) ?? "";
}
