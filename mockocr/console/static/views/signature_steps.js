// The steps of a signature as the server computed them. The key is never shown.
import { html } from "../vendor/preact.js";
import { t } from "../language.js";
import { CopyButton, Outcome, Section } from "../parts/parts.js";
import { visible } from "../texts.js";

const CANONICAL_LINES = ["step_method", "step_path", "step_query"];

/** What each line of a canonical request is. */
function notesOf(lines) {
  const blank = lines.indexOf("", 3);
  return lines.map((_, index) => {
    if (index < 3) return t(CANONICAL_LINES[index]);
    if (index < blank) return t("step_header");
    if (index === blank) return t("step_blank");
    return t(index === blank + 1 ? "step_signed_headers" : "step_payload_hash");
  });
}

const STRING_NOTES = ["step_algorithm", "step_timestamp", "step_scope", "step_hash"];

export function Lines({ text, notes, marked, label }) {
  const lines = text.split("\n");
  return html`<div class="code lines">
    <ol tabindex="0" aria-label=${label}>
      ${lines.map((line, index) => html`<li class=${marked.has(index + 1) ? "marked" : ""}>
        <code>${visible(line) || html`<span class="dim">${t("empty_line")}</span>`}</code>
        ${notes[index] && html`<span class="line-note">${notes[index]}</span>`}
      </li>`)}
    </ol>
    <${CopyButton} text=${text} />
  </div>`;
}

const OF_THE_STRING = ["timestamp", "string to sign", "credential scope"];

/** The numbers of the lines with mistakes. */
const markedLines = (details, inString) =>
  new Set(details.filter((each) => each.line && OF_THE_STRING.includes(each.step) === inString).map((each) => each.line));

export function SignatureSteps({ signature, details, valid }) {
  const { canonical_request: canonical, string_to_sign: string } = signature;
  return html`<${Section} title=${t("signature_steps")} note=${html`<${Outcome} outcome=${valid ? "ok" : t("does_not_match")} />`}>
    ${canonical && html`<h4>1. ${t("canonical_request")}</h4>
      <${Lines} label=${t("canonical_request")} text=${canonical} notes=${notesOf(canonical.split("\n"))} marked=${markedLines(details, false)} />`}
    <h4>${canonical ? "2. " : ""}${t("string_to_sign")}</h4>
    <${Lines} label=${t("string_to_sign")} text=${string} notes=${canonical ? STRING_NOTES.map((key) => t(key)) : []} marked=${markedLines(details, true)} />
    ${canonical && html`<h4>3. ${t("signing_key")}</h4>
      <p class="dim"><code>HMAC(HMAC(HMAC("TC3" + SecretKey, date), service), "tc3_request")</code></p>
      <h4>4. ${t("signature")}</h4><p class="dim"><code>hex(HMAC(${t("signing_key")}, ${t("string_to_sign")}))</code> · ${t("key_not_shown")}</p>`}
  <//>`;
}
