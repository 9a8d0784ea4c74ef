// What is shown when there are no calls: lines that make the first one.
import { html, signal, useEffect } from "../vendor/preact.js";
import { get } from "../api.js";
import { FILTERS } from "../filters.js";
import { t } from "../language.js";
import { Code, Empty } from "../parts/parts.js";
import { changed } from "../route.js";

const BUILT_IN = { SecretId: "AKIDMOCKOCR", SecretKey: "mockocr" };
const account = signal(null);
const shown = signal("python");

const SAMPLES = {
  python: (host, protocol, id, key) => `# pip install tencentcloud-sdk-python-ocr
from tencentcloud.common.credential import Credential
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.ocr.v20181119 import models, ocr_client

http = HttpProfile(protocol="${protocol}", endpoint="${host}")
client = ocr_client.OcrClient(Credential(${id}, ${key}), "", ClientProfile(httpProfile=http))
request = models.IDCardOCRRequest()
request.ImageUrl = "https://example.com/card.jpg"
print(client.IDCardOCR(request))`,
  node: (host, protocol, id, key) => `// npm install tencentcloud-sdk-nodejs-ocr
const { ocr } = require("tencentcloud-sdk-nodejs-ocr");

const client = new ocr.v20181119.Client({
  credential: { secretId: ${id}, secretKey: ${key} },
  profile: { httpProfile: { protocol: "${protocol}://", endpoint: "${host}" } },
});
client.IDCardOCR({ ImageUrl: "https://example.com/card.jpg" }).then(console.log, console.error);`,
  go: (host, protocol, id, key) => `// go get github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/ocr
profile := profile.NewClientProfile()
profile.HttpProfile.Scheme = "${protocol}"
profile.HttpProfile.Endpoint = "${host}"
client, _ := ocr.NewClient(common.NewCredential(${id}, ${key}), "", profile)
request := ocr.NewIDCardOCRRequest()
request.ImageUrl = common.StringPtr("https://example.com/card.jpg")
response, err := client.IDCardOCR(request)`,
  tccli: (host, protocol, id, key) => `tccli ocr IDCardOCR --endpoint ${protocol}://${host} \\
  --secretId ${id} --secretKey ${key} \\
  --ImageUrl https://example.com/card.jpg`,
};

/** The first key pair. Secrets are masked, but that of the built-in account is public. */
function pairOf(list) {
  const pair = list?.[0]?.keys[0];
  if (!pair) return null;
  return { id: pair.SecretId, key: pair.SecretId === BUILT_IN.SecretId ? BUILT_IN.SecretKey : t("your_key") };
}

export function FirstCall() {
  useEffect(() => {
    get("/accounts").then(
      (reply) => (account.value = reply.accounts),
      () => (account.value = []),
    );
  }, []);
  const pair = pairOf(account.value);
  const protocol = location.protocol.slice(0, -1);
  const kind = shown.value;
  const quote = (text) => (kind === "tccli" ? `'${text}'` : `"${text}"`);
  return html`<${Empty} title=${t("no_calls")}>
    <p>${t("no_calls_text")}</p>
    <div class="choice" role="group" aria-label=${t("language_of_code")}>
      ${Object.keys(SAMPLES).map((name) => html`<button aria-pressed=${kind === name} onClick=${() => (shown.value = name)}>
        ${{ python: "Python", node: "Node.js", go: "Go", tccli: "tccli" }[name]}</button>`)}
    </div>
    ${pair
      ? html`<${Code} label=${t("code")} text=${SAMPLES[kind](location.host, protocol, quote(pair.id), quote(pair.key))} />`
      : account.value && html`<p>${t("no_accounts")}</p>`}
  <//>`;
}

export function NothingFound() {
  const none = Object.fromEntries(FILTERS.map((name) => [name, ""]));
  return html`<${Empty} title=${t("nothing_found")}><p>${t("nothing_found_text")}</p><a class="button" href=${changed(none)}>${t("clear_filters")}</a><//>`;
}
