/** For node:test: `test` whose context has `mockocr`, a fresh account for each test. */

import { basename } from "node:path";
import { after, before, test as base, type TestContext, type TestOptions } from "node:test";
import { begin, close, type Context, open } from "./fixture.js";

export type TestFunction = (context: TestContext & Context) => unknown;

interface Define {
  (name: string, body: TestFunction): Promise<void>;
  (name: string, options: TestOptions, body: TestFunction): Promise<void>;
}

type BaseDefine = (
  name: string,
  options: TestOptions,
  body: (context: TestContext) => Promise<void>,
) => Promise<void>;

function defining(define: BaseDefine): Define {
  return (name: string, ...rest: [TestFunction] | [TestOptions, TestFunction]) => {
    const [options, body] = rest.length === 1 ? [{}, rest[0]] : rest;
    return define(name, options, async (context) => {
      const run = await begin(basename(process.argv[1] ?? ""), context.name);
      let hasFailed = true;
      // Also when the time of the test is over, and its function is left running.
      context.after(async () => {
        const report = await run.end(hasFailed);
        // Reporters show a diagnostic as one line.
        for (const line of report?.split("\n") ?? []) context.diagnostic(line);
      });
      await body(Object.assign(context, { mockocr: run.account }));
      hasFailed = false;
    });
  };
}

export const test = Object.assign(defining(base), {
  only: defining(base.only),
  skip: defining(base.skip),
  todo: defining(base.todo),
});

export const it = test;

before(open);
after(close);
