"use strict";
const assert = require("node:assert");
const { test } = require("node:test");
const { client, readCard } = require("./kyc.js");

test("a front has a name and a number", async () => {
  const card = await readCard("https://example.com/front.jpg", "FRONT");
  assert.equal(card.Name, "李明");
  assert.match(card.IdNum, /^\d{17}[\dX]$/);
});

test("a back has an authority", async () => {
  const card = await readCard("https://example.com/back.jpg", "BACK");
  assert.ok(card.Authority);
});

test("a failure of the engine is tried again", async () => {
  const card = await readCard("https://example.com/flaky.jpg", "FRONT");
  assert.ok(card.Name);
});

test("a blurred picture is reported", async () => {
  await assert.rejects(readCard("https://example.com/blurred.jpg", "FRONT"), {
    code: "FailedOperation.ImageBlur",
  });
});

test("https works with the CA of the server", async () => {
  const card = await readCard(
    "https://example.com/front.jpg",
    "FRONT",
    client(process.env.MOCKOCR_HTTPS_URL),
  );
  assert.equal(card.Name, "李明");
});
