// Try: a call is described in a form, signed and sent by the server, and shown with its reply.
import { html, signal, useEffect, useRef, useState } from "../vendor/preact.js";
import { change, get, pathOf, query } from "../api.js";
import { tryDraft } from "../drafts.js";
import { t } from "../language.js";
import { fetchCard } from "../parts/card_picture.js";
import { Message, Problem, useAction } from "../parts/parts.js";
import { address, open, route } from "../route.js";
import { TryForm } from "./try_form.js";
import { EMPTY, callOf, formOf } from "./try_fields.js";
import { History } from "./try_history.js";
import { TryResult } from "./try_result.js";

const KEPT = 30;

export const form = signal(EMPTY);
/** The calls that were sent from here, the newest first: `{form, reply}`. */
export const sent = signal([]);
const shown = signal(null);

export async function pictureOf(name, blob) {
  const url = await new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result);
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(blob);
  });
  return { name, base64: url.slice(url.indexOf(",") + 1), url: URL.createObjectURL(blob), size: blob.size };
}

const headerOf = (call, name) => call.headers[name] ?? "";

/** Fills the form from a recorded call. Its picture is not stored, unless it is a specimen. */
async function refill(requestId) {
  const call = await get(`/requests${pathOf(requestId)}`);
  const filled = formOf(call.parameters ?? {}, {
    account: call.account ?? "",
    region: headerOf(call, "x-tc-region"),
    language: headerOf(call, "x-tc-language"),
  });
  const specimen = call.picture?.reading?.cards?.[0]?.specimen;
  const { ImageUrl } = filled.parameters;
  if (specimen && !ImageUrl) filled.picture = await pictureOf(specimen, await fetchCard(specimen));
  form.value = filled;
  return { lacksPicture: !ImageUrl && !filled.picture && Boolean(call.parameters?.ImageBase64) };
}

export function TryView() {
  const { id } = route.value;
  const [accounts, setAccounts] = useState(null);
  const [described, setDescribed] = useState(null);
  const [failed, setFailed] = useState(null);
  const [notice, setNotice] = useState(null);
  const { busy, error, run } = useAction();
  const result = useRef();
  useEffect(() => {
    get("/accounts").then((reply) => setAccounts(reply.accounts), () => setAccounts([]));
    const draft = tryDraft.value;
    if (draft) {
      tryDraft.value = null;
      run(async () => (form.value = { ...formOf(draft.parameters), picture: await pictureOf(draft.picture.name, draft.picture.blob) }));
    }
  }, []);
  const { account } = form.value;
  useEffect(() => {
    // The account of a recorded call may have been removed.
    get(`/parameters${query({ account })}`).catch(() => get("/parameters")).then(setDescribed, setFailed);
  }, [account]);
  useEffect(() => {
    if (id === null) return;
    run(async () => {
      const { lacksPicture } = await refill(id);
      setNotice(lacksPicture ? t("add_picture") : null);
      open(address("try"), { replace: true });
    });
  }, [id]);

  const sendCall = () =>
    run(async () => {
      const used = form.value;
      if (used.clock) {
        const clock = /^[+-]?\d+[smhd]$/.test(used.clock) ? { offset: used.clock } : { freeze: used.clock };
        await change("PUT", `/clock${query({ account: used.account || accounts[0]?.name })}`, clock);
      }
      const reply = await change("POST", "/try", callOf(used));
      const call = reply.RequestId && (await get(`/requests${pathOf(reply.RequestId)}`).catch(() => null));
      const entry = { form: used, reply, call, time: new Date().toISOString() };
      sent.value = [entry, ...sent.value].slice(0, KEPT);
      shown.value = entry;
      setNotice(null);
      // On a narrow screen, the reply is below the form.
      if (result.current.getBoundingClientRect().top > innerHeight / 2) result.current.scrollIntoView();
    });

  if (failed) return html`<div class="page"><${Problem} error=${failed} /></div>`;
  if (!accounts || !described) return null;
  return html`<div class="try">
    <section class="try-form" aria-label=${t("request")}>
      ${notice && html`<${Message} kind="warning" title=${notice} />`}
      <${TryForm} form=${form.value} accounts=${accounts} described=${described} busy=${busy} onChange=${(members) => (form.value = { ...form.value, ...members })} onSend=${sendCall} />
      ${error && html`<${Problem} error=${error} />`}
    </section>
    <section class="try-result" ref=${result} aria-label=${t("reply")}>
      <${TryResult} entry=${shown.value} form=${form.value} />
      <${History} entries=${sent.value} shown=${shown.value} onShow=${(entry) => { shown.value = entry; form.value = entry.form; }} />
    </section>
  </div>`;
}
