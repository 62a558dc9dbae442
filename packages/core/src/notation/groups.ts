/** Groups while they are open: what they count and claim, and what is in them. */
import { typeCode } from "../marshal/index.js";
import { type Claim, checkClaim } from "./claims.js";
import { type Count, settle } from "./counts.js";
import { Kind } from "./kinds.js";
import type { Output } from "./output.js";
import { lengthAt, partsOf } from "./parts.js";
import type { TextFaults } from "./text-faults.js";

export interface Group {
  /** Place of its parenthesis. */
  readonly place: number;
  /** Offset of its first byte. */
  readonly from: number;
  /** Which group of its parent it is. */
  readonly index: number;
  /** Groups in it so far, and bytes in those. */
  groups: number;
  inner: number;
  /** Whether its first byte was written as a character: a type byte. */
  typed: boolean;
  /** Counts that end where it ends. */
  counts: Count[] | undefined;
  /** Counts in its parent that it alone is what is counted of. */
  own: Count | undefined;
  claims: Claim[] | undefined;
}

export function openGroup(place: number, from: number, index: number): Group {
  return {
    place,
    from,
    index,
    groups: 0,
    inner: 0,
    typed: false,
    counts: undefined,
    own: undefined,
    claims: undefined,
  };
}

/** Settles what ends with a group; what is in it is written. */
export function closeGroup(group: Group, out: Output, faults: TextFaults): void {
  for (const count of group.counts ?? [])
    settle(count, { groups: group.groups - count.groups, inner: group.inner - count.inner }, out, faults);
  if (group.own) settle(group.own, { groups: 1, inner: out.length - group.from }, out, faults);
  for (const claim of group.claims ?? []) checkClaim(claim, out.length - group.from, faults);
}

/** A length or count that is not that of what follows it in its group. */
export interface WrongLength {
  readonly place: number;
  readonly what: string;
}

/** Whether the length that a group begins with is another than that of what the group holds. */
export function wrongLength(group: Group, out: Output): WrongLength | undefined {
  const type = typeCode(out.bytes[group.from] as number);
  const [length, content] = type === undefined ? [] : partsOf(type.shape);
  if (type === undefined || length?.kind !== Kind.length) return undefined;
  const head = 1 + length.size;
  const size = out.length - group.from;
  if (size < head) return undefined;
  const value = lengthAt(out.bytes, group.from + 1, length.size);
  const bare = size - group.inner;
  if (content === undefined) {
    const isItems = bare === head && value !== group.groups;
    return isItems ? { place: group.place, what: `the count is ${value}, the group has ${group.groups}` } : undefined;
  }
  const each = content.each ?? 1;
  if (partsOf(type.shape).length > 2 || Math.abs(value) * each === size - head) return undefined;
  const unit = each === 1 ? "bytes" : "bytes of digits";
  return { place: group.place, what: `the length is ${value}, the group has ${size - head} ${unit} behind it` };
}
