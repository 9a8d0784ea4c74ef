// The steps of a signature: as the server computed them, beside those of the client if they are known.
// The key is never shown.
import { html } from "../vendor/preact.js";
import { t } from "../language.js";
import { CopyButton, Outcome, Section, Text } from "../parts/parts.js";
import { Marked, firstDifference } from "./reasons.js";

const CANONICAL = "canonical request";
const CANONICAL_LINES = ["step_method", "step_path", "step_query"];
const STRING_NOTES = ["step_algorithm", "step_timestamp", "step_scope", "step_hash"];

/** What each line of a step is. */
function notesOf(step, lines) {
  if (step !== CANONICAL) return STRING_NOTES.map((key) => t(key));
  const blank = lines.indexOf("", 3);
  return lines.map((_, index) => {
    if (index < 3) return t(CANONICAL_LINES[index]);
    if (index < blank) return t("step_header");
    if (index === blank) return t("step_blank");
    return t(index === blank + 1 ? "step_signed_headers" : "step_payload_hash");
  });
}

const lineText = (line) => (line ? html`<${Text} text=${line} />` : html`<span class="dim">${t("empty_line")}</span>`);

function Lines({ text, notes, label, marked }) {
  return html`<div class="code lines">
    <ol tabindex="0" aria-label=${label}>
      ${text.split("\n").map((line, index) => html`<li class=${marked.has(index + 1) ? "marked" : ""}>
        <code>${lineText(line)}</code>
        ${notes[index] && html`<span class="line-note">${notes[index]}</span>`}
      </li>`)}
    </ol>
    <${CopyButton} text=${text} />
  </div>`;
}

/** A step of the client beside the right one. The first byte that differs is marked. */
function Comparison({ pair, label }) {
  const { yours, right, differs_at: difference } = pair;
  const [own, correct] = [yours.split("\n"), right.split("\n")];
  const rows = Array.from({ length: Math.max(own.length, correct.length) }, (_, index) => index);
  const cell = (line, at) => {
    if (line === undefined) return html`<span class="dim">${t("no_line")}</span>`;
    return at === null ? lineText(line) : html`<${Marked} text=${line} at=${at} />`;
  };
  return html`<p class="difference" role="status">${t("first_difference", { line: difference.line, byte: difference.column })}</p>
    <div class="steps-table" role="table" aria-label=${label}>
      <div class="step-row head" role="row"><span role="columnheader">#</span><span role="columnheader">${t("yours")}</span><span role="columnheader">${t("expected")}</span></div>
      ${rows.map((index) => {
        const isFirst = index + 1 === difference.line;
        const same = own[index] === correct[index] && !isFirst;
        const at = isFirst ? firstDifference(own[index] ?? "", correct[index] ?? "") : null;
        return html`<div class=${`step-row ${isFirst ? "differs" : same ? "same" : "later"}`} role="row">
          <span role="rowheader">${index + 1}</span><span role="cell">${cell(own[index], at)}</span><span role="cell">${cell(correct[index], at)}</span></div>`;
      })}
    </div>`;
}

const OF_THE_STRING = ["timestamp", "string to sign", "credential scope"];

/** The numbers of the lines of a step with mistakes. */
const markedLines = (details, step) =>
  new Set(details.filter((each) => each.line && OF_THE_STRING.includes(each.step) === (step !== CANONICAL)).map((each) => each.line));

function Step({ pair, number, details }) {
  const label = t(pair.step === CANONICAL ? "canonical_request" : "string_to_sign");
  const text = pair.right ?? pair.yours;
  return html`<h4>${number}${label}</h4>
    ${pair.differs_at
      ? html`<${Comparison} pair=${pair} label=${label} />`
      : html`<${Lines} label=${label} text=${text} notes=${notesOf(pair.step, text.split("\n"))} marked=${markedLines(details, pair.step)} />`}`;
}

/** The pairs of a signature that the server computed. One of version 1 has a string to sign only. */
const pairsOf = ({ canonical_request: canonical, string_to_sign: string }) => [
  ...(canonical ? [{ step: CANONICAL, right: canonical }] : []),
  { step: "string to sign", right: string },
];

/** `steps`: pairs as of the explanation of a call; `signature`: of its record. Either may be missing. */
export function SignatureSteps({ signature, steps = [], details = [], valid, open = true }) {
  const known = steps.filter((pair) => pair.right ?? pair.yours);
  const pairs = known.length ? known : pairsOf(signature);
  const isTc3 = pairs[0].step === CANONICAL;
  return html`<${Section} title=${t("signature_steps")} open=${open} note=${html`<${Outcome} outcome=${valid ? "ok" : t("does_not_match")} />`}>
    ${pairs.map((pair, index) => html`<${Step} pair=${pair} number=${isTc3 ? `${index + 1}. ` : ""} details=${details} />`)}
    ${isTc3 && html`<h4>3. ${t("signing_key")}</h4>
      <p class="dim"><code>HMAC(HMAC(HMAC("TC3" + SecretKey, date), service), "tc3_request")</code></p>
      <h4>4. ${t("signature")}</h4><p class="dim"><code>hex(HMAC(${t("signing_key")}, ${t("string_to_sign")}))</code> · ${t("key_not_shown")}</p>`}
  <//>`;
}
