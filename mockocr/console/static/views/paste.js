// The paste box: opens the call of a RequestId or of an error, opens a call that was exported, and
// explains any other text.
import { html, useRef, useState } from "../vendor/preact.js";
import { change } from "../api.js";
import { t } from "../language.js";
import { Dialog, Problem, useAction } from "../parts/parts.js";
import { address, open } from "../route.js";
import { FILE_ID, fileCall, parseFile } from "./call.js";
import { Explained } from "./explained.js";

const isExport = (text) => /^\s*\{\s*"format":\s*"mockocr call"/.test(text);

export function PasteDialog({ onClose }) {
  const [text, setText] = useState("");
  const [found, setFound] = useState(null);
  const { busy, error, run } = useAction();
  const file = useRef();
  const show = (requestId) => {
    open(address("calls", requestId));
    onClose();
  };
  const explain = (value) =>
    run(async () => {
      setFound(null);
      if (isExport(value)) {
        fileCall.value = parseFile(value);
        show(FILE_ID);
        return;
      }
      const told = await change("POST", "/explain", { text: value });
      if (told.kind === "call") show(told.explanation.RequestId);
      else setFound(told);
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
  return html`<${Dialog} title=${t("paste_title")} onClose=${onClose} wide=${found?.steps.length > 0}>
    <div class="stack"><form class="stack" onSubmit=${(event) => { event.preventDefault(); explain(text); }} onDrop=${drop} onDragOver=${(event) => event.preventDefault()}>
      <p>${t("paste_text")}</p>
      <textarea class="mono" rows=${found ? 5 : 10} spellcheck="false" aria-label=${t("paste_title")} placeholder=${t("paste_placeholder")} value=${text}
        onInput=${(event) => setText(event.target.value)} autofocus></textarea>
      ${error && html`<${Problem} error=${error} />`}
      <footer>
        <input ref=${file} type="file" accept=".json,.txt,.http,application/json,text/plain" hidden onChange=${(event) => event.target.files[0] && read(event.target.files[0])} />
        <button type="button" onClick=${() => file.current.click()}>${t("open_file")}</button>
        <span class="space"></span>
        <button class="primary" disabled=${busy || !text.trim()}>${t("explain")}</button>
      </footer>
    </form>
    ${found && html`<${Explained} found=${found} />`}</div>
  <//>`;
}
