import { start } from "mockocr";

const server = await start({ settings: { auth: "lenient", seed: 7 } });
const account = await server.account({ package: 2, clock: { offset: "+400s" } });
console.log(account.secretId, account.url);
await server.stop();
