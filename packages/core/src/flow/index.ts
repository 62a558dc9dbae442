/** Where control goes in a code object, and how deep the stack gets on the way. */
export {};
