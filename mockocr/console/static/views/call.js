// One call: why it got its answer, its signature, decision, picture, request, reply and timing.
import { html, signal, useEffect, useRef, useState } from "../vendor/preact.js";
import { get, pathOf } from "../api.js";
import { save } from "../clipboard.js";
import { onKey } from "../keyboard.js";
import { hintText, t } from "../language.js";
import { update } from "../live_calls.js";
import { Code, CopyButton, Facts, Icon, Message, Outcome, Problem, Section, Text } from "../parts/parts.js";
import { address, open, route } from "../route.js";
import { dateTime, duration, pretty, size, visible } from "../texts.js";
import { CopyAs, copyCurl } from "./call_code.js";
import { Decision } from "./decision.js";
import { PictureFacts } from "./picture_facts.js";
import { Hint, Reason, Why } from "./reasons.js";
import { SignatureSteps } from "./signature_steps.js";

/** The call of an opened file: `{call, explanation}`. */
export const fileCall = signal(null);
export const FILE_ID = "file";
const FORMAT = "mockocr call";

/** Whether the parts that the view needs are there. */
const isCall = ({ call, explanation }) =>
  ["RequestId", "outcome", "method", "path", "time"].every((name) => typeof call?.[name] === "string") &&
  call.headers instanceof Object &&
  ["notes", "details", "steps"].every((name) => Array.isArray(explanation?.[name])) &&
  Array.isArray(explanation.decision?.near_misses);

export function parseFile(text) {
  let content = null;
  try {
    content = JSON.parse(text);
  } catch {
    // Not JSON: refused below.
  }
  if (content?.format !== FORMAT || !isCall(content)) throw new Error(t("not_a_call_file"));
  return content;
}

function useCall(requestId) {
  const [state, setState] = useState({});
  useEffect(() => {
    if (requestId === FILE_ID) return undefined;
    const controller = new AbortController();
    const { signal } = controller;
    const path = `/requests${pathOf(requestId)}`;
    Promise.all([get(path, { signal }), get(`${path}/explain`, { signal })]).then(
      ([call, explanation]) => {
        setState({ call, explanation });
        update(requestId, { cause: explanation.cause });
      },
      (error) => signal.aborted || setState({ error }),
    );
    return () => controller.abort();
  }, [requestId]);
  return requestId === FILE_ID ? (fileCall.value ?? { error: new Error(t("no_file")) }) : state;
}

export function CallView({ requestId }) {
  const { call, explanation, error } = useCall(requestId);
  const pane = useRef();
  const close = () => open(address("calls", null, route.peek().query));
  useEffect(() => {
    const remove = [onKey("Escape", close), onKey("c", () => call && requestId !== FILE_ID && copyCurl(requestId))];
    return () => remove.forEach((each) => each());
  });
  useEffect(() => {
    // A list that is hidden beside the call cannot keep the focus.
    if (!document.activeElement || document.activeElement === document.body || !document.activeElement.offsetParent) pane.current.focus();
  }, [call]);
  return html`<article class="call" ref=${pane} tabindex="-1" aria-label=${t("call")}>
    <header class="call-top">
      <button class="quiet back" onClick=${close} aria-label=${t("close")} title=${`${t("close")} (Esc)`}><${Icon} name="back" /></button>
      <div class="call-title">
        ${call ? html`<h2><${Outcome} outcome=${call.outcome} /></h2>` : html`<h2>${t("call")}</h2>`}
        <span class="request-id"><code>${visible(call?.RequestId ?? requestId)}</code><${CopyButton} text=${call?.RequestId ?? requestId} title=${t("copy_id")} /></span>
      </div>
    </header>
    ${error && html`<div class="call-body"><${Problem} error=${error.status === 404 ? t("call_is_gone") : error} /></div>`}
    ${call && html`<${Body} call=${call} explanation=${explanation} isFile=${requestId === FILE_ID} />`}
  </article>`;
}

function Body({ call, explanation, isFile }) {
  const store = () => save(`call-${call.RequestId}.json`, pretty({ format: FORMAT, call, explanation }), "application/json");
  const link = () => location.href;
  return html`<div class="call-body">
    <${Facts} facts=${[
      [t("time"), dateTime(call.time)],
      [t("account"), call.account ?? t("no_account")],
      [t("action"), call.action],
      [t("side"), call.parameters?.CardSide],
      [t("rule"), call.rule && html`<span>${visible(call.rule)} <span class="dim">${visible(call.scenario ?? "")}</span></span>`],
      [t("ms"), duration(call.milliseconds)],
    ]} />
    ${isFile
      ? html`<${Message} title=${t("opened_file")} />`
      : html`<div class="actions">
          <${CopyAs} call=${call} />
          <a class="button" href=${address("try", call.RequestId)}>${t("open_in_try")}</a>
          <button onClick=${store}><${Icon} name="save" />${t("export")}</button>
          <${CopyButton} className="" text=${link} label=${t("copy_link")} title=${t("copy_link")} />
        </div>`}
    <${Why} explanation=${explanation} unproven=${call.unproven} />
    ${explanation.notes.map((note) => html`<${Message} kind="warning" title=${note.name}><${Reason} reason=${note} /><p><${Hint} text=${hintText(note.hint)} /></p><//>`)}
    ${call.signature && html`<${SignatureSteps} signature=${call.signature} steps=${explanation.steps} details=${explanation.details} valid=${call.signature.valid} open=${!call.signature.valid} />`}
    <${Decision} decision=${explanation.decision} />
    ${call.picture && html`<${PictureFacts} picture=${call.picture} response=${call.response} />`}
    <${Request} call=${call} />
    <${Reply} call=${call} />
    <${Timing} call=${call} />
  </div>`;
}

function Request({ call }) {
  return html`<${Section} title=${t("request")} note=${`${call.method} · ${size(call.body_bytes)}`}>
    ${call.parameters && html`<h4>${t("parameters")}</h4><${Code} label=${t("parameters")} text=${pretty(call.parameters)} />`}
    <h4>${t("headers")}</h4>
    <div class="table-box" tabindex="0" role="group" aria-label=${t("headers")}><table class="headers"><tbody>
      <tr><th scope="row">${call.method}</th><td><${Text} text=${call.path} /></td></tr>
      ${Object.entries(call.headers).map(([name, value]) => html`<tr><th scope="row">${visible(name)}</th><td><${Text} text=${value} /></td></tr>`)}
    </tbody></table></div>
    <p class="dim">${t("masked_secrets")}</p>
  <//>`;
}

function Reply({ call }) {
  const shown = call.error ? { Response: { Error: call.error, RequestId: call.RequestId } } : call.response && { Response: { ...call.response, RequestId: call.RequestId } };
  if (!shown) return null;
  const text = pretty(shown);
  return html`<${Section} title=${t("reply")} note=${t("http_200")}>
    <${Code} label=${t("reply")} text=${text} />
    ${text.includes('"***"') && html`<p class="dim">${t("masked_personal")}</p>`}
  <//>`;
}

function Timing({ call }) {
  const planned = (call.delay_seconds + call.dribble_seconds) * 1000;
  return html`<${Section} title=${t("timing")} note=${duration(call.milliseconds)}>
    <${Facts} facts=${[
      [t("received"), dateTime(call.time)],
      [t("worked"), duration(call.milliseconds)],
      [t("delay"), call.delay_seconds ? duration(call.delay_seconds * 1000) : null],
      [t("dribble"), call.dribble_seconds ? duration(call.dribble_seconds * 1000) : null],
      [t("delayed_by"), call.delayed_by],
    ]} />
    ${planned === 0 && html`<p class="dim">${t("no_delay")}</p>`}
  <//>`;
}
