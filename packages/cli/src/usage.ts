/** Wrong usage: one sentence for standard error, exit status 2. */
export class UsageError extends Error {}
