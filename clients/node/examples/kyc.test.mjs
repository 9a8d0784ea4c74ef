import assert from "node:assert/strict";
import sdk from "tencentcloud-sdk-nodejs-ocr";
import { test } from "mockocr/node-test";

test("the third call succeeds", async ({ mockocr }) => {
  const rule = await mockocr.respond({
    then: [{ error: "FailedOperation.OcrFailed", times: 2 }, { card: { Name: "李明" } }],
  });
  const client = new sdk.ocr.v20181119.Client(mockocr.clientConfig);
  const call = () => client.IDCardOCR({ ImageUrl: "https://example.com/li-ming.jpg" });

  await assert.rejects(call);
  await assert.rejects(call);
  assert.equal((await call()).Name, "李明");
  await rule.assertCalled({ times: 3 });
});
