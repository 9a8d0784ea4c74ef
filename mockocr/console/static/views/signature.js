// Signature: the steps that a client computed beside those of the server, with the first difference.
import { html, useEffect, useState } from "../vendor/preact.js";
import { get, pathOf } from "../api.js";
import { hintText, t } from "../language.js";
import { calls } from "../live_calls.js";
import { Empty, Field, Message, Problem, useAction } from "../parts/parts.js";
import { address, open, route } from "../route.js";
import { clockTime, visible } from "../texts.js";
import { Hint, Mistakes } from "./reasons.js";
import { SignatureSteps } from "./signature_steps.js";

const RECENT = 50;
const isSignatureError = (row) => row.outcome.startsWith("AuthFailure.Signature");

/** Line ends as they are in a canonical request; one at the end is from the printing. */
const normal = (text) => text.replace(/\r\n/g, "\n").replace(/\n$/, "");

/** The first difference of two lines: how many bytes are equal, and the two rests. */
function firstDifference(yours, right) {
  let at = 0;
  while (at < yours.length && at < right.length && yours[at] === right[at]) at += 1;
  return { at, byte: new TextEncoder().encode(yours.slice(0, at)).length + 1 };
}

/** The rows of two texts: `{number, yours, right, difference}`; the first that differs is marked. */
export function compareLines(yours, right) {
  const [a, b] = [normal(yours).split("\n"), right.split("\n")];
  const rows = Array.from({ length: Math.max(a.length, b.length) }, (_, index) => ({ number: index + 1, yours: a[index], right: b[index] }));
  const first = rows.find((row) => row.yours !== row.right);
  if (first) first.difference = firstDifference(first.yours ?? "", first.right ?? "");
  return { rows, first };
}

function Line({ text, at }) {
  if (text === undefined) return html`<span class="dim">${t("no_line")}</span>`;
  if (at === undefined) return visible(text) || html`<span class="dim">${t("empty_line")}</span>`;
  return html`${visible(text.slice(0, at))}<mark>${visible(text.slice(at, at + 1)) || "∎"}</mark>${visible(text.slice(at + 1))}`;
}

function Comparison({ title, rightTitle, yours, right }) {
  const { rows, first } = compareLines(yours, right);
  return html`<h4>${first ? t("first_difference", { line: first.number, byte: first.difference.byte }) : t("no_difference", { step: title })}</h4>
    <div class="steps-table" role="group" aria-label=${title} tabindex="0">
      <div class="step-row head"><span></span><span>${title}</span><span>${rightTitle}</span></div>
      ${rows.map((row) => html`<div class=${`step-row ${row === first ? "differs" : ""} ${first && row.number > first.number ? "later" : ""}`}>
        <span>${row.number}</span><span><${Line} text=${row.yours} at=${row.difference?.at} /></span><span><${Line} text=${row.right} at=${row.difference?.at} /></span></div>`)}
    </div>`;
}

function Result({ found, canonical, string }) {
  const { signature, explanation } = found;
  const own = [
    canonical && signature.canonical_request && ["your_canonical", "server_canonical", canonical, signature.canonical_request],
    string && ["your_string", "server_string", string, signature.string_to_sign],
  ].filter(Boolean);
  const agree = own.length > 0 && own.every(([, , yours, right]) => normal(yours) === right);
  return html`
    ${explanation.cause && html`<section class="why"><div class="why-title"><h3><code>${explanation.cause}</code></h3>
      <span class=${`tag ${explanation.proven ? "good" : ""}`}>${t(explanation.proven ? "proven" : "not_proven")}</span></div>
      ${explanation.hint && html`<p class="hint-text"><${Hint} text=${hintText(explanation.hint)} /></p>`}
      <${Mistakes} details=${explanation.details} /></section>`}
    ${agree && !signature.valid && html`<${Message} kind="good" title=${t("steps_agree")}><p>${t("steps_agree_text")}</p><//>`}
    ${own.map(([title, rightTitle, yours, right]) => html`<${Comparison} title=${t(title)} rightTitle=${t(rightTitle)} yours=${yours} right=${right} />`)}
    ${own.length === 0 && html`<${SignatureSteps} signature=${signature} details=${explanation.details} valid=${signature.valid} />`}
  `;
}

export function SignatureView() {
  const { id } = route.value;
  const [canonical, setCanonical] = useState("");
  const [string, setString] = useState("");
  const [found, setFound] = useState(null);
  const { error, run } = useAction();
  const recent = calls.value.filter(isSignatureError).slice(0, RECENT);
  useEffect(() => {
    setFound(null);
    if (id === null) return;
    run(async () => {
      const path = `/requests${pathOf(id)}`;
      const [call, explanation] = await Promise.all([get(path), get(`${path}/explain`)]);
      setFound({ signature: call.signature, explanation });
    });
  }, [id]);
  const pick = (event) => event.target.value.trim() && open(address("signature", event.target.value.trim()));
  const options = recent.some((row) => row.RequestId === id) || id === null ? recent : [{ RequestId: id, time: null }, ...recent];
  return html`<div class="page">
    <h1>${t("signature_title")}</h1>
    <p class="dim">${t("signature_text")}</p>
    <div class="signature-form">
      <${Field} label=${t("which_call")} hint=${t("which_call_hint")}>
        <select value=${id ?? ""} onChange=${pick}>
          <option value="">${t(recent.length ? "choose_call" : "no_signature_errors")}</option>
          ${options.map((row) => html`<option value=${row.RequestId}>${row.time ? `${clockTime(row.time)} · ${visible(row.account ?? "")} · ${row.cause ?? ""} · ` : ""}${row.RequestId}</option>`)}
        </select><//>
      <div class="two">
        <${Field} label=${t("your_canonical")} hint=${t("printed_hint")}><textarea class="mono" rows="9" spellcheck="false" value=${canonical} placeholder=${"POST\n/\n\ncontent-type:application/json\nhost:…"} onInput=${(event) => setCanonical(event.target.value)}></textarea><//>
        <${Field} label=${t("your_string")} hint=${t("printed_hint")}><textarea class="mono" rows="9" spellcheck="false" value=${string} placeholder=${"TC3-HMAC-SHA256\n1700000000\n2026-01-01/ocr/tc3_request\n…"} onInput=${(event) => setString(event.target.value)}></textarea><//>
      </div>
    </div>
    ${error && html`<${Problem} error=${error.status === 404 ? t("call_is_gone") : error} />`}
    ${found && (found.signature
      ? html`<${Result} found=${found} canonical=${canonical} string=${string} />`
      : html`<${Message} kind="warning" title=${found.explanation.cause ?? t("no_signature")}><p><${Hint} text=${hintText(found.explanation.hint)} /></p><//>`)}
    ${id === null && html`<${Empty} title=${t("choose_call")}><p>${t("choose_call_text")}</p><//>`}
  </div>`;
}
