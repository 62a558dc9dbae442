/** References mended after drafts were taken out, moved or put in twice. */
import type { Version } from "../version/index.js";
import { FLAG_REF } from "./codes.js";
import { Draft } from "./draft.js";
import { isReference } from "./encode.js";
import { IS_REFERABLE, planFor } from "./plan.js";

const REF = 0x72; // r
const STRINGREF = 0x52; // R
const INTERNED = 0x74; // t

/**
 * Changes a tree of drafts so that each reference stands behind what it refers to: the first reference to an object
 * that is not written before it becomes that object, and where the object comes again, it becomes a reference, if the
 * version has such. What is referred to gets the type byte that this takes.
 */
export function mendReferences(root: Draft, version: Version): void {
  const { shapes } = planFor(version);
  const { references } = version.traits;
  const written = new Set([root]);
  const open: { readonly items: Draft[]; at: number }[] = [{ items: root.items, at: 0 }];
  for (let frame = open.at(-1); frame !== undefined; frame = open.at(-1)) {
    const { items, at } = frame;
    if (at === items.length) {
      open.pop();
      continue;
    }
    frame.at++;
    let item = items[at] as Draft;
    if (isReference(item.type)) {
      const { target } = item;
      if (target === undefined) continue;
      prepare(target, item.type);
      if (written.has(target)) continue;
      item = target;
      items[at] = target;
    } else if (written.has(item)) {
      const type = references === "flag" ? REF : STRINGREF;
      const possible = references === "flag" ? canBeFlagged(item.type) : (item.type & ~FLAG_REF) === INTERNED;
      if (references === "none" || !possible) continue;
      prepare(item, type);
      items[at] = new Draft(type, undefined, undefined, undefined, item);
      continue;
    }
    written.add(item);
    open.push({ items: item.items, at: 0 });
  }

  function canBeFlagged(type: number): boolean {
    return ((shapes[type | FLAG_REF] as number) & IS_REFERABLE) !== 0;
  }

  /** Sees to it that the object is in the table that a reference of that type indexes. */
  function prepare(target: Draft, type: number): void {
    if ((type & ~FLAG_REF) === STRINGREF) target.type = INTERNED | (target.type & FLAG_REF);
    else if (canBeFlagged(target.type)) target.type |= FLAG_REF;
  }
}
