// The paste box: finds the call of a RequestId, of an SDK's error text or of an error reply, and opens
// a call that was exported.
import { html, useRef, useState } from "../vendor/preact.js";
import { get, pathOf } from "../api.js";
import { t } from "../language.js";
import { Dialog, Problem, useAction } from "../parts/parts.js";
import { address, open } from "../route.js";
import { FILE_ID, fileCall, parseFile } from "./call.js";

const REQUEST_ID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi;
const isExport = (text) => /^\s*\{\s*"format":\s*"mockocr call"/.test(text);

/** The first RequestId of a text that the journal knows. Raises an error if there is none. */
async function callIn(text) {
  const found = [...new Set(text.match(REQUEST_ID) ?? [])];
  if (!found.length) throw new Error(t("no_request_id"));
  for (const requestId of found) {
    const call = await get(`/requests${pathOf(requestId)}`).catch((error) => {
      if (error.status !== 404) throw error;
    });
    if (call) return requestId;
  }
  throw new Error(t("unknown_request_id", { id: found[0] }));
}

export function PasteDialog({ onClose }) {
  const [text, setText] = useState("");
  const { busy, error, run } = useAction();
  const file = useRef();
  const explain = (value) =>
    run(async () => {
      if (isExport(value)) {
        fileCall.value = parseFile(value);
        open(address("calls", FILE_ID));
      } else open(address("calls", await callIn(value)));
      onClose();
    });
  const read = async (blob) => {
    const content = await blob.text();
    setText(content);
    await explain(content);
  };
  const drop = (event) => {
    event.preventDefault();
    const [blob] = event.dataTransfer.files;
    if (blob) read(blob);
  };
  return html`<${Dialog} title=${t("paste_title")} onClose=${onClose}>
    <form class="stack" onSubmit=${(event) => { event.preventDefault(); explain(text); }} onDrop=${drop} onDragOver=${(event) => event.preventDefault()}>
      <p>${t("paste_text")}</p>
      <textarea class="mono" rows="10" spellcheck="false" aria-label=${t("paste_title")} placeholder=${t("paste_placeholder")} value=${text}
        onInput=${(event) => setText(event.target.value)} autofocus></textarea>
      ${error && html`<${Problem} error=${error} />`}
      <footer>
        <input ref=${file} type="file" accept=".json,application/json,text/plain" hidden onChange=${(event) => event.target.files[0] && read(event.target.files[0])} />
        <button type="button" onClick=${() => file.current.click()}>${t("open_file")}</button>
        <span class="space"></span>
        <button class="primary" disabled=${busy || !text.trim()}>${t("explain")}</button>
      </footer>
    </form>
  <//>`;
}
