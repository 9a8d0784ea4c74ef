import sdk from "tencentcloud-sdk-nodejs-ocr";
import { test } from "mockocr/node-test";

const { Client } = sdk.ocr.v20181119;

test("a wrong key", async ({ mockocr }) => {
  const credential = { secretId: mockocr.secretId, secretKey: `${mockocr.secretKey}\n` };
  const client = new Client({ ...mockocr.clientConfig, credential });
  await client.IDCardOCR({ ImageUrl: "https://example.com/a.jpg" });
});

test("no answer in time", { timeout: 300 }, async ({ mockocr }) => {
  await mockocr.respond({ fault: "TIMEOUT" });
  const client = new Client(mockocr.clientConfig);
  // The process of the tests waits for the end of the call.
  client.profile.httpProfile.reqTimeout = 1;
  await client.IDCardOCR({ ImageUrl: "https://example.com/a.jpg" });
});
