/** Finding, starting and stopping a server. */

import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { NoServerError, RefusedError, start } from "mockocr";
import { answers, run, started, untilGone } from "./processes.mjs";

/** A program that starts a server, prints its URL, and then does something. */
const program = (then) => [
  "--input-type=module",
  "--eval",
  `import { start } from "mockocr"; const server = await start(); console.log(server.url); ${then}`,
];
const forever = "setInterval(() => 0, 1000);";
const options = { cwd: dirname(import.meta.dirname) };
const urlOf = /http:\S+/;

/** Runs `start` with other variables than those of this process. */
async function startWith(variables, given = {}) {
  const before = Object.keys(variables).map((name) => [name, process.env[name]]);
  set(Object.entries(variables));
  try {
    return await start(given);
  } finally {
    set(before);
  }
}

function set(variables) {
  for (const [name, value] of variables) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
}

test("a server is started on a free port, and stopped; it leaves no file", async () => {
  const folder = mkdtempSync(join(tmpdir(), "mockocr-test-"));
  const server = await startWith({ TMPDIR: folder, TEMP: folder });

  assert.deepEqual(readdirSync(folder), []);
  assert.ok(await answers(server.url));
  await server.stop();
  assert.ok(!(await answers(server.url)));
  rmSync(folder, { recursive: true });
});

test("the example of start runs", async () => {
  const { code, output } = await run(process.execPath, ["examples/start.mjs"], {}, options);

  assert.equal(code, 0, output);
  assert.match(output, /^AKID\w{32} http:\/\/127\.0\.0\.1:\d+\n$/);
});

test("settings are those of the command, in camelCase, not those of the shell", async () => {
  const settings = { contract: "2026-03-13", logLevel: "error", noAdmin: false };
  const server = await startWith({ MOCKOCR_SEED: "7" }, { settings });
  const info = await (await fetch(`${server.url}/__admin/info`)).json();
  await server.stop();

  assert.deepEqual([info.contract, info.seed], ["2026-03-13", 0]);
});

test("a server that runs already, and needs a token, is used and not stopped", async () => {
  const server = await start({ settings: { adminToken: "geheim" } });
  const { url } = server;
  const other = await startWith({ MOCKOCR_URL: url, MOCKOCR_ADMIN_TOKEN: "geheim" });

  assert.equal(other.url, url);
  assert.ok((await other.account()).secretId);
  await other.stop();
  assert.ok((await server.account()).secretId);
  await assert.rejects(start({ url }), (error) => {
    assert.ok(error instanceof RefusedError);
    assert.match(error.message, /set MOCKOCR_ADMIN_TOKEN/);
    return true;
  });
  await server.stop();
});

for (const [name, then] of [
  ["ends", ""],
  ["is killed", "process.kill(process.pid, 'SIGKILL');"],
]) {
  test(`the server stops when the process ${name}`, async () => {
    const { output } = await run(process.execPath, program(then), {}, options);

    await untilGone(output.match(urlOf)[0]);
  });
}

test("the server stops after Ctrl-C", { skip: process.platform === "win32" }, async () => {
  const { child, ended, printed } = started(process.execPath, program(forever), {}, options);
  const [url] = await printed(urlOf);
  child.kill("SIGINT");

  assert.equal((await ended).signal, "SIGINT");
  await untilGone(url);
});

const taken = createServer();
test("every failure names the remedy", async (t) => {
  await new Promise((resolve) => taken.listen(0, "127.0.0.1", resolve));
  t.after(() => taken.close());
  const port = taken.address().port;
  const nothing = { MOCKOCR_COMMAND: undefined, PATH: "/nowhere" };
  const cases = [
    [nothing, {}, /cannot find mockocr: .*no command `docker`.*pip install .*MOCKOCR_COMMAND.*MOCKOCR_URL/],
    [{ MOCKOCR_COMMAND: "/nowhere/mockocr" }, {}, /MOCKOCR_COMMAND: there is no command '\/nowhere\/mockocr'/],
    [{}, { command: ["/nowhere/mockocr"] }, /command: there is no command/],
    [{}, { settings: { port } }, /cannot listen on 127.0.0.1:\d+: address already in use; choose another port/],
    [{}, { settings: { adminToken: "geheim", sed: 7 } }, /exit code 2.* --admin-token=\*\*\* --sed=7\n.*'--sed'/],
    [{ MOCKOCR_COMMAND: `"${process.execPath}" -e "throw Error('wrong')"` }, {}, /exit code 1[^]*wrong/],
    [{ MOCKOCR_URL: `http://127.0.0.1:1` }, {}, /MOCKOCR_URL: no server at http:\/\/127.0.0.1:1: .*ECONNREFUSED.*; start one/],
    [{ MOCKOCR_URL: "http://127.0.0.1:1" }, { settings: { seed: 7 } }, /has its own settings; set seed where it is started/],
    [{ MOCKOCR_URL: "127.0.0.1:8018" }, {}, /MOCKOCR_URL: expected a URL such as http:/],
    [{}, { url: "https://127.0.0.1:8019" }, /url: expected a URL such as http:/],
  ];
  for (const [variables, given, message] of cases) {
    await assert.rejects(startWith(variables, given), (error) => {
      assert.ok(error instanceof NoServerError, error);
      assert.match(error.message, message);
      return true;
    });
  }
});
