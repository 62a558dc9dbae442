/** Writing: what was read is written back bit for bit, and what was changed is accounted for. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { readPyc } from "@pyclab/core";
import { FormatError } from "@pyclab/core/bytes";
import { Draft, draftOf, mendReferences, readNodes, WriteError, writeDraft } from "@pyclab/core/marshal";
import { draftPyc, headerBytes, writePyc } from "@pyclab/core/pyc";
import { versionNamed } from "@pyclab/core/version";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { changed, picker } from "./mutations.js";
import { fixturesOf, fixtureVersions } from "./oracle.js";

const v27 = versionNamed("2.7");
const v33 = versionNamed("3.3");
const v311 = versionNamed("3.11");

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");
const bytes = (text: string) => new Uint8Array(Buffer.from(text, "latin1"));
const same = (a: Uint8Array, b: Uint8Array) => Buffer.compare(a, b) === 0;

/** A draft from a type code with `*` behind it for FLAG_REF. */
const draft = (code: string, content: string | Draft[] = "", target?: Draft) =>
  new Draft(
    code.charCodeAt(0) | (code.endsWith("*") ? 0x80 : 0),
    typeof content === "string" ? bytes(content) : undefined,
    typeof content === "string" ? undefined : content,
    undefined,
    target,
  );

describe("what was read", () => {
  test.each(fixtureVersions())("fixtures of %s", (version) => {
    for (const { stem, bytes } of fixturesOf(version)) {
      const pyc = readPyc(bytes);
      expect([stem, same(writePyc(pyc), bytes), same(writePyc(draftPyc(pyc)), bytes)]).toEqual([stem, true, true]);
    }
  });

  const hostile = new URL("../../../../shared/hostile/", import.meta.url);
  test.skipIf(!existsSync(hostile))("hostile files that can be read", () => {
    for (const name of readdirSync(hostile).filter((name) => name.endsWith(".pyc"))) {
      const bytes = new Uint8Array(readFileSync(new URL(name, hostile)));
      let pyc: ReturnType<typeof readPyc>;
      try {
        pyc = readPyc(bytes);
      } catch (error) {
        expect(error).toBeInstanceOf(FormatError);
        continue;
      }
      expect([name, same(writePyc(pyc), bytes), same(writePyc(draftPyc(pyc)), bytes)]).toEqual([name, true, true]);
    }
  });

  const small = fixtureVersions()
    .flatMap((version) => fixturesOf(version))
    .filter(({ bytes }) => bytes.length < 3000);
  test("damaged and changed files that can be read", () => {
    fc.assert(
      fc.property(fc.constantFrom(...small), fc.integer(), (sample, seed) => {
        const pyc = changed(sample.bytes, picker(seed));
        if (!pyc) return;
        expect(same(writePyc(pyc), pyc.bytes)).toBe(true);
        expect(same(writePyc(draftPyc(pyc)), pyc.bytes)).toBe(true);
      }),
      { numRuns: 800 },
    );
  });

  test("what was not read whole is not written", () => {
    const [sample] = fixturesOf("3.11");
    const pyc = readPyc((sample as { bytes: Uint8Array }).bytes.subarray(0, 200), { tolerant: true });
    expect(() => writePyc(pyc)).toThrow(WriteError);
    expect(() => draftPyc(pyc)).toThrow(/not read whole/);
  });
});

describe("drafts", () => {
  test("lengths, counts and indexes follow what is there", () => {
    const shared = draft("z*", "ab");
    const root = draft(")", [draft("z*", "x"), shared, draft("r", "", shared)]);
    expect(hex(writeDraft(root, v311))).toBe(hex(bytes(")\x03\xfa\x01x\xfa\x02abr\x01\0\0\0")));
    root.items.shift();
    shared.content = bytes("abc");
    expect(hex(writeDraft(root, v311))).toBe(hex(bytes(")\x02\xfa\x03abcr\0\0\0\0")));
  });

  test("R counts interned strings alone", () => {
    const name = draft("t", "ab");
    const root = draft("(", [draft("s", "x"), draft("t", "y"), name, draft("R", "", name)]);
    const expected = "(\x04\0\0\0s\x01\0\0\0xt\x01\0\0\0yt\x02\0\0\0abR\x01\0\0\0";
    expect(hex(writeDraft(root, v27))).toBe(hex(bytes(expected)));
  });

  test("what a file has can be taken out: indexes are those of what is left", () => {
    for (const { bytes } of fixturesOf("3.8")) {
      const object = draftOf(readPyc(bytes).table);
      const version = readPyc(bytes).version;
      object.items[0] = draft("s", ""); // co_code, without its flag if it had one
      mendReferences(object, version);
      const out = writeDraft(object, version);
      expect(readNodes(out, 0, version).end[0]).toBe(out.length);
    }
  });

  test.each<[string, Draft, string]>([
    ["a reference to nothing", draft(")", [draft("r")]), "[0]: a reference to nothing"],
    [
      "a reference to what comes later",
      (() => {
        const later = draft("i*", "\0\0\0\0");
        return draft(")", [draft("r", "", later), later]);
      })(),
      "[0]: a reference to what is not written before it",
    ],
    [
      "a reference to what has no FLAG_REF",
      (() => {
        const plain = draft("i", "\0\0\0\0");
        return draft(")", [plain, draft("r", "", plain)]);
      })(),
      "[1]: a reference to what is not written before it",
    ],
    [
      "a frozenset that contains itself",
      (() => {
        const set = draft(">*", []);
        set.items.push(draft("r", "", set));
        return set;
      })(),
      "[0]: a reference to an object that is not complete",
    ],
    [
      "a small tuple too large",
      draft(
        ")",
        Array.from({ length: 256 }, () => draft("N")),
      ),
      "256 items behind",
    ],
    ["a short string too long", draft("z", "x".repeat(256)), "256 bytes behind"],
    ["an int of 3 bytes", draft("i", "abc"), '3 bytes behind type code "i", where 4 belong'],
    ["a long without its digits", draft("l", "\x02\0\0\0\x01\0"), '6 bytes behind type code "l", where 8 belong'],
    ["an unknown type byte", draft("?"), "type byte 0x3f, which no marshal has"],
    ["a NULL in a list", draft("[", [draft("0")]), "[0]: a NULL, which only ends a dict"],
    ["a dict without an end", draft("{", [draft("N"), draft("N")]), "a dict that is not pairs and a NULL"],
    ["a key without a value", draft("{", [draft("N"), draft("0")]), "a dict that is not pairs and a NULL"],
    ["a slice of two", draft(":", [draft("N"), draft("N")]), "a slice of 2 objects, not 3"],
    ["a code object of nothing", draft("c", []), "a code object of 0 objects, not 10"],
  ])("%s is an error", (_, root, message) => {
    expect(() => writeDraft(root, v311)).toThrow(WriteError);
    expect(() => writeDraft(root, v311)).toThrow(message);
  });

  test("nesting has the depth that is read", () => {
    const nested = (depth: number) => {
      let inner = draft("N");
      for (let i = 0; i < depth; i++) inner = draft("[", [inner]);
      return inner;
    };
    const deepest = writeDraft(nested(2000), v311);
    expect(readNodes(deepest, 0, v311).count).toBe(2001);
    expect(() => writeDraft(nested(2001), v311)).toThrow("nested more than 2000 deep");
    const endless = draft("[", []);
    endless.items.push(endless);
    expect(() => writeDraft(endless, v311)).toThrow("nested more than 2000 deep");
  });

  test("integers keep to their width", () => {
    const [sample] = fixturesOf("2.2");
    const pyc = readPyc((sample as { bytes: Uint8Array }).bytes);
    const object = draftOf(pyc.table);
    object.integers[0] = 0xffff;
    expect(writeDraft(object, pyc.version).subarray(1, 3)).toEqual(Uint8Array.of(0xff, 0xff));
    object.integers[0] = 0x10000;
    expect(() => writeDraft(object, pyc.version)).toThrow("65536 as an integer of 16 bits");
    object.integers.pop();
    expect(() => writeDraft(object, pyc.version)).toThrow("a code object of 4 integers, not 5");
  });
});

describe("references mended", () => {
  test("the first reference to what was taken out becomes the object", () => {
    const gone = draft("z", "ab");
    const root = draft(")", [draft("N"), draft("r", "", gone), draft("r", "", gone)]);
    mendReferences(root, v311);
    expect(hex(writeDraft(root, v311))).toBe(hex(bytes(")\x03N\xfa\x02abr\0\0\0\0")));
  });

  test("what moved behind its reference changes places with it", () => {
    const shared = draft("t", "ab");
    const root = draft("(", [draft("R", "", shared), shared]);
    mendReferences(root, v27);
    expect(hex(writeDraft(root, v27))).toBe(hex(bytes("(\x02\0\0\0t\x02\0\0\0abR\0\0\0\0")));
  });

  test("what stands in two places is written twice where there are no references", () => {
    const shared = draft("u", "ab");
    const root = draft("(", [shared, shared]);
    mendReferences(root, v33);
    expect(hex(writeDraft(root, v33))).toBe(hex(bytes("(\x02\0\0\0u\x02\0\0\0abu\x02\0\0\0ab")));
    const later = draft(")", [shared, shared]);
    mendReferences(later, v311);
    expect(hex(writeDraft(later, v311))).toBe(hex(bytes(")\x02\xf5\x02\0\0\0abr\0\0\0\0")));
  });

  test("what contains itself ends", () => {
    const list = draft("[", []);
    list.items.push(list, list);
    mendReferences(list, v311);
    expect(hex(writeDraft(list, v311))).toBe(hex(bytes("\xdb\x02\0\0\0r\0\0\0\0r\0\0\0\0")));
  });
});

describe("headers", () => {
  test.each<[string, Parameters<typeof headerBytes>[1], string]>([
    ["2.7", { mtime: 0x01020304 }, "03f30d0a 04030201"],
    ["3.3", { mtime: 1, source_size: 2 ** 32 + 5 }, "9e0c0d0a 01000000 05000000"],
    ["3.11", { mtime: 1, source_size: 2 }, "a70d0d0a 00000000 01000000 02000000"],
    ["3.11", { source_hash: bytes("abcdefgh") }, "a70d0d0a 01000000 6162636465666768"],
    ["3.11", { flags: 3, source_hash: bytes("abcdefgh") }, "a70d0d0a 03000000 6162636465666768"],
    ["3.11", { magic: bytes("\0\0\0\0"), flags: 0x80000000 }, "00000000 00000080 00000000 00000000"],
    ["1.0.2", {}, "02999900 00000000"],
  ])("%s %j", (python, values, expected) => {
    expect(hex(headerBytes(versionNamed(python), values))).toBe(expected.replaceAll(" ", ""));
  });

  test.each<[string, Parameters<typeof headerBytes>[1], string]>([
    ["2.7", { source_size: 1 }, "header.source_size: this form of the header of 2.7 has no such field"],
    ["2.7", { flags: 0 }, "header.flags: this form"],
    ["3.11", { mtime: 0, source_hash: bytes("abcdefgh") }, "header.mtime: this form"],
    ["3.11", { flags: 0, source_hash: bytes("abcdefgh") }, "header.source_hash: this form"],
    ["3.11", { source_hash: bytes("abc") }, "header.source_hash: 3 bytes, not 8"],
    ["3.11", { mtime: 2 ** 32 }, "header.mtime: 4294967296 as an unsigned integer of 32 bits"],
    ["3.11", { source_size: -1 }, "header.source_size: -1 as an unsigned integer"],
  ])("%s %j is an error", (python, values, message) => {
    expect(() => headerBytes(versionNamed(python), values)).toThrow(message);
  });

  test("of files that were read: the same", () => {
    for (const version of fixtureVersions()) {
      const { bytes } = fixturesOf(version)[0] as { bytes: Uint8Array };
      const { header, version: of } = readPyc(bytes);
      const { flags, mtime, sourceSize, sourceHash } = header ?? {};
      const values = {
        ...(flags === undefined ? {} : { flags }),
        ...(mtime === undefined ? {} : { mtime }),
        ...(sourceSize === undefined ? {} : { source_size: sourceSize }),
        ...(sourceHash === undefined ? {} : { source_hash: sourceHash }),
      };
      expect(hex(headerBytes(of, values))).toBe(hex(bytes.subarray(0, header?.span.end)));
    }
  });
});
