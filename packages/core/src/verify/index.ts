/** What the interpreter relies on in a file, checked. */
export type { Finding } from "./finding.js";
export { type Rule, type RuleId, rules, type Severity } from "./rules.js";
export { type SourceCheck, verifySource } from "./source.js";
export { type VerifyOptions, verify } from "./verify.js";
