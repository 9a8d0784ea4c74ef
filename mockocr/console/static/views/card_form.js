// A form that draws a card with fields and defects.
import { html, useEffect, useState } from "../vendor/preact.js";
import { send } from "../api.js";
import { save } from "../clipboard.js";
import { t } from "../language.js";
import { Field, Icon, Problem, useAction } from "../parts/parts.js";
import { sendInTry } from "./cards.js";

const FRONT = ["Name", "Sex", "Nation", "Birth", "Address", "IdNum"];
const BACK = ["Authority", "ValidDate"];
const SUFFIXES = { PNG: "png", JPEG: "jpg", BMP: "bmp" };
const PLACEHOLDERS = { Name: "李明", Sex: "男", Nation: "汉", Birth: "1987/1/1", IdNum: "11010119870101001X", ValidDate: "2010.07.21-2020.07.21" };

function specOf({ side, temporary, seed, format, fields, defects }) {
  const given = Object.fromEntries(Object.entries(fields).filter(([name, text]) => text && fieldsOf(side).includes(name)));
  return { side, temporary: temporary && side === "front", seed: Number(seed) || 0, format, fields: given, defects };
}

const fieldsOf = (side) => ({ front: FRONT, back: BACK, both: [...FRONT, ...BACK] })[side];

export function CardForm({ catalogue }) {
  const [form, setForm] = useState({ side: "front", temporary: false, seed: "0", format: "JPEG", fields: {}, defects: {} });
  const [drawn, setDrawn] = useState(null);
  const { busy, error, run } = useAction();
  const set = (members) => setForm({ ...form, ...members });
  const draw = () =>
    run(async () => {
      const blob = await (await send("/cards/draw", { method: "POST", body: specOf(form) })).blob();
      setDrawn((old) => {
        if (old) URL.revokeObjectURL(old.url);
        return { blob, url: URL.createObjectURL(blob), name: `${form.side}.${SUFFIXES[form.format]}` };
      });
    });
  useEffect(() => {
    draw();
  }, []);
  const setDefect = (name, strength) => {
    const { [name]: _, ...others } = form.defects;
    set({ defects: strength === null ? others : { ...others, [name]: strength } });
  };
  return html`<form class="detail-body" onSubmit=${(event) => { event.preventDefault(); draw(); }}>
    <div class="big-card">${drawn && html`<img src=${drawn.url} alt=${t("drawn_card")} />`}</div>
    ${error && html`<${Problem} error=${error} />`}
    <div class="actions">
      <button class="primary" disabled=${busy}>${t("draw")}</button>
      <button type="button" disabled=${!drawn} onClick=${() => sendInTry(drawn.name, drawn.blob, { CardSide: form.side === "back" ? "BACK" : "FRONT" })}>${t("send_in_try")}</button>
      <button type="button" disabled=${!drawn} onClick=${() => save(drawn.name, drawn.blob)}><${Icon} name="save" />${t("download")}</button>
    </div>
    <div class="form-grid">
      <${Field} label=${t("side")}><select value=${form.side} onChange=${(event) => set({ side: event.target.value })}>
        ${["front", "back", "both"].map((each) => html`<option value=${each}>${t(`side_${each}`)}</option>`)}</select><//>
      <${Field} label=${t("format")}><select value=${form.format} onChange=${(event) => set({ format: event.target.value })}>
        ${Object.keys(SUFFIXES).map((each) => html`<option>${each}</option>`)}</select><//>
      <${Field} label=${t("seed")} hint=${t("seed_of_person")}><input type="number" step="1" value=${form.seed} onInput=${(event) => set({ seed: event.target.value })} /><//>
      <label class="check"><input type="checkbox" checked=${form.temporary} disabled=${form.side !== "front"} onChange=${(event) => set({ temporary: event.target.checked })} /><span>${t("temporary")}</span></label>
    </div>
    <h3>${t("printed_fields")}</h3>
    <p class="dim">${t("fields_hint")}</p>
    <div class="form-grid">${fieldsOf(form.side).map((name) => html`<${Field} key=${name} label=${name}>
      <input value=${form.fields[name] ?? ""} placeholder=${PLACEHOLDERS[name] ?? ""} autocomplete="off" onInput=${(event) => set({ fields: { ...form.fields, [name]: event.target.value } })} /><//>`)}</div>
    <h3>${t("defects")}</h3>
    <div class="defects">${catalogue.defects.map((name) => {
      const strength = form.defects[name];
      return html`<div class="defect" key=${name}>
        <label class="check"><input type="checkbox" checked=${strength !== undefined} onChange=${(event) => setDefect(name, event.target.checked ? 1 : null)} /><code>${name}</code></label>
        <input type="range" min="0" max="1" step="0.1" disabled=${strength === undefined} value=${strength ?? 1} aria-label=${t("strength_of", { name })} onInput=${(event) => setDefect(name, Number(event.target.value))} />
        <span class="dim">${strength === undefined ? "" : strength.toFixed(1)}</span>
      </div>`;
    })}</div>
  </form>`;
}
