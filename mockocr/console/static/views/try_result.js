// What came back: the reply, its picture with regions, the signature, and the call as code.
import { html } from "../vendor/preact.js";
import { change, query } from "../api.js";
import { t } from "../language.js";
import { Code, Empty, Facts, Outcome, Section, Text } from "../parts/parts.js";
import { address } from "../route.js";
import { duration, pretty, size, visible } from "../texts.js";
import { CodeChoice } from "./call_code.js";
import { Drawing, regionNames, regionsOf } from "./picture_facts.js";
import { SignatureSteps } from "./signature_steps.js";
import { callOf } from "./try_fields.js";

const LONG = 400;

function jsonOf(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Long texts, such as crops, are shown by their length. */
const shortened = (key, value) =>
  typeof value === "string" && value.length > LONG ? `${value.slice(0, 60)}… (${value.length})` : value;

function outcomeOf(reply, data) {
  if (reply.ended !== "complete") return `fault:${reply.ended}`;
  if (reply.status !== 200) return `http:${reply.status}`;
  return data?.Response?.Error?.Code ?? (data ? "ok" : "fault:BAD_JSON");
}

/** Differs if the calls of two forms differ. */
const keyOf = (form) => JSON.stringify([callOf({ ...form, picture: null }), form.picture?.url]);

/** The code of exactly this call. */
const codeFor = (form) => async (language) =>
  (await change("POST", `/code${query({ language })}`, callOf(form))).code;

export function TryResult({ entry, form }) {
  if (!entry) {
    return html`<${Empty} title=${t("nothing_sent")}><p>${t("nothing_sent_text")}</p><//>
      <${Section} key="code" title=${t("as_code")} open=${false}><${CodeChoice} load=${codeFor(form)} reset=${keyOf(form)} /><//>`;
  }
  const { reply, call } = entry;
  const data = jsonOf(reply.body);
  const response = data?.Response;
  const cards = call?.picture?.reading?.cards ?? [];
  const names = regionNames(response);
  const info = jsonOf(response?.AdvancedInfo ?? "");
  return html`
    <div class="result-top"><h2><${Outcome} outcome=${outcomeOf(reply, data)} /></h2><span class="space"></span>
      ${reply.RequestId && html`<a class="button" href=${address("calls", reply.RequestId)}>${t("open_call")}</a>`}</div>
    <${Facts} facts=${[
      ["HTTP", reply.status],
      [t("ms"), duration(reply.milliseconds)],
      [t("connection_end"), t(`ended_${reply.ended}`)],
      ["RequestId", reply.RequestId && html`<code>${visible(reply.RequestId)}</code>`],
      ["WarnInfos", info?.WarnInfos?.length ? info.WarnInfos.join(", ") : null],
      [t("regions"), names.join(", ")],
    ]} />
    ${response?.Error && html`<p class="sent-message"><${Text} text=${response.Error.Message} /></p>`}
    ${cards.length > 0 && entry.form.picture && html`<div class="result-picture"><${Drawing} picture=${call.picture} regions=${regionsOf(cards, names)} href=${entry.form.picture.url} /></div>`}
    <${Section} key="reply" title=${t("reply")} note=${size(reply.body.length)}>
      <${Code} label=${t("reply")} text=${data ? JSON.stringify(data, shortened, 2) : reply.body || t("empty_reply")} copyText=${reply.body} />
      <h4>${t("headers")}</h4>
      <div class="table-box" tabindex="0" role="group" aria-label=${t("headers")}><table class="headers"><tbody>
        ${Object.entries(reply.headers).map(([name, value]) => html`<tr><th scope="row">${visible(name)}</th><td><${Text} text=${value} /></td></tr>`)}
      </tbody></table></div>
    <//>
    <${Section} key="request" title=${t("request")} note=${reply.request.method} open=${false}>
      <${Code} label=${t("request")} text=${pretty({ ...reply.request.headers })} />
      <${Code} label=${t("parameters")} text=${pretty(reply.request.parameters)} />
    <//>
    <${SignatureSteps} signature=${reply.signature} details=${[]} valid=${true} />
    <${Section} key="sent-code" title=${t("as_code")}><${CodeChoice} load=${codeFor(entry.form)} reset=${keyOf(entry.form)} /><//>
  `;
}
