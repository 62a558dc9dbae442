/**
 * Every magic number, as rows of text: small to ship, easy to edit. CPython's sections stand in chronological order,
 * and a row's place among them is its place in the total order; the sections of other lineages follow. What changed
 * with a magic number stands in `notes.ts`.
 *
 * `# LINEAGE PYTHON` opens a section; PYTHON is `?` where it is not known. A row is MAGIC, MARK and RELEASE without
 * spaces between. MAGIC is the first two bytes as a decimal number (0d 0a follows), or the first bytes in hex after
 * an `x`. MARK is `=` for a final, a space for a pre-release, `~` for a development build, `+` for what the option -U
 * wrote, whose RELEASE is empty. RELEASE is what release wrote it; a mere label like `a1` is the release of the section's
 * Python that first wrote it.
 *
 * Sources: the interpreters' own lists, and the bytes that each of the finals wrote. 3130 and 3150 are the numbers in
 * 3.0's and 3.1's sources, both of which write one more. CPython's list dates 3351 to 3.5.2, which was released with
 * 3350 all the same. The .mpy versions are those of MicroPython's documentation.
 */
export const registry = `
# CPython 0.9.8
x94949400=0.9.8
# CPython 0.9.9
x01999900=0.9.9
# CPython 1.0.1
x02999900=1.0.1
# CPython 1.0.2
x02999900=1.0.2
# CPython 1.1
x03999900=1.1
# CPython 1.2
x03999900=1.2
# CPython 1.3
11913=1.3
# CPython 1.4
5892=1.4
# CPython 1.5
20121=1.5 to 1.5.2
# CPython 1.6
20121 1.6a1 and 1.6a2
50428=1.6 and 1.6.1
50429+
# CPython 2.0
50823=2.0 and 2.0.1
50824+
# CPython 2.1
60202=2.1 and later 2.1
60203+
# CPython 2.2
60717=2.2 and later 2.2
60718+
# CPython 2.3
62011=2.3 and later 2.3, some 2.3a0
62012+
62021 a0
# CPython 2.4
62041 a0
62051 a3
62061=b1
62062+
# CPython 2.5
62071 a0
62081 a0
62091 a0
62092 a0
62101 b3
62111 b3
62121 c1
62131=c2
62132+
# CPython 2.6
62151 a0
62161=a1
62162+
# CPython 2.7
62171 a0
62181 a0
62191 a0
62201 a0
62211=a0
62212+
# CPython 3.0
3000 py3k before 3.0a4
3010 py3k before 3.0a4
3020 py3k before 3.0a4
3030 py3k before 3.0a4
3040 py3k before 3.0a4
3050 py3k before 3.0a4
3060 py3k before 3.0a4
3061 py3k before 3.0a4
3071 py3k before 3.0a4
3081 py3k before 3.0a4
3091 py3k before 3.0a4
3101 py3k before 3.0a4
3103 py3k before 3.0a4
3111 a4
3130~the source of 3.0
3131=b1
# CPython 3.1
3141 a1
3150~the source of 3.1
3151=a1
# CPython 3.2
3160 a1
3170 a2
3180=a3
# CPython 3.3
3190 a1
3200 a1
3210 a1
3220 a2
3230=a4
# CPython 3.4
3250 a1
3260 a1
3270 a1
3280 a1
3290 a4
3300 a4
3310=rc2
# CPython 3.5
3320 a1
3330 b1
3340 b2
# CPython 3.5.1
3350=3.5b3 to 3.5.2
# CPython 3.5
3351=3.5.3 and later 3.5
# CPython 3.6
3360 a0
3361 a1
3370 a2
3371 a2
3372 a2
3373 b1
3375 b1
3376 b1
3377 b1
3378 b2
3379=rc1
# CPython 3.7
3390 a1
3391 a2
3392 a4
3393 b1
3394=b5
# CPython 3.8
3400 a1
3401 a1
3410 a1
3411 b2
3412 b2
3413=b4
# CPython 3.9
3420 a0
3421 a0
3422 a0
3423 a2
3424 a2
3425=a2
# CPython 3.10
3430 a1
3431 a1
3432 a2
3433 a2
3434 a6
3435 a7
3436 b1
3437 b1
3438 b1
3439=b1
# CPython 3.11
3450 a1
3451 a1
3452 a1
3453 a1
3454 a1
3455 a1
3456 a1
3457 a1
3458 a1
3459 a1
3460 a1
3461 a1
3462 a2
3463 a3
3464 a3
3465 a3
3466 a4
3467 a4
3468 a4
3469 a4
3470 a4
3471 a4
3472 a4
3473 a4
3474 a4
3475 a5
3476 a5
3477 a5
3478 a5
3479 a5
3480 a5
3481 a5
3482 a5
3483 a5
3484 a5
3485 a5
3486 a6
3487 a6
3488 a6
3489 a6
3490 a6
3491 a6
3492 a7
3493 a7
3494 a7
3495=b4
# CPython 3.12
3500 a1
3501 a1
3502 a1
3503 a1
3504 a1
3505 a1
3506 a1
3507 a1
3508 a1
3509 a1
3510 a2
3511 a2
3512 a2
3513 a4
3514 a4
3515 a5
3516 a5
3517 a5
3518 a6
3519 a6
3520 a6
3521 a7
3522 a7
3523 a7
3524 a7
3525 b1
3526 b1
3527 b1
3528 b1
3529 b1
3530 b1
3531=b1
# CPython 3.13
3550 a1
3551 a1
3552 a1
3553 a1
3554 a1
3555 a1
3556 a1
3557 a1
3558 a1
3559 a1
3560 a1
3561 a1
3562 a1
3563 a1
3564 a1
3565 a1
3566 a1
3567 a1
3568 a1
3569 a5
3570 a6
3571=b1
# CPython 3.14
3600 a1
3601 a1
3602 a1
3603 a1
3604 a1
3605 a1
3606 a1
3607 a1
3608 a1
3609 a2
3610 a4
3611 a4
3612 a4
3613 a4
3614 a5
3615 a5
3616 a5
3617 a6
3618 a6
3619 a6
3620 a6
3621 a7
3622 a7
3623 a7
3624 b1
3625 b3
3626 rc2
3627=rc3
# CPython 3.15
3650 a0
3651 a1
3652 a1
3653 a1
3654 a1
3655 a1
3656 a1
3657 a4
3658 a4
3659 a4
3660 a4
3661 a4
3662 a8
3663 a8
3664 a8
3665 a8
3666=b1
# CPython 3.16
3700~3.16a0
3701~3.16a0
3702~3.16a1
3703~3.16a1
3704~3.16a1
3705~3.16a1
3706~3.16a1
# CPython-Meta 3.14
3628=3.14rc3
# PyPy 2.7
62218=2.7
# PyPy 3.2
48 2.x (3.2.5, beta)
3187=2.3.4 (3.2.5)
# PyPy 3.3
64=5.2 and 5.5 (3.3)
# PyPy 3.5
112=3.5
# PyPy 3.6
160 7.1 (3.6, beta)
192=3.6
# PyPy 3.7
224 3.7 (beta)
240=3.7
# PyPy 3.8
256=3.8
# PyPy 3.9
320 7.3.8 (3.9)
336=3.9
# PyPy 3.10
384=3.10
# PyPy 3.11
416=3.11 (7.3.20)
# PyPy ?
244=3 (it is not known which)
# GraalPy 3.8
21150=3.8 (bytecode version 15)
21260=3.8 (bytecode version 26)
# GraalPy 3.10
21280=3.10 (bytecode version 28)
# GraalPy 3.11
21290=3.11 (bytecode version 29)
# GraalPy 3.12
21290=3.12 (bytecode version 29)
# Jython 2.7
1011=2.7.1b3 to 2.7.2b3
65226=2.7.4
65526=2.7.4
# Jython ?
xcafebabe=$py.class
# Pyston 2.7
2657=0.6.1
22138=0.6.0
# Dropbox 2.5
62135=2.5 (the client's)
# NeoX 3.11
3496=3.11 (NetEase's games)
# RustPython 3.12
12641 3.12 (a commit's number)
12897=0.4.0 (3.12)
# RustPython 3.13
134 3.13.0a
2997=after 0.4.0 (3.13)
3531=3.13
13413=3.13
24881=0.4.0 (3.13)
# RustPython 3.14
3627=3.14
# MicroPython 3.4
x4d00=1.5.1 to 1.8.7 (.mpy 0)
x4d01~between 1.8.7 and 1.9 (.mpy 1)
x4d02=1.9 to 1.9.2 (.mpy 2)
x4d03=1.9.3 to 1.10, or CircuitPython 6 (.mpy 3)
x4d04=1.11 (.mpy 4)
x4d05=1.12 to 1.18 (.mpy 5)
x4d06=1.19 and later (.mpy 6)
# CircuitPython 3.4
x4305=7 and 8 (.mpy 5)
x4306=9 and later (.mpy 6)
`;
