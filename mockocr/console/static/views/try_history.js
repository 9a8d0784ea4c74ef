// The calls that were sent from this page, with refill, and the difference of two of them.
import { html, useState } from "../vendor/preact.js";
import { diffLines } from "../diff.js";
import { t } from "../language.js";
import { Section } from "../parts/parts.js";
import { clockTime, pretty, visible } from "../texts.js";
import { parametersOf } from "./try_fields.js";

function textOf({ form, reply }) {
  const parameters = parametersOf(form);
  if (form.picture) parameters.ImageBase64 = form.picture.name;
  let response = reply.body;
  try {
    response = JSON.parse(reply.body);
  } catch {
    // Not JSON: a fault.
  }
  const short = (key, value) => (typeof value === "string" && value.length > 300 ? `${value.slice(0, 60)}… (${value.length})` : value);
  const { account, region, language, method, signature_method } = form;
  return JSON.stringify({ request: { account, region, language, method, signature_method, parameters }, response }, short, 2);
}

const Diff = ({ entries: [after, before] }) => html`<div class="code diff"><pre tabindex="0" aria-label=${t("difference")}>
  ${diffLines(textOf(before), textOf(after)).map(([kind, line]) => html`<span class=${{ "-": "removed", "+": "added", " ": "" }[kind]}>${kind} ${visible(line)}${"\n"}</span>`)}
</pre></div>`;

export function History({ entries, shown, onShow }) {
  const [chosen, setChosen] = useState([]);
  if (!entries.length) return null;
  const compared = entries.filter((entry) => chosen.includes(entry)).slice(0, 2);
  const toggle = (entry) => setChosen(chosen.includes(entry) ? chosen.filter((each) => each !== entry) : [...chosen, entry].slice(-2));
  return html`<${Section} title=${t("history")} note=${String(entries.length)}>
    <ul class="history">${entries.map((entry) => html`<li key=${entry.time} class=${entry === shown ? "open" : ""}>
      <input type="checkbox" aria-label=${t("compare")} title=${t("compare")} checked=${chosen.includes(entry)} onChange=${() => toggle(entry)} />
      <button class="link" onClick=${() => onShow(entry)}>${clockTime(entry.time)}</button>
      <span class="history-what">${visible([entry.form.parameters.CardSide, entry.form.picture?.name ?? entry.form.parameters.ImageUrl, entry.form.flags.join(" ")].filter(Boolean).join(" · "))}</span>
    </li>`)}</ul>
    ${compared.length === 2 ? html`<h4>${t("difference")}</h4><${Diff} entries=${compared} />` : entries.length > 1 && html`<p class="dim">${t("compare_hint")}</p>`}
  <//>`;
}
