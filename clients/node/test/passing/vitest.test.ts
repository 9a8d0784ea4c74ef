import { ocr } from "tencentcloud-sdk-nodejs-ocr";
import { describe, expect } from "vitest";
import { test } from "mockocr/vitest";

describe("both sides", () => {
  test.for([
    ["FRONT", 1],
    ["BACK", 2],
  ] as const)("%s is answered", async ([CardSide, times], { mockocr }) => {
    const rule = await mockocr.respond({ when: { CardSide }, card: "invented" });
    const client = new ocr.v20181119.Client(mockocr.clientConfig);
    for (let call = 0; call < times; call++) {
      await client.IDCardOCR({ ImageUrl: "https://example.com/a.jpg", CardSide });
    }

    expect(mockocr.name).toMatch(`both sides > ${CardSide} is answered`);
    await rule.assertCalled({ times });
  });
});

test.skip("is left out", () => {
  throw new Error("was run");
});
