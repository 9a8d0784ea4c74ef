const { ocr } = require("tencentcloud-sdk-nodejs-ocr");
const { test } = require("mockocr/jest");

test("a wrong key", async ({ mockocr }) => {
  const credential = { secretId: mockocr.secretId, secretKey: `${mockocr.secretKey}\n` };
  const client = new ocr.v20181119.Client({ ...mockocr.clientConfig, credential });
  await client.IDCardOCR({ ImageUrl: "https://example.com/a.jpg" });
});

test("no answer in time", async ({ mockocr }) => {
  await mockocr.respond({ fault: "TIMEOUT" });
  const client = new ocr.v20181119.Client(mockocr.clientConfig);
  // jest waits for the end of the call.
  client.profile.httpProfile.reqTimeout = 1;
  await client.IDCardOCR({ ImageUrl: "https://example.com/a.jpg" });
}, 300);
