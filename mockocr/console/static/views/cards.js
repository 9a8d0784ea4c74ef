// Cards: the ready-made specimens, and a form that draws one.
import { html, useEffect, useState } from "../vendor/preact.js";
import { get } from "../api.js";
import { save } from "../clipboard.js";
import { tryDraft } from "../drafts.js";
import { t } from "../language.js";
import { CardPicture, fetchCard } from "../parts/card_picture.js";
import { CopyButton, Empty, Facts, Icon, Outcome, Problem } from "../parts/parts.js";
import { address, open, route } from "../route.js";
import { visible } from "../texts.js";
import { CardForm } from "./card_form.js";

export const DRAW = "draw";

/** Opens the Try tab with a picture and the parameters that show what it has. */
export function sendInTry(name, blob, parameters = {}) {
  tryDraft.value = { picture: { name, blob }, parameters };
  open(address("try"));
}

function Details({ card }) {
  const inTry = async () => sendInTry(card.file ?? card.name, await fetchCard(card.name), card.request);
  const download = async () => save(card.file ?? card.name, await fetchCard(card.name));
  return html`<div class="detail-body">
    <div class="big-card"><${CardPicture} name=${card.name} /></div>
    <p>${visible(card.purpose)}</p>
    <div class="actions">
      <button class="primary" onClick=${inTry}>${t("send_in_try")}</button>
      <button onClick=${download}><${Icon} name="save" />${t("download")}</button>
      <${CopyButton} className="" label=${t("copy_command")} title=${t("copy_command")} text=${`mockocr card --name ${card.name} -o ${card.file ?? `${card.name}.png`}`} />
    </div>
    <${Facts} facts=${[
      [t("outcome"), html`<${Outcome} outcome=${card.outcome} />`],
      [t("warns"), card.warnings.join(", ")],
      [t("asks_with"), Object.keys(card.request).length ? html`<code>${visible(JSON.stringify(card.request))}</code>` : null],
      [t("serve_with"), Object.keys(card.serve).length ? html`<code>${visible(JSON.stringify(card.serve))}</code>` : null],
    ]} />
    <h3>${t("printed_fields")}</h3>
    <${Facts} facts=${Object.entries(card.fields)} />
  </div>`;
}

export function CardsView() {
  const { id } = route.value;
  const [catalogue, setCatalogue] = useState(null);
  const [error, setError] = useState(null);
  const [search, setSearch] = useState("");
  useEffect(() => {
    get("/cards").then(setCatalogue, setError);
  }, []);
  if (error) return html`<div class="page"><${Problem} error=${error} /></div>`;
  if (!catalogue) return null;
  const text = search.trim().toLowerCase();
  const cards = catalogue.cards.filter((card) => JSON.stringify([card.name, card.purpose, card.outcome, card.warnings, card.fields]).toLowerCase().includes(text));
  const card = catalogue.cards.find((each) => each.name === id);
  return html`<div class=${`split wide ${id === null ? "" : "with-detail"}`}>
    <section class="side-list" aria-label=${t("tab_cards")}>
      <div class="side-tools">
        <label class="search"><${Icon} name="search" /><span class="off-screen">${t("search_cards")}</span>
          <input type="search" placeholder=${t("search_cards")} value=${search} onInput=${(event) => setSearch(event.target.value)} /></label>
        <a class="button primary" href=${address("cards", DRAW)}><${Icon} name="plus" />${t("draw_card")}</a>
      </div>
      ${cards.length === 0 && html`<p class="dim list-none">${t("nothing_here")}</p>`}
      <ul class="gallery">${cards.map((each) => html`<li key=${each.name}>
        <a href=${address("cards", each.name)} aria-current=${each.name === id ? "true" : undefined}>
          <${CardPicture} name=${each.name} />
          <span class="gallery-name">${each.name}</span>
          <${Outcome} outcome=${each.outcome} />
          ${each.warnings.length > 0 && html`<span class="tag">${each.warnings.join(", ")}</span>`}
        </a></li>`)}</ul>
    </section>
    <section class="detail">
      ${id !== null && html`<header class="detail-top">
        <a class="button quiet back" href=${address("cards")} aria-label=${t("close")}><${Icon} name="back" /></a>
        <div class="detail-title"><h2>${id === DRAW ? t("draw_card") : visible(id)}</h2></div></header>`}
      ${id === DRAW
        ? html`<${CardForm} catalogue=${catalogue} />`
        : card
          ? html`<${Details} key=${id} card=${card} />`
          : html`<${Empty} title=${t(id === null ? "choose_card" : "no_such_card")}><p>${t("choose_card_text")}</p><//>`}
    </section>
  </div>`;
}
