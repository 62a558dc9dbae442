/** Every magic number, in one order; what wrote it; and the traits of each. */
export { type CompilerTraits, compilerOf } from "./compiler.js";
export { nearMagic } from "./damage.js";
export { finals, type Version, versions, versionsOfMagic, versionsOfNumber } from "./lookup.js";
export { nameOf, versionNamed } from "./names.js";
export { noteOf } from "./notes.js";
export { placeOf, positionOf } from "./order.js";
export type { Lineage, Stage } from "./rows.js";
export type { Traits } from "./traits.js";
export { type WritingTraits, writingOf } from "./writing.js";
