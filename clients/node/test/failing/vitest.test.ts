import { ocr } from "tencentcloud-sdk-nodejs-ocr";
import { test } from "mockocr/vitest";

test("a wrong key", async ({ mockocr }) => {
  const credential = { secretId: mockocr.secretId, secretKey: `${mockocr.secretKey}\n` };
  const client = new ocr.v20181119.Client({ ...mockocr.clientConfig, credential });
  await client.IDCardOCR({ ImageUrl: "https://example.com/a.jpg" });
});

test("no answer in time", { timeout: 300 }, async ({ mockocr }) => {
  await mockocr.respond({ fault: "TIMEOUT" });
  const client = new ocr.v20181119.Client(mockocr.clientConfig);
  await client.IDCardOCR({ ImageUrl: "https://example.com/a.jpg" });
});
