import { ocr } from "tencentcloud-sdk-nodejs-ocr";
import { expect } from "vitest";
import { test } from "mockocr/vitest";

test("the name is read", async ({ mockocr }) => {
  const rule = await mockocr.respond({ card: { Name: "李明" } });
  const client = new ocr.v20181119.Client(mockocr.clientConfig);

  const card = await client.IDCardOCR({ ImageUrl: "https://example.com/li-ming.jpg" });

  expect(card.Name).toBe("李明");
  await rule.assertCalled({ times: 1 });
});
