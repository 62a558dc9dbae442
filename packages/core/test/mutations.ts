/** Files that were damaged or changed on purpose, many of which can still be read: for properties of writing. */
import { type Pyc, readPyc } from "@pyclab/core";
import { FormatError } from "@pyclab/core/bytes";
import { Draft, FLAG_REF, mendReferences, WriteError } from "@pyclab/core/marshal";
import { draftPyc, writePyc } from "@pyclab/core/pyc";

/** A number below `below`. */
export type Pick = (below: number) => number;

/** Numbers from a seed, the same on every machine. */
export function picker(seed: number): Pick {
  let state = seed | 0;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

const TYPES = [..."0NFTS.iIfgxylstRuaAzZ()[{}<>:Ccr"].map((c) => c.charCodeAt(0));

/** Some bytes changed, left out or put in twice. */
export function damaged(bytes: Uint8Array, pick: Pick): Uint8Array {
  let out = bytes.slice();
  for (let rounds = 1 + pick(3); rounds > 0; rounds--) {
    const at = pick(out.length);
    const kind = pick(5);
    if (kind === 0) out[at] = (out[at] as number) ^ (1 << pick(8));
    else if (kind === 1) out[at] = pick(256);
    else if (kind === 2) out[at] = (TYPES[pick(TYPES.length)] as number) | (pick(2) << 7);
    else {
      const from = pick(out.length);
      const length = 1 + pick(32);
      const behind = kind === 3 ? out.subarray(at + length) : out.subarray(at);
      const put = kind === 3 ? out.subarray(0, 0) : out.subarray(from, from + length);
      out = new Uint8Array([...out.subarray(0, at), ...put, ...behind]);
    }
  }
  return out;
}

/** The file with flags set and cleared, objects turned into references, strings into other forms. */
export function redrafted(pyc: Pyc, pick: Pick): Uint8Array {
  const draft = draftPyc(pyc);
  const all: Draft[] = [];
  for (let stack = [draft.object]; stack.length > 0; ) {
    const next = stack.pop() as Draft;
    all.push(next);
    stack.push(...next.items);
  }
  for (let rounds = 1 + pick(5); rounds > 0; rounds--) change(all, pick);
  if (pick(2) === 0) mendReferences(draft.object, pyc.version);
  return writePyc(draft);
}

const STRINGS = "aAzZust";
const UNREFERABLE = "rR0NTFS.";
const letter = (draft: Draft) => String.fromCharCode(draft.type & ~FLAG_REF);

function change(all: readonly Draft[], pick: Pick): void {
  const one = all[pick(all.length)] as Draft;
  const other = all[pick(all.length)] as Draft;
  switch (pick(4)) {
    case 0:
      one.type ^= FLAG_REF;
      break;
    case 1:
      if (STRINGS.includes(letter(one))) one.type = STRINGS.charCodeAt(pick(STRINGS.length)) | (one.type & FLAG_REF);
      break;
    case 2:
      if ("([<>)".includes(letter(one)) && one.items.length > 0) one.items.push(one.items[0] as Draft);
      break;
    default: {
      const at = pick(Math.max(1, one.items.length));
      const item = one.items[at];
      if (item === undefined || letter(item) === "0" || UNREFERABLE.includes(letter(other))) return;
      other.type |= FLAG_REF;
      one.items[at] = new Draft(pick(4) === 0 ? 0xf2 : 0x72, undefined, undefined, undefined, other);
    }
  }
}

/** What a change of that file by those picks can be read as, or undefined where it cannot be made or read. */
export function changed(bytes: Uint8Array, pick: Pick): Pyc | undefined {
  try {
    const redraft = pick(2) === 0;
    const out = redraft ? redrafted(readPyc(bytes), pick) : bytes;
    return readPyc(redraft && pick(2) === 0 ? out : damaged(out, pick));
  } catch (error) {
    if (error instanceof FormatError || error instanceof WriteError) return undefined;
    throw error;
  }
}
