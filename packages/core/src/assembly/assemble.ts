/** A program made into a file: every code object computed from what its block says, then encoded. */
import type { TextFault } from "../bytes/index.js";
import { encode, type Plain, type PlainCode, WriteError } from "../marshal/index.js";
import { headerBytes, type PycDraft } from "../pyc/index.js";
import { buildCode, type Enclosing } from "./assemble-code.js";
import { putEncoding } from "./encodings.js";
import { Faults } from "./faults.js";
import type { CodeBlock, Program } from "./syntax.js";

export interface Assembled {
  /** What `writePyc` writes. */
  readonly draft: PycDraft;
  readonly warnings: readonly TextFault[];
}

/**
 * Makes a file of a program. The objects of its blocks are filled.
 * @throws TextError with the places of what cannot be built
 */
export function assemble(program: Program): Assembled {
  const { version, object, trailing } = program;
  const faults = new Faults();
  const root: Plain = "is" in object ? object.object : object;
  const outermost = "is" in object ? [object] : program.blocks;
  const blocks = fill(program, outermost, faults);
  faults.check();
  for (const block of blocks) putEncodings(block, block.object, program, faults);
  if (!("is" in object)) putEncodings(program, root, program, faults);
  const header = told(() => program.header && headerBytes(version, program.header), faults);
  const draft = told(() => encode(root, version), faults);
  faults.check();
  return {
    draft: { version, header, object: draft as Exclude<typeof draft, undefined>, trailing },
    warnings: faults.list,
  };
}

/** Fills the objects of blocks, outer ones first. */
function fill({ version }: Program, outermost: readonly CodeBlock[], faults: Faults): CodeBlock[] {
  const done: CodeBlock[] = [];
  const waiting: { readonly block: CodeBlock; readonly outer: Enclosing | undefined }[] = [];
  const add = (blocks: readonly CodeBlock[], outer: Enclosing | undefined) => {
    for (let i = blocks.length - 1; i >= 0; i--) waiting.push({ block: blocks[i] as CodeBlock, outer });
  };
  add(outermost, undefined);
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { block, outer } = next;
    const built = buildCode(block, version, outer, faults);
    if (built === undefined) continue; // only a review begins anew
    // in place, for other objects may share the value
    const value = block.object.value as PlainCode;
    value.integers.splice(0, value.integers.length, ...built.code.integers);
    value.objects.splice(0, value.objects.length, ...built.code.objects);
    done.push(block);
    add(block.blocks, built.enclosing);
  }
  return done;
}

function putEncodings(
  { encodings, place }: Pick<CodeBlock, "encodings" | "place">,
  root: Plain,
  { version }: Program,
  faults: Faults,
): void {
  for (const [path, override] of encodings)
    if (!putEncoding(root, path, override, version))
      faults.error("unknown-path", place, `there is no ${path} here`, "a path to an object in this code object");
}

/** What cannot be encoded is a fault of the program. */
function told<T>(make: () => T, faults: Faults): T | undefined {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof WriteError)) throw error;
    faults.error("unwritable", undefined, error.message);
    return undefined;
  }
}
