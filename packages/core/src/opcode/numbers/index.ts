/**
 * Every set of opcode numbers, by key. CPython's are keyed by the final's version, those of other lineages by
 * `Version.opcodes` (`pypy3.9`). The text of a set is described in `parse.ts`; it is parsed when it is asked for.
 */
import { cpython0_9_8 } from "./cpython0.9.8.js";
import { cpython0_9_9 } from "./cpython0.9.9.js";
import { cpython1_0_1 } from "./cpython1.0.1.js";
import { cpython1_0_2 } from "./cpython1.0.2.js";
import { cpython1_1 } from "./cpython1.1.js";
import { cpython1_2 } from "./cpython1.2.js";
import { cpython1_3 } from "./cpython1.3.js";
import { cpython1_4 } from "./cpython1.4.js";
import { cpython1_5 } from "./cpython1.5.js";
import { cpython1_6 } from "./cpython1.6.js";
import { cpython2_0 } from "./cpython2.0.js";
import { cpython2_1 } from "./cpython2.1.js";
import { cpython2_2 } from "./cpython2.2.js";
import { cpython2_3 } from "./cpython2.3.js";
import { cpython2_4 } from "./cpython2.4.js";
import { cpython2_5 } from "./cpython2.5.js";
import { cpython2_6 } from "./cpython2.6.js";
import { cpython2_7 } from "./cpython2.7.js";
import { cpython3_0 } from "./cpython3.0.js";
import { cpython3_1 } from "./cpython3.1.js";
import { cpython3_2 } from "./cpython3.2.js";
import { cpython3_3 } from "./cpython3.3.js";
import { cpython3_4 } from "./cpython3.4.js";
import { cpython3_5 } from "./cpython3.5.js";
import { cpython3_6 } from "./cpython3.6.js";
import { cpython3_7 } from "./cpython3.7.js";
import { cpython3_8 } from "./cpython3.8.js";
import { cpython3_9 } from "./cpython3.9.js";
import { cpython3_10 } from "./cpython3.10.js";
import { cpython3_11 } from "./cpython3.11.js";
import { cpython3_12 } from "./cpython3.12.js";
import { cpython3_13 } from "./cpython3.13.js";
import { cpython3_14 } from "./cpython3.14.js";
import { cpython3_15 } from "./cpython3.15.js";

import { pypyNumbers } from "./pypy.js";

/** The numbers of one version, or what changes against those of `base`. */
export interface NumberSet {
  readonly key: string;
  readonly base?: string;
  readonly text: string;
}

export const numberSets: readonly NumberSet[] = [
  { key: "0.9.8", text: cpython0_9_8 },
  { key: "0.9.9", text: cpython0_9_9 },
  { key: "1.0.1", text: cpython1_0_1 },
  { key: "1.0.2", text: cpython1_0_2 },
  { key: "1.1", text: cpython1_1 },
  { key: "1.2", text: cpython1_2 },
  { key: "1.3", text: cpython1_3 },
  { key: "1.4", text: cpython1_4 },
  { key: "1.5", text: cpython1_5 },
  { key: "1.6", text: cpython1_6 },
  { key: "2.0", text: cpython2_0 },
  { key: "2.1", text: cpython2_1 },
  { key: "2.2", text: cpython2_2 },
  { key: "2.3", text: cpython2_3 },
  { key: "2.4", text: cpython2_4 },
  { key: "2.5", text: cpython2_5 },
  { key: "2.6", text: cpython2_6 },
  { key: "2.7", text: cpython2_7 },
  { key: "3.0", text: cpython3_0 },
  { key: "3.1", text: cpython3_1 },
  { key: "3.2", text: cpython3_2 },
  { key: "3.3", text: cpython3_3 },
  { key: "3.4", text: cpython3_4 },
  { key: "3.5", text: cpython3_5 },
  { key: "3.6", text: cpython3_6 },
  { key: "3.7", text: cpython3_7 },
  { key: "3.8", text: cpython3_8 },
  { key: "3.9", text: cpython3_9 },
  { key: "3.10", text: cpython3_10 },
  { key: "3.11", text: cpython3_11 },
  { key: "3.12", text: cpython3_12 },
  { key: "3.13", text: cpython3_13 },
  { key: "3.14", text: cpython3_14 },
  { key: "3.15", text: cpython3_15 },
  ...pypyNumbers,
];
