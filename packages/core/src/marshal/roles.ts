/** Where an object stands, as far as the choices of a writer depend on it: in which field of a code object, how deep. */
import { codeLayout } from "../format/index.js";
import type { Version } from "../version/index.js";
import { WriteError } from "./draft.js";
import { itemsOf } from "./equality.js";
import type { Plain, PlainCode } from "./plain.js";
import { MAX_DEPTH } from "./walk.js";

export interface Role {
  /** The field of the innermost code object around it; "" where there is none. */
  readonly field: string;
  /** The field itself, an item of what it holds, or deeper in. */
  readonly level: "field" | "item" | "inner";
  /** Whether the field holds names. */
  readonly names: boolean;
  /** The role of what is in it. */
  readonly within: Role;
}

function roleOf(field: string, names: boolean): Role {
  const inner = { field, level: "inner", names } as { -readonly [K in keyof Role]: Role[K] };
  inner.within = inner;
  const item: Role = { field, level: "item", names, within: inner };
  return { field, level: "field", names, within: item };
}

const outermost = roleOf("", false);
const known = new Map<number, readonly Role[]>();

/** A role for each object of a code object's record. */
function rolesOf(version: Version): readonly Role[] {
  let roles = known.get(version.position);
  if (roles === undefined) {
    roles = codeLayout(version)
      .fields.filter(({ type }) => type === "object")
      .map(({ name, holds = "" }) => roleOf(name, holds.endsWith(" of str")));
    known.set(version.position, roles);
  }
  return roles;
}

interface Frame {
  readonly items: readonly Plain[];
  readonly roles: readonly Role[] | Role;
  readonly code: PlainCode | undefined;
  at: number;
}

/** What is done with each object on a walk, in the order in which they are written. */
export interface Visitor {
  /** @returns whether to go on with what is in it */
  enter(plain: Plain, role: Role, code: PlainCode | undefined): boolean;
  /** Behind the last object in a container that was entered. */
  leave(): void;
}

/**
 * Walks over an object and what is in it, without recursion.
 * @throws WriteError where they are nested more than MAX_DEPTH deep
 */
export function walkPlain(root: Plain, version: Version, visitor: Visitor): void {
  const fields = rolesOf(version);
  const frames: Frame[] = [];
  const enter = (plain: Plain, role: Role, code: PlainCode | undefined): void => {
    if (!visitor.enter(plain, role, code)) return;
    const { value } = plain;
    const items = itemsOf(value) ?? [];
    if (items.length > 0 && frames.length >= MAX_DEPTH)
      throw new WriteError("", `objects nested more than ${MAX_DEPTH} deep`);
    const isCode = value.kind === "code";
    frames.push({ items, roles: isCode ? fields : role.within, code: isCode ? value : code, at: 0 });
  };
  enter(root, outermost, undefined);
  for (let frame = frames.at(-1); frame !== undefined; frame = frames.at(-1)) {
    const { items, roles, code, at } = frame;
    if (at === items.length) {
      frames.pop();
      visitor.leave();
      continue;
    }
    frame.at++;
    enter(items[at] as Plain, "length" in roles ? (roles[at] ?? outermost) : roles, code);
  }
}
