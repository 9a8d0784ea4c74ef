/** For vitest: `test` with a fixture `mockocr`, a fresh account for each test. */

import { afterAll, beforeAll, test as base } from "vitest";
import { begin, close, type Context, HOOK_MILLISECONDS, open } from "./fixture.js";

export const test = base.extend<Context>({
  mockocr: async ({ task }, use) => {
    const names = [task.name];
    for (let suite = task.suite; suite; suite = suite.suite) names.unshift(suite.name);
    const run = await begin(task.file.name, ...names);
    await use(run.account);
    const report = await run.end(task.result?.state === "fail");
    if (report) console.error(report);
  },
});

export const it = test;

beforeAll(open, HOOK_MILLISECONDS);
afterAll(close);
