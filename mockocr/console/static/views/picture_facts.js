// The facts of a call's picture, with its cards and regions drawn to scale. The bytes are not kept.
import { html } from "../vendor/preact.js";
import { t } from "../language.js";
import { CopyButton, Facts, Message, Section } from "../parts/parts.js";
import { size, visible } from "../texts.js";

export const regionNames = (response) =>
  (response?.ReflectDetailInfos ?? []).map((each) => each.Position).filter(Boolean);

/** The parts of the named regions as polygons, in pixels of the picture; only the first has a name. */
export const regionsOf = (cards, names) =>
  cards.flatMap((card) =>
    names.flatMap((name) => (card.regions?.[name] ?? []).map((points, index) => ({ name: index ? "" : name, points }))),
  );

const pointsText = (points) => points.map(([x, y]) => `${x},${y}`).join(" ");

/** The outline of the picture, of its cards, and of regions. */
export function Drawing({ picture, regions, href }) {
  const { width, height } = picture.reading ?? picture;
  const unit = Math.max(width, height) / 100;
  return html`<svg class="picture-drawing" viewBox=${`0 0 ${width} ${height}`} role="img" aria-label=${t("picture_drawing")}>
    <rect width=${width} height=${height} class="frame" />
    ${href && html`<image href=${href} width=${width} height=${height} />`}
    ${(picture.reading?.cards ?? []).map((card) => html`<polygon points=${pointsText(card.corners)} class="card-outline" stroke-width=${unit / 2} />
      ${!href && html`<text x=${card.corners[3][0] + unit * 2} y=${card.corners[3][1] - unit * 2} font-size=${unit * 3}>${visible(card.specimen ?? card.kind)}</text>`}`)}
    ${regions.map((region) => html`<polygon points=${pointsText(region.points)} class="region" stroke-width=${unit / 2} />
      <text class="region-name" x=${region.points[0][0]} y=${region.points[0][1] - unit * 0.8} font-size=${unit * 2.4}>${region.name}</text>`)}
  </svg>`;
}

const Measured = ({ measured }) => html`<div class="table-box" tabindex="0" role="group" aria-label=${t("measured")}><table>
  <thead><tr><th>${t("measured")}</th><th>${t("value")}</th><th>${t("threshold")}</th><th>${t("warns")}</th></tr></thead>
  <tbody>${Object.entries(measured).map(([name, each]) => {
    const beyond = each.least ? each.value < each.threshold : each.value > each.threshold;
    return html`<tr class=${beyond ? "beyond" : ""}><td>${name}</td><td>${each.value}</td><td>${each.least ? "≥" : "≤"} ${each.threshold}</td><td>${beyond ? each.warns.join(", ") : ""}</td></tr>`;
  })}</tbody></table></div>`;

export function PictureFacts({ picture, response }) {
  if (typeof picture === "string") {
    return html`<${Section} title=${t("picture")} note=${picture}><${Message} kind="error" title=${t("picture_unusable", { why: picture })} /><//>`;
  }
  const cards = picture.reading?.cards ?? [];
  const names = regionNames(response);
  const regions = regionsOf(cards, names);
  return html`<${Section} title=${t("picture")} note=${`${picture.format} · ${picture.width} × ${picture.height} · ${size(picture.size_bytes)}`}>
    <div class="picture">
      <${Drawing} picture=${picture} regions=${regions} />
      <${Facts} facts=${[
        ["SHA-256", html`<span class="digest"><code>${picture.sha256.slice(0, 16)}…</code><${CopyButton} text=${picture.sha256} /></span>`],
        [t("contents"), picture.reading?.contents ?? t("not_read")],
        [t("looks_like"), picture.reading?.looks_like],
        [t("specimen"), cards.map((card) => card.specimen ?? card.kind).join(", ")],
        [t("defects"), cards.flatMap((card) => card.defects).join(", ")],
        [t("regions"), names.join(", ")],
      ]} />
    </div>
    ${cards.map((card) => card.measured && html`<${Measured} measured=${card.measured} />`)}
    <p class="dim">${t("picture_not_kept")}</p>
  <//>`;
}
