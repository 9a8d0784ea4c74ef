// Why a call was refused: its hint, the value that was sent, and the mistakes of its signature.
import { html } from "../vendor/preact.js";
import { t } from "../language.js";
import { Code, Facts, Section, Text } from "../parts/parts.js";

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

/** The first character that differs is marked in both texts. */
export function Compared({ expected, found }) {
  let at = 0;
  while (at < expected.length && at < found.length && expected[at] === found[at]) at += 1;
  // Without a common beginning, the texts are descriptions.
  const same = expected === found || at === 0;
  const line = (text) =>
    same ? text : html`<span class="same">${text.slice(0, at)}</span><mark>${text.slice(at, at + 1) || "∎"}</mark>${text.slice(at + 1)}`;
  return html`<dl class="compared">
    <div><dt>${t("yours")}</dt><dd><code>${line(found)}</code></dd></div>
    <div><dt>${t("expected")}</dt><dd><code>${line(expected)}</code></dd></div>
  </dl>`;
}

export const Mistakes = ({ details }) =>
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
