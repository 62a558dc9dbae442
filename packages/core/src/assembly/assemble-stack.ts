/** The stack size that a block's compiler would have counted, which depends on the constants that it loads. */
import { type Body, isExpression, stackSize, tupleDepth } from "../flow/index.js";
import { codeLayout } from "../format/index.js";
import type { Plain, PlainValue } from "../marshal/index.js";
import { nameOfLabel, nameText } from "./names.js";
import type { CodeBlock } from "./syntax.js";

export function stackSizeOf(
  body: Pick<Body, "version" | "code" | "exceptions">,
  { blocks }: CodeBlock,
  constants: readonly Plain[],
): number {
  const { version } = body;
  const { order } = codeLayout(version);
  const blockOf = new Map(blocks.map((each) => [each.object.value, each] as const));
  /** A field of a code object among the constants: by its block, which may not be filled yet, or as it was read. */
  const fieldOf = (constant: number, field: string): Plain | undefined => {
    const value = constants[constant]?.value;
    if (value?.kind !== "code") return undefined;
    const block = blockOf.get(value);
    const said = block?.fields.get(field);
    if (said !== undefined) return said.is === "object" ? said.value : undefined;
    return block === undefined ? value.objects[order.get(field) ?? -1] : undefined;
  };
  const nameOf = (constant: number): string => {
    const said = fieldOf(constant, "co_name");
    const block = blockOf.get(constants[constant]?.value as PlainValue);
    return (said && nameText(said, version)) ?? nameOfLabel(block?.label ?? "");
  };
  return stackSize({
    ...body,
    freeVariables(constant) {
      if (constants[constant]?.value.kind !== "code") return undefined;
      const names = fieldOf(constant, "co_freevars")?.value;
      return names !== undefined && "items" in names ? names.items.length : 0;
    },
    isExpression: (constant) => isExpression(nameOf(constant)),
    tupleDepth(constant, nested) {
      const value = constants[constant]?.value;
      return value === undefined ? 1 : tupleDepth(value, nested);
    },
  }).size;
}
