// The picture of a ready-made card. It is fetched, and drawn by the server, when it becomes visible.
import { html, useEffect, useRef, useState } from "../vendor/preact.js";
import { query, send } from "../api.js";
import { t } from "../language.js";

const AT_ONCE = 2;
const urls = new Map();
const waiting = [];
let running = 0;

function next() {
  while (running < AT_ONCE && waiting.length) {
    const { name, resolve, reject } = waiting.pop();
    running += 1;
    fetchCard(name)
      .then((blob) => resolve(URL.createObjectURL(blob)), reject)
      .finally(() => {
        running -= 1;
        next();
      });
  }
}

/** The picture of a ready-made card, as a blob. */
export const fetchCard = async (name) => (await send(`/cards/draw${query({ name })}`)).blob();

function urlOf(name) {
  if (!urls.has(name)) {
    const made = new Promise((resolve, reject) => waiting.push({ name, resolve, reject }));
    made.catch(() => urls.delete(name));
    urls.set(name, made);
    next();
  }
  return urls.get(name);
}

export function CardPicture({ name }) {
  const box = useRef();
  const [url, setUrl] = useState(null);
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    const observer = new IntersectionObserver(([entry]) => {
      if (!entry.isIntersecting) return;
      observer.disconnect();
      urlOf(name).then(setUrl, () => setFailed(true));
    }, { rootMargin: "200px" });
    observer.observe(box.current);
    return () => observer.disconnect();
  }, [name]);
  return html`<span class="card-picture" ref=${box}>
    ${url && html`<img src=${url} alt="" onError=${() => setFailed(true)} hidden=${failed} />`}${failed && html`<span class="dim">${t("no_picture")}</span>`}
  </span>`;
}
