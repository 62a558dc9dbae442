/**
 * What a listing prints where the file refers to nothing, or says too much. All such markers are made here: they stand
 * in angle brackets where the argument's meaning would, so that no name and no constant can be mistaken for one.
 */
export const marker = {
  /** Opargs that index nothing. */
  constant: (index: number) => `<no constant ${index}>`,
  name: (index: number) => `<no name ${index}>`,
  local: (index: number) => `<no local ${index}>`,
  cell: (index: number) => `<no cell ${index}>`,
  /** An oparg that indexes a table of the interpreter's, such as the comparison operators. */
  operand: (index: number) => `<no operand ${index}>`,
  /** Behind the target of a jump that leaves the code or enters an instruction in its middle. */
  target: " <no instruction>",
  /** Behind an instruction that the end of the code cuts off. */
  cutOff: " <cut off>",
  /** A value that cannot be read, a reference to nothing, and the NULL that marshal writes for what it cannot. */
  missing: "<nothing>",
  null: "<NULL>",
  /** In place of a listing: the file's object is no code object. */
  notCode: (repr: string) => `<no code object: ${repr}>`,
  /** In place of a name: a value that is no string. */
  notName: (repr: string) => `<no string: ${repr}>`,
  /** Behind a constant that grew too long: nested shared references may stand for any length. */
  cut: " <the rest is left out>",
  /** In place of an integer whose decimal digits nobody reads. */
  digits: (hex: string) => `${hex} <more than 100000 decimal digits>`,
  /** In place of the listing of a code object that contains itself. */
  cycle: "<contains itself: see above>",
  /** At the end of a listing that its budget ended. */
  budget: (instructions: number, codeObjects: number) =>
    `<left out: ${instructions} instructions of this code object, ${codeObjects} nested code objects and all in them>`,
} as const;
