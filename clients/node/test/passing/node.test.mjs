import assert from "node:assert/strict";
import { test } from "mockocr/node-test";

test("the context is node's", async (t) => {
  assert.match(t.mockocr.name, /node.test.mjs > the context is node's/);
  await t.test("and has subtests", () => assert.equal(typeof t.mockocr.secretId, "string"));
});

test(`a name of many characters: ${"😀".repeat(50)}`, (t) => {
  assert.equal(Array.from(t.mockocr.name).length, 64);
});

test("options are those of node:test", { skip: true }, () => {
  throw new Error("was run");
});

test.skip("is left out", () => {
  throw new Error("was run");
});
