/** For jest: `test` whose function gets `{ mockocr }`, a fresh account for each test. */

import { basename } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test as base } from "@jest/globals";
import { begin, close, type Context, HOOK_MILLISECONDS, open, type TestRun } from "./fixture.js";

export type TestFunction = (context: Context) => unknown;

type Define = (name: string, body: TestFunction, timeout?: number) => void;

/** Tests that have not ended: when their time is over, their function is left running. */
const running = new Set<TestRun>();

async function finish(run: TestRun, hasFailed: boolean): Promise<void> {
  if (!running.delete(run)) return;
  const report = await run.end(hasFailed);
  if (report) console.error(report);
}

function defining(define: (name: string, body: () => Promise<void>, timeout?: number) => void): Define {
  return (name, body, timeout) => {
    const run = async () => {
      const { currentTestName, testPath } = expect.getState();
      const current = await begin(testPath && basename(testPath), currentTestName);
      running.add(current);
      let hasFailed = true;
      try {
        await body({ mockocr: current.account });
        hasFailed = false;
      } finally {
        await finish(current, hasFailed);
      }
    };
    define(name, run, timeout);
  };
}

export const test = Object.assign(defining(base), {
  only: defining(base.only),
  skip: defining(base.skip),
});

export const it = test;

beforeAll(open, HOOK_MILLISECONDS);

afterEach(async () => {
  for (const run of running) await finish(run, true);
});

afterAll(close);
