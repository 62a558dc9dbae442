import { hex, isAscii, latin1, safe, splitsPair, utf8Fault, wtf8 } from "@pyclab/core/bytes";
import fc from "fast-check";
import { expect, test } from "vitest";

const utf8 = (text: string) => new TextEncoder().encode(text);

test("wtf8 reads what UTF-8 encodes", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => {
      const bytes = utf8(text);
      expect(utf8Fault(bytes, 0, bytes.length)).toBe(-1);
      expect(wtf8(bytes)).toBe(text);
    }),
  );
});

test("utf8Fault agrees with the host's strict decoder, surrogates apart", () => {
  const strict = new TextDecoder("utf-8", { fatal: true });
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 12 }), (bytes) => {
      fc.pre(!bytes.includes(0xed));
      let fine = true;
      try {
        strict.decode(bytes);
      } catch {
        fine = false;
      }
      expect(utf8Fault(bytes, 0, bytes.length) === -1).toBe(fine);
    }),
    { numRuns: 3000 },
  );
});

test("lone surrogates are let through, and two that would merge are told", () => {
  const high = [0xed, 0xa0, 0xbd];
  const low = [0xed, 0xb8, 0x80];
  expect(wtf8(Uint8Array.from(high))).toBe("\ud83d");
  expect(splitsPair(Uint8Array.from([...high, ...low]))).toBe(true);
  expect(splitsPair(Uint8Array.from([...low, ...high]))).toBe(false);
  expect(splitsPair(utf8("\u{1f600}"))).toBe(false);
});

test("a byte that is not UTF-8 becomes the surrogate that Python's surrogateescape gives it", () => {
  expect(wtf8(Uint8Array.from([0x61, 0xff, 0x62]))).toBe("a\udcffb");
});

test("latin1 keeps every byte, short and long", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      const text = latin1(bytes);
      expect([...text].map((c) => c.charCodeAt(0))).toEqual([...bytes]);
      expect(isAscii(bytes)).toBe(bytes.every((b) => b < 0x80));
      expect(hex(bytes)).toBe(Buffer.from(bytes).toString("hex"));
    }),
  );
});

test("safe leaves no character that moves the cursor, hides or reorders", () => {
  expect(safe("a\x1b[2K\nb\u202ec\u{e0041}\ud800é漢")).toBe("a\\x1b[2K\\nb\\u202ec\\U000e0041\\ud800é漢");
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
      expect(safe(text)).not.toMatch(/[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/);
    }),
  );
});
