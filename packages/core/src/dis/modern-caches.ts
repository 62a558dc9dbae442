/**
 * What the inline cache entries behind an instruction hold, by name and size in code units, as the CACHE lines of a
 * listing show it. Most are a counter alone, which needs no row.
 */

type Field = readonly [name: string, units: number];

const counter: Field = ["counter", 1];
const version: Field = ["version", 2];
const index: Field = ["index", 1];
const descr: Field = ["descr", 4];
const keysVersion: Field = ["keys_version", 2];
const typeVersion: Field = ["type_version", 2];
const funcVersion: Field = ["func_version", 2];

/** By opname and number of entries. An opcode that had two layouts of the same size had them in pre-releases only. */
const layouts: { readonly [opcode: string]: readonly Field[] } = {
  "BINARY_OP 5": [counter, descr],
  "BINARY_SUBSCR 4": [counter, typeVersion, ["func_version", 1]],
  "CALL 3": [counter, funcVersion],
  "CALL 4": [counter, funcVersion, ["min_args", 1]],
  "CALL_KW 3": [counter, funcVersion],
  "COMPARE_OP 2": [counter, ["mask", 1]],
  "LOAD_ATTR 4": [counter, version, index],
  "LOAD_ATTR 9": [counter, version, keysVersion, descr],
  "LOAD_GLOBAL 4": [counter, index, ["module_keys_version", 1], ["builtin_keys_version", 1]],
  "LOAD_GLOBAL 5": [counter, index, ["module_keys_version", 2], ["builtin_keys_version", 1]],
  "LOAD_METHOD 10": [counter, typeVersion, ["dict_offset", 1], keysVersion, descr],
  "STORE_ATTR 4": [counter, version, index],
  "TO_BOOL 3": [counter, version],
};

/** The fields in the `units` cache entries behind an instruction; units that no field is known for are not in it. */
export function cacheFields(opname: string, units: number): readonly Field[] {
  return layouts[`${opname} ${units}`] ?? (units > 0 ? [counter] : []);
}

/** A little-endian number of any size, in decimal. */
export function cacheValue(code: Uint8Array, start: number, end: number): string {
  if (end - start <= 4) {
    let value = 0;
    for (let i = Math.min(end, code.length) - 1; i >= start; i--) value = value * 256 + (code[i] as number);
    return String(value);
  }
  let value = 0n;
  for (let i = Math.min(end, code.length) - 1; i >= start; i--) value = (value << 8n) | BigInt(code[i] as number);
  return String(value);
}
