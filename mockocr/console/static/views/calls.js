// Calls: the live list with its filters, groups of errors, and one open call beside it.
import { html, useEffect, useMemo, useRef, useState } from "../vendor/preact.js";
import { change, query as queryOf } from "../api.js";
import { FILTERS, filtered, isOk, valuesOf, whyOf } from "../filters.js";
import { onKey } from "../keyboard.js";
import { number, t } from "../language.js";
import { calls, dropped, held, hold, loaded, reload } from "../live_calls.js";
import { Icon, Message } from "../parts/parts.js";
import { address, changed, open, route } from "../route.js";
import { visible } from "../texts.js";
import { CallList } from "./call_list.js";
import { CallView } from "./call.js";
import { FirstCall, NothingFound } from "./first_call.js";
import { Groups } from "./groups.js";
import { PasteDialog } from "./paste.js";

function Select({ name, values, label }) {
  const value = route.value.query[name] ?? "";
  const options = value && !values.includes(value) ? [value, ...values] : values;
  return html`<select aria-label=${label} class=${value ? "set" : ""} value=${value}
    onChange=${(event) => open(changed({ [name]: event.target.value }), { replace: true })}>
    <option value="">${label}</option>
    ${options.map((each) => html`<option value=${each}>${each === "error" ? t("any_error") : visible(each)}</option>`)}
  </select>`;
}

function Toolbar({ rows, onPaste }) {
  const { query } = route.value;
  const search = useRef();
  useEffect(() => onKey("/", () => search.current.focus()), []);
  const values = useMemo(
    () => ({
      account: valuesOf(rows, "account"),
      outcome: ["ok", "error", ...valuesOf(rows, "outcome").filter((each) => each !== "ok")],
      cause: [...new Set(rows.map(whyOf).filter(Boolean))].sort(),
      rule: valuesOf(rows, "rule"),
    }),
    [rows],
  );
  const isSet = FILTERS.some((name) => query[name]);
  const none = Object.fromEntries(FILTERS.map((name) => [name, ""]));
  const type = (event) => open(changed({ q: event.target.value }), { replace: true });
  return html`<div class="toolbar" role="search">
    <label class="search"><${Icon} name="search" /><span class="off-screen">${t("search")}</span>
      <input ref=${search} type="search" placeholder=${t("search")} value=${query.q ?? ""} onInput=${type} spellcheck="false" />
      <kbd>/</kbd>
    </label>
    <div class="selects">
      <${Select} name="account" values=${values.account} label=${t("account")} />
      <${Select} name="outcome" values=${values.outcome} label=${t("outcome")} />
      <${Select} name="cause" values=${values.cause} label=${t("why")} />
      <${Select} name="rule" values=${values.rule} label=${t("rule")} />
    </div>
    ${isSet && html`<a class="button quiet" href=${changed(none)}>${t("clear_filters")}</a>`}
    <div class="buttons">
      <a class="button" role="button" aria-pressed=${query.view === "groups"} title=${t("group_errors")}
        href=${address("calls", null, { ...query, view: query.view === "groups" ? "" : "groups" })}><${Icon} name="groups" /><span>${t("group_errors")}</span></a>
      <button title=${t("paste")} onClick=${onPaste}><${Icon} name="paste" /><span>${t("paste")}</span></button>
    </div>
  </div>`;
}

function Summary({ rows, shown }) {
  const errors = shown.filter((row) => !isOk(row)).length;
  const { account } = route.value.query;
  const clear = async () => {
    if (!confirm(account ? t("clear_account", { account }) : t("clear_all"))) return;
    await change("DELETE", `/requests${queryOf({ account })}`);
    await reload();
  };
  const count = shown.length === rows.length ? number(rows.length) : `${number(shown.length)} / ${number(rows.length)}`;
  return html`<div class="summary">
    <span>${t("count_calls", { count })}</span>
    ${errors > 0 && html`<span class="outcome refused"><${Icon} name="refused" />${t("count_errors", { count: number(errors) })}</span>`}
    <span class="space"></span>
    ${rows.length > 0 && html`<button class="link" onClick=${clear}>${t("clear_calls")}</button>`}
  </div>`;
}

export function CallsView() {
  const { id, query } = route.value;
  const rows = calls.value;
  const shown = useMemo(() => filtered(rows, query), [rows, FILTERS.map((name) => query[name]).join("\0")]);
  const [pasting, setPasting] = useState(false);
  const groups = query.view === "groups" && id === null;

  useEffect(() => {
    const remove = [
      onKey("p", () => setPasting(true)),
      onKey("g", () => open(address("calls", null, { ...route.peek().query, view: route.peek().query.view ? "" : "groups" }))),
    ];
    return () => {
      remove.forEach((each) => each());
      hold(false);
    };
  }, []);

  let list = null;
  if (loaded.value && !rows.length && !held.value.length) list = html`<${FirstCall} />`;
  else if (groups) list = html`<${Groups} rows=${shown} />`;
  else if (loaded.value && !shown.length) list = html`<${NothingFound} />`;
  else list = html`<${CallList} rows=${shown} openId=${id} />`;

  return html`
    <div class=${`calls ${id === null ? "" : "with-call"}`}>
      <section class="list-pane" aria-label=${t("tab_calls")}>
        <${Toolbar} rows=${rows} onPaste=${() => setPasting(true)} />
        ${dropped.value > 0 && html`<${Message} kind="warning" title=${t("dropped", { count: number(dropped.value) })} />`}
        <${Summary} rows=${rows} shown=${shown} />
        ${list}
      </section>
      ${id !== null && html`<${CallView} key=${id} requestId=${id} />`}
    </div>
    ${pasting && html`<${PasteDialog} onClose=${() => setPasting(false)} />`}
  `;
}
