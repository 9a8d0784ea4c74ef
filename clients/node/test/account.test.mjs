/** Accounts of tests: rules, scenarios, calls, clocks. */

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import sdk from "tencentcloud-sdk-nodejs-ocr";
import { Account, AssertionError, RefusedError, report, start } from "mockocr";

let server;
before(async () => (server = await start()));
after(() => server.stop());

/** What the official SDK makes of a call: the card, or the code of the error. */
async function call(account, parameters = {}) {
  const client = new sdk.ocr.v20181119.Client(account.clientConfig);
  try {
    return await client.IDCardOCR({ ImageUrl: "https://example.com/a.jpg", ...parameters });
  } catch (error) {
    return error.code;
  }
}

const fails = (message) => (error) => {
  assert.ok(error instanceof AssertionError, error);
  assert.match(error.message, message);
  return true;
};

test("an account has its own keys and calls", async () => {
  const [one, other] = [await server.account(), await server.account()];
  await call(one);

  assert.notEqual(one.secretId, other.secretId);
  assert.deepEqual([(await one.requests()).length, (await other.requests()).length], [1, 0]);
  assert.deepEqual(one.env, {
    TENCENTCLOUD_SECRET_ID: one.secretId,
    TENCENTCLOUD_SECRET_KEY: one.secretKey,
    MOCKOCR_URL: server.url,
  });
});

test("a rule answers the calls that match, in the order of its outcomes", async () => {
  const account = await server.account();
  const backs = await account.respond({
    when: { CardSide: "BACK" },
    then: [{ error: "FailedOperation.ImageBlur" }, { card: { Authority: "某市公安局" } }],
  });

  assert.equal(await call(account, { CardSide: "BACK" }), "FailedOperation.ImageBlur");
  assert.equal((await call(account, { CardSide: "BACK" })).Authority, "某市公安局");
  assert.equal((await call(account, { CardSide: "FRONT" })).Authority, "");
  await backs.assertCalled();
  await backs.assertCalled({ times: 2 });
  assert.deepEqual((await backs.calls()).map((each) => each.parameters.CardSide), ["BACK", "BACK"]);
});

test("a newer rule comes first, until its outcomes are used up", async () => {
  const account = await server.account();
  await account.play("error-image-blur");
  const older = await account.respond({ card: { Name: "李明" } });
  const newer = await account.respond({ error: "FailedOperation.OcrFailed", times: 2 });
  const outcomes = [];
  for (let number = 0; number < 3; number++) outcomes.push(await call(account));

  assert.deepEqual(outcomes.slice(0, 2), Array(2).fill("FailedOperation.OcrFailed"));
  assert.equal(outcomes[2].Name, "李明");
  await newer.assertCalled({ times: 2 });
  await assert.rejects(newer.assertCalled({ times: 3 }), fails(/its outcomes are used up/));
  await assert.rejects(older.assertCalled({ times: 2 }), fails(/answered by rule 'respond 2' of scenario/));
});

test("a failed assertion says why each other call did not match", async () => {
  const account = await server.account();
  const rule = await account.respond({ when: { CardSide: "BACK" }, error: "FailedOperation.ImageBlur" });
  await call(account, { CardSide: "FRONT" });
  await call({ clientConfig: { ...account.clientConfig, credential: { ...account, secretKey: "wrong" } } });

  const lines = [
    "rule 'respond 1': expected 1 call, got 0 \\(2 calls in total\\)",
    "  not \\S+: expected CardSide BACK, got FRONT",
    "  not \\S+: AuthFailure.SignatureFailure: [^]*wrong_secret_key \\(likely, not proven\\): ",
  ];
  await assert.rejects(rule.assertCalled({ times: 1 }), fails(new RegExp(`^${lines.join("\n")}`)));
  await rule.assertNotCalled();
});

test("too many calls are counted", async () => {
  const account = await server.account();
  const rule = await account.respond({ card: "invented" });
  await call(account);

  await assert.rejects(rule.assertNotCalled(), fails(/^rule 'respond 1': expected 0 calls, got 1 \(1 call in total\)$/));
});

test("a wrong outcome is refused with its place", async () => {
  const account = await server.account();

  await assert.rejects(account.respond({ error: "FailedOperation.Blurred" }), (error) => {
    assert.ok(error instanceof RefusedError);
    assert.match(error.message, /^respond: /);
    assert.match(error.message, /FailedOperation.Blurred/);
    return true;
  });
});

test("a scenario is played from each form", async () => {
  const folder = mkdtempSync(join(tmpdir(), "mockocr-test-"));
  const yaml = "name: mine\nrules: [{name: all, then: {error: FailedOperation.OcrFailed}}]\n";
  writeFileSync(join(folder, "mine.yaml"), yaml);
  const object = { name: "mine", rules: [{ name: "all", then: { error: "FailedOperation.OcrFailed" } }] };
  for (const form of ["error-ocr-failed", join(folder, "mine.yaml"), yaml, object]) {
    const account = await server.account();
    await account.play(form);

    assert.equal(await call(account), "FailedOperation.OcrFailed");
  }
  rmSync(folder, { recursive: true });
});

test("the default limit of a shared server is lifted, unless a scenario sets one", async () => {
  const shared = await start({ settings: { rate: 1 } });
  const account = await shared.account({ name: "a" });
  const codes = [await call(account), await call(account), await call(account)];
  assert.deepEqual(codes.filter((code) => typeof code === "string"), []);
  await account.play({ name: "slow", account: { rate: 1 } });
  await call(account);

  assert.equal(await call(account), "RequestLimitExceeded");
  assert.equal((await shared.account({ name: "a" })).name, "a (2)");
  await shared.stop();
});

test("the report lists calls, the nearest rule, unknown accounts, and why there may be no call", async () => {
  const since = new Date();
  const account = await server.account({ name: "reported" });
  const child = await account.account();
  const none = await report(account, new Date(Date.now() + 3_600_000));
  await account.respond({ when: { CardSide: "BACK", Region: "ap-guangzhou" }, card: "invented" });
  await account.respond({ when: { CardSide: "BACK" }, card: "invented" });
  await call(account, { CardSide: "FRONT" });
  await call({ clientConfig: { ...account.clientConfig, credential: { secretId: "AKIDNOBODY", secretKey: "a" } } });
  const text = await report(account, since);

  assert.match(none, /^calls of 'reported': none\ncalls of 'reported.2': none\nDoes the client call another host\?/);
  assert.match(text, /^calls of 'reported': 1\nRequestId +action +outcome +rule +ms +cause\n/);
  assert.match(text, /matched no rule; the nearest is rule 'respond 2' of scenario 'respond 2': expected CardSide BACK, got FRONT\n/);
  assert.match(text, /\ncalls of unknown accounts while the test ran: \d+\n[^]*AuthFailure.SecretIdNotFound/);
  assert.equal(child.name, "reported.2");
});

test("a card is answered with what it shows", async () => {
  const account = await server.account({ seed: 7 });
  const read = async (card, CardSide) =>
    call(account, { ImageUrl: undefined, ImageBase64: card.toString("base64"), CardSide });

  assert.equal((await read(await account.card({ fields: { Name: "李明" } }), "FRONT")).Name, "李明");
  assert.match((await read(await account.card({ side: "back" }), "BACK")).Authority, /公安/);
  assert.deepEqual(await account.card(), await account.card({ seed: 7 }));
  assert.equal(await read(await account.card({ specimen: "error-image-blur" })), "FailedOperation.ImageBlur");
  await assert.rejects(account.card({ specimen: "error-image-blurred" }), /did you mean 'error-image-blur'\?/);
});

test("a clock is moved", async () => {
  const account = await server.account();
  await account.clock.offset("+6m");
  assert.equal(await call(account), "AuthFailure.SignatureExpire");
  assert.equal((await account.explain()).cause, "clock_skew");
  await account.clock.freeze(new Date("2020-01-01"));
  assert.equal(await call(account), "AuthFailure.SignatureExpire");
  await account.clock.offset("0s");

  assert.ok((await call(account)).Name);
});

test("an account created through another is removed with it", async () => {
  const account = await server.account({ name: "parent" });
  const poor = await account.account({ state: "arrears" });

  assert.match(await call(poor), /InArrears/);
  await account.remove();
  assert.equal(await call(poor), "AuthFailure.SecretIdNotFound");
});

test("without calls there is nothing to explain", async () => {
  const account = await server.account({ name: "silent" });

  await assert.rejects(account.explain(), /the account 'silent' has made no calls/);
});

test("require gives what import gives", () => {
  const required = createRequire(import.meta.url)("mockocr");

  assert.deepEqual(Object.keys(required).filter((name) => name !== "__esModule").sort(), [
    "Account", "AssertionError", "Clock", "NoServerError", "RefusedError", "Rule", "Server", "report", "start",
  ]);
  assert.equal(typeof Account, "function");
});
