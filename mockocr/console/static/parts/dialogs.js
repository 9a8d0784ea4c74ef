// The dialogs of the whole page: the admin token, and the list of keys.
import { html, useRef } from "../vendor/preact.js";
import { giveToken } from "../api.js";
import { t } from "../language.js";
import { Dialog, Field, Message } from "./parts.js";

/** Asks for the token once. It stays in memory: never in the address, a cookie or a storage. */
export function TokenDialog({ wrong }) {
  const input = useRef();
  const submit = (event) => {
    event.preventDefault();
    if (input.current.value.trim()) giveToken(input.current.value);
  };
  return html`<${Dialog} title=${t("token_title")} closable=${false}>
    <form class="stack" onSubmit=${submit}>
      <p>${t("token_text")}</p>
      ${wrong && html`<${Message} kind="error" title=${t("token_wrong")} />`}
      <${Field} label=${t("token")}><input ref=${input} type="password" autocomplete="off" required autofocus /><//>
      <footer><button class="primary">${t("token_use")}</button></footer>
    </form>
  <//>`;
}

const KEYS = [
  [["j", "k"], "key_move"],
  [["Enter"], "key_open"],
  [["Esc"], "key_close"],
  [["/"], "key_filter"],
  [["c"], "key_curl"],
  [["g"], "key_groups"],
  [["p"], "key_paste"],
  [["?"], "key_help"],
];

export const KeyboardHelp = ({ onClose }) => html`<${Dialog} title=${t("help")} onClose=${onClose}>
  <dl class="keys">
    ${KEYS.map(([keys, text]) => html`<div><dt>${keys.map((key) => html`<kbd>${key}</kbd>`)}</dt><dd>${t(text)}</dd></div>`)}
  </dl>
<//>`;
