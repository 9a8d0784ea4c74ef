// Calls IDCardOCR with the official SDK, unmodified: a list of calls as JSON on stdin, one after
// the other in this process; on stdout a list of what came of each.
"use strict";

const { subscribe } = require("node:diagnostics_channel");
const http = require("node:http");
const https = require("node:https");
const { text } = require("node:stream/consumers");
const { ocr } = require("tencentcloud-sdk-nodejs-ocr");

// Node's own default since 19: Debian still has 18.
http.globalAgent = new http.Agent({ keepAlive: true });
https.globalAgent = new https.Agent({ keepAlive: true });

let connectionReused;
subscribe("http.client.response.finish", ({ request }) => {
  connectionReused = request.reusedSocket;
});

async function call({ config, params }) {
  connectionReused = undefined;
  const client = new ocr.v20181119.Client(config);
  try {
    return { response: await client.IDCardOCR(params), connectionReused };
  } catch (error) {
    const { code, message, requestId, traceId } = error;
    return { error: { code, message, requestId, traceId }, connectionReused };
  }
}

async function main() {
  const answers = [];
  for (const each of JSON.parse(await text(process.stdin))) answers.push(await call(each));
  process.stdout.write(JSON.stringify(answers));
}

main();
