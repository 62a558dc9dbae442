/** Changes to a file: header, names, constants, flags, instructions; what depends on them is mended. */
export {};
