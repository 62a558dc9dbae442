/**
 * The hash of a source that a hash-based header holds (PEP 552): SipHash with the magic number as its key, so many
 * rounds per word and at the end as that Python's own hash has.
 */
import { int32 } from "../bytes/index.js";
import { type Version, writingOf } from "../version/index.js";
import { magicBytes } from "./magic.js";

/**
 * The hash of a source file's bytes as `importlib.util.source_hash` of that version gives it, 8 bytes as they stand in
 * the header.
 */
export function sourceHash(source: Uint8Array, version: Version): Uint8Array {
  const key = int32(magicBytes(version), 0);
  const [perWord, atEnd] = rounds[writingOf(version).sourceHash];
  return siphash(source, key, perWord, atEnd);
}

const rounds = { "siphash-2-4": [2, 4], "siphash-1-3": [1, 3] } as const;

/** SipHash with a key whose lowest 32 bits alone are not 0. The four words of the state are pairs, low half first. */
function siphash(bytes: Uint8Array, key: number, perWord: number, atEnd: number): Uint8Array {
  const state = Uint32Array.of(
    0x70736575 ^ key,
    0x736f6d65,
    0x6e646f6d,
    0x646f7261,
    0x6e657261 ^ key,
    0x6c796765,
    0x79746573,
    0x74656462,
  );
  const whole = bytes.length & ~7;
  for (let at = 0; at < whole; at += 8) absorb(state, int32(bytes, at), int32(bytes, at + 4), perWord);
  const rest = new Uint8Array(8);
  rest.set(bytes.subarray(whole));
  rest[7] = bytes.length;
  absorb(state, int32(rest, 0), int32(rest, 4), perWord);
  state[4] = (state[4] as number) ^ 0xff;
  mix(state, atEnd);
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = state;
  const out = new DataView(new ArrayBuffer(8));
  out.setUint32(0, a ^ c ^ e ^ g, true);
  out.setUint32(4, b ^ d ^ f ^ h, true);
  return new Uint8Array(out.buffer);
}

/** Takes in a word of 64 bits. */
function absorb(state: Uint32Array, low: number, high: number, times: number): void {
  state[6] = (state[6] as number) ^ low;
  state[7] = (state[7] as number) ^ high;
  mix(state, times);
  state[0] = (state[0] as number) ^ low;
  state[1] = (state[1] as number) ^ high;
}

/** The rounds: additions, rotations and exclusive ors of the four words. */
function mix(state: Uint32Array, times: number): void {
  for (let i = 0; i < times; i++) {
    half(state, 0, 2, 13);
    swap(state, 0);
    half(state, 4, 6, 16);
    half(state, 0, 6, 21);
    half(state, 4, 2, 17);
    swap(state, 4);
  }
}

/** a += b, b rotated to the left and combined with a; the words by the place of their low half. */
function half(state: Uint32Array, a: number, b: number, bits: number): void {
  const low = (state[a] as number) + (state[b] as number);
  const high = (state[a + 1] as number) + (state[b + 1] as number) + (low > 0xffffffff ? 1 : 0);
  state[a] = low;
  state[a + 1] = high;
  const x = state[b] as number;
  const y = state[b + 1] as number;
  state[b] = ((x << bits) | (y >>> (32 - bits))) ^ low;
  state[b + 1] = ((y << bits) | (x >>> (32 - bits))) ^ high;
}

/** A word rotated by 32 bits. */
function swap(state: Uint32Array, at: number): void {
  const low = state[at] as number;
  state[at] = state[at + 1] as number;
  state[at + 1] = low;
}
