// Signature: a pasted request, or the steps that a client printed, beside the right steps.
import { html, useEffect, useRef, useState } from "../vendor/preact.js";
import { change, get, pathOf } from "../api.js";
import { signatureDraft } from "../drafts.js";
import { t } from "../language.js";
import { calls } from "../live_calls.js";
import { Empty, Field, Problem, useAction } from "../parts/parts.js";
import { address, open, route } from "../route.js";
import { clockTime, visible } from "../texts.js";
import { Explained } from "./explained.js";

const RECENT = 50;
const EXAMPLE = "POST / HTTP/1.1\nHost: ocr.tencentcloudapi.com\nAuthorization: TC3-HMAC-SHA256 Credential=…";
const isSignatureError = (row) => row.outcome.startsWith("AuthFailure.Signature");

const labelOf = (row) => [clockTime(row.time), row.account ?? "", row.cause ?? "", row.RequestId].map(visible).join(" · ");

export function SignatureView() {
  const { id } = route.value;
  const text = signatureDraft.value;
  const [accounts, setAccounts] = useState([]);
  const [account, setAccount] = useState("");
  const [found, setFound] = useState(null);
  const { busy, error, run } = useAction();
  const box = useRef();
  const newest = useRef(null);
  const recent = calls.value.filter(isSignatureError).slice(0, RECENT);
  const options = id === null || recent.some((row) => row.RequestId === id) ? recent : [{ RequestId: id }, ...recent];

  const explain = (pasted) =>
    run(async () => {
      setFound(null);
      const asked = (newest.current = {});
      let told = null;
      if (pasted.trim()) {
        told = await change("POST", "/explain", { text: pasted, ...(account && { account }), ...(id && { call: id }) });
      } else if (id !== null) {
        const explanation = await get(`/requests${pathOf(id)}/explain`);
        told = { kind: "call", steps: explanation.steps, explanation };
      }
      if (asked === newest.current) setFound(told);
    });
  useEffect(() => {
    if (box.current?.getBoundingClientRect().top > innerHeight / 2) box.current.scrollIntoView();
  }, [found]);
  useEffect(() => {
    get("/accounts").then((reply) => setAccounts(reply.accounts.map((each) => each.name)), () => {});
  }, []);
  useEffect(() => {
    explain(signatureDraft.peek());
  }, [id, account]);

  const pick = (event) => open(address("signature", event.target.value || null));
  const submit = (event) => {
    event.preventDefault();
    explain(text);
  };
  // A pasted text is explained at once.
  const paste = () => setTimeout(() => explain(signatureDraft.peek()));
  return html`<div class="page">
    <h1>${t("signature_title")}</h1>
    <p class="dim">${t("signature_text")}</p>
    <form class="signature-form" onSubmit=${submit}>
      <${Field} label=${t("your_request")} hint=${t("your_request_hint")}>
        <textarea class="mono" rows="12" spellcheck="false" value=${text} placeholder=${EXAMPLE} onPaste=${paste}
          onInput=${(event) => (signatureDraft.value = event.target.value)}></textarea><//>
      <div class="form-grid">
        <${Field} label=${t("signed_by")} hint=${t("signed_by_hint")}>
          <select value=${account} onChange=${(event) => setAccount(event.target.value)}>
            ${accounts.map((name, index) => html`<option value=${index ? name : ""}>${visible(name)}</option>`)}
          </select><//>
        <${Field} label=${t("which_call")} hint=${t(recent.length ? "which_call_hint" : "no_signature_errors")}>
          <select value=${id ?? ""} onChange=${pick}>
            <option value="">${t("no_call_chosen")}</option>
            ${options.map((row) => html`<option value=${row.RequestId}>${row.time ? labelOf(row) : row.RequestId}</option>`)}
          </select><//>
      </div>
      <div class="form-end"><button class="primary" disabled=${busy || !(text.trim() || id)}>${t("check")}</button></div>
    </form>
    ${error && html`<${Problem} error=${error.status === 404 ? t("call_is_gone") : error} />`}
    ${found && html`<div class="signature-result" ref=${box}><${Explained} found=${found} /></div>`}
    ${!found && !error && !busy && html`<${Empty} title=${t("nothing_checked")}><p>${t("nothing_checked_text")}</p><//>`}
  </div>`;
}
