// Accounts: keys, state, limits, clock; create, reset and remove them.
import { html, useEffect, useRef, useState } from "../vendor/preact.js";
import { change, get } from "../api.js";
import { t } from "../language.js";
import { CopyButton, Dialog, Empty, Field, Icon, Message, Problem, useAction } from "../parts/parts.js";
import { address, open, route } from "../route.js";
import { visible } from "../texts.js";
import { AccountForm } from "./account_form.js";

function CreateDialog({ onClose, onCreated }) {
  const name = useRef();
  const [made, setMade] = useState(null);
  const { busy, error, run } = useAction();
  const create = (event) => {
    event.preventDefault();
    run(async () => {
      const text = name.current.value.trim();
      const account = await change("POST", "/accounts", text ? { name: text } : {});
      setMade(account);
      onCreated(account);
    });
  };
  if (made) {
    const [pair] = made.keys;
    const lines = `TENCENTCLOUD_SECRET_ID=${pair.SecretId}\nTENCENTCLOUD_SECRET_KEY=${pair.SecretKey}\n`;
    return html`<${Dialog} title=${t("account_made", { name: made.name })} onClose=${onClose}>
      <div class="stack">
        <${Message} kind="warning" title=${t("keys_once")} />
        <dl class="secrets">
          <div><dt>SecretId</dt><dd><code>${pair.SecretId}</code><${CopyButton} text=${pair.SecretId} /></dd></div>
          <div><dt>SecretKey</dt><dd><code>${pair.SecretKey}</code><${CopyButton} text=${pair.SecretKey} /></dd></div>
        </dl>
        <footer><${CopyButton} className="" text=${lines} label=${t("copy_env")} /><button class="primary" onClick=${onClose}>${t("done")}</button></footer>
      </div>
    <//>`;
  }
  return html`<${Dialog} title=${t("create_account")} onClose=${onClose}>
    <form class="stack" onSubmit=${create}>
      <${Field} label=${t("name")} hint=${t("name_hint")}><input ref=${name} maxlength="64" autocomplete="off" autofocus /><//>
      ${error && html`<${Problem} error=${error} />`}
      <footer><button type="button" onClick=${onClose}>${t("cancel")}</button><button class="primary" disabled=${busy}>${t("create")}</button></footer>
    </form>
  <//>`;
}

export function AccountsView() {
  const { id } = route.value;
  const [accounts, setAccounts] = useState(null);
  const [error, setError] = useState(null);
  const [creating, setCreating] = useState(false);
  const load = () => get("/accounts").then((reply) => setAccounts(reply.accounts), setError);
  useEffect(() => {
    load();
  }, []);
  if (error) return html`<div class="page"><${Problem} error=${error} /></div>`;
  if (!accounts) return null;
  const account = accounts.find((each) => each.name === id);
  const removed = () => {
    open(address("accounts"), { replace: true });
    load();
  };
  return html`<div class=${`split ${id === null ? "" : "with-detail"}`}>
    <section class="side-list" aria-label=${t("tab_accounts")}>
      <div class="side-tools"><span class="dim">${t("count_accounts", { count: accounts.length })}</span><span class="space"></span>
        <button class="primary" onClick=${() => setCreating(true)}><${Icon} name="plus" />${t("create_account")}</button></div>
      <ul>${accounts.map((each) => html`<li key=${each.name}>
        <a class="entry account-entry" href=${address("accounts", each.name)} aria-current=${each.name === id ? "true" : undefined}>
          <span class="entry-name">${visible(each.name)}</span>
          <code class="entry-note">${visible(each.keys[0]?.SecretId ?? "")}</code>
          ${each.state !== "ok" && html`<span class="tag">${t(`state_${each.state}`)}</span>`}
          ${Object.keys(each.clock).length > 0 && html`<span class="tag">${t("clock_moved")}</span>`}
        </a></li>`)}</ul>
    </section>
    <section class="detail">
      ${account
        ? html`<${AccountForm} key=${account.name} account=${account} onChanged=${load} onRemoved=${removed} />`
        : html`<${Empty} title=${t(id === null ? "choose_account" : "no_such_account")}><p>${t("choose_account_text")}</p><//>`}
    </section>
    ${creating && html`<${CreateDialog} onClose=${() => setCreating(false)} onCreated=${(made) => load().then(() => open(address("accounts", made.name)))} />`}
  </div>`;
}
