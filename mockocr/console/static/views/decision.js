// Which rule decided, and why the others did not match.
import { html } from "../vendor/preact.js";
import { t } from "../language.js";
import { Icon, Section, Text } from "../parts/parts.js";
import { address } from "../route.js";
import { visible } from "../texts.js";

function valueText(value) {
  if (value === null) return t("absent");
  if (Array.isArray(value)) return value.map(valueText).join(t("or"));
  return typeof value === "string" ? value : JSON.stringify(value);
}

const Miss = ({ miss }) => html`<li class="miss">
  <p><${Icon} name="refused" /><strong>${visible(miss.rule)}</strong> <span class="dim">${visible(miss.scenario)}</span>
    <span class="dim miss-count">${miss.differences.length ? t("conditions_failed", { failed: miss.differences.length, all: miss.conditions }) : t("steps_used_up")}</span></p>
  ${miss.differences.length > 0 && html`<div class="table-box" tabindex="0" role="group" aria-label=${visible(miss.rule)}><table>
    <thead><tr><th>${t("condition")}</th><th>${t("expected")}</th><th>${t("sent")}</th></tr></thead>
    <tbody>${miss.differences.map((each) => html`<tr><td><code>${visible(each.name)}</code></td><td><code><${Text} text=${valueText(each.expected)} /></code></td><td><code><${Text} text=${valueText(each.found)} /></code></td></tr>`)}</tbody>
  </table></div>`}
</li>`;

export function Decision({ decision }) {
  const { rule, scenario, near_misses: misses } = decision;
  if (!rule && !misses.length) return null;
  return html`<${Section} title=${t("decision")} note=${rule ? visible(rule) : t("no_rule_matched")}>
    ${rule
      ? html`<p class="matched"><${Icon} name="ok" /><strong>${visible(rule)}</strong> <a href=${address("scenarios", scenario)}>${visible(scenario)}</a></p>`
      : html`<p>${t("no_rule_text")}</p>`}
    ${misses.length > 0 && html`<h4>${t("near_misses")}</h4><ul class="misses">${misses.map((miss) => html`<${Miss} miss=${miss} />`)}</ul>`}
  <//>`;
}
