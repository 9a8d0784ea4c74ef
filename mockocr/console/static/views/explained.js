// What a pasted text is, and why the call in it is refused: the cause, the remedy, and the steps of its
// signature beside the right ones.
import { html } from "../vendor/preact.js";
import { hintText, t } from "../language.js";
import { Message, Outcome, Text } from "../parts/parts.js";
import { SignatureSteps } from "./signature_steps.js";
import { Why } from "./reasons.js";

/** Whether the steps of the client are known, and all of them right. */
const agree = (steps) => steps.some((pair) => pair.yours) && steps.every((pair) => !pair.differs_at);

export function Explained({ found }) {
  const { kind, problem, code, meaning, steps, explanation } = found;
  const isRight = explanation && agree(steps) && !explanation.cause;
  return html`<div class="stack explained" role="region" aria-label=${t("explanation")}>
    <p class="explained-kind">${kind !== "unknown" && html`<span class="tag">${t(`kind_${kind}`)}</span>`}
      ${explanation && kind !== "steps" && html`<${Outcome} outcome=${explanation.outcome} />`}</p>
    ${problem && html`<${Message} kind="warning" title=${problem} />`}
    ${code && meaning && html`<section class="why"><h3><code>${code}</code></h3><p><${Text} text=${hintText(meaning)} /></p></section>`}
    ${isRight && html`<${Message} kind="good" title=${t("steps_agree")}>${kind === "steps" && html`<p>${t("steps_agree_text")}</p>`}<//>`}
    ${explanation && html`<${Why} explanation=${explanation} />`}
    ${explanation?.not_tried.length > 0 && html`<${Message} kind="warning" title=${t("body_missing")}><p>${explanation.not_tried.join(", ")}</p><//>`}
    ${explanation && (explanation.signature || steps.length > 0) && html`
      <${SignatureSteps} signature=${explanation.signature} steps=${steps} details=${explanation.details} valid=${agree(steps)} />`}
  </div>`;
}
