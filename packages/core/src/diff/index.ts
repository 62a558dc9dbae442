/** Two files compared by what they mean, differences of encoding apart. */
export {};
