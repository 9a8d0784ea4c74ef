// The form of a call, from the parameters of the account's contract.
import { html, useEffect, useRef, useState } from "../vendor/preact.js";
import { get } from "../api.js";
import { hintText, t } from "../language.js";
import { CardPicture, fetchCard } from "../parts/card_picture.js";
import { Dialog, Field, Icon, Section } from "../parts/parts.js";
import { size, visible } from "../texts.js";
import { pictureOf } from "./try.js";

function Gallery({ onClose, onPick }) {
  const [cards, setCards] = useState([]);
  useEffect(() => {
    get("/cards").then((reply) => setCards(reply.cards), () => {});
  }, []);
  return html`<${Dialog} title=${t("choose_specimen")} onClose=${onClose}><ul class="gallery">
    ${cards.map((card) => html`<li key=${card.name}><button onClick=${() => onPick(card)} title=${card.purpose}><${CardPicture} name=${card.name} /><span class="gallery-name">${card.name}</span></button></li>`)}
  </ul><//>`;
}

function PictureField({ entry, form, onChange }) {
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
    <span class="label">${entry.name}</span>
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
    <${Sentence} entry=${entry} />
    ${choosing && html`<${Gallery} onClose=${() => setChoosing(false)} onPick=${pick} />`}
  </div>`;
}

/** The sentence of a parameter, and the day that adds it if the contract does not have it yet. */
const Sentence = ({ entry }) => html`${!entry.is_known && html`<span class="tag">${t("since", { date: entry.since })}</span>`}
  <span class="hint">${hintText(entry.sentence)}</span>`;

/** The members of a parameter that is JSON text, as checkboxes. */
const Flags = ({ entry, parts, chosen, onToggle }) => html`<fieldset><legend>${entry.name}</legend><${Sentence} entry=${entry} />
  <div class="flags">${parts.map((part) => html`<div class="flag" key=${part.name}>
    <label class="check"><input type="checkbox" checked=${chosen.includes(part.name)} onChange=${() => onToggle(part.name)} /><code>${part.name}</code></label>
    <${Sentence} entry=${part} /></div>`)}</div></fieldset>`;

const TRUTH = { "": undefined, true: true, false: false };

/** One parameter. A value that the form cannot offer, such as one of a recorded call, is kept. */
function Parameter({ entry, value, onChange }) {
  const isBool = entry.type === "bool" && (value === undefined || typeof value === "boolean");
  const values = isBool ? ["true", "false"] : entry.values;
  const text = value === undefined ? "" : typeof value === "string" ? value : JSON.stringify(value);
  const change = (event) => onChange(isBool ? TRUTH[event.target.value] : event.target.value || undefined);
  const options = ["", ...new Set([...values, text])].filter((each, index) => each || !index);
  return html`<${Field} label=${entry.name} hint=${html`<${Sentence} entry=${entry} />`}>
    ${values.length
      ? html`<select value=${text} onChange=${change}>${options.map((each) => html`<option value=${each}>${each ? visible(each) : t("not_given")}</option>`)}</select>`
      : html`<input class="mono" value=${text} spellcheck="false" onInput=${change} />`}<//>`;
}

function Parameters({ described, form, onChange }) {
  const set = (name) => (value) => {
    const { [name]: _, ...others } = form.parameters;
    onChange({ parameters: value === undefined ? others : { ...others, [name]: value } });
  };
  const toggle = (name) => onChange({ flags: form.flags.includes(name) ? form.flags.filter((each) => each !== name) : [...form.flags, name] });
  const known = new Set(described.map((entry) => entry.name));
  const unknown = Object.keys(form.parameters).filter((name) => !known.has(name));
  return html`
    ${described.map((entry) => {
      if (entry.part_of) return null;
      if (entry.name === "ImageBase64") return html`<${PictureField} key=${entry.name} entry=${entry} form=${form} onChange=${onChange} />`;
      const parts = described.filter((each) => each.part_of === entry.name);
      if (parts.length && !(entry.name in form.parameters)) {
        return html`<${Flags} key=${entry.name} entry=${entry} parts=${parts} chosen=${form.flags} onToggle=${toggle} />`;
      }
      return html`<${Parameter} key=${entry.name} entry=${entry} value=${form.parameters[entry.name]} onChange=${set(entry.name)} />`;
    })}
    ${unknown.map((name) => html`<${Field} key=${name} label=${visible(name)}>
      <input class="mono" value=${String(form.parameters[name])} spellcheck="false" onInput=${(event) => set(name)(event.target.value || undefined)} /><//>`)}`;
}

export function TryForm({ form, accounts, described, busy, onChange, onSend }) {
  const [required, setRequired] = useState(false);
  const account = accounts.find((each) => each.name === form.account) ?? accounts[0];
  const { action, contract, regions, parameters } = described;
  const set = (name) => (event) => onChange({ [name]: event.target.value });
  const select = (name, options) => html`<${Field} label=${t(name)}>
    <select value=${form[name]} onChange=${set(name)}>${options.map(([value, text = value]) => html`<option value=${value}>${text}</option>`)}</select><//>`;
  const none = ["", t("not_given")];
  const names = [...new Set([...accounts.slice(1).map((each) => each.name), form.account])].filter(Boolean);
  return html`<form class="stack" onSubmit=${(event) => { event.preventDefault(); onSend(); }}>
    <div class="try-head"><h2>${action}</h2><span class="dim">${t("contract", { date: contract })}</span><span class="space"></span>
      <label class="check"><input type="checkbox" checked=${required} onChange=${(event) => setRequired(event.target.checked)} /><span>${t("required_only")}</span></label></div>
    <${Parameters} described=${parameters.filter((each) => each.is_required || !required)} form=${form} onChange=${onChange} />
    <${Section} title=${t("how_it_is_sent")} note=${account ? visible(account.name) : ""} open=${form.account !== "" || form.region !== ""}>
      <div class="form-grid">
        ${select("account", [["", visible(accounts[0]?.name ?? t("no_account"))], ...names.map((each) => [each, visible(each)])])}
        ${select("region", [none, ...regions.map((each) => [each])])}
        ${select("language", [none, ["zh-CN"], ["en-US"]])}
        ${select("endpoint", [["", t("default_port")], ["http"], ["https"]])}
        ${select("method", [["POST"], ["GET"]])}
        ${select("signature_method", [["TC3-HMAC-SHA256"], ["HmacSHA256"], ["HmacSHA1"]])}
        <${Field} label=${t("clock")} hint=${t("try_clock_hint")}><input class="mono" value=${form.clock} placeholder="+400s" onInput=${set("clock")} spellcheck="false" /><//>
      </div>
    <//>
    <div class="form-end sticky-end"><button class="primary" disabled=${busy || !account}>${busy ? t("sending") : t("send")}</button></div>
  </form>`;
}
