/** For jest: `test` whose function gets `{ mockocr }`, a fresh account for each test. */

import { basename } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test as base } from "@jest/globals";
import { begin, close, type Context, HOOK_MILLISECONDS, open, type TestRun } from "./fixture.js";

export type TestFunction<Row extends unknown[] = []> = (...args: [...Row, Context]) => unknown;

type Define<Row extends unknown[] = []> = (
  name: string,
  body: TestFunction<Row>,
  timeout?: number,
) => void;

type BaseDefine = (
  name: string,
  body: (...row: unknown[]) => Promise<void>,
  timeout?: number,
) => void;

/** Tests that have not ended: when their time is over, their function is left running. */
const running = new Set<TestRun>();

async function finish(run: TestRun, hasFailed: boolean): Promise<void> {
  if (!running.delete(run)) return;
  const report = await run.end(hasFailed);
  if (report) console.error(report);
}

function defining<Row extends unknown[] = []>(define: BaseDefine): Define<Row> {
  return (name, body, timeout) => {
    // Without parameters of its own: jest would take a further one for a callback.
    const run = async (...row: unknown[]) => {
      const { currentTestName, testPath } = expect.getState();
      const current = await begin(testPath && basename(testPath), currentTestName);
      running.add(current);
      let hasFailed = true;
      try {
        await body(...(row as Row), { mockocr: current.account });
        hasFailed = false;
      } finally {
        await finish(current, hasFailed);
      }
    };
    define(name, run, timeout);
  };
}

/** A row is an array of arguments, or one argument. */
function each<Row extends unknown[] | [unknown]>(rows: readonly Row[]): Define<Row>;
function each<Row>(rows: readonly Row[]): Define<[Row]>;
function each(rows: readonly unknown[]): Define<unknown[]> {
  return defining(base.each(rows) as BaseDefine);
}

export const test = Object.assign(defining(base), {
  only: defining(base.only),
  skip: defining(base.skip),
  each,
});

export const it = test;

beforeAll(open, HOOK_MILLISECONDS);

afterEach(async () => {
  for (const run of running) await finish(run, true);
});

afterAll(close);
