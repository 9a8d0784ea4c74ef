// What is shown when there are no calls: code that makes the first one.
import { html, useEffect, useState } from "../vendor/preact.js";
import { change, get, query } from "../api.js";
import { FILTERS } from "../filters.js";
import { t } from "../language.js";
import { Code, Empty } from "../parts/parts.js";
import { changed } from "../route.js";
import { CodeChoice } from "./call_code.js";

/** The public key pair of a server without configured keys; other keys are masked. */
const BUILT_IN = { SecretId: "AKIDMOCKOCR", SecretKey: "mockocr" };
const CALL = { parameters: { ImageUrl: "https://example.com/card.jpg" } };

const codeOf = async (language) => (await change("POST", `/code${query({ language })}`, CALL)).code;

function linesOf({ SecretId }) {
  const key = SecretId === BUILT_IN.SecretId ? BUILT_IN.SecretKey : `'${t("your_key")}'`;
  return `export TENCENTCLOUD_SECRET_ID=${SecretId}\nexport TENCENTCLOUD_SECRET_KEY=${key}`;
}

export function FirstCall() {
  const [accounts, setAccounts] = useState(null);
  useEffect(() => {
    get("/accounts").then((reply) => setAccounts(reply.accounts), () => {});
  }, []);
  if (!accounts) return null;
  const pair = accounts[0]?.keys[0];
  return html`<${Empty} title=${t("no_calls")}>
    <p>${t(pair ? "no_calls_text" : "no_accounts")}</p>
    ${pair && html`<${Code} label=${t("keys_in_environment")} text=${linesOf(pair)} /><${CodeChoice} load=${codeOf} reset="" />`}
  <//>`;
}

export function NothingFound() {
  const none = Object.fromEntries(FILTERS.map((name) => [name, ""]));
  return html`<${Empty} title=${t("nothing_found")}><p>${t("nothing_found_text")}</p><a class="button" href=${changed(none)}>${t("clear_filters")}</a><//>`;
}
