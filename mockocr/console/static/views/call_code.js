// A call as code, in the languages that the server writes.
import { html, signal, useEffect, useState } from "../vendor/preact.js";
import { get, getText, pathOf, query } from "../api.js";
import { copy } from "../clipboard.js";
import { t } from "../language.js";
import { Code, CopyButton, Dialog, Problem } from "../parts/parts.js";

export const CODE_LANGUAGES = {
  curl: "curl",
  tccli: "tccli",
  python: "Python",
  node: "Node.js",
  go: "Go",
  java: "Java",
  php: "PHP",
  csharp: "C#",
  cpp: "C++",
  ruby: "Ruby",
  pytest: "pytest",
};

const WAIT_MS = 150;

const chosen = signal("python");

/** The code of a recorded call. */
export const codeOf = async (requestId, language) =>
  language === "curl"
    ? getText(`/requests${pathOf(requestId)}/curl`)
    : (await get(`/requests${pathOf(requestId)}/code${query({ language })}`)).code;

export async function copyCurl(requestId) {
  await copy(await codeOf(requestId, "curl"));
  toast.value = t("copied_curl");
  setTimeout(() => (toast.value = ""), 1800);
}

const toast = signal("");

/** Code in every language: `load(language)` returns a promise of its text. */
export function CodeChoice({ load, reset }) {
  const language = chosen.value;
  const [state, setState] = useState({});
  useEffect(() => {
    let current = true;
    // A form changes with each key.
    const timer = setTimeout(() => {
      load(language).then(
        (text) => current && setState({ language, text }),
        (error) => current && setState({ language, error }),
      );
    }, WAIT_MS);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [language, reset]);
  const { text, error } = state.language === language ? state : {};
  return html`<div class="choice" role="group" aria-label=${t("language_of_code")}>
      ${Object.entries(CODE_LANGUAGES).map(([id, name]) => html`<button aria-pressed=${language === id} onClick=${() => (chosen.value = id)}>${name}</button>`)}
    </div>
    ${error && html`<${Problem} error=${error} />`}
    ${text !== undefined && html`<${Code} label=${CODE_LANGUAGES[language]} text=${text} tall=${true} />`}`;
}

export function CopyAs({ call }) {
  const [isOpen, setOpen] = useState(false);
  return html`<${CopyButton} className="primary" text=${() => codeOf(call.RequestId, "curl")} label=${t("copy_curl")} title=${`${t("copy_curl")} (c)`} />
    <button onClick=${() => setOpen(true)}>${t("as_code")}</button>
    <span class="toast" role="status">${toast.value}</span>
    ${isOpen && html`<${Dialog} title=${t("as_code")} onClose=${() => setOpen(false)}>
      <${CodeChoice} load=${(language) => codeOf(call.RequestId, language)} reset=${call.RequestId} />
    <//>`}`;
}
