// One account: its keys, settings and clock, and what can be done to it.
import { html, useState } from "../vendor/preact.js";
import { change, pathOf, query } from "../api.js";
import { t } from "../language.js";
import { CopyButton, Facts, Field, Icon, Message, Problem, useAction } from "../parts/parts.js";
import { address } from "../route.js";
import { visible } from "../texts.js";

const STATES = ["ok", "unopened", "arrears", "charge_exception"];

const clockKind = (clock) => (clock.freeze !== undefined ? "freeze" : clock.offset !== undefined ? "offset" : "real");

/** What the form shows of an account. */
const valuesOf = (account) => ({
  state: account.state,
  rate: String(account.rate),
  package: account.package === null ? "" : String(account.package),
  seed: String(account.seed),
  contract: account.contract,
  cam: account.allow === null ? "all" : account.allow.length ? "some" : "none",
  clock: clockKind(account.clock),
  clockValue: String(account.clock.freeze ?? account.clock.offset ?? ""),
});

/** The members that differ, as the admin API takes them. */
function changesOf(before, now) {
  const differs = (...names) => names.some((name) => before[name] !== now[name]);
  const changes = {};
  if (differs("state")) changes.state = now.state;
  if (differs("rate")) changes.rate = Number(now.rate);
  if (differs("package")) changes.package = now.package === "" ? null : Number(now.package);
  if (differs("seed")) changes.seed = Number(now.seed);
  if (differs("contract")) changes.contract = now.contract || null;
  if (differs("cam") && now.cam !== "some") changes.allow = now.cam === "all" ? null : [];
  if (differs("clock", "clockValue")) changes.clock = now.clock === "real" ? {} : { [now.clock]: now.clockValue };
  return changes;
}

export function AccountForm({ account, onChanged, onRemoved }) {
  const before = valuesOf(account);
  const [values, setValues] = useState(before);
  const [done, setDone] = useState("");
  const { busy, error, run } = useAction();
  const changes = changesOf(before, values);
  const set = (name) => (event) => {
    setDone("");
    setValues({ ...values, [name]: event.target.value });
  };
  const number = (name, hint, optional = false) => html`<${Field} label=${t(name)} hint=${hint}>
    <input type="number" min=${name === "seed" ? undefined : 0} step="1" required=${!optional} value=${values[name]} onInput=${set(name)} /><//>`;
  const path = `/accounts${pathOf(account.name)}`;
  const store = (event) => {
    event.preventDefault();
    run(async () => {
      const changed = await change("PATCH", path, changes);
      setValues(valuesOf(changed));
      await onChanged();
      setDone(t("saved"));
    });
  };
  const reset = () =>
    confirm(t("reset_confirm", { name: account.name })) &&
    run(async () => {
      await change("POST", `/reset${query({ account: account.name })}`);
      await onChanged();
      setDone(t("reset_done"));
    });
  const remove = () =>
    confirm(t("remove_confirm", { name: account.name })) &&
    run(async () => {
      await change("DELETE", path);
      onRemoved();
    });

  return html`
    <header class="detail-top">
      <a class="button quiet back" href=${address("accounts")} aria-label=${t("close")}><${Icon} name="back" /></a>
      <div class="detail-title"><h2>${visible(account.name)}</h2></div>
      <a class="button" href=${address("calls", null, { account: account.name })}>${t("its_calls")}</a>
    </header>
    <div class="detail-body">
      <h3>${t("keys")}</h3>
      <dl class="secrets">${account.keys.map((pair) => html`<div><dt><code>${visible(pair.SecretId)}</code><${CopyButton} text=${pair.SecretId} /></dt>
        <dd><code title=${t("key_masked")}>${pair.SecretKey}</code></dd></div>`)}</dl>
      <p class="dim">${t("key_masked")}</p>
      <${Facts} facts=${[
        [t("tokens"), account.tokens.length ? account.tokens.join(", ") : null],
        [t("own_scenarios"), account.scenarios.length
          ? html`<span>${account.scenarios.map((name, index) => html`${index ? ", " : ""}<a href=${address("scenarios", name, { account: account.name })}>${visible(name)}</a>`)}</span>`
          : null],
      ]} />
      <form onSubmit=${store}>
        <h3>${t("settings")}</h3>
        <div class="form-grid">
          <${Field} label=${t("state")}><select value=${values.state} onChange=${set("state")}>${STATES.map((each) => html`<option value=${each}>${t(`state_${each}`)}</option>`)}</select><//>
          <${Field} label=${t("cam")}><select value=${values.cam} onChange=${set("cam")}>
            <option value="all">${t("cam_all")}</option><option value="none">${t("cam_none")}</option>
            ${before.cam === "some" && html`<option value="some">${account.allow.join(", ")}</option>`}</select><//>
          ${number("rate", t("rate_hint"))}
          ${number("package", t("package_hint"), true)}
          ${number("seed", t("seed_hint"))}
          <${Field} label=${t("contract_date")} hint=${t("contract_hint")}><input type="date" value=${values.contract} onInput=${set("contract")} /><//>
        </div>
        <h3>${t("clock")}</h3>
        <div class="form-grid">
          <${Field} label=${t("clock")}><select value=${values.clock} onChange=${(event) => setValues({ ...values, clock: event.target.value, clockValue: event.target.value === "freeze" ? new Date().toISOString().slice(0, 19) + "Z" : event.target.value === "offset" ? "+1h" : "" })}>
            ${["real", "offset", "freeze"].map((each) => html`<option value=${each}>${t(`clock_${each}`)}</option>`)}</select><//>
          ${values.clock !== "real" && html`<${Field} label=${t(`clock_${values.clock}_value`)} hint=${t(`clock_${values.clock}_hint`)}>
            <input class="mono" required value=${values.clockValue} onInput=${set("clockValue")} spellcheck="false" /><//>`}
        </div>
        ${values.clock === "freeze" && html`<${Message} kind="warning" title=${t("freeze_warning")} />`}
        ${error && html`<${Problem} error=${error} />`}
        <div class="form-end start"><button class="primary" disabled=${busy || !Object.keys(changes).length}>${t("save_changes")}</button>
          <span class="toast" role="status">${done}</span></div>
      </form>
      <h3>${t("actions")}</h3>
      <div class="actions">
        <button class="danger" disabled=${busy} onClick=${reset}>${t("reset_account", { name: account.name })}</button>
        <button class="danger" disabled=${busy} onClick=${remove}>${t("remove_account", { name: account.name })}</button>
      </div>
      <p class="dim">${t("reset_text")}</p>
    </div>
  `;
}
