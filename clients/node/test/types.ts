/** Compiled, not run: what the types allow and refuse. */

import { test as jestTest } from "mockocr/jest";
import { type CallDetails, type Scenario, start } from "mockocr";

const server = await start({ settings: { seed: 7, scenarios: ["documented"] } });
const account = await server.account({ package: 2 });
await account.respond({ card: { Name: "李明" }, warnings: ["copy"] });
await account.respond({ when: { Config: { TempIdWarn: true } }, card: "invented" });
const rule = await account.respond({ when: { CardSide: ["FRONT", "BACK"] }, then: [{ http: 502 }] });
await rule.assertCalled({ times: 1 });
const calls: CallDetails[] = await rule.calls();
const scenario: Scenario = { name: "a", rules: [{ name: "b", then: { fault: "TIMEOUT" } }] };
await account.play(scenario);
const cause: string | null = (await account.explain(calls[0]?.RequestId)).cause;

jestTest.each([["FRONT", 1]])("%s", async (side, times, { mockocr }) => {
  const call: [string, number] = [side, times];
  await mockocr.account({ name: call[0] });
});
jestTest.each([{ side: "FRONT" }])("$side", async ({ side }, { mockocr }) => {
  await mockocr.account({ name: side });
});

// @ts-expect-error: an unknown error code
await account.respond({ error: "FailedOperation.Blurred" });
// @ts-expect-error: an unknown condition
await account.respond({ when: { cardSide: "FRONT" }, card: "invented" });
// @ts-expect-error: an unknown state
await server.account({ state: "poor" });
// @ts-expect-error: calls are not awaited
const later: CallDetails[] = rule.calls();

export { cause, later };
