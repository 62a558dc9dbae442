/** Modules of 3.12 made by hand, byte by byte, that no compiler makes. */
import { FLAG_REF } from "@pyclab/core/marshal";

const le = (n: number) => [n & 255, (n >> 8) & 255, (n >> 16) & 255, n >>> 24];
const bytesOf = (content: ArrayLike<number>, flag = 0) => [0x73 | flag, ...le(content.length), ...Array.from(content)];
const HEADER = [0xcb, 13, 13, 10, ...le(0), ...le(0), ...le(0)];

/** A code object of 3.12 whose other fields are empty. */
function code(name: string, co_code: readonly number[], co_consts: readonly number[]): number[] {
  const empty = [0x29, 0];
  const called = [0x7a, name.length, ...Buffer.from(name)];
  return [
    ...[0x63, ...le(0), ...le(0), ...le(0), ...le(1), ...le(0)],
    ...[...co_code, ...co_consts, ...empty, ...empty, ...bytesOf([])],
    ...[0x7a, 1, 0x66, ...called, ...called, ...le(1), ...bytesOf([]), ...bytesOf([])],
  ];
}

/**
 * A module of 3.12 with these constants, the containers and strings among them with FLAG_REF: `i1`, `g-0`, `T`, `'text`,
 * `b'text`, `r0`, and tuples and lists of them, one level each.
 */
export function module(constants: readonly string[]): Uint8Array {
  const items = constants.map(constant);
  return Uint8Array.from([
    ...HEADER,
    ...code("m", bytesOf([151, 0, 121, 0]), [0x28, ...le(items.length), ...items.flat()]),
  ]);
}

function constant(source: string): number[] {
  const rest = source.slice(1);
  if (source.startsWith("i")) return [0x69, ...le(Number(rest))];
  if (source.startsWith("r")) return [0x72, ...le(Number(rest))];
  if (source.startsWith("g")) return [0x67, ...new Uint8Array(new Float64Array([Number(rest)]).buffer)];
  if (source.startsWith("b'")) return bytesOf(Buffer.from(source.slice(2)), FLAG_REF);
  if (source.startsWith("'")) return [0x7a | FLAG_REF, rest.length, ...Buffer.from(rest)];
  if (source === "T") return [0x54];
  const items = split(source.slice(1, -1)).map(constant);
  return [(source.startsWith("(") ? 0x28 : 0x5b) | FLAG_REF, ...le(items.length), ...items.flat()];
}

/** At the commas that stand in no parentheses. */
function split(source: string): string[] {
  if (source === "") return [];
  let depth = 0;
  const out = [""];
  for (const c of source) {
    depth += c === "(" ? 1 : c === ")" ? -1 : 0;
    if (c === "," && depth === 0) out.push("");
    else out[out.length - 1] += c;
  }
  return out;
}

/** A module with many code objects whose instructions are one bytes object, and whose constants differ. */
export function sharing(count: number, size: number, step: number): Uint8Array {
  const co_code = bytesOf(
    Uint8Array.from({ length: size }, (_, i) => (i % 2 === 0 ? 100 : ((i * step) >> 3) % 3)),
    FLAG_REF,
  );
  const inner = Array.from({ length: count }, (_, i) =>
    code(`f${i}`, i === 0 ? co_code : [0x72, ...le(0)], [
      0x29,
      3,
      ...[0, 1, 2].flatMap((k) => [0x69, ...le(i * step + k)]),
    ]),
  );
  return Uint8Array.from([...HEADER, ...code("m", bytesOf([151, 0, 121, 0]), [0x28, ...le(count), ...inner.flat()])]);
}
