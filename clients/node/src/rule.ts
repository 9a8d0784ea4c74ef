/** The rule that `respond` makes, and assertions on its calls. */

import type { Account } from "./account.js";
import type { CallDetails } from "./api.js";
import { AssertionError } from "./errors.js";
import { difference, reasons } from "./report.js";

const SHOWN_CALLS = 50;

export class Rule {
  readonly name: string;
  private readonly account: Account;

  /** @internal */
  constructor(account: Account, name: string) {
    this.account = account;
    this.name = name;
  }

  /** The calls that it answered, oldest first. */
  async calls(): Promise<CallDetails[]> {
    return (await this.account.requests()).filter((call) => this.answered(call));
  }

  /** Checks how many calls it answered; without `times`, at least one. Throws an AssertionError that
   * says why it did not answer the others. */
  async assertCalled({ times }: { times?: number } = {}): Promise<void> {
    const calls = await this.account.requests();
    const others = calls.filter((call) => !this.answered(call));
    const found = calls.length - others.length;
    if (found === times || (times === undefined && found > 0)) return;
    const expected = times === undefined ? "at least 1 call" : counted(times);
    const lines = [
      `rule '${this.name}': expected ${expected}, got ${found} (${counted(calls.length)} in total)`,
    ];
    if (times === undefined || found < times) {
      for (const call of others.slice(-SHOWN_CALLS)) {
        lines.push(`  not ${call.RequestId}: ${await this.whyNot(call)}`);
      }
    }
    throw new AssertionError(lines.join("\n"));
  }

  async assertNotCalled(): Promise<void> {
    await this.assertCalled({ times: 0 });
  }

  private answered(call: CallDetails): boolean {
    return call.rule === this.name && call.scenario === this.name;
  }

  private async whyNot(call: CallDetails): Promise<string> {
    const explanation = await this.account.explain(call.RequestId);
    const miss = explanation.decision.near_misses.find((each) => each.scenario === this.name);
    if (miss) return miss.differences.map(difference).join("; ") || "its outcomes are used up";
    if (call.rule) return `answered by rule '${call.rule}' of scenario '${call.scenario}'`;
    return reasons(explanation).join("\n    ") || call.outcome;
  }
}

function counted(calls: number): string {
  return `${calls} call${calls === 1 ? "" : "s"}`;
}
