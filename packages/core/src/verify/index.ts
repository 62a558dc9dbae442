/** What the interpreter relies on in a file, checked. */
export {};
