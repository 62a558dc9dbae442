/** Constants that a compiler adds of itself. */
import { Plain } from "../marshal/index.js";

export const constant = {
  None: new Plain({ kind: "None" }),
  True: new Plain({ kind: "bool", value: true }),
  False: new Plain({ kind: "bool", value: false }),
  one: new Plain({ kind: "int", value: 1 }),
  empty: new Plain({ kind: "str", value: "" }),
};
