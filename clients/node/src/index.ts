/** A local test double of Tencent Cloud's IDCardOCR, for tests in Node. */

export { Account, Clock, type ClientConfig, type Response } from "./account.js";
export type {
  AccountSpec,
  CallDetails,
  Explanation,
  Outcome,
  Rule as RuleSpec,
  Scenario,
  When,
} from "./api.js";
export { AssertionError, NoServerError, RefusedError } from "./errors.js";
export { report } from "./report.js";
export { Rule } from "./rule.js";
export { Server } from "./server.js";
export { start, type StartOptions } from "./start.js";
