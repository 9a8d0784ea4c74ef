// Scenarios: ready-made, of files, and of accounts; read, edit, activate, deactivate.
import { html, useEffect, useState } from "../vendor/preact.js";
import { get, query } from "../api.js";
import { scenarioDraft } from "../drafts.js";
import { t } from "../language.js";
import { scenarioChanges } from "../live_calls.js";
import { Empty, Icon, Message, Problem } from "../parts/parts.js";
import { address, guardLeaving, open, route } from "../route.js";
import { visible } from "../texts.js";
import { ScenarioEditor } from "./scenario_editor.js";

export const NEW = "new scenario";

function useScenarios() {
  const [state, setState] = useState({});
  const load = () =>
    Promise.all([get("/scenarios"), get("/accounts")]).then(
      ([list, { accounts }]) => setState({ list, accounts: accounts.map((each) => each.name) }),
      (error) => setState({ error }),
    );
  useEffect(() => {
    load();
  }, [scenarioChanges.value]);
  return { ...state, load };
}

const Entry = ({ name, note, isOpen, href, active }) => html`<li>
  <a class="entry" href=${href} aria-current=${isOpen ? "true" : undefined}>
    <span class=${`dot ${active ? "active" : ""}`} title=${active ? t("active") : ""}></span>
    <span class="entry-name">${visible(name)}</span>${note && html`<span class="entry-note">${visible(note)}</span>`}
  </a>
</li>`;

function List({ list, search }) {
  const { id, query: filters } = route.value;
  const text = search.trim().toLowerCase();
  const fits = (...texts) => texts.some((each) => (each ?? "").toLowerCase().includes(text));
  const active = list.scenarios.filter((each) => fits(each.name, each.description, each.account));
  const names = new Set(list.scenarios.map((each) => each.name));
  const known = list.known.filter((name) => fits(name));
  return html`
    <h3 class="list-title">${t("active_scenarios")}</h3>
    ${active.length === 0 && html`<p class="dim list-none">${t(text ? "nothing_here" : "no_active_scenarios")}</p>`}
    <ul>${active.map((each) => html`<${Entry} key=${`${each.account} ${each.name}`} name=${each.name} active=${true}
      note=${each.account ?? t(`from_${each.from}`)} href=${address("scenarios", each.name, { account: each.account ?? "" })}
      isOpen=${id === each.name && (filters.account ?? "") === (each.account ?? "")} />`)}</ul>
    <h3 class="list-title">${t("ready_made")}</h3>
    <ul>${known.map((name) => html`<${Entry} key=${name} name=${name} active=${names.has(name)} href=${address("scenarios", name, { source: "ready-made" })}
      isOpen=${id === name && filters.source === "ready-made"} />`)}</ul>
  `;
}

/** Asks before unsaved text is lost. */
export function mayDiscard() {
  const draft = scenarioDraft.peek();
  return !draft || draft.text === draft.saved || confirm(t("discard_text", { name: draft.name }));
}

export function ScenariosView() {
  const { id, query: filters } = route.value;
  const { list, accounts, error, load } = useScenarios();
  const [search, setSearch] = useState("");
  useEffect(() => {
    guardLeaving((next) => {
      const draft = scenarioDraft.peek();
      if (next === null) return !draft || draft.text === draft.saved;
      const here = route.peek();
      const stays = next.tab === here.tab && next.id === here.id && next.query.account === here.query.account && next.query.source === here.query.source;
      if (stays) return true;
      const leaves = mayDiscard();
      if (leaves) scenarioDraft.value = null;
      return leaves;
    });
    return () => guardLeaving(null);
  }, []);
  if (error) return html`<div class="page"><${Problem} error=${error} /></div>`;
  if (!list) return null;
  const shown = list.scenarios.find((each) => each.name === id && (each.account ?? "") === (filters.account ?? ""));
  return html`<div class=${`split ${id === null ? "" : "with-detail"}`}>
    <section class="side-list" aria-label=${t("tab_scenarios")}>
      <div class="side-tools">
        <label class="search"><${Icon} name="search" /><span class="off-screen">${t("search_scenarios")}</span>
          <input type="search" placeholder=${t("search_scenarios")} value=${search} onInput=${(event) => setSearch(event.target.value)} /></label>
        <button class="primary" onClick=${() => open(address("scenarios", NEW))}><${Icon} name="plus" />${t("new")}</button>
      </div>
      ${Object.entries(list.refused).map(([file, text]) => html`<${Message} kind="error" title=${visible(file)}><p class="mono">${visible(text)}</p><//>`)}
      <${List} list=${list} search=${search} />
    </section>
    <section class="detail">
      ${id === null
        ? html`<${Empty} title=${t("choose_scenario")}><p>${t("choose_scenario_text")}</p><//>`
        : html`<${ScenarioEditor} key=${`${id} ${filters.account} ${filters.source}`} name=${id} account=${filters.account ?? null}
            isReadyMade=${filters.source === "ready-made"} active=${shown} accounts=${accounts} onChanged=${load} />`}
    </section>
  </div>`;
}
