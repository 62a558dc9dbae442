/** Constants that a compiler adds of itself. */
import { Plain } from "../marshal/index.js";

export const constant = {
  None: new Plain({ kind: "None" }),
  True: new Plain({ kind: "bool", value: true }),
};
