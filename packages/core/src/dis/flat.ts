/**
 * Text put together is a tree of its pieces until somebody reads a character of it. What is kept, or done with, is
 * made flat at once: the tree costs time and memory as long as it lives.
 */
export function flat(text: string): string {
  if (text.length > 0) read = text.charCodeAt(0);
  return text;
}
/** Keeps an optimiser from leaving the reading out. */
export let read = 0;
