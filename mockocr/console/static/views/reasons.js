// Why a call was refused: its cause, its hint, the value that was sent, and the mistakes of its signature.
import { html } from "../vendor/preact.js";
import { hintText, t } from "../language.js";
import { Code, Facts, Section, Text } from "../parts/parts.js";
import { visible } from "../texts.js";

/** A hint names an entry of the documentation at its end; the entry is shown as code. */
export function Hint({ text }) {
  const [whole, before, page] = /^(.*?)\s*(?:See|参见) (docs\/\S+)$/s.exec(text) ?? [null, text, null];
  return html`<${Text} text=${before} />${whole && html` <code class="doc" title=${t("doc_title")}>${page}</code>`}`;
}

export const Reason = ({ reason }) => html`<${Facts} facts=${[
  [t("parameter"), reason.parameter && html`<code><${Text} text=${reason.parameter} /></code>`],
  [t("sent"), reason.value && html`<code><${Text} text=${reason.value} /></code>`],
  [t("expected"), reason.expected && html`<code><${Text} text=${reason.expected} /></code>`],
]} />`;

/** How many characters two texts have in common at their beginning. */
export function firstDifference(one, other) {
  let at = 0;
  while (at < one.length && at < other.length && one[at] === other[at]) at += 1;
  return at;
}

/** As much of a text as is shown before and behind the marked character. */
const [BEFORE, BEHIND] = [600, 1200];

/** A text with one marked character; at its end, the end is marked. */
export function Marked({ text, at }) {
  const start = Math.max(0, at - BEFORE);
  const end = at + 1 + BEHIND;
  return html`<span class="same">${start > 0 && "…"}${visible(text.slice(start, at))}</span><mark>${visible(text.slice(at, at + 1)) || "∎"}</mark>${visible(text.slice(at + 1, end))}${text.length > end && "…"}`;
}

/** The first character that differs is marked in both texts. */
function Compared({ expected, found }) {
  const at = firstDifference(expected, found);
  // Without a common beginning, the texts are descriptions.
  const line = (text) => (expected === found || at === 0 ? html`<${Text} text=${text} />` : html`<${Marked} text=${text} at=${at} />`);
  return html`<dl class="compared">
    <div><dt>${t("yours")}</dt><dd><code>${line(found)}</code></dd></div>
    <div><dt>${t("expected")}</dt><dd><code>${line(expected)}</code></dd></div>
  </dl>`;
}

const Mistakes = ({ details }) =>
  details.map(
    (mistake) => html`<div class="mistake">
      <p class="mistake-step"><strong>${mistake.step}</strong>${mistake.line && html` · ${t("line", { line: mistake.line })}`} · <code>${mistake.cause}</code></p>
      <${Compared} expected=${mistake.expected} found=${mistake.found} />
      <${Section} title=${t("right_code")} open=${false}>
        <h4>Python</h4><${Code} label="Python" text=${mistake.python} />
        <h4>Node.js</h4><${Code} label="Node.js" text=${mistake.node} />
      <//>
    </div>`,
  );

/** Why a call was not answered with success. `unproven`: the code that --auth strict would answer. */
export function Why({ explanation, unproven }) {
  const { outcome, cause, proven, hint, details, decision, message, reason } = explanation;
  if (outcome === "ok" && !unproven && !cause) return null;
  const scripted = decision.rule !== null;
  return html`<section class="why" aria-label=${t("why")}>
    <div class="why-title">
      ${cause ? html`<h3><code>${cause}</code></h3>` : scripted && html`<h3>${t("scripted")}</h3>`}
      ${cause && html`<span class=${`tag ${proven ? "good" : ""}`} title=${t(proven ? "proven_title" : "not_proven_title")}>${t(proven ? "proven" : "not_proven")}</span>`}
      ${unproven && html`<span class="tag">${t("lenient", { code: unproven })}</span>`}
    </div>
    ${message && html`<p class="sent-message"><${Text} text=${message} /></p>`}
    ${reason && html`<${Reason} reason=${reason} />`}
    ${hint && html`<p class="hint-text"><${Hint} text=${hintText(hint)} /></p>`}
    ${scripted && html`<p>${t("scripted_text", { rule: decision.rule, scenario: decision.scenario })}</p>`}
    <${Mistakes} details=${details} />
  </section>`;
}
