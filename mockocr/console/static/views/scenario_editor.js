// One scenario: its text, the errors that the server finds in it, and for whom it is active.
import { html, useEffect, useRef, useState } from "../vendor/preact.js";
import { change, get, getText, pathOf, query } from "../api.js";
import { save } from "../clipboard.js";
import { SchemaCompleter } from "../completer.js";
import { scenarioDraft } from "../drafts.js";
import { createEditor } from "../editor.js";
import { t } from "../language.js";
import { Field, Icon, Problem, useAction } from "../parts/parts.js";
import { address, open, route } from "../route.js";
import { visible } from "../texts.js";
import { NEW, mayDiscard } from "./scenarios.js";

const VALIDATE_MS = 350;
const YAML = { type: "application/yaml" };
const SAMPLE = `name: my-scenario
description: The third call fails
rules:
  - name: flaky
    when: {}
    then:
      - {card: from_picture, times: 2}
      - {error: FailedOperation.OcrFailed}
      - {card: from_picture}
`;

/** The text as it was written; masked values are `***`. */
async function textOf(name, account, isReadyMade) {
  if (name === NEW) return SAMPLE;
  const path = isReadyMade ? `/library${pathOf(name)}` : `/scenarios${pathOf(name)}${query({ account })}`;
  return getText(path, { accept: YAML.type });
}

/** The errors and warnings of a text, from the server's validator. Nothing is stored. */
async function problemsOf(text, account) {
  const found = await change("POST", `/scenarios/validate${query({ account })}`, text, YAML);
  const errors = found.problems.map((each) => ({ ...each, severity: "error" }));
  return { ...found, marks: [...errors, ...found.warnings.map((each) => ({ ...each, severity: "warning" }))] };
}

function useText(name, account, isReadyMade) {
  const [error, setError] = useState(null);
  useEffect(() => {
    const draft = scenarioDraft.peek();
    if (draft && draft.name === name && draft.account === account && draft.isReadyMade === isReadyMade) return;
    scenarioDraft.value = null;
    textOf(name, account, isReadyMade).then(
      (text) => (scenarioDraft.value = { name, account, isReadyMade, text, saved: text }),
      setError,
    );
  }, []);
  return error;
}

export function ScenarioEditor({ name, account, isReadyMade, active, accounts, onChanged }) {
  const loadError = useText(name, account, isReadyMade);
  const draft = scenarioDraft.value;
  const [found, setFound] = useState(null);
  const [target, setTarget] = useState(account ?? "");
  const { busy, error, run } = useAction();
  const box = useRef();
  const editor = useRef();
  const file = useRef();
  const isLoaded = draft !== null;

  useEffect(() => {
    if (!isLoaded) return undefined;
    let completer = null;
    get("/schema").then((schema) => (completer = new SchemaCompleter(schema)), () => {});
    editor.current = createEditor(box.current, {
      text: scenarioDraft.peek().text,
      label: t("scenario_text"),
      onChange: (text) => (scenarioDraft.value = { ...scenarioDraft.peek(), text }),
      complete: (...where) => completer?.complete(...where) ?? null,
    });
    return () => editor.current.destroy();
  }, [isLoaded]);

  useEffect(() => {
    if (!isLoaded) return undefined;
    let current = true;
    const timer = setTimeout(() => {
      problemsOf(draft.text, target).then((result) => {
        if (!current) return;
        setFound(result);
        editor.current.mark(result.marks);
      }, () => {});
    }, VALIDATE_MS);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [draft?.text, target]);

  const activate = () =>
    run(async () => {
      const { text } = scenarioDraft.peek();
      const played = await change("POST", `/scenarios${query({ account: target })}`, text, YAML);
      const next = { name: played.name, account: target || null, isReadyMade: false };
      scenarioDraft.value = { ...next, text, saved: text };
      onChanged();
      open(address("scenarios", played.name, { account: target }), { replace: true });
    });
  const deactivate = () =>
    run(async () => {
      await change("DELETE", `/scenarios${pathOf(name)}${query({ account })}`);
      scenarioDraft.value = null;
      onChanged();
      open(address("scenarios"), { replace: true });
    });
  const importFile = async (event) => {
    const [chosen] = event.target.files;
    event.target.value = "";
    if (!chosen || !mayDiscard()) return;
    const text = await chosen.text();
    scenarioDraft.value = { ...scenarioDraft.peek(), text };
    editor.current.setText(text);
  };

  if (loadError) return html`<div class="page"><${Problem} error=${loadError} /></div>`;
  const isFile = active?.from === "file";
  const isChanged = isLoaded && draft.text !== draft.saved;
  return html`
    <header class="detail-top">
      <a class="button quiet back" href=${address("scenarios")} aria-label=${t("close")}><${Icon} name="back" /></a>
      <div class="detail-title"><h2>${name === NEW ? t("new_scenario") : visible(name)}</h2>
        ${active?.description && html`<p class="dim">${visible(active.description)}</p>`}</div>
      ${isChanged && html`<span class="tag">${t("unsaved")}</span>`}
    </header>
    <div class="editor-tools">
      <${Field} label=${t("active_for")}>
        <select value=${target} onChange=${(event) => setTarget(event.target.value)}>
          <option value="">${t("every_account")}</option>
          ${accounts.map((each) => html`<option value=${each}>${visible(each)}</option>`)}
        </select>
      <//>
      <button class="primary" disabled=${busy || found?.valid === false} onClick=${activate}>${t("activate")}</button>
      ${active && !isFile && html`<button class="danger" disabled=${busy} onClick=${deactivate}>${t("deactivate_for", { account: account ?? t("every_account") })}</button>`}
      <span class="space"></span>
      <input ref=${file} type="file" accept=".yaml,.yml,.json" hidden onChange=${importFile} />
      <button onClick=${() => file.current.click()}><${Icon} name="file" />${t("import")}</button>
      <button onClick=${() => save(`${name === NEW ? "scenario" : name.replace(/[^\w.-]/g, "_")}.yaml`, draft.text, "application/yaml")} disabled=${!isLoaded}>
        <${Icon} name="save" />${t("export")}</button>
    </div>
    ${error && html`<div class="editor-error"><${Problem} error=${error} /></div>`}
    ${isFile && html`<p class="dim editor-note">${t("file_scenario", { file: active.source })}</p>`}
    <div class="editor" ref=${box}></div>
    <${Findings} found=${found} onOpen=${(mark) => editor.current.goTo(mark.line, mark.column)} />
  `;
}

/** The errors and warnings, in the words of `mockocr validate`. */
function Findings({ found, onOpen }) {
  if (!found) return html`<div class="findings"></div>`;
  if (!found.marks.length) {
    return html`<div class="findings"><p class="outcome ok"><${Icon} name="ok" />${t("is_valid", { count: found.rules.length })}</p></div>`;
  }
  return html`<ul class="findings" aria-label=${t("findings")}>
    ${found.marks.map((mark) => html`<li class=${mark.severity}><button class="link" onClick=${() => onOpen(mark)}>
      <${Icon} name=${mark.severity === "error" ? "refused" : "warning"} />
      <code>${mark.line === null ? (mark.path ?? "") : `${mark.line}:${mark.column}`}</code><span>${visible(mark.text)}</span></button></li>`)}
  </ul>`;
}
