/** How each opcode of a version steers: whether execution goes on behind it, and what its jump is. */
import { OpargKind, type OpcodeTable, opcodesOf } from "../opcode/index.js";
import type { Version } from "../version/index.js";

/** Bits of an opcode's control. */
export const Control = {
  /** Execution does not go on with the next instruction. */
  stops: 1,
  /** Its oparg is where it may jump. */
  jumps: 2,
  /** Sets a block up; where it jumps is where the block's end, or its handler, is (up to 3.10). */
  block: 4,
  /** The block is one that exceptions enter, with what they put on the stack. */
  handler: 8,
  /** Takes a block down. */
  unblock: 16,
  /** The jump unwinds blocks first, to the loop that it goes to. */
  unwinds: 32,
} as const;

const stops = new Set(
  [
    "RETURN_VALUE RETURN_CONST RAISE_VARARGS RAISE_EXCEPTION RERAISE POP_EXCEPT_AND_RERAISE INTERPRETER_EXIT STOP_CODE",
    "JUMP_FORWARD JUMP_ABSOLUTE JUMP_NO_INTERRUPT JUMP_BACKWARD JUMP_BACKWARD_NO_INTERRUPT CONTINUE_LOOP BREAK_LOOP",
  ].flatMap((names) => names.split(" ")),
);
const handlers = new Set(["SETUP_EXCEPT", "SETUP_FINALLY", "SETUP_WITH", "SETUP_ASYNC_WITH"]);
const jumps: ReadonlySet<number> = new Set([OpargKind.jumpForward, OpargKind.jumpBackward, OpargKind.jumpAbsolute]);

function controlOf(name: string, kind: number): number {
  // The END_ASYNC_FOR of 3.14 has an oparg that tells where its loop began; it does not jump there.
  let control = jumps.has(kind) && name !== "END_ASYNC_FOR" ? Control.jumps : 0;
  if (stops.has(name)) control |= Control.stops;
  if (name === "SETUP_LOOP") control |= Control.block;
  if (handlers.has(name)) control |= Control.block | Control.handler;
  if (name === "POP_BLOCK") control |= Control.unblock;
  if (name === "CONTINUE_LOOP") control |= Control.unwinds;
  return control;
}

const made = new WeakMap<OpcodeTable, Uint8Array>();

/** The control of each of the 256 opcodes; a specialised one has that of its base. */
export function controlsOf(version: Version): Uint8Array {
  const table = opcodesOf(version);
  let controls = made.get(table);
  if (controls === undefined) {
    controls = table.base.map((base, opcode) => controlOf(table.ownNames[base] ?? "", table.kind[opcode] as number));
    made.set(table, controls);
  }
  return controls;
}
