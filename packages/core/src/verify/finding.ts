/** What was found, and how it is collected: of one rule in one code object the first, and how many there are. */
import type { CodeObject } from "../code/index.js";
import { NO_NODE } from "../marshal/index.js";
import { pathOf } from "../pyc/index.js";
import { type RuleId, rules, type Severity } from "./rules.js";

export interface Finding {
  readonly id: RuleId;
  readonly severity: Severity;
  /** File offset in bytes. */
  readonly offset: number;
  /** What it is about: `co_consts[3].co_code`; "" for the file itself. */
  readonly path: string;
  /** A sentence without its full stop. */
  readonly message: string;
}

export class Findings {
  private readonly found: Finding[] = [];
  /** Where in `found` the first of each rule is, and how many there are, of the code object that is looked at. */
  private met = new Map<RuleId, { readonly at: number; count: number }>();
  private readonly counts: { readonly at: number; count: number }[] = [];

  /** From here on, it is about another code object, or the file. */
  next(): void {
    this.met = new Map();
  }

  /** The path is asked for once per finding that is told: it takes time to find. */
  add(id: RuleId, offset: number, path: string | (() => string), message: string): void {
    const known = this.met.get(id);
    if (known !== undefined) {
      known.count++;
      return;
    }
    const count = { at: this.found.length, count: 1 };
    this.met.set(id, count);
    this.counts.push(count);
    const where = typeof path === "string" ? path : path();
    this.found.push({ id, severity: rules[id].severity, offset, path: where, message });
  }

  list(): Finding[] {
    const out = [...this.found];
    for (const { at, count } of this.counts) {
      const first = out[at] as Finding;
      if (count > 1) out[at] = { ...first, message: `${first.message} (and ${count - 1} more of the kind)` };
    }
    return out.sort((a, b) => a.offset - b.offset);
  }
}

/** A code object that is looked at, and how to tell of it. */
export interface Subject {
  readonly code: CodeObject;
  /** Tells of something in a field, `at` bytes into what a bytes object there holds; without it, of the whole field. */
  readonly tell: (id: RuleId, field: string, message: string, at?: number) => void;
}

export function subjectOf(code: CodeObject, findings: Findings): Subject {
  return {
    code,
    tell(id, field, message, at) {
      const node = code.fieldNode(field);
      const offset =
        node === NO_NODE ? code.offset : (code.table.start[node] as number) + (at === undefined ? 0 : 5 + at);
      const path = () => fieldPath(pathOf(code.table, code.node), field);
      findings.add(id, offset, path, message);
    },
  };
}

/** The path to a field of a code object. */
export function fieldPath(path: string, field: string): string {
  return path === "" ? field : `${path}.${field}`;
}
