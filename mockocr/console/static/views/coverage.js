// Coverage: which outcomes the calls have had, and how a test sees the others.
import { html, useEffect, useState } from "../vendor/preact.js";
import { change, get, query } from "../api.js";
import { onKey } from "../keyboard.js";
import { hintText, number, t } from "../language.js";
import { calls } from "../live_calls.js";
import { Icon, Message, Problem, Section } from "../parts/parts.js";
import { address, changed, open, route } from "../route.js";
import { visible } from "../texts.js";

const REFRESH_MS = 400;
const KINDS = { seen: "ok", asked: "fault", missed: "refused" };
const isUnseen = (row) => row.state === "missed" || row.state === "asked";

/** The report, read again when calls arrive. */
function useReport(account) {
  const [state, setState] = useState({});
  const load = () =>
    Promise.all([get(`/coverage${query({ account })}`), get("/accounts")]).then(
      ([report, { accounts }]) => setState({ report, accounts: accounts.map((each) => each.name) }),
      (error) => setState({ error }),
    );
  useEffect(() => {
    const timer = setTimeout(load, state.report ? REFRESH_MS : 0);
    return () => clearTimeout(timer);
  }, [account, calls.value]);
  return { ...state, load };
}

function Ways({ row }) {
  const parameters = JSON.stringify(row.parameters);
  return html`${row.scenario && html`<a href=${address("scenarios", row.scenario, { source: "ready-made" })}>${row.scenario}</a><br />`}
    <code>${row.respond}</code>${parameters !== "{}" && html`<div class="dim">${t("call_with", { parameters })}</div>`}`;
}

function names({ sources }) {
  const more = sources.length > 3 ? ` +${sources.length - 3}` : "";
  return visible(sources.slice(0, 3).map(({ name }) => name ?? t("no_account")).join(", ")) + more;
}

const Row = ({ row }) => html`<tr>
  <td><span class=${`outcome ${KINDS[row.state] ?? "dim"}`}>${KINDS[row.state] && html`<${Icon} name=${row.state === "asked" ? "warning" : KINDS[row.state]} />`}${t(`state_${row.state}`)}</span></td>
  <td><code>${row.id}</code><div class="dim">${hintText(row.detail)}</div></td>
  <td class="count">${row.calls > 0 && number(row.calls)}</td>
  <td>${isUnseen(row) ? html`<${Ways} row=${row} />` : names(row)}</td>
</tr>`;

function Group({ rows }) {
  const counted = rows.filter((row) => KINDS[row.state]);
  const seen = counted.filter((row) => row.state === "seen").length;
  return html`<${Section} title=${t(`group_${rows[0].group}`)} note=${`${seen} / ${counted.length}`}>
    <div class="table-box"><table class="coverage"><thead><tr>
      <th>${t("state")}</th><th>${t("outcome")}</th><th class="count">${t("tab_calls")}</th><th>${t("seen_by")}</th>
    </tr></thead><tbody>${rows.map((row) => html`<${Row} key=${row.id} row=${row} />`)}</tbody></table></div>
  <//>`;
}

/** j and k move the focus along the links to scenarios. */
function move(by) {
  const links = [...document.querySelectorAll(".coverage a")];
  const at = links.indexOf(document.activeElement) + by;
  links[Math.max(0, Math.min(at, links.length - 1))]?.focus();
}

export function CoverageView() {
  const { account, show } = route.value.query;
  const { report, accounts, error, load } = useReport(account);
  useEffect(() => {
    const remove = [onKey("j", () => move(1)), onKey("k", () => move(-1))];
    return () => remove.forEach((each) => each());
  }, []);
  if (error) return html`<div class="page"><${Problem} error=${error} /></div>`;
  if (!report) return null;
  const { totals, rows } = report;
  const groups = new Map();
  for (const row of rows) {
    if (show && !isUnseen(row)) continue;
    const key = `${row.action} ${row.group}`;
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  const anew = async () => {
    if (!confirm(t("count_anew_confirm"))) return;
    await change("DELETE", `/coverage${query({ account })}`);
    await load();
  };
  const set = (name) => (event) => open(changed({ [name]: event.target.value }), { replace: true });
  return html`<div class="page">
    <div class="result-top"><h1>${t("tab_coverage")}</h1><strong class="percent">${number(totals.percent)} %</strong>
      <span class="dim">${t("rows_seen", { seen: totals.seen, all: totals.seen + totals.asked + totals.missed, date: report.contract })}</span><span class="space"></span>
      <select aria-label=${t("account")} value=${account ?? ""} onChange=${set("account")}>
        <option value="">${t("every_account")}</option>${accounts.map((name) => html`<option value=${name}>${visible(name)}</option>`)}
      </select>
      <select aria-label=${t("state")} value=${show ?? ""} onChange=${set("show")}><option value="">${t("show_every")}</option><option value="unseen">${t("show_unseen")}</option></select>
      <button onClick=${anew}>${t("count_anew")}</button></div>
    ${rows.every((row) => !row.calls) && html`<${Message} title=${t("no_calls")}><p>${t("no_coverage_text")}</p><//>`}
    <div>${[...groups].map(([key, part]) => html`<${Group} key=${key} rows=${part} />`)}</div>
    ${Object.keys(report.others).length > 0 && html`<p class="dim">${t("without_row")} ${visible(Object.entries(report.others).map(([outcome, count]) => `${outcome} (${count})`).join(", "))}</p>`}
  </div>`;
}
