/** One server for a whole run of vitest, jest or node:test, in `globalSetup`. */

import { start } from "./start.js";

export default async function globalSetup(): Promise<() => Promise<void>> {
  const server = await start();
  // Processes of tests inherit it.
  process.env["MOCKOCR_URL"] = server.url;
  return () => server.stop();
}

export { globalSetup };
