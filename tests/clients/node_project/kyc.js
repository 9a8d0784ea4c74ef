"use strict";
// A client as an application has it: read a card, retry once, tell the user what to do.
const { ocr } = require("tencentcloud-sdk-nodejs-ocr");

const RETRIED = new Set(["FailedOperation.OcrFailed", "RequestLimitExceeded"]);

function client(url = process.env.MOCKOCR_URL) {
  const { protocol, host } = new URL(url);
  return new ocr.v20181119.Client({
    credential: {
      secretId: process.env.TENCENTCLOUD_SECRET_ID,
      secretKey: process.env.TENCENTCLOUD_SECRET_KEY,
    },
    region: "",
    profile: { httpProfile: { protocol: `${protocol}//`, endpoint: host } },
  });
}

async function readCard(ImageUrl, CardSide, from = client()) {
  const call = () => from.IDCardOCR({ ImageUrl, CardSide });
  try {
    return await call();
  } catch (error) {
    if (!RETRIED.has(error.code)) throw error;
    return await call();
  }
}

module.exports = { client, readCard };
