// The form of a call, from the contract of the account.
import { html, useEffect, useRef, useState } from "../vendor/preact.js";
import { get } from "../api.js";
import { language, t } from "../language.js";
import { CardPicture, fetchCard } from "../parts/card_picture.js";
import { Dialog, Field, Icon, Section } from "../parts/parts.js";
import { size, visible } from "../texts.js";
import { pictureOf } from "./try.js";
import { BOOLEANS, FLAGS, REGIONS, SENTENCES } from "./try_fields.js";

const sentence = (entry) => (language.value === "zh" ? entry.zh : entry.en);

function Gallery({ onClose, onPick }) {
  const [cards, setCards] = useState([]);
  useEffect(() => {
    get("/cards").then((reply) => setCards(reply.cards), () => {});
  }, []);
  return html`<${Dialog} title=${t("choose_specimen")} onClose=${onClose}><ul class="gallery">
    ${cards.map((card) => html`<li key=${card.name}><button onClick=${() => onPick(card)} title=${card.purpose}><${CardPicture} name=${card.name} /><span class="gallery-name">${card.name}</span></button></li>`)}
  </ul><//>`;
}

function PictureField({ form, onChange }) {
  const file = useRef();
  const [choosing, setChoosing] = useState(false);
  const [over, setOver] = useState(false);
  const take = async (name, blob, more = {}) => onChange({ picture: await pictureOf(name, blob), ...more });
  useEffect(() => {
    const paste = (event) => {
      const [item] = [...(event.clipboardData?.files ?? [])].filter((each) => each.type.startsWith("image/"));
      if (item) take(item.name || "pasted.png", item);
    };
    addEventListener("paste", paste);
    return () => removeEventListener("paste", paste);
  }, []);
  const drop = (event) => {
    event.preventDefault();
    setOver(false);
    const [item] = event.dataTransfer.files;
    if (item) take(item.name, item);
  };
  const pick = async (card) => {
    setChoosing(false);
    await take(card.file ?? card.name, await fetchCard(card.name));
  };
  const { picture } = form;
  return html`<div class="field">
    <span class="label">ImageBase64</span>
    <div class=${`drop ${over ? "over" : ""}`} onDrop=${drop} onDragOver=${(event) => { event.preventDefault(); setOver(true); }} onDragLeave=${() => setOver(false)}>
      ${picture
        ? html`<img src=${picture.url} alt="" /><span class="drop-name">${visible(picture.name)}<span class="dim">${size(picture.size)}</span></span>
            <button type="button" class="quiet" aria-label=${t("remove_picture")} onClick=${() => onChange({ picture: null })}><${Icon} name="close" /></button>`
        : html`<span class="dim">${t("drop_picture")}</span>`}
      <span class="drop-tools">
        <input ref=${file} type="file" accept="image/*" hidden onChange=${(event) => event.target.files[0] && take(event.target.files[0].name, event.target.files[0])} />
        <button type="button" onClick=${() => file.current.click()}>${t("choose_file")}</button>
        <button type="button" onClick=${() => setChoosing(true)}>${t("choose_specimen")}</button>
      </span>
    </div>
    <span class="hint">${sentence(SENTENCES.picture)}</span>
    ${choosing && html`<${Gallery} onClose=${() => setChoosing(false)} onPick=${pick} />`}
  </div>`;
}

export function TryForm({ form, accounts, busy, onChange, onSend }) {
  const [required, setRequired] = useState(false);
  const account = accounts.find((each) => each.name === form.account) ?? accounts[0];
  const contract = account?.contract ?? "9999";
  const isNew = (entry) => Boolean(entry.since) && entry.since > contract;
  const set = (name) => (event) => onChange({ [name]: event.target.value });
  const since = (entry) => isNew(entry) && html`<span class="tag">${t("since", { date: entry.since })}</span>`;
  const select = (name, options, label = t(name), hint) => html`<${Field} label=${label} hint=${hint}>
    <select value=${form[name]} onChange=${set(name)}>${options.map(([value, text]) => html`<option value=${value}>${text}</option>`)}</select><//>`;
  const toggle = (name) => onChange({ flags: form.flags.includes(name) ? form.flags.filter((each) => each !== name) : [...form.flags, name] });

  return html`<form class="stack" onSubmit=${(event) => { event.preventDefault(); onSend(); }}>
    <div class="try-head"><h2>IDCardOCR</h2><span class="dim">${t("contract", { date: contract })}</span><span class="space"></span>
      <label class="check"><input type="checkbox" checked=${required} onChange=${(event) => setRequired(event.target.checked)} /><span>${t("required_only")}</span></label></div>
    <${PictureField} form=${form} onChange=${onChange} />
    <${Field} label="ImageUrl"><input class="mono" type="url" value=${form.ImageUrl} placeholder="https://xx/a.jpg" onInput=${set("ImageUrl")} /><//>
    ${!required && html`
      ${select("CardSide", [["", t("not_given")], ["FRONT", "FRONT"], ["BACK", "BACK"]], "CardSide", sentence(SENTENCES.CardSide))}
      <fieldset><legend>Config</legend><span class="hint">${sentence(SENTENCES.Config)}</span>
        <div class="flags">${FLAGS.map((flag) => html`<div class="flag" key=${flag.name}><label class="check"><input type="checkbox" checked=${form.flags.includes(flag.name)} onChange=${() => toggle(flag.name)} /><code>${flag.name}</code></label>
          ${since(flag)}<span class="hint">${sentence(flag)}</span></div>`)}</div></fieldset>
      ${BOOLEANS.map((entry) => select(entry.name, [["", t("not_given")], ["true", "true"], ["false", "false"]], html`${entry.name} ${since(entry)}`, sentence(entry)))}
      ${select("CardWarnType", [["", t("not_given")], ["Basic", "Basic"], ["Advanced", "Advanced"]], html`CardWarnType ${since(SENTENCES.CardWarnType)}`, sentence(SENTENCES.CardWarnType))}`}
    <${Section} title=${t("how_it_is_sent")} note=${account ? visible(account.name) : ""} open=${form.account !== "" || form.region !== ""}>
      <div class="form-grid">
        ${select("account", [["", accounts[0]?.name ?? t("no_account")], ...accounts.slice(1).map((each) => [each.name, visible(each.name)])])}
        ${select("region", [["", t("not_given")], ...REGIONS.map((each) => [each, each])])}
        ${select("language", [["", t("not_given")], ["zh-CN", "zh-CN"], ["en-US", "en-US"]])}
        ${select("endpoint", [["", t("default_port")], ["http", "http"], ["https", "https"]])}
        ${select("method", [["POST", "POST"], ["GET", "GET"]])}
        ${select("signature_method", ["TC3-HMAC-SHA256", "HmacSHA256", "HmacSHA1"].map((each) => [each, each]))}
        <${Field} label=${t("clock")} hint=${t("try_clock_hint")}><input class="mono" value=${form.clock} placeholder="+400s" onInput=${set("clock")} spellcheck="false" /><//>
      </div>
    <//>
    <div class="form-end sticky-end"><button class="primary" disabled=${busy || !account}>${busy ? t("sending") : t("send")}</button></div>
  </form>`;
}
