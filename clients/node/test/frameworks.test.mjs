/** The helpers for vitest, jest and node:test, each run as its users run it, with the official SDK. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { start } from "mockocr";
import { run } from "./processes.mjs";

const root = dirname(import.meta.dirname);
const { resolve } = createRequire(import.meta.url);
const bins = {
  vitest: [join(dirname(resolve("vitest/package.json")), "vitest.mjs"), "run"],
  jest: [join(dirname(resolve("jest/package.json")), "bin/jest.js")],
  node: ["--test", "--test-reporter=spec"],
};
const examples = { vitest: "examples/kyc.test.ts", jest: "examples/kyc.test.cjs", node: "examples/kyc.test.mjs" };
const names = { vitest: "vitest.test.ts", jest: "jest.test.cjs", node: "node.test.mjs" };
/** The variable by which node:test recognizes its own children. */
const apart = { NODE_TEST_CONTEXT: undefined };

const runs = (framework, args, env) =>
  run(process.execPath, [...bins[framework], ...args], { ...apart, ...env }, { cwd: root });

async function passes(framework, ...flags) {
  const { code, output } = await runs(framework, [
    ...flags,
    examples[framework],
    `test/passing/${names[framework]}`,
  ]);

  assert.equal(code, 0, output);
  assert.match(output, /[34] passed|pass 4/);
}

/** The default of vitest and jest, 5 s, fails on a busy machine. */
const PATIENT = "--testTimeout=60000";

let server;
before(async () => (server = await start()));
after(() => server.stop());

test("the example and other tests pass with vitest, which starts a server", () =>
  passes("vitest", PATIENT));
test("the example and other tests pass with node:test, which starts a server", () => passes("node"));
test("the example and other tests pass with jest, whose global setup starts a server", () =>
  passes("jest", PATIENT, "--globalSetup", "mockocr/global-setup"));

for (const framework of Object.keys(bins)) {
  test(`${framework} prints the calls of failed tests and the cause`, async () => {
    const variables = { MOCKOCR_URL: server.url };
    const { code, output } = await runs(framework, [`test/failing/${names[framework]}`], variables);

    assert.notEqual(code, 0, output);
    assert.match(output, /calls of '\S+ > a wrong key': 1/);
    assert.match(output, /AuthFailure\.SignatureFailure .* secret_has_whitespace/);
    assert.match(output, /secret_has_whitespace \(proven\): /);
    assert.match(output, /calls of '\S+ > no answer in time': /);
  });
}

test("a server that cannot start fails the tests with the reason", async () => {
  const variables = { MOCKOCR_COMMAND: "no-such-command" };
  const { code, output } = await runs("jest", [examples.jest], variables);

  assert.notEqual(code, 0, output);
  assert.match(output, /MOCKOCR_COMMAND: there is no command 'no-such-command'/);
});

test("an example has at most 15 lines", () => {
  for (const file of Object.values(examples)) {
    const lines = readFileSync(join(root, file), "utf8").split("\n").filter(Boolean);
    assert.ok(lines.length <= 15, `${file}: ${lines.length}`);
  }
});
