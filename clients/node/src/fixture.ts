/** The account of one test, for the helpers of the test frameworks. */

import type { Account } from "./account.js";
import { shortened } from "./names.js";
import { report } from "./report.js";
import type { Server } from "./server.js";
import { start } from "./start.js";

/** What a test function gets. */
export interface Context {
  /** A fresh account, with its own keys, scenarios, clock, limits and journal. */
  mockocr: Account;
}

export interface TestRun {
  account: Account;
  /** Removes the account. Returns the report if the test failed. */
  end(hasFailed: boolean): Promise<string | undefined>;
}

/** For the hook that starts the server, longer than a start may take: a test has less time. */
export const HOOK_MILLISECONDS = 60_000;

let server: Promise<Server> | undefined;

/** Starts the server of this process. */
export async function open(): Promise<void> {
  server ??= start();
  await server;
}

/** Begins a test of a name, which may have parts. */
export async function begin(...names: (string | undefined)[]): Promise<TestRun> {
  const since = new Date();
  await open();
  const account = await (await server!).account({ name: shortened(names.filter(Boolean).join(" > ")) });
  return {
    account,
    end: async (hasFailed) => {
      try {
        return hasFailed ? await report(account, since) : undefined;
      } catch (error) {
        return `cannot list the calls of this test: ${error}`;
      } finally {
        await account.remove();
      }
    },
  };
}

/** Stops the server of this process. */
export async function close(): Promise<void> {
  const started = server;
  server = undefined;
  // If it could not start, the tests have said so.
  await started?.then((each) => each.stop()).catch(() => undefined);
}
