// Errors grouped by code and cause.
import { html } from "../vendor/preact.js";
import { groupsOf } from "../filters.js";
import { number, t } from "../language.js";
import { Empty, Outcome } from "../parts/parts.js";
import { changed } from "../route.js";
import { clockTime, visible } from "../texts.js";

const BARS = 24;

/** How the calls of a group are spread over the time of all listed calls. */
function Spread({ rows, from, to }) {
  const counts = new Array(BARS).fill(0);
  for (const row of rows) {
    const share = (Date.parse(row.time) - from) / Math.max(1, to - from);
    counts[Math.min(BARS - 1, Math.floor(share * BARS))] += 1;
  }
  const most = Math.max(...counts);
  return html`<svg class="spread" viewBox=${`0 0 ${BARS * 4} 20`} aria-hidden="true">
    ${counts.map((count, index) => {
      const height = count ? Math.max(2, (count / most) * 20) : 1;
      return html`<rect x=${index * 4} y=${20 - height} width="3" height=${height} class=${count ? "" : "none"} />`;
    })}
  </svg>`;
}

export function Groups({ rows }) {
  const groups = groupsOf(rows);
  if (!groups.length) return html`<${Empty} title=${t("no_errors")}><p>${t("no_errors_text")}</p><//>`;
  const from = Date.parse(rows[rows.length - 1].time);
  const to = Date.parse(rows[0].time);
  return html`<ul class="groups">
    ${groups.map(
      (group) => html`<li key=${group.key}>
        <a href=${changed({ view: "", outcome: group.outcome, cause: group.cause ?? "" })}>
          <span class="group-count">${number(group.rows.length)}</span>
          <span class="group-what"><${Outcome} outcome=${group.outcome} />${group.cause && html`<code>${visible(group.cause)}</code>`}</span>
          <${Spread} rows=${group.rows} from=${from} to=${to} />
          <span class="group-last">${t("last_at", { time: clockTime(group.rows[0].time) })}</span>
        </a>
      </li>`,
    )}
  </ul>`;
}
