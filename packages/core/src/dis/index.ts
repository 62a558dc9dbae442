/** Listings: the text that the `dis` of the Python that wrote a file prints. */
export { listing } from "./listing.js";
export { marker } from "./marker.js";
export { functionParts, ownMeaning } from "./meaning.js";
export { Repr } from "./repr.js";
export type { Listing, ListingOptions, Style } from "./style.js";
