/**
 * Encodings by path: where in a code object (or another object) an override stands. `co_consts[2][0]` is the first item
 * in the third constant; keys and values of a dict are counted by turns, and `.end` is its terminator. Nested code
 * objects have paths of their own.
 */
import { codeLayout } from "../format/index.js";
import { FLAG_REF, type Override, Plain, type PlainValue, Shape, typeCode } from "../marshal/index.js";
import type { Version } from "../version/index.js";

type Items = Plain[];

function itemsOf(value: PlainValue): Items | undefined {
  return "items" in value ? value.items : value.kind === "code" ? value.objects : undefined;
}

/**
 * Takes the overrides off an object and what is in it, code objects apart.
 * @param codes code objects that keep theirs, to be asked for themselves
 * @param seen objects that were gone through already: each is once, where it stands first
 */
export function takeEncodings(
  root: Plain,
  codes: ReadonlySet<Plain>,
  version: Version,
  seen: Set<PlainValue>,
): Map<string, Override> {
  const found = new Map<string, Override>();
  const { objects } = codeLayout(version);
  const waiting: [plain: Plain, path: string][] = [[root, ""]];
  for (let top = waiting.pop(); top !== undefined; top = waiting.pop()) {
    const [plain, path] = top;
    const { value, override } = plain;
    if (plain !== root && codes.has(plain)) continue;
    if (override !== undefined) {
      found.set(path, override);
      plain.override = undefined;
    }
    const items = itemsOf(value);
    if (items === undefined || seen.has(value) || (value.kind === "code" && plain !== root)) continue;
    seen.add(value);
    if ("end" in value && value.end !== undefined) {
      found.set(`${path}.end`, value.end);
      delete value.end;
    }
    for (let i = items.length - 1; i >= 0; i--)
      waiting.push([items[i] as Plain, value.kind === "code" ? (objects[i] ?? "") : `${path}[${i}]`]);
  }
  return found;
}

/**
 * Puts an override where a path says.
 * @returns whether there is such a place
 */
export function putEncoding(root: Plain, path: string, override: Override, version: Version): boolean {
  if (path === "") {
    root.override = override;
    return true;
  }
  const isEnd = path.endsWith(".end");
  const steps = (isEnd ? path.slice(0, -4) : path).match(/^\w+|\[\d+\]/g) ?? [];
  if (steps.join("") !== (isEnd ? path.slice(0, -4) : path)) return false;
  const { order } = codeLayout(version);
  let holder: Items = [root];
  let index = 0;
  for (const step of steps) {
    const { value } = holder[index] as Plain;
    const items = value.kind === "code" && holder[index] !== root ? undefined : itemsOf(value);
    const at = step.startsWith("[") ? Number(step.slice(1, -1)) : order.get(step);
    if (items === undefined || at === undefined || at >= items.length) return false;
    if (step.startsWith("[") === (value.kind === "code")) return false;
    holder = items;
    index = at;
  }
  const plain = holder[index] as Plain;
  if (isEnd) {
    if (plain.value.kind !== "dict" && plain.value.kind !== "frozendict") return false;
    plain.value.end = override;
  } else if (override.type !== undefined && isReference(override.type)) {
    // The object may stand elsewhere too, where it is none.
    holder[index] = new Plain(plain.value, override);
  } else plain.override = override;
  return true;
}

function isReference(type: number): boolean {
  const shape = typeCode(type & ~FLAG_REF)?.shape;
  return shape === Shape.reference || shape === Shape.stringReference;
}
