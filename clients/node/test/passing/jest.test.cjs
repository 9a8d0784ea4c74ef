const { ocr } = require("tencentcloud-sdk-nodejs-ocr");
const { test } = require("mockocr/jest");

const rows = [["FRONT", 1], ["BACK", 2]];

test.each(rows)("%s is answered", async (CardSide, times, { mockocr }) => {
  const rule = await mockocr.respond({ when: { CardSide }, card: "invented" });
  const client = new ocr.v20181119.Client(mockocr.clientConfig);
  for (let call = 0; call < times; call++) {
    await client.IDCardOCR({ ImageUrl: "https://example.com/a.jpg", CardSide });
  }

  expect(mockocr.name).toMatch(`${CardSide} is answered`);
  await rule.assertCalled({ times });
});

test.each([{ side: "FRONT" }])("$side as an object", async ({ side }, { mockocr }) => {
  expect([side, typeof mockocr.secretId]).toEqual(["FRONT", "string"]);
});

test.skip("is left out", async () => {
  throw new Error("was run");
});
