/** Every magic number, in one order; what wrote it; and the traits of each. */
export { finals, nearMagic, type Version, versionNamed, versions, versionsOfMagic } from "./lookup.js";
export { positionOf } from "./order.js";
export type { Lineage, Stage } from "./rows.js";
export type { Traits } from "./traits.js";
