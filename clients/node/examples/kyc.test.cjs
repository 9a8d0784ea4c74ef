const { ocr } = require("tencentcloud-sdk-nodejs-ocr");
const { test } = require("mockocr/jest");

test("a blurred picture is refused", async ({ mockocr }) => {
  await mockocr.respond({ when: { CardSide: "FRONT" }, error: "FailedOperation.ImageBlur" });
  const client = new ocr.v20181119.Client(mockocr.clientConfig);

  const refused = client.IDCardOCR({ ImageUrl: "https://example.com/a.jpg", CardSide: "FRONT" });

  await expect(refused).rejects.toThrow("图片模糊");
});
